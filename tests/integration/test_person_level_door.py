"""A person-level file through the door, whole: what lands, what is kept, and nobody's trace."""

from __future__ import annotations

import gzip
import itertools
import json
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import InputError
from pipelines.ingest import door, landing, raw_store
from pipelines.ingest.door import Asked, ingest
from pipelines.ingest.ownership import STAMP
from pipelines.ingest.reference import take_inbox
from pipelines.settings import Settings
from tests.integration.person_level_files import EXAMPLE, collect, marks, rewritten, xml

MODULES = {
    "header": 1,
    "person": 9,
    "request": 10,
    "assessment": 8,
    "named_plan": 5,
    "plan_detail": 5,
    "active_plan": 4,
    "placement_detail": 5,
    "sen_need": 5,
}
PLANTED = 1000
Content = dict[str, list[dict[str, Any]]]


class Stop(BaseException):
    """The process ends here, as if it were killed."""


@pytest.fixture(autouse=True)
def _keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))


@pytest.fixture
def workspace(tmp_path: Path) -> Settings:
    return Settings(workspace=tmp_path / "workspace")


@pytest.fixture
def sample(tmp_path: Path) -> Settings:
    """Where the worked example belongs: it is of the sample county."""
    return Settings(workspace=tmp_path / "workspace", council="999")


def content(workspace: Settings) -> Content:
    """Every row in landing/, by table, in a fixed order."""
    found: Content = {}
    for path in sorted(workspace.landing.glob("*/*.parquet")):
        found.setdefault(path.parent.name, []).extend(pq.read_table(path).to_pylist())
    return {table: sorted(rows, key=str) for table, rows in found.items()}


def written(path: Path, raw: bytes) -> Path:
    path.write_bytes(raw)
    return path


# ---- what lands --------------------------------------------------------------------------------


def test_the_worked_example_lands_module_by_module(sample: Settings) -> None:
    (receipt,) = ingest([EXAMPLE], sample)
    assert (receipt.kind, receipt.vintage, receipt.status) == ("sen2", "2026", "landed")
    assert {name: counts.row_count_in for name, counts in receipt.modules.items()} == MODULES
    found = content(sample)
    for module, count in MODULES.items():
        table = "sen2_return" if module == "header" else f"sen2_{module}"
        assert len(found[table]) == count, table
    (record,) = found["sen2_return"]
    assert (record["la_code"], record["return_kind"], record["person_count"]) == (
        "999",
        "annual",
        9,
    )
    received = {row["dataset"]: row for row in found["received_file"]}
    assert received.keys() == MODULES.keys()
    assert all(
        row["row_count_in"] == row["row_count_accepted"] + row["row_count_quarantined"]
        for row in received.values()
    )
    assert received["header"]["file_id"] == record["file_id"]
    assert received["person"]["file_id"] == f"{record['file_id']}-person"


def test_ages_months_and_codes_are_those_of_the_example(sample: Settings) -> None:
    ingest([EXAMPLE], sample)
    found = content(sample)
    people = {row["person_record"]: row for row in found["sen2_person"]}
    first = people[1]
    assert (first["birth_month"], first["age_at_31_august"], first["sex"]) == ("2018-05", 7, "M")
    assert (first["age_at_reference_date"], first["has_upn"], first["ethnicity"]) == (
        7,
        True,
        "WBRI",
    )
    requests = {(row["person_record"], row["received_date"]): row for row in found["sen2_request"]}
    ages = [row["age_at_request"] for (person, _), row in requests.items() if person == 1]
    assert ages == [6]
    plan = next(row for row in found["sen2_named_plan"] if row["person_record"] == 1)
    assert plan["age_at_start"] == 7
    assert {row["pseudonym"] for row in found["sen2_sen_need"]} <= {
        row["pseudonym"] for row in people.values()
    }


def test_findings_land_with_the_pseudonym_and_are_told_once_a_rule(sample: Settings) -> None:
    (receipt,) = ingest([EXAMPLE], sample)
    found = content(sample)
    temporary = next(row for row in found["sen2_person"] if row["is_upn_temporary"])
    (finding,) = [row for row in found["record_finding"] if row["rule"] == "PER-08"]
    assert finding["pseudonym"] == temporary["pseudonym"]
    assert (finding["module"], finding["severity"]) == ("person", "query")
    told = {item.rule: item.row_count for item in receipt.findings}
    assert told["PER-13"] == 3
    assert "PER-13" not in {row["rule"] for row in found["finding"]}
    assert "people_matched" in {row["rule"] for row in found["finding"]}


