"""`send plan`: entries are appended one at a time, outlast a crash, and are hashed into builds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from pipelines.errors import InputError
from pipelines.ingest.plan_entry import add_note, log_at_rest, revise
from pipelines.ingest.reference import land_reference
from pipelines.registry.plan_log import Note, Revision, log_path, read_log
from pipelines.release.inputs import input_key, take_stock
from pipelines.release.plan_json import Standing, standing
from pipelines.release.reader import current_release
from pipelines.settings import PROJECT_ROOT, Settings

ROLE = "school-places-lead"
PLAN = PROJECT_ROOT / "data" / "councils" / "860" / "delivery_plan.yml"
WRITERS = 8

Send = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(workspace=tmp_path / "workspace")


def note(settings: Settings, text: str = "Two schemes have begun.") -> int:
    return add_note(settings, action="places-2026", role=ROLE, text=text).line


def move(settings: Settings, due: date, value: int | None = None) -> Revision:
    written = revise(
        settings,
        milestone="places-2026-143",
        role=ROLE,
        reason="One building is late.",
        due=due,
        value=None if value is None else Decimal(value),
    )
    assert isinstance(written.entry, Revision)
    return written.entry


def child(settings: Settings, code: str) -> subprocess.Popen[bytes]:
    """Another process of the product that notes something, or dies doing so."""
    head = (
        "import os\nfrom pathlib import Path\nfrom pipelines.settings import Settings\n"
        "from pipelines.ingest import plan_entry\n"
        f"settings = Settings(workspace=Path({str(settings.workspace)!r}))\n"
    )
    return subprocess.Popen([sys.executable, "-c", head + code], cwd=PROJECT_ROOT)


def test_a_note_and_a_move_are_appended_and_the_plan_is_not_touched(
    run_send: Send, settings: Settings
) -> None:
    before = PLAN.read_bytes()
    words = ("--role", ROLE, "--text", "Two of three schemes have begun.")
    assert run_send(settings.workspace, "plan", "note", "places-2026", *words).returncode == 0
    words = ("--date", "2027-01-31", "--value", "120", "--reason", "Late.", "--role", ROLE)
    moved = run_send(settings.workspace, "plan", "revise", "places-2026-143", *words)
    assert moved.returncode == 0
    assert "line 2" in moved.stderr
    first, second = read_log(log_path(settings)).entries.values()
    assert isinstance(first, Note)
    assert first.text == "Two of three schemes have begun."
    assert isinstance(second, Revision)
    assert (second.old_date, second.new_date) == (date(2026, 9, 1), date(2027, 1, 31))
    assert (second.old_value, second.new_value) == (Decimal(143), Decimal(120))
    assert PLAN.read_bytes() == before
    assert log_path(settings).stat().st_mode & 0o777 == 0o600


def test_the_list_shows_the_first_promise_beside_the_move(
    run_send: Send, settings: Settings
) -> None:
    move(settings, date(2027, 1, 31), 120)
    note(settings)
    document = json.loads(run_send(settings.workspace, "plan", "list", "--json").stdout)
    (action,) = (item for item in document["actions"] if item["id"] == "places-2026")
    assert [(item["line"], item["text"]) for item in action["notes"]] == [
        (2, "Two schemes have begun.")
    ]
    (milestone,) = action["measures"][0]["milestones"]
    assert (milestone["original_date"], milestone["original_value"]) == ("2026-09-01", 143)
    assert (milestone["date"], milestone["value"]) == ("2027-01-31", 120)
    assert milestone["revisions"][0]["reason"] == "One building is late."
    assert document["release"] is None
    assert milestone["status"] is None
    table = run_send(settings.workspace, "plan", "list").stdout
    assert "2026-09-01: 143" in table


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("note", "places-2062", "--role", ROLE, "--text", "x"), "did you mean 'places-2026'"),
        (("note", "places-2026", "--role", "Jo Bloggs", "--text", "x"), "Give a role, not"),
        (("note", "places-2026", "--role", ROLE, "--text", " "), "1 to 600 characters"),
        (("revise", "places", "--role", ROLE, "--reason", "x"), "no milestone 'places'"),
        (("revise", "places-2026-143", "--role", ROLE, "--reason", "x"), "nothing moves"),
        (
            ("revise", "places-2026-143", "--role", ROLE, "--reason", "x", "--value", "143.0"),
            "nothing moves",
        ),
        (
            ("revise", "places-2026-143", "--role", ROLE, "--reason", "x", "--date", "May"),
            "not a date",
        ),
        (
            ("revise", "places-2026-143", "--role", ROLE, "--reason", "x", "--value", "many"),
            "not a number",
        ),
        (
            ("revise", "places-2026-143", "--role", ROLE, "--reason", "x", "--value", "NaN"),
            "not a value that can be held",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value[:2]),
)
def test_wrong_use_is_told_and_writes_nothing(
    run_send: Send, settings: Settings, words: tuple[str, ...], said: str
) -> None:
    done = run_send(settings.workspace, "plan", *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Bloggs" not in done.stderr
    assert not read_log(log_path(settings)).entries


@pytest.mark.parametrize(
    "mark",
    ["A860123456789", "01785 555 0123", "1234567890", "someone@example.org", "ZZ99 3WZ"],
    ids=["upn", "telephone", "uln", "mail", "postcode"],
)
def test_what_looks_like_a_person_is_refused_and_not_repeated(
    settings: Settings, mark: str
) -> None:
    with pytest.raises(InputError, match="it looks as if it held") as caught:
        note(settings, f"Talk to {mark} before the summer.")
    assert mark not in str(caught.value)
    assert "summer" not in str(caught.value)
    assert not log_path(settings).exists()


@pytest.mark.parametrize(
    "text", ["From 2026-09-01 2027-01-31 at the latest.", "£1,200,000 for 2026/27, 143 places."]
)
def test_dates_and_money_are_no_person(settings: Settings, text: str) -> None:
    assert note(settings, text) == 1


def test_a_council_without_a_plan_is_told_how_to_write_one(run_send: Send, tmp_path: Path) -> None:
    settings = Settings(workspace=tmp_path, council="998")
    with pytest.raises(InputError, match="has no delivery plan"):
        note(settings)
    assert not log_path(settings).parent.exists()


def test_two_writers_at_once_both_get_their_lines_whole(settings: Settings) -> None:
    """Each of several processes moves the same milestone; every move starts where one ended."""
    code = (
        "from datetime import date\nfrom decimal import Decimal\n"
        "for step in range(5):\n"
        f"    value = Decimal(1000 * ({{number}} + 1) + step)\n"
        f"    plan_entry.revise(settings, milestone='places-2026-143', role={ROLE!r},\n"
        "        reason='Moved.', value=value)\n"
    )
    running = [child(settings, code.format(number=number)) for number in range(WRITERS)]
    assert [process.wait(timeout=120) for process in running] == [0] * WRITERS
    log = read_log(log_path(settings))
    moves = log.revisions("places-2026-143")
    assert len(moves) == len(log.entries) == WRITERS * 5
    assert not log.has_open_end
    assert moves[0].old_value == Decimal(143)
    assert [item.old_value for item in moves[1:]] == [item.new_value for item in moves[:-1]]


def test_a_crash_in_the_middle_of_a_line_loses_that_line_and_no_other(
    run_send: Send, settings: Settings
) -> None:
    note(settings, "The first.")
    whole = log_path(settings).read_bytes()
    hashed = read_log(log_path(settings)).sha256
    code = (
        "def dies(handle, content):\n"
        "    handle.write(content[: len(content) // 2])\n"
        "    os._exit(9)\n"
        "plan_entry._write = dies\n"
        f"plan_entry.add_note(settings, action='places-2026', role={ROLE!r}, text='Lost.')\n"
    )
    assert child(settings, code).wait(timeout=60) == 9
    torn = log_path(settings).read_bytes()
    assert torn.startswith(whole)
    assert len(torn) > len(whole)
    assert read_log(log_path(settings)).sha256 == hashed
    assert "interrupted" in run_send(settings.workspace, "plan", "list").stderr

    again = add_note(settings, action="places-2026", role=ROLE, text="The third.")
    assert (again.line, again.closed_interrupted) == (3, True)
    assert log_path(settings).read_bytes().startswith(torn), "what was written is never changed"
    entries = read_log(log_path(settings)).entries
    assert [(n, e.text) for n, e in entries.items() if isinstance(e, Note)] == [
        (1, "The first."),
        (3, "The third."),
    ]
    assert note(settings) == 4


def test_a_disk_that_takes_half_a_line_at_a_time_still_gets_all_of_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short write is no error: the rest follows, still under the lock."""
    from pipelines.ingest import plan_entry

    class Slow:
        def __init__(self, handle: object) -> None:
            self.handle = handle

        def write(self, content: bytes) -> int:
            return int(self.handle.write(content[:7]))  # type: ignore[attr-defined]

        def fileno(self) -> int:
            return int(self.handle.fileno())  # type: ignore[attr-defined]

    write = plan_entry._write
    monkeypatch.setattr(plan_entry, "_write", lambda handle, content: write(Slow(handle), content))
    assert note(settings, "A long line. " * 20) == 1
    assert len(read_log(log_path(settings)).entries) == 1


