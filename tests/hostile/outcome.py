"""What became of a file at the door, and the promises that hold whatever the file was.

Run as a module it is the process that `besieged` starts: it takes the files in under a limit of
memory and prints the outcome as JSON.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.errors import SendError
from pipelines.ingest.door import Asked, ingest
from pipelines.ingest.intake import FILE_ID_DIGITS
from pipelines.ingest.sen2.marks import TEMPLATE, WORKBOOK
from pipelines.settings import PROJECT_ROOT, Settings
from tests.hostile.returns import marks

MEMORY_BYTES = 1 << 30
COUNCIL_TABLES = (
    "early_support",
    "place",
    "workforce_post",
    "training",
    "ep_advice",
    "amended_plan",
    "spend",
)
MESSAGE_LENGTH_MAX = 2000
# What is said of a file, a table, a whole row, or of a record that is not there: of no column.
ABOUT_NO_COLUMN = frozenset(
    {
        *("PER-18", "HDR-01", "SEN-01", "SEN-03"),
        *("refused", "people_matched", "rows_put_aside", "rules_not_run", "form_without_header"),
        *("no_table", "missing_table", "unknown_table", "table_not_used", "later_edition"),
        *("namespace", "stray_text", "formula_cells"),
    }
)
SEVERITIES = {"error", "query", "warning", "info"}
IN_LANDING = {"landed", "already held", "read again"}


@dataclass(frozen=True)
class Outcome:
    """What the door said.

    Attributes:
        receipts: one a file, as dictionaries.
        refusals: where, what and remedy of the error that a person would meet.
        seconds: processor time taken; peak_bytes: largest resident size (besieged only).
    """

    receipts: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[dict[str, str]] = field(default_factory=list)
    seconds: float = 0
    peak_bytes: int = 0

    @property
    def is_landed(self) -> bool:
        """Whether anything was taken in."""
        return any(item["status"] in IN_LANDING for item in self.receipts)

    @property
    def findings(self) -> list[dict[str, Any]]:
        """All findings of all receipts."""
        return [found for item in self.receipts for found in item["findings"]]

    @property
    def told(self) -> set[tuple[str, int, str]]:
        """Rule, count and words of each finding."""
        return {(item["rule"], item["row_count"], item["message"]) for item in self.findings}

    @property
    def rules(self) -> set[str]:
        """Names of the rules that were broken."""
        return {found["rule"] for found in self.findings}

    @property
    def words(self) -> str:
        """Everything that a person would read."""
        told = [f"{item['where']} {item['what']} {item['remedy']}" for item in self.refusals]
        told += [f"{found['message']} {found['remedy']}" for found in self.findings]
        return "\n".join(told)

    def total(self, column: str) -> int:
        """Sum over the receipts, e.g. of row_count_in."""
        return sum(item[column] for item in self.receipts)


@dataclass(frozen=True)
class Landed:
    """A file without a fault: what was said of it, and the rows that landed, by table."""

    outcome: Outcome
    rows: dict[str, list[str]]


def assert_told(after: Outcome, settings: Settings, before: Landed) -> None:
    """What differs from a sound file is refused, put aside or found; else the same rows landed.

    settings: of the workspace of the spoiled file.
    """
    is_told = (
        not after.is_landed
        or after.total("row_count_quarantined") > before.outcome.total("row_count_quarantined")
        or after.told != before.outcome.told
    )
    assert is_told or landed_rows(settings) == before.rows, "a silent misreading"


def through(paths: Sequence[Path], settings: Settings, asked: Asked | None = None) -> Outcome:
    """Take files in; a refusal is an outcome, any other exception is not."""
    try:
        receipts = ingest(paths, settings, asked=asked)
    except SendError as error:
        told = {"where": error.where, "what": error.what, "remedy": error.remedy}
        return Outcome(refusals=[told])
    return Outcome(receipts=[dataclasses.asdict(item) for item in receipts])


# Columns that tell copies of the same rows apart, and nothing about a child.
OF_THE_FILE = {"file_id", "row_number", "sha256", "size_bytes", "file_name"}


def landed_rows(settings: Settings) -> dict[str, list[str]]:
    """Every landed row of the person-level tables, in an order that does not depend on the file."""
    import pyarrow.parquet as pq

    found: dict[str, list[str]] = {}
    for path in sorted(settings.landing.glob("*/*.parquet")):
        if path.parent.name.startswith(("sen2_", "census_", "ap_census_", *COUNCIL_TABLES)):
            rows = pq.read_table(path).to_pylist()
            kept = ({k: v for k, v in row.items() if k not in OF_THE_FILE} for row in rows)
            found.setdefault(path.parent.name, []).extend(sorted(map(str, kept)))
    return found


def besiege(
    paths: Sequence[Path],
    workspace: Path,
    keys: Path,
    *,
    hang_seconds: int = 300,
    room_bytes: int = MEMORY_BYTES,
) -> Outcome:
    """Take files in, in a process that may take so much more memory than it needs to start.

    hang_seconds: after which the process counts as hung, not as slow.
    room_bytes: of address space, of which the engine reserves more than it uses.
    """
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.hostile.outcome",
            str(room_bytes),
            str(workspace),
            *map(str, paths),
        ],
        cwd=PROJECT_ROOT,
        env=os.environ | {"SEND_KEYS": str(keys)},
        capture_output=True,
        text=True,
        check=False,
        timeout=hang_seconds,
    )
    assert done.returncode == 0, f"the door broke:\n{done.stderr[-3000:]}"
    return Outcome(**json.loads(done.stdout))


# ---- promises --------------------------------------------------------------------------------


def assert_promises(outcome: Outcome, workspace: Path) -> None:
    """P9 and P10, and that no cell of a child left the encrypted store."""
    assert outcome.receipts or outcome.refusals, "the door said nothing"
    divided = _divided(workspace)
    for receipt in outcome.receipts:
        _assert_accounted(receipt)
        for found in receipt["findings"]:
            _assert_finding_helps(receipt, found)
            _assert_finding_is_placed(receipt, found, is_divided=receipt["file_id"] in divided)
    for refusal in outcome.refusals:
        assert refusal["where"], refusal
        assert refusal["what"], refusal
        assert refusal["remedy"], refusal
        assert len(refusal["what"]) < MESSAGE_LENGTH_MAX, len(refusal["what"])
    known = marks()
    assert [mark for mark in known if mark in outcome.words] == []
    assert leaks(workspace, known) == []


def _assert_accounted(receipt: dict[str, Any]) -> None:
    accepted, aside = receipt["row_count_accepted"], receipt["row_count_quarantined"]
    assert accepted + aside == receipt["row_count_in"], receipt
    modules = receipt["modules"].values()
    for module in modules:
        accounted = module["row_count_accepted"] + module["row_count_quarantined"]
        assert accounted == module["row_count_in"], receipt["modules"]
    if modules:
        assert sum(module["row_count_in"] for module in modules) == receipt["row_count_in"], receipt
    if receipt["status"] in IN_LANDING:
        assert receipt["row_count_in"] > 0, receipt


def _assert_finding_helps(receipt: dict[str, Any], found: dict[str, Any]) -> None:
    """Names file and rule, says what is wrong and what to do, at a length that is read."""
    assert receipt["file_name"], receipt
    assert found["rule"], found
    assert found["severity"] in SEVERITIES, found
    assert 0 < len(found["message"]) < MESSAGE_LENGTH_MAX, found
    assert found["remedy"] or found["severity"] == "info", found
    # A header that a form has not, or that was set aside, has no row in which anything stands.
    module = receipt["modules"].get(found["module"], {"row_count_accepted": 1})
    has_row = module["row_count_accepted"] > 0
    if has_row and found["row_count"] and found["severity"] in {"error", "query"}:
        assert found["first_row_number"] is not None, found


def _assert_finding_is_placed(
    receipt: dict[str, Any], found: dict[str, Any], *, is_divided: bool
) -> None:
    """Names the column; and the file of a bundle or the sheet of a workbook, where rows are in."""
    # A heading that may be a cell is counted, not named.
    is_nameless = found["rule"] == "unknown_column" and " heading" in found["message"]
    assert found["column_name"] or found["rule"] in ABOUT_NO_COLUMN or is_nameless, found
    module = receipt["modules"].get(found["module"])
    if is_divided and module is not None and module["row_count_in"]:
        assert found["place"], found


def _divided(workspace: Path) -> set[str]:
    """Ids of the files that are several, or a workbook: a row number alone finds nothing there."""
    path = workspace / "log" / "kept.jsonl"
    kept = map(json.loads, path.read_text(encoding="utf-8").splitlines()) if path.is_file() else ()
    return {
        line["sha256"][:FILE_ID_DIGITS]
        for line in kept
        if len(line["pieces"]) > 1 or line["form"] in (TEMPLATE, WORKBOOK)
    }


def leaks(workspace: Path, known: Sequence[str]) -> list[str]:
    """Files of a workspace in which a mark can be read, with the mark's kind."""
    return [
        f"{path.relative_to(workspace)}: {mark[:12]}"
        for path in sorted(workspace.rglob("*"))
        if path.is_file()
        for mark in _legible_in(path, known)
    ]


