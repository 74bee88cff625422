"""The register of schools (Get Information about Schools) -> landing table `establishment`.

About 140 columns come in, seventeen are read by name. What a type of establishment means is the
work of kinds_of_school.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import InputError
from pipelines.ingest.columns import mapped
from pipelines.ingest.kinds_of_school import establishment_types
from pipelines.ingest.modules import Modules
from pipelines.ingest.parcel import Finding, Parcel, QuarantinedRow
from pipelines.ingest.repeats import CONFLICTING, without_repeats
from pipelines.ingest.strict_csv import CsvTable
from pipelines.registry.gias import GiasSource, gias, gias_rules

if TYPE_CHECKING:
    import pyarrow as pa

KIND = "establishment"
FAMILY, FORM = "gias", "csv"
PRINTED_DATE = re.compile(r"(\d\d)-(\d\d)-(\d{4})")
NO_URN = "its URN is not six digits"
TWICE = "another row has the same URN and says something else"
DOWNLOAD = "Download the register again: all establishment data, establishment fields CSV."


def read(table: CsvTable, project_root: Path) -> Parcel:
    """The schools, and what the rules find; a row without a URN of its own is put aside.

    Raises:
        InputError: a column without which the register cannot be used is missing.
    """
    source = gias(project_root)
    found = modules(table, source)
    schools = _typed(found.tables[source.table], source)
    judged = _judged(found, project_root, source)
    return Parcel(
        kind=KIND,
        source=source.source,
        row_count_in=found.row_counts_in[source.table],
        tables={source.table: schools, "record_finding": _landed(judged)},
        findings=(*found.findings, *_told(judged)),
        quarantined=tuple(found.quarantined[source.table]),
        accepted=schools.num_rows,
    )


def modules(table: CsvTable, source: GiasSource) -> Modules:
    """The register as text, one module; dates as 2025-09-28 where they can be read.

    Raises:
        InputError: as `read`.
    """
    import numpy as np
    import pyarrow as pa

    findings = _missing(table, source)
    kept = _with_urn(_needed(table, source), source)
    count = len(kept.row_numbers)
    columns: dict[str, Any] = {
        "record": np.arange(1, count + 1, dtype=np.int64),
        "parent": pa.nulls(count, pa.int64()),
        "row_number": kept.row_numbers,
    }
    for name, column in source.columns.items():
        columns[name] = _text(kept, column.heading, column.type == "date", source)
    return Modules(
        family=FAMILY,
        form=FORM,
        tables={source.table: pa.table(columns)},
        row_counts_in={source.table: table.row_count_in},
        quarantined={source.table: kept.quarantined},
        findings=findings,
    )


def _missing(table: CsvTable, source: GiasSource) -> tuple[Finding, ...]:
    """What the file lacks: an error where it cannot be used, a finding where it can."""
    absent = {
        column.heading: column.is_needed
        for column in source.columns.values()
        if column.heading.lower() not in table.position
    }
    needed = [heading for heading, is_needed in absent.items() if is_needed]
    if needed:
        raise InputError(
            f"this is the register of schools, but it has no column {', '.join(needed)}",
            remedy=DOWNLOAD,
        )
    return tuple(
        Finding(
            rule="missing_column",
            severity="warning",
            message=f"There is no column '{heading}'; it stays empty.",
            remedy=DOWNLOAD,
            column_name=heading,
        )
        for heading in absent
    )


def _needed(table: CsvTable, source: GiasSource) -> CsvTable:
    """The columns that are read; the names of head teachers are not among them."""
    headings = [column.heading for column in source.columns.values()]
    known = tuple(heading for heading in headings if heading.lower() in table.position)
    return replace(table, header=known, columns=tuple(map(table.column, known)))


def _with_urn(table: CsvTable, source: GiasSource) -> CsvTable:
    """The rows that have a URN to themselves."""
    import numpy as np

    pattern = re.compile(source.patterns["urn"])
    heading = source.columns["urn"].heading
    urns = [text.strip() for text in table.column(heading).to_pylist()]
    good = np.array([bool(pattern.fullmatch(text)) for text in urns], bool)
    aside = [
        QuarantinedRow(int(table.row_numbers[at]), NO_URN, urns[at][:20])
        for at in np.flatnonzero(~good)
    ]
    kept = table.keep(good, aside) if aside else table
    unique = without_repeats(kept, [kept.column(heading)])
    told = (
        replace(row, reason=TWICE) if row.reason == CONFLICTING else row
        for row in unique.quarantined
    )
    return replace(unique, quarantined=tuple(told))


def _text(table: CsvTable, heading: str, is_date: bool, source: GiasSource) -> pa.Array:
    """One column, spaces taken off, null where the publisher says that there is nothing."""
    import pyarrow as pa

    if heading.lower() not in table.position:
        return pa.nulls(len(table.row_numbers), pa.string())
    nothing = set(source.nothing)

    def change(text: str) -> str | None:
        word = text.strip()
        if word in nothing:
            return None
        return _iso(word) if is_date else word

    return mapped(table.column(heading), change).dictionary_decode()


def _iso(printed: str) -> str:
    """28-09-2025 as 2025-09-28; anything else as it stands."""
    match = PRINTED_DATE.fullmatch(printed)
    return f"{match[3]}-{match[2]}-{match[1]}" if match else printed


def _typed(text: pa.Table, source: GiasSource) -> pa.Table:
    """The columns of landing table `establishment`, the file's id left out."""
    import pyarrow as pa

    def has(words: Iterable[str], capacity: str) -> pa.Array:
        pairs = zip(text["sen_provision"].to_pylist(), text[capacity].to_pylist(), strict=True)
        # The capacity speaks where the kind is not told.
        return pa.array([kind in words if kind else _is_some(places) for kind, places in pairs])

    plain = (
        *("row_number", "urn", "ukprn", "la_code", "establishment_number", "establishment_name"),
        *("establishment_type_code", "establishment_type", "establishment_status"),
        *("school_phase", "district_code"),
    )
    columns = {name: text[name] for name in plain}
    columns |= {name: _dates(text[name]) for name in ("open_date", "close_date")}
    columns |= {name: _ages(text[name]) for name in ("low_age", "high_age")}
    columns["has_sen_unit"] = has(source.sen_units, "sen_unit_capacity")
    columns["has_resourced_provision"] = has(
        source.resourced_provisions, "resourced_provision_capacity"
    )
    return pa.table(columns)