def test_a_line_is_on_disk_before_the_call_returns(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    note(settings)
    assert synced[-1] == str(log_path(settings))
    assert str(log_path(settings).parent) in synced


def test_the_log_is_in_the_key_of_the_inputs_by_its_whole_lines(settings: Settings) -> None:
    name = "councils/860/plan_log.jsonl"
    without = input_key(settings)
    with log_at_rest(settings):
        assert input_key(settings) == without, "an empty log is no input"
    note(settings)
    land_reference(settings)
    stock = take_stock(settings)
    assert dict(stock.inputs)[name] == read_log(log_path(settings)).sha256
    assert stock.key != without
    with log_path(settings).open("ab") as handle:
        handle.write(b'{"kind": "no')
    assert input_key(settings) == stock.key
    note(settings)
    assert input_key(settings) != stock.key


def test_nobody_writes_between_the_landing_of_the_log_and_its_hash(settings: Settings) -> None:
    note(settings)
    writer = threading.Thread(target=note, args=(settings, "Came while a build began."))
    with log_at_rest(settings):
        writer.start()
        land_reference(settings)
        writer.join(timeout=0.5)
        assert writer.is_alive(), "the writer waits"
        stock = take_stock(settings)
        landed = pq.read_table(settings.landing / "plan_note" / "reference.parquet").to_pylist()
        log = read_log(log_path(settings))
    writer.join(timeout=10)
    assert dict(stock.inputs)["councils/860/plan_log.jsonl"] == log.sha256
    assert sum(row["entry_kind"] == "note" for row in landed) == len(log.entries) == 1
    assert len(read_log(log_path(settings)).entries) == 2


def test_the_release_holds_the_plan_and_what_documents_reported_for_everybody(
    sample_workspace: Path,
) -> None:
    release = current_release(sample_workspace)
    assert release is not None
    count = "select count(*), count(*) filter (where milestone_status = 'not_measured')"
    with closing(duckdb.connect(str(release.public_path), read_only=True)) as public:
        assert public.sql(f"{count} from marts.plan_milestone").fetchone() == (9, 7)
        tables = {name for (name,) in public.sql("select table_name from duckdb_tables").fetchall()}
        share = public.sql(
            "select newest_value_period, newest_value, level_value, milestone_status "
            "from marts.plan_milestone where milestone = 'mainstream-as-england'"
        ).fetchone()
    assert {"plan_action", "plan_milestone", "plan_note", "plan_value"} <= tables
    assert share == ("2026-01", Decimal("35.1"), Decimal("45.5"), "not_yet_due")
    for path in (release.public_path, release.officer_path):
        with closing(duckdb.connect(str(path), read_only=True)) as held:
            kinds = held.sql("select distinct entry_kind from marts.plan_note").fetchall()
        assert kinds == [("status",)]


def test_the_list_takes_values_and_statuses_from_the_release(
    run_send: Send, sample_workspace: Path
) -> None:
    document = json.loads(run_send(sample_workspace, "plan", "list", "--json").stdout)
    release = current_release(sample_workspace)
    assert release is not None
    assert document["release"] == release.id
    (action,) = (item for item in document["actions"] if item["id"] == "mainstream-inclusion")
    (measure,) = action["measures"]
    assert (measure["newest_value"], measure["newest_value_period"]) == (35.1, "2026-01")
    (milestone,) = measure["milestones"]
    assert (milestone["status"], milestone["level"]) == ("at_risk", 45.5)
    assert milestone["chance"] < 0.5
    assert milestone["why_not"] is None


def test_a_release_of_another_council_tells_nothing_of_this_ones_plan(
    sample_workspace: Path,
) -> None:
    release = current_release(sample_workspace)
    assert release is not None
    with closing(duckdb.connect(str(release.officer_path), read_only=True)) as officer:
        own, other = (standing(officer, release.id, code) for code in ("860", "999"))
    assert own.milestones
    assert other == Standing()