def test_a_cell_that_strayed_into_a_column_of_codes_does_not_leave(
    workspace: Settings, tmp_path: Path
) -> None:
    ingest([written(tmp_path / "a.xml", xml(1, ethnicity="Strayed"))], workspace)
    (person,) = content(workspace)["sen2_person"]
    assert person["ethnicity"] is None
    assert not list(leaks(workspace.workspace, ["Strayed"]))


def test_districts_come_from_a_lookup_that_the_council_supplies(
    sample: Settings, tmp_path: Path
) -> None:
    lookup = 'pcd,pcds,oslaua\n"ZZ993CZ","ZZ99 3CZ",E07000192\n"ZZ994CZ","ZZ99 4CZ",\n'
    ingest([written(tmp_path / "onspd.csv", lookup.encode()), EXAMPLE], sample)
    found = content(sample)
    assert [row["postcode"] for row in found["postcode_district"]] == ["ZZ993CZ"]
    assert {row["district_code"] for row in found["sen2_person"]} == {"E07000192"}
    assert "district_unknown" not in {row["rule"] for row in found["finding"]}


# ---- bundles -----------------------------------------------------------------------------------


@pytest.fixture
def nine(tmp_path: Path) -> list[Path]:
    return collect(EXAMPLE.read_bytes(), tmp_path / "export")


def as_zip(paths: list[Path], folder: Path) -> list[Path]:
    target = folder / "export.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.write(path, path.name)
    return [target]


@pytest.mark.parametrize("form", ["folder", "zip", "list", "list in another order"])
def test_tables_that_belong_together_are_one_return(
    sample: Settings, tmp_path: Path, nine: list[Path], form: str
) -> None:
    offered = {
        "folder": [nine[0].parent],
        "zip": as_zip(nine, tmp_path),
        "list": nine,
        "list in another order": nine[::-1],
    }[form]
    (receipt,) = ingest(offered, sample)
    assert (receipt.kind, receipt.status) == ("sen2", "landed")
    assert {name: counts.row_count_accepted for name, counts in receipt.modules.items()} == MODULES
    received = content(sample)["received_file"]
    assert {row["sha256"] for row in received} == {bundle_hash(nine)}
    assert {row["file_name"] for row in received} == {path.name for path in nine}
    for path in nine:
        sha256 = raw_store.digest(path.read_bytes())
        assert raw_store.is_sealed(sample, sha256)
        assert raw_store.load(sample, sha256) == path.read_bytes()
    assert len(list((sample.workspace / "raw").glob("*/*"))) == len(nine)


def bundle_hash(paths: list[Path]) -> str:
    hashes = sorted(raw_store.digest(path.read_bytes()) for path in paths)
    return raw_store.digest("".join(hashes).encode())


def test_the_forms_of_one_return_land_alike(
    sample: Settings, tmp_path: Path, nine: list[Path]
) -> None:
    other = Settings(workspace=tmp_path / "other", council="999")
    ingest([EXAMPLE], sample)
    ingest(nine, other)
    left_out = {"file_id", "row_number", "file_form", "pseudonym", "key_id"}
    for table in (f"sen2_{module}" for module in MODULES if module != "header"):
        one, two = (
            [{k: v for k, v in row.items() if k not in left_out} for row in content(each)[table]]
            for each in (sample, other)
        )
        assert sorted(one, key=str) == sorted(two, key=str), table


def test_two_returns_in_one_folder_are_told_apart_by_the_user(
    sample: Settings, nine: list[Path]
) -> None:
    person = next(path for path in nine if path.name.endswith("_person.csv"))
    (person.parent / "again.csv").write_bytes(person.read_bytes().replace(b"Alder", b"Alders"))
    with pytest.raises(InputError, match="are the same table") as error:
        ingest([*nine, person.parent / "again.csv"], sample)
    assert "folder or zip of their own" in error.value.remedy
    assert not list((sample.workspace / "raw").glob("*/*"))


def test_a_gzipped_return_is_kept_as_it_came(sample: Settings, tmp_path: Path) -> None:
    path = written(tmp_path / "return.xml.gz", gzip.compress(EXAMPLE.read_bytes()))
    (receipt,) = ingest([path], sample)
    assert receipt.row_count_accepted == sum(MODULES.values())
    (row, *_) = content(sample)["received_file"]
    assert raw_store.load(sample, row["kept_sha256"]) == path.read_bytes()


# ---- again, restated, in-year ------------------------------------------------------------------