def _is_some(places: str | None) -> bool:
    return bool(places and places.strip("0"))


def _dates(column: pa.ChunkedArray) -> pa.Array:
    import pyarrow as pa

    return pa.array([_date(text) for text in column.to_pylist()], pa.date32())


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _ages(column: pa.ChunkedArray) -> pa.Array:
    import pyarrow as pa

    ages = [
        int(text) if text and text.isascii() and text.isdigit() and len(text) < 3 else None
        for text in column.to_pylist()
    ]
    return pa.array(ages, pa.int32())


# ---- rules --------------------------------------------------------------------------------------


def _judged(found: Modules, project_root: Path, source: GiasSource) -> pa.Table:
    """What the rules find; the register is held against the types that are known."""
    import pyarrow as pa

    from pipelines.ingest.desk import Reference, Setting, desk
    from pipelines.ingest.judge import judge

    types = pa.Table.from_pylist(establishment_types(project_root, {}, source))
    reference = Reference(pa.table({}), pa.table({}), types)
    setting = Setting(None, "", None, None, False)
    with desk(found, source.modules, source.patterns, reference, setting) as connection:
        return judge(connection, gias_rules(project_root))


def _landed(judged: pa.Table) -> pa.Table:
    """Landing table record_finding, the file's id left out; nobody is in the register."""
    import pyarrow as pa

    nobody = pa.nulls(judged.num_rows, pa.string())
    return judged.drop_columns(["person_record"]).append_column("pseudonym", nobody)


def _told(judged: pa.Table) -> list[Finding]:
    """One finding a rule, however many schools break it."""
    import pyarrow as pa

    texts = ["rule", "severity", "message", "remedy", "column_names"]
    plain = pa.table({name: judged[name].cast(pa.string()) for name in texts})
    for name in ("row_number", "row_count", "record_key"):
        plain = plain.append_column(name, judged[name])
    # The schools stand in order: the first key is that of the first row.
    groups = plain.group_by(texts, use_threads=False).aggregate(
        [("row_count", "sum"), ("row_number", "min"), ("record_key", "first")]
    )
    return [
        Finding(
            rule=row["rule"],
            severity=row["severity"],
            message=row["message"],
            remedy=row["remedy"],
            column_name=row["column_names"] or None,
            row_count=row["row_count_sum"],
            first_row_number=row["row_number_min"],
            record_key=row["record_key_first"],
        )
        for row in groups.sort_by("rule").to_pylist()
    ]
