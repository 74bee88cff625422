"""Erasure: one person out of all that is kept, the others untouched, and never half."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.errors import InputError
from pipelines.ingest import bundles, door, raw_store
from pipelines.ingest.door import ingest
from pipelines.release import as_built
from pipelines.release.reader import Release
from pipelines.settings import PROJECT_ROOT, Settings
from tests.integration.person_level_files import collect, marks, rewritten, upn, xml
from tests.integration.test_census_lands import NEEDS, PERIODS, PUPILS, SCHOOLS
from tests.integration.test_person_level_door import Stop, content, leaks, stop_at, written

PEOPLE, CHOSEN = 6, 3
WORDS = list(marks(CHOSEN).values())
EARLY = (
    "la_code,upn,support_kind,referral_date\n860,{0},EAPDR,2025-09-15\n860,{1},APDR,2025-09-16\n"
)


@pytest.fixture(autouse=True)
def _keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))


@pytest.fixture
def workspace(tmp_path: Path) -> Settings:
    return Settings(workspace=tmp_path / "workspace")


def people_of(workspace: Settings) -> list[str]:
    return sorted(row["pseudonym"] for row in content(workspace)["sen2_person"])


def kept_plain(workspace: Settings) -> bytes:
    """All that the keys can open."""
    paths = sorted((workspace.workspace / "raw").glob("*/*"))
    return b"".join(raw_store.load(workspace, path.name) for path in paths)


def offered(tmp_path: Path, form: str) -> list[Path]:
    raw = xml(PEOPLE)
    if form == "xml":
        return [written(tmp_path / "return.xml", raw)]
    return collect(raw, tmp_path / "export")


@pytest.mark.parametrize("form", ["xml", "collect"])
@pytest.mark.parametrize(
    "line",
    [
        marks(CHOSEN)["upn"],
        f" {marks(CHOSEN)['upn'].lower()}\n",
        "{surname}, {forename}, {born}".format(**marks(CHOSEN)),
    ],
    ids=["upn", "small letters", "name"],
)
def test_a_person_is_gone_from_what_is_kept_and_landed(
    workspace: Settings, tmp_path: Path, form: str, line: str
) -> None:
    ingest(offered(tmp_path, form), workspace)
    before = people_of(workspace)
    assert WORDS[0].encode() in kept_plain(workspace)
    done = door.forget(workspace, line)
    assert len(done.files) == 1
    assert done.row_count > 5
    after = people_of(workspace)
    assert len(before) == PEOPLE
    (gone,) = set(before) - set(after)
    found = content(workspace)
    assert gone not in str(found)
    plain = kept_plain(workspace)
    for word in WORDS[:3]:
        assert word.encode() not in plain
    for number in set(range(PEOPLE)) - {CHOSEN}:
        assert marks(number)["surname"].encode() in plain
    for row in found["received_file"]:
        wanted = 1 if row["dataset"] == "header" else PEOPLE - 1
        if row["row_count_in"]:
            assert (row["row_count_in"], row["row_count_accepted"]) == (wanted, wanted)
        assert raw_store.holds(workspace, row["kept_sha256"])


def test_the_log_says_when_and_of_which_files_and_not_who(
    workspace: Settings, tmp_path: Path
) -> None:
    ingest(offered(tmp_path, "xml"), workspace)
    before = people_of(workspace)
    door.forget(workspace, upn(CHOSEN))
    (gone,) = set(before) - set(people_of(workspace))
    lines = [
        json.loads(line)
        for line in (workspace.workspace / "log" / "erased.jsonl").read_text().splitlines()
    ]
    assert [line["step"] for line in lines] == ["begun", "done"]
    assert all(line["files"] and line["time"] for line in lines)
    log = "".join(path.read_text() for path in (workspace.workspace / "log").glob("*.jsonl"))
    assert gone not in log
    assert not any(word in log for word in WORDS)
    pieces = [
        json.loads(line)["pieces"][0]["kept_sha256"]
        for line in (workspace.workspace / "log" / "kept.jsonl").read_text().splitlines()
    ]
    assert len(pieces) == 2
    assert not raw_store.holds(workspace, pieces[0])
    assert raw_store.holds(workspace, pieces[1])


def test_all_files_with_the_person_are_rewritten(workspace: Settings, tmp_path: Path) -> None:
    raw = xml(PEOPLE)
    support = EARLY.format(upn(CHOSEN), upn(0)).encode()
    paths = [
        written(tmp_path / "one.xml", raw),
        written(tmp_path / "two.xml", rewritten(raw)),
        written(tmp_path / "support.csv", support),
        written(tmp_path / "other.csv", EARLY.format(upn(1), upn(2)).encode()),
    ]
    for path in paths:
        ingest([path], workspace)
    other = raw_store.digest(paths[3].read_bytes())
    done = door.forget(workspace, upn(CHOSEN))
    assert len(done.files) == 3
    assert upn(CHOSEN).encode() not in kept_plain(workspace)
    assert raw_store.holds(workspace, other)
    assert len(content(workspace)["early_support"]) == 3
    bundle = bundles.as_kept(workspace, raw_store.digest(support))
    assert bundle is not None
    assert raw_store.load(workspace, bundle.pieces[0].sha256).count(b"\n") == 2


def test_the_old_file_offered_again_does_not_bring_the_person_back(
    workspace: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = offered(tmp_path, "xml")
    ingest(paths, workspace)
    door.forget(workspace, upn(CHOSEN))
    after = people_of(workspace)
    ingest(paths, workspace)
    assert people_of(workspace) == after
    monkeypatch.setattr(door, "version_of", lambda _: "e" * 16)
    (receipt,) = ingest(paths, workspace)
    assert receipt.status == "read again"
    assert people_of(workspace) == after
    assert upn(CHOSEN).encode() not in kept_plain(workspace)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "names nobody in a form"),
        ("Qsur00003", "names nobody in a form"),
        ("Qsur00003, Qfore00003, soon", "date of birth cannot be read"),
        ("Z860400999999", "nobody is known"),
        ("1234567890", "nobody is known"),
    ],
)
def test_a_line_that_leads_to_nobody_changes_nothing_and_is_not_repeated(
    workspace: Settings, tmp_path: Path, line: str, words: str
) -> None:
    ingest(offered(tmp_path, "xml"), workspace)
    before = content(workspace)
    with pytest.raises(InputError, match=words) as error:
        door.forget(workspace, line)
    assert "Qsur" not in str(error.value)
    assert content(workspace) == before


def test_two_people_of_one_name_are_not_erased_by_it(workspace: Settings, tmp_path: Path) -> None:
    one = marks(0)
    raw = xml(2)
    for key in ("surname", "forename", "born"):
        raw = raw.replace(marks(1)[key].encode(), one[key].encode())
    ingest([written(tmp_path / "twins.xml", raw)], workspace)
    with pytest.raises(InputError, match="2 people are known by that"):
        door.forget(workspace, f"{one['surname']}, {one['forename']}, {one['born']}")
    door.forget(workspace, upn(1))
    assert len(people_of(workspace)) == 1


def test_a_stop_at_any_step_is_ended_at_the_next_call(tmp_path: Path) -> None:
    (path,) = offered(tmp_path, "xml")
    whole = Settings(workspace=tmp_path / "whole")
    ingest([path], whole)
    door.forget(whole, upn(CHOSEN))
    # What is offered again is read again, from the XML that was written anew.
    ingest([path], whole)
    stops = 0
    for number in itertools.count(1, 4):
        workspace = Settings(workspace=tmp_path / str(number))
        ingest([path], workspace)
        with pytest.MonkeyPatch.context() as patch:
            stop_at(patch, number)
            try:
                door.forget(workspace, upn(CHOSEN))
            except Stop:
                stops += 1
            else:
                break
        told: list[str] = []
        ingest([path], workspace, on_notice=told.append)
        assert told == ["An erasure that was interrupted has been ended."]
        assert same_but_seals(content(workspace)) == same_but_seals(content(whole))
        assert upn(CHOSEN).encode() not in kept_plain(workspace)
        assert len(list((workspace.workspace / "raw").glob("*/*"))) == 1
    assert stops >= 4


def same_but_seals(found: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    left_out = {"reading_version", "size_bytes"}
    return {
        table: [{k: v for k, v in row.items() if k not in left_out} for row in rows]
        for table, rows in found.items()
    }


def test_releases_lose_the_rows_and_keep_the_counts(workspace: Settings, tmp_path: Path) -> None:
    ingest(offered(tmp_path, "xml"), workspace)
    people = people_of(workspace)
    release = workspace.releases / "2026-11-22-a"
    release.mkdir(parents=True)
    file_id = content(workspace)["sen2_return"][0]["file_id"]
    manifest = {"inputs": [{"name": f"received/{file_id}", "sha256": "0"}]}
    (release / "manifest.json").write_text(json.dumps(manifest))
    for name in ("officer", "public"):
        with duckdb.connect(str(release / f"{name}.duckdb")) as connection:
            connection.execute("create schema core; create table core.count as select 6 as people")
            if name == "officer":
                connection.execute("create table core.person (pseudonym varchar, need varchar)")
                rows = [[pseudonym, f"need {pseudonym}"] for pseudonym in people]
                connection.executemany("insert into core.person values (?, ?)", rows)
    public = (release / "public.duckdb").read_bytes()
    done = door.forget(workspace, upn(CHOSEN))
    assert done.releases == done.purged == ("2026-11-22-a",)
    (gone,) = set(people) - set(people_of(workspace))
    assert gone.encode() not in (release / "officer.duckdb").read_bytes()
    with duckdb.connect(str(release / "officer.duckdb"), read_only=True) as connection:
        left = {
            row[0] for row in connection.execute("select pseudonym from core.person").fetchall()
        }
        assert connection.execute("from core.count").fetchall() == [(6,)]
    assert left == set(people) - {gone}
    assert (release / "public.duckdb").read_bytes() == public
    (note,) = map(json.loads, (release / "erased.jsonl").read_text().splitlines())
    assert note["file"] == "officer.duckdb"
    assert "cannot be made again" in note["why"]
    assert not [path for path in release.iterdir() if path.name.startswith(".")]


def release_with(workspace: Settings, people: list[str], explained: list[str]) -> Path:
    """A release whose rows for officers are of some people and explain findings in some files."""
    path = workspace.releases / "2026-11-22-a" / "officer.duckdb"
    path.parent.mkdir(parents=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema cases; create table cases.person (pseudonym varchar)")
        connection.executemany("insert into cases.person values (?)", [[each] for each in people])
        connection.execute(
            "create table cases.finding_explanation (explained_file_id varchar, said varchar)"
        )
        rows = [[each, f"of {each}"] for each in explained]
        connection.executemany("insert into cases.finding_explanation values (?, ?)", rows)
    return path


def test_releases_lose_the_explanations_of_files_in_which_the_person_was(
    workspace: Settings, tmp_path: Path
) -> None:
    ingest(offered(tmp_path, "xml"), workspace)
    file_id, other = content(workspace)["sen2_return"][0]["file_id"], "0" * 16
    path = release_with(workspace, people_of(workspace), [file_id, other, file_id])
    door.forget(workspace, upn(CHOSEN))
    with duckdb.connect(str(path), read_only=True) as connection:
        left = connection.execute("from cases.finding_explanation").fetchall()
    assert left == [(other, f"of {other}")]
    assert f"of {file_id}".encode() not in path.read_bytes()


def test_a_stop_at_any_step_leaves_no_row_in_a_release_once_it_is_ended(tmp_path: Path) -> None:
    (path,) = offered(tmp_path, "xml")
    stops = 0
    for number in itertools.count(1, 2):
        workspace = Settings(workspace=tmp_path / str(number))
        ingest([path], workspace)
        people = people_of(workspace)
        officer = release_with(workspace, people, ["0" * 16])
        with pytest.MonkeyPatch.context() as patch:
            stop_at(patch, number)
            try:
                door.forget(workspace, upn(CHOSEN))
            except Stop:
                stops += 1
            else:
                break
        ingest([path], workspace)
        (gone,) = set(people) - set(people_of(workspace))
        assert gone.encode() not in officer.read_bytes(), number
    assert stops >= 6


def test_a_file_of_nobody_but_the_person_stays_readable(
    workspace: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = EARLY.format(upn(CHOSEN), upn(CHOSEN)).encode()
    paths = [written(tmp_path / "return.xml", xml(PEOPLE)), written(tmp_path / "own.csv", lines)]
    ingest(paths, workspace)
    door.forget(workspace, upn(CHOSEN))
    # It is read again by every later build as long as it lies in the inbox.
    monkeypatch.setattr(door, "version_of", lambda _: "e" * 16)
    receipts = ingest(paths, workspace)
    assert [receipt.row_count_accepted for receipt in receipts[1:]] == [0]
    assert not content(workspace)["early_support"]
    # A file that was empty from the start is still refused.
    empty = written(tmp_path / "empty.csv", lines.splitlines(keepends=True)[0])
    with pytest.raises(InputError, match="no record in it"):
        ingest([empty], workspace)


def test_a_release_that_an_erasure_changed_is_verified_and_says_so(
    workspace: Settings, tmp_path: Path
) -> None:
    ingest(offered(tmp_path, "xml"), workspace)
    release = released(workspace)
    assert as_built.verify(release) == as_built.erasures(release) == []
    for number in (CHOSEN, 0):
        door.forget(workspace, upn(number))
        assert as_built.verify(release) == []
        (told,) = as_built.erasures(release)
        assert "officer.duckdb was written anew" in told
        assert "a person was erased" in told
    officer = release.folder / "officer.duckdb"
    officer.write_bytes(officer.read_bytes() + b"x")
    assert "officer.duckdb is not the file that was built" in as_built.verify(release)[0]
    assert as_built.erasures(release) == []


def test_what_an_erasure_wrote_down_of_one_file_excuses_no_other(
    workspace: Settings, tmp_path: Path
) -> None:
    ingest(offered(tmp_path, "xml"), workspace)
    release = released(workspace)
    door.forget(workspace, upn(CHOSEN))
    changed = (release.folder / "officer.duckdb").read_bytes()
    (release.folder / "public.duckdb").write_bytes(changed)
    assert "public.duckdb is not the file" in as_built.verify(release)[0]


def released(workspace: Settings) -> Release:
    """A release with rows for officers, and a manifest that says what its files are."""
    folder = workspace.releases / "2026-11-22-a"
    folder.mkdir(parents=True)
    for name in ("officer", "public"):
        with duckdb.connect(str(folder / f"{name}.duckdb")) as connection:
            connection.execute("create table person (pseudonym varchar)")
            if name == "officer":
                rows = [[pseudonym] for pseudonym in people_of(workspace)]
                connection.executemany("insert into person values (?)", rows)
    files = {
        path.name: {"sha256": raw_store.digest(path.read_bytes())}
        for path in folder.glob("*.duckdb")
    }
    manifest = {"files": files, "row_counts": {}, "inputs": []}
    return Release(folder.name, folder, manifest)


# ---- somebody who was erased comes again --------------------------------------------------------


@pytest.mark.parametrize("form", ["xml", "collect"])
def test_who_was_erased_and_comes_again_is_told_by_number(
    workspace: Settings, tmp_path: Path, form: str
) -> None:
    ingest(offered(tmp_path, form), workspace)
    for number in (CHOSEN, 0):
        door.forget(workspace, upn(number))
    later = written(tmp_path / "later.xml", xml(PEOPLE, ethnicity="WIRI"))
    (receipt,) = ingest([later], workspace)
    (told,) = [item for item in receipt.findings if item.rule == "erased_before"]
    assert (told.severity, told.row_count) == ("warning", 2)
    assert told.remedy
    assert not any(word in told.message for word in WORDS)
    others = written(tmp_path / "others.xml", xml(PEOPLE, first=PEOPLE))
    (receipt,) = ingest([others], workspace)
    assert not [item for item in receipt.findings if item.rule == "erased_before"]


# ---- the school census --------------------------------------------------------------------------


def test_a_child_is_gone_from_every_table_of_a_census(workspace: Settings, tmp_path: Path) -> None:
    """A bundle of tables: both registrations, the needs and the periods go, the others stay."""
    folder = tmp_path / "census"
    folder.mkdir()
    for name, text in (("a", SCHOOLS), ("b", PUPILS), ("c", PERIODS), ("d", NEEDS)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    ingest([folder], workspace)
    before = content(workspace)
    assert [len(before[name]) for name in ("census_pupil", "census_sen_need")] == [4, 2]
    done = door.forget(workspace, "L999400122101")
    assert len(done.files) == 1
    found = content(workspace)
    assert [len(found.get(name, ())) for name in ("census_pupil", "census_sen_need")] == [2, 0]
    gone = {row["pseudonym"] for row in before["census_pupil"]} - {
        row["pseudonym"] for row in found["census_pupil"]
    }
    assert len(gone) == 1
    assert not any(pseudonym in str(found) for pseudonym in gone)
    plain = kept_plain(workspace)
    for cell in (b"L999400122101", b"Qsur1", b"2018-May-11"):
        assert cell not in plain
    for cell in (b"Z999400119045", b"Qsur2", b"Qsur3", b"124002"):
        assert cell in plain
    counts = {row["dataset"]: row for row in found["received_file"]}
    assert counts["pupil_on_roll"]["row_count_accepted"] == 2
    assert counts["sen_need"]["row_count_accepted"] == 0
    for row in counts.values():
        assert row["row_count_in"] == row["row_count_accepted"] + row["row_count_quarantined"]


def test_the_command_reads_standard_input_and_tells_no_name(
    workspace: Settings, tmp_path: Path
) -> None:
    ingest(offered(tmp_path, "xml"), workspace)
    words = [sys.executable, "-m", "commands.cli", "forget", "--workspace", workspace.workspace]
    done = subprocess.run(
        [str(word) for word in words],
        input=upn(CHOSEN) + "\n",
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT_ROOT,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Erased: ")
    assert "written anew as XML" in done.stdout
    assert not any(word in done.stdout + done.stderr for word in WORDS)
    assert not list(leaks(workspace.workspace, WORDS[:3]))