def _legible_in(path: Path, known: Sequence[str]) -> Iterator[str]:
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        text = "\n".join(map(str, pq.read_table(path).to_pylist()))
        # Arrow gives dates as objects: written out, they read as in the file.
        text += "\n".join(str(row) for row in _date_texts(path))
        yield from (mark for mark in known if mark in text)
        return
    raw = path.read_bytes()
    for mark in known:
        if mark.encode() in raw or mark.encode("utf-16-le") in raw:
            yield mark


def _date_texts(path: Path) -> list[str]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    dates = [name for name in table.column_names if pa.types.is_date(table.schema.field(name).type)]
    return [str(value) for name in dates for value in table[name].to_pylist()]


# ---- a process with little memory --------------------------------------------------------------


def _main() -> None:
    room_bytes, workspace, *paths = sys.argv[1:]
    _limit_memory(int(room_bytes))
    # For the forms that do not say their year themselves; the others are held to their own.
    asked = Asked(return_year=2026)
    outcome = through([Path(path) for path in paths], Settings(workspace=Path(workspace)), asked)
    used = resource.getrusage(resource.RUSAGE_SELF)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    record = dataclasses.asdict(outcome) | {
        "seconds": used.ru_utime + used.ru_stime,
        # Not ru_maxrss: that of a child is never less than what its parent held.
        "peak_bytes": int(re.search(r"VmHWM:\s*(\d+)", status)[1]) * 1024,
    }
    sys.stdout.write(json.dumps(record, default=str))


def _limit_memory(room_bytes: int) -> None:
    """From here on so much more address space than the libraries take when they are loaded."""
    import duckdb
    import lxml.etree  # noqa: F401
    import pyarrow.csv
    import pyarrow.parquet  # noqa: F401

    duckdb.connect().execute("select 1").fetchall()
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + room_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    _main()
