"""The two lists of an area SEND inspection, made from what is kept sealed.

They name children, so they are made on demand, for whoever holds the keys, into files that only
their owner can read; who made them, when and how long they are stands in the log. No page, no
release and no build may use this module.
"""

from __future__ import annotations

import csv
import getpass
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import json_lines
from pipelines.errors import InputError
from pipelines.ingest.desk import Reference, Setting, desk
from pipelines.ingest.inspection_sources import Sources, opened, select_text
from pipelines.ingest.judge import judge
from pipelines.ingest.modules import Modules
from pipelines.registry.inspection import PLAN_LIST, SUPPORT_LIST, inspection, sector_rules
from pipelines.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

LOG = "inspection_lists.jsonl"
FILES = {PLAN_LIST: "list_1_plans.csv", SUPPORT_LIST: "list_2_sen_support.csv"}
FINDINGS = "findings.csv"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
OWNER_FILE, OWNER_FOLDER = 0o600, 0o700


@dataclass(frozen=True)
class Made:
    """What was written.

    Attributes:
        row_counts: by file.
        not_held: by file, the columns that are empty in every row: nothing that is kept says them.
        findings_file, finding_count: what the sector rules found.
        on: the day that the lists describe.
        census: the school census from which the pupils with SEN support come; None without one.
        needs_census: the January census from which their needs and ethnicity come.
    """

    row_counts: Mapping[str, int]
    not_held: Mapping[str, tuple[str, ...]]
    finding_count: int
    findings_file: str = FINDINGS
    on: date | None = None
    census: str | None = None
    needs_census: str | None = None


def write_lists(settings: Settings, out: Path, year: int | None = None) -> Made:
    """Both lists and what the sector rules find, as CSV in a folder of the owner's alone.

    year: of the yearly return; without it the newest return or in-year extract that is held.

    Raises:
        InputError: no SEN2 return is held, the keys are not here, the folder lies in the workspace
            or holds such files already.
    """
    _require_free(out, settings)
    sources = opened(settings, year)
    lists = _lists(settings, sources)
    judged = _judged(settings, lists, sources)
    names = inspection(settings.project_root).returns
    out.mkdir(parents=True, exist_ok=True, mode=OWNER_FOLDER)
    for name, file in FILES.items():
        _write(out / file, names[name].header, _rows(lists[name], names[name].header))
    columns = ("list", "rule", "severity", "row_number", "column_names", "message", "remedy")
    _write(out / FINDINGS, columns, _finding_rows(judged))
    made = Made(
        row_counts={file: lists[name].num_rows for name, file in FILES.items()},
        not_held={
            file: tuple(c for c in names[name].header if not _is_held(lists[name], c))
            for name, file in FILES.items()
        },
        finding_count=sum(judged["row_count"].to_pylist()),
        on=sources.on,
        census=sources.census,
        needs_census=sources.needs_census,
    )
    _log(settings, sources, made)
    return made


def _require_free(out: Path, settings: Settings) -> None:
    workspace = settings.workspace.resolve()
    if out == workspace or workspace in out.parents:
        raise InputError(
            "the lists name children and may not lie in the workspace",
            where=str(out),
            remedy="Name a folder elsewhere with --out.",
        )
    taken = [name for name in (*FILES.values(), FINDINGS) if (out / name).exists()]
    if taken:
        raise InputError(
            f"the folder holds {', '.join(taken)} already",
            where=str(out),
            remedy="Name another folder, or take the files out.",
        )


# ---- the lists -----------------------------------------------------------------------------------


def _lists(settings: Settings, sources: Sources) -> dict[str, pa.Table]:
    """Both lists with the columns that are held; nothing of it touches a disk."""
    import duckdb

    connection = duckdb.connect(":memory:")
    try:
        connection.execute("set temp_directory = ''")
        for name, table in sources.tables.items():
            connection.register(name, table)
        connection.register("establishment", _establishments(sources.reference))
        connection.execute("set enable_external_access = false")
        return {
            name: connection.execute(select_text(settings, name)).to_arrow_table() for name in FILES
        }
    finally:
        connection.close()


def _establishments(reference: Reference) -> pa.Table:
    """URN and phase of each school once; the register may have landed in several editions."""
    import pyarrow as pa

    held = reference.establishments
    if not held.num_rows:
        return pa.table({name: pa.array([], pa.string()) for name in ("urn", "school_phase")})
    pairs = dict(zip(held["urn"].to_pylist(), held["school_phase"].to_pylist(), strict=True))
    return pa.table(
        {"urn": pa.array(pairs, pa.string()), "school_phase": pa.array(pairs.values(), pa.string())}
    )


def _judged(settings: Settings, lists: Mapping[str, pa.Table], sources: Sources) -> pa.Table:
    """What the sector rules find; rows are numbered as in the CSV, whose header is row 1."""
    known = inspection(settings.project_root)
    modules = Modules(
        family="annex_a",
        form="list",
        tables={name: _as_module(lists[name], known.returns[name].header) for name in FILES},
        row_counts_in={name: lists[name].num_rows for name in FILES},
    )
    setting = Setting(settings.council, "", sources.year, sources.on, is_in_year=False)
    with desk(modules, known.modules, known.patterns, sources.reference, setting) as connection:
        return judge(connection, sector_rules(settings.project_root))


def _as_module(listed: pa.Table, header: Sequence[str]) -> pa.Table:
    """A list as a module: every column as text, those that are not held empty."""
    import numpy as np
    import pyarrow as pa

    count = listed.num_rows
    columns: dict[str, Any] = {
        "record": np.arange(1, count + 1, dtype=np.int64),
        "parent": pa.nulls(count, pa.int64()),
        "row_number": np.arange(2, count + 2, dtype=np.int64),
    }
    columns |= {name: pa.array(_texts(listed, name), pa.string()) for name in header}
    return pa.table(columns)


def _is_held(listed: pa.Table, name: str) -> bool:
    """Whether a list says anything in the column; one without rows is asked for the column only."""
    if name not in listed.column_names:
        return False
    return not listed.num_rows or listed[name].null_count < listed.num_rows


def _texts(listed: pa.Table, name: str) -> list[str | None]:
    if name not in listed.column_names:
        return [None] * listed.num_rows
    return [_text(value) for value in listed[name].to_pylist()]


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "1" if value else "0"
    return None if value is None else str(value)


# ---- writing -------------------------------------------------------------------------------------


def _rows(listed: pa.Table, header: Sequence[str]) -> Iterable[tuple[str, ...]]:
    columns = [_texts(listed, name) for name in header]
    return (tuple(text or "" for text in row) for row in zip(*columns, strict=True))


def _finding_rows(judged: pa.Table) -> Iterable[tuple[str, ...]]:
    names = ("module", "rule", "severity", "row_number", "column_names", "message", "remedy")
    for row in judged.to_pylist():
        if row["row_number"] is None and row["row_count"] > 1:
            row["row_number"] = f"and {row['row_count']:,} more"
        yield (FILES[row["module"]], *(str(row[name]) for name in names[1:]))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A CSV that only its owner can read, and that no spreadsheet takes for formulas."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_FILE)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows([guarded(cell) for cell in row] for row in rows)


def guarded(cell: str) -> str:
    """A cell with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _log(settings: Settings, sources: Sources, made: Made) -> None:
    """Who, when, from which files, how many rows; no row and nobody's name but the maker's."""
    line = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "user": getpass.getuser(),
        "file_ids": sources.file_ids,
        "rows": dict(made.row_counts),
        "findings": made.finding_count,
    }
    json_lines.append(settings.workspace / "log" / LOG, line)