def test_the_same_bytes_again_are_a_logged_no_op(sample: Settings) -> None:
    ingest([EXAMPLE], sample)
    before = {path: path.stat().st_mtime_ns for path in sample.landing.glob("*/*")}
    (again,) = ingest([EXAMPLE], sample)
    assert (again.status, again.row_count_in) == ("already held", sum(MODULES.values()))
    assert {path: path.stat().st_mtime_ns for path in sample.landing.glob("*/*")} == before
    log = (sample.workspace / "log" / "received.jsonl").read_text().splitlines()
    assert [json.loads(line)["status"] for line in log] == ["landed", "already held"]


def test_a_restated_return_stands_beside_the_old_one_with_the_same_children(
    sample: Settings, tmp_path: Path
) -> None:
    ingest([EXAMPLE], sample)
    new = rewritten(EXAMPLE.read_bytes().replace(b"<Sex>U</Sex>", b"<Sex>F</Sex>"))
    (receipt,) = ingest([written(tmp_path / "restated.xml", new)], sample)
    assert receipt.vintage == "2026-r2"
    assert "later_edition" in {item.rule for item in receipt.findings}
    found = content(sample)
    assert {row["vintage_order"] for row in found["received_file"]} == {2026000, 2026001}
    by_file: dict[str, set[str]] = {}
    for row in found["sen2_person"]:
        by_file.setdefault(row["file_id"], set()).add(row["pseudonym"])
    one, two = by_file.values()
    assert one == two
    assert len(one) == MODULES["person"]


def test_a_date_outside_january_makes_an_in_year_extract(sample: Settings, tmp_path: Path) -> None:
    raw = EXAMPLE.read_bytes().replace(b"2026-01-15</ReferenceDate>", b"2025-09-30</ReferenceDate>")
    (receipt,) = ingest([written(tmp_path / "extract.xml", raw)], sample)
    assert (receipt.kind, receipt.vintage) == ("sen2_in_year", "2025-09")
    (record,) = content(sample)["sen2_return"]
    assert record["return_kind"] == "in_year"
    assert not {"HDR-03", "HDR-04"} & {item.rule for item in receipt.findings}


def test_in_january_only_the_user_can_say_that_it_is_an_extract(sample: Settings) -> None:
    (receipt,) = ingest([EXAMPLE], sample, asked=Asked(is_in_year=True))
    assert (receipt.kind, receipt.vintage) == ("sen2_in_year", "2026-01")


def test_an_extract_of_january_stays_one_when_it_is_read_again(
    sample: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest([EXAMPLE], sample, asked=Asked(is_in_year=True))
    before = content(sample)
    monkeypatch.setattr(door, "version_of", lambda _: "f" * 16)
    # As `send build` offers what lies in the inbox: nobody says anything of it.
    (again,) = ingest([EXAMPLE], sample)
    assert (again.kind, again.vintage) == ("sen2_in_year", "2026-01")
    assert content(sample)["sen2_return"] == before["sen2_return"]


def test_an_extract_by_mistake_becomes_the_return_that_it_is_and_the_log_says_why(
    sample: Settings,
) -> None:
    ingest([EXAMPLE], sample, asked=Asked(is_in_year=True))
    (row, *_) = content(sample)["received_file"]
    why = "named as an extract by mistake"
    (told,) = ingest([EXAMPLE], sample, asked=Asked(is_in_year=False, reason=why))
    assert (told.kind, told.vintage, told.status) == ("sen2", "2026", "read again")
    assert "taken_back" in {item.rule for item in told.findings}
    found = content(sample)
    assert [each["return_kind"] for each in found["sen2_return"]] == ["annual"]
    assert {each["kind"] for each in found["received_file"]} == {"sen2"}
    assert raw_store.load(sample, row["kept_sha256"]) == EXAMPLE.read_bytes()
    log = (sample.workspace / "log" / "received.jsonl").read_text().splitlines()
    first, last = map(json.loads, log)
    assert "reason" not in first
    assert (last["taken_before_as"], last["reason"]) == ("an in-year extract (2026-01)", why)
    assert ingest([EXAMPLE], sample)[0].status == "already held"


def test_wherever_the_taking_back_is_interrupted_the_file_is_the_one_or_the_other(
    sample: Settings,
) -> None:
    ingest([EXAMPLE], sample, asked=Asked(is_in_year=True))
    said = Asked(is_in_year=False, reason="named as an extract by mistake")
    kinds = []
    for number in itertools.count(1):
        with pytest.MonkeyPatch.context() as patch:
            stop_at(patch, number)
            try:
                ingest([EXAMPLE], sample, asked=said)
            except Stop:
                is_stopped = True
            else:
                is_stopped = False
        landing.sweep(sample)
        found = content(sample)
        (kind,) = {row["kind"] for row in found["received_file"]}
        assert [row["return_kind"] for row in found["sen2_return"]] == [
            "in_year" if kind == "sen2_in_year" else "annual"
        ]
        kinds.append(kind)
        if not is_stopped:
            break
    assert kinds[0] == "sen2_in_year"
    assert kinds[-1] == "sen2"
    assert len(kinds) > 5


def test_what_was_said_of_a_return_is_not_taken_back_without_a_reason(sample: Settings) -> None:
    ingest([EXAMPLE], sample)
    before = content(sample)
    with pytest.raises(InputError, match=r"a yearly return \(2026\)") as fault:
        ingest([EXAMPLE], sample, asked=Asked(is_in_year=True))
    assert "--reason" in fault.value.remedy
    assert content(sample) == before


def test_a_date_outside_january_cannot_be_said_away(sample: Settings, tmp_path: Path) -> None:
    raw = EXAMPLE.read_bytes().replace(b"2026-01-15</ReferenceDate>", b"2025-09-30</ReferenceDate>")
    path = written(tmp_path / "extract.xml", raw)
    with pytest.raises(InputError, match="not in January"):
        ingest([path], sample, asked=Asked(is_in_year=False, reason="a mistake of ours"))
    assert "received_file" not in content(sample)


def test_a_build_reads_the_extracts_of_the_inbox_again_once_a_rule_has_changed(
    sample: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = sample.workspace / "inbox" / "in-year"
    folder.mkdir(parents=True)
    written(folder / "extract.xml", EXAMPLE.read_bytes())
    (first,) = take_inbox(sample)
    assert (first.kind, first.vintage, first.status) == ("sen2_in_year", "2026-01", "landed")
    assert [told.status for told in take_inbox(sample)] == ["already held"]
    monkeypatch.setattr(door, "version_of", lambda _: "f" * 16)
    (again,) = take_inbox(sample)
    assert (again.kind, again.vintage, again.status) == ("sen2_in_year", "2026-01", "read again")


def test_a_return_is_read_again_from_what_is_kept_once_a_rule_has_changed(
    sample: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest([EXAMPLE], sample)
    before = content(sample)
    monkeypatch.setattr(door, "version_of", lambda _: "f" * 16)
    (again,) = ingest([EXAMPLE], sample)
    assert (again.status, again.vintage) == ("read again", "2026")
    after = content(sample)
    assert {row["reading_version"] for row in after["received_file"]} == {"f" * 16}
    for table in before.keys() - {"received_file"}:
        assert after[table] == before[table], table


# ---- whose rows --------------------------------------------------------------------------------


def test_the_file_of_another_authority_is_refused_and_not_kept(
    workspace: Settings, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="authority 330") as error:
        ingest([written(tmp_path / "other.xml", xml(3, la_code="330"))], workspace)
    assert "SEND_COUNCIL" in error.value.remedy
    assert not list(workspace.landing.glob("*/*.parquet"))
    assert not list((workspace.workspace / "raw").glob("*/*"))


@pytest.mark.parametrize("first", ["sample", "real"])
def test_the_sample_county_and_real_rows_never_meet(
    workspace: Settings, sample: Settings, tmp_path: Path, first: str
) -> None:
    real = written(tmp_path / "real.xml", xml(3))
    order = [(EXAMPLE, sample), (real, workspace)]
    (path, home), (other, other_home) = order if first == "sample" else order[::-1]
    ingest([path], home)
    before = content(workspace)
    with pytest.raises(InputError, match="sample county"):
        ingest([other], other_home)
    assert content(workspace) == before


def test_a_file_of_the_sample_county_does_not_keep_the_real_returns_out(
    workspace: Settings, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="sample county") as error:
        ingest([EXAMPLE], workspace)
    assert "send validate" in error.value.remedy
    assert content(workspace) == {}
    (receipt,) = ingest([written(tmp_path / "real.xml", xml(3))], workspace)
    assert receipt.status == "landed"


def test_a_workspace_of_the_demo_takes_the_sample_whoever_is_at_home(workspace: Settings) -> None:
    (workspace.workspace / "inbox").mkdir(parents=True)
    (workspace.workspace / "inbox" / STAMP).write_text("seed and code", encoding="utf-8")
    (receipt,) = ingest([EXAMPLE], workspace)
    assert receipt.status == "landed"


# ---- nothing lost, nothing half ----------------------------------------------------------------


def test_a_stop_after_any_step_loses_nothing_and_leaves_nothing_half(
    tmp_path: Path, nine: list[Path]
) -> None:
    whole = Settings(workspace=tmp_path / "whole", council="999")
    ingest(nine, whole)
    stops = 0
    for number in itertools.count(1, 3):
        sample = Settings(workspace=tmp_path / str(number), council="999")
        with pytest.MonkeyPatch.context() as patch:
            stop_at(patch, number)
            try:
                ingest(nine, sample)
            except Stop:
                stops += 1
            else:
                break
        landing.sweep(sample)
        assert not set(content(sample)) - {"received_file"} or content(sample) == content(whole)
        (receipt,) = ingest(nine, sample)
        assert receipt.status in {"landed", "already held"}
        assert content(sample) == content(whole)
        assert not list(sample.workspace.rglob("*.part"))
    assert stops >= 6


def stop_at(patch: pytest.MonkeyPatch, number: int) -> None:
    """Stop when the rename of that number has been made."""
    count, replace = itertools.count(1), Path.replace

    def counting(path: Path, target: Path) -> Path:
        result = replace(path, target)
        if next(count) == number:
            raise Stop
        return result

    patch.setattr(Path, "replace", counting)


# ---- nobody's trace ----------------------------------------------------------------------------


def leaks(folder: Path, words: list[str]) -> Iterator[tuple[Path, str]]:
    """Where a word stands: in the bytes of any file, and in the texts of Parquet files."""
    found = [word.encode() for word in words]
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        raw = path.read_bytes() + path.name.encode()
        if path.suffix == ".parquet":
            raw += texts_of(pq.read_table(path))
        yield from ((path, word.decode()) for word in found if word in raw)


def texts_of(table: pa.Table) -> bytes:
    columns = [
        column.cast(pa.string()) for column in table.columns if not pa.types.is_nested(column.type)
    ]
    return "\n".join(
        text for column in columns for text in column.unique().to_pylist() if text
    ).encode()


@pytest.mark.parametrize("form", ["xml", "collect"])
def test_no_name_number_postcode_or_birth_date_is_anywhere(
    workspace: Settings, tmp_path: Path, form: str
) -> None:
    raw = xml(PLANTED)
    paths = (
        [written(tmp_path / "planted.xml", raw)]
        if form == "xml"
        else collect(raw, tmp_path / "planted")
    )
    (receipt,) = ingest(paths, workspace)
    assert receipt.modules["person"].row_count_accepted == PLANTED
    assert receipt.findings
    planted = [text for number in range(PLANTED) for text in marks(number).values()]
    assert len(set(planted)) > 3 * PLANTED
    assert not list(leaks(workspace.workspace, sorted(set(planted))))
    assert list(leaks(paths[0].parent, ["Qsur00007"])), "the search finds what is there"


def test_only_the_owner_can_read_what_is_written(sample: Settings) -> None:
    ingest([EXAMPLE], sample)
    files = [path for path in sample.workspace.rglob("*") if path.is_file()]
    folders = [path for path in sample.workspace.rglob("*") if path.is_dir()]
    assert len(files) > 10
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in (*files, *folders)} == {0}


def test_open_data_needs_no_keys(workspace: Settings, tmp_path: Path) -> None:
    lookup = b"pcds,oslaua\nZZ99 3CZ,E07000192\n"
    ingest([written(tmp_path / "onspd.csv", lookup)], workspace)
    assert not (tmp_path / "keys").exists()
    (kept,) = (workspace.workspace / "raw").glob("*/*")
    assert kept.read_bytes() == lookup


def test_with_other_keys_nothing_is_read_or_written(
    sample: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest([EXAMPLE], sample)
    before = content(sample)
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "other keys"))
    (tmp_path / "other keys").mkdir(mode=0o700)
    for path in (tmp_path / "keys").iterdir():
        (tmp_path / "other keys" / path.name).write_text("ab" * 32)
        (tmp_path / "other keys" / path.name).chmod(0o600)
    with pytest.raises(InputError, match="this workspace was made with"):
        ingest([written(tmp_path / "new.xml", rewritten(EXAMPLE.read_bytes()))], sample)
    assert content(sample) == before


def test_a_fault_message_names_no_child(run_send: Callable[..., Any], tmp_path: Path) -> None:
    raw = xml(5).replace(b"<PersonBirthDate>20", b"<PersonBirthDate>Qsoon20")
    done = run_send(
        tmp_path / "workspace", "ingest", str(written(tmp_path / "bad.xml", raw)), "--json"
    )
    assert json.loads(done.stdout)["files"][0]["status"] == "landed"
    assert done.returncode == 1
    for number in range(5):
        for text in (*marks(number).values(), "Qsoon"):
            assert text not in done.stdout + done.stderr
