"""What a release shows otherwise than the one that people read now: every figure, every rule.

Figures are compared as anybody may read them, in the two public files, so that the difference may
be kept beside the release and shown to auditors; counts of rules follow the rule for small numbers.
What only officers read is compared in diff_officers.py, and is not kept.
Why a figure differs is told from the two releases' inputs (diff_why.py).
"""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipelines.engine.duckdb import attach
from pipelines.release.diff_why import (
    Inputs,
    changed_inputs,
    changed_measures,
    why_of,
    why_of_rule,
)
from pipelines.release.files import write_atomically
from pipelines.release.json_values import plain
from pipelines.release.reader import DIFF, Release
from pipelines.release.rounding import BASE, LARGEST_HIDDEN

if TYPE_CHECKING:
    import duckdb

# A figure is what it is about; in each release one of them is shown.
FIGURE = "kpi, area_code, period_kind, period, breakdown_topic, breakdown"
COMPARED = f"""
    create temp table compared as
    with earlier as (
        select shown.*, exact.value as exact_value, left(exact.file_id, 16) as of_file
        from before_public.marts.kpi_value as shown
        left join before_officer.marts.kpi_value as exact using ({FIGURE}, source, vintage)
        where shown.is_shown
    ),
    later as (
        select shown.*, exact.value as exact_value, left(exact.file_id, 16) as of_file
        from now_public.marts.kpi_value as shown
        left join now_officer.marts.kpi_value as exact using ({FIGURE}, source, vintage)
        where shown.is_shown
    )
    select
        {FIGURE}, coalesce(later.la_code, earlier.la_code) as la_code,
        earlier.value as old_value, earlier.symbol as old_symbol, earlier.of_file as old_file,
        later.value as new_value, later.symbol as new_symbol, later.of_file as new_file,
        earlier.kpi is null as is_new, later.kpi is null as is_gone,
        later.source = 'council'
            and earlier.exact_value is not distinct from later.exact_value as is_same_exactly
    from earlier full join later using ({FIGURE})
    where (earlier.kpi is null) <> (later.kpi is null)
        or earlier.value is distinct from later.value
        or earlier.symbol is distinct from later.symbol
"""  # noqa: S608
# Of each measure the newest figure of one area in each release. Value and symbol are taken
# together: by itself, a value that is null would be passed over for an older one.
NEWEST = """
    select kpi, max(period), max_by({{'value': value, 'symbol': symbol}}, period)
    from {file}.marts.kpi_value
    where is_shown and la_code = ? and breakdown_topic = 'All'
        and period_kind in ('stock', 'flow')
    group by kpi
"""
RULES = """
    select rule, sum(row_count) as row_count, false as of_children
    from {name}_public.marts.finding_summary where not is_declared group by rule
"""
OF_RECORDS = """
    union all
    select rule, sum(finding_count), true
    from {name}_officer.marts.record_finding_summary group by rule
"""


class _Count(NamedTuple):
    """How often a rule found something, and whether in records of children."""

    row_count: int
    of_children: bool


def difference(release: Release, before: Release | None, la_code: str) -> dict[str, Any]:
    """The differences of a release from the one before it, as they are kept with the release.

    la_code: the authority of which each measure's newest figure is told.
    """
    head = {"release": release.id, "before": before.id if before else None, "la_code": la_code}
    if before is None:
        return head | {"inputs": None, "measures": [], "values": [], "rules": []}
    inputs = changed_inputs(release, before)
    with closing(opened(release, before)) as connection:
        connection.execute(COMPARED)
        changed = changed_measures(connection)
        told = [row | {"why": why_of(row, inputs, changed).value} for row in _compared(connection)]
        measures = _measures(connection, told, la_code)
        rules = _rules(connection, inputs)
    values = [_value(row) for row in told if row["la_code"] == la_code and _is_whole(row)]
    return head | {
        "inputs": inputs.as_json(),
        "measures": measures,
        "values": values,
        "rules": rules,
    }


def keep(release: Release, found: dict[str, Any]) -> Path:
    """Write the differences into the release's folder."""
    path = release.folder / DIFF
    write_atomically(path, json.dumps(found, indent=1) + "\n")
    return path


def opened(release: Release, before: Release) -> duckdb.DuckDBPyConnection:
    """The files of two releases beside each other: before_public, now_public, and so on."""
    import duckdb

    connection = duckdb.connect()
    for name, each in (("before", before), ("now", release)):
        for kind, path in (
            ("public", each.public_path),
            ("officer", each.officer_path),
            ("evidence", each.evidence_path),
        ):
            attach(connection, path, f"{name}_{kind}", read_only=True)
    return connection


def _compared(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    found = connection.execute(f"from compared order by {FIGURE}")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _is_whole(row: dict[str, Any]) -> bool:
    return bool(row["breakdown_topic"] == "All")


def _value(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "kpi": row["kpi"],
        "period": row["period"],
        "old": None if row["is_new"] else _shown(row["old_value"], row["old_symbol"]),
        "new": None if row["is_gone"] else _shown(row["new_value"], row["new_symbol"]),
        "why": row["why"],
    }


def _shown(value: Any, symbol: str | None) -> dict[str, Any]:
    return {"value": plain(value), "symbol": symbol}


def _measures(
    connection: duckdb.DuckDBPyConnection, told: list[dict[str, Any]], la_code: str
) -> list[dict[str, Any]]:
    """Every measure of either release: its newest figure in both, and how many figures differ."""
    newest = {name: _newest(connection, f"{name}_public", la_code) for name in ("before", "now")}
    titles = dict(
        connection.execute(
            "select kpi, title from now_public.marts.measure union "
            "select kpi, title from before_public.marts.measure "
            "where kpi not in (select kpi from now_public.marts.measure)"
        ).fetchall()
    )
    rows: dict[str, list[dict[str, Any]]] = {kpi: [] for kpi in titles}
    for row in told:
        rows[row["kpi"]].append(row)
    return [
        {
            "kpi": kpi,
            "title": titles[kpi],
            "old": newest["before"].get(kpi),
            "new": newest["now"].get(kpi),
            "changed": sum(not (row["is_new"] or row["is_gone"]) for row in rows[kpi]),
            "added": sum(row["is_new"] for row in rows[kpi]),
            "gone": sum(row["is_gone"] for row in rows[kpi]),
            "why": dict(sorted(Counter(row["why"] for row in rows[kpi]).items())),
        }
        for kpi in sorted(titles)
    ]


def _newest(
    connection: duckdb.DuckDBPyConnection, file: str, la_code: str
) -> dict[str, dict[str, Any]]:
    rows = connection.execute(NEWEST.format(file=file), [la_code]).fetchall()
    return {kpi: {"period": period} | _shown(**figure) for kpi, period, figure in rows}


def _rules(connection: duckdb.DuckDBPyConnection, inputs: Inputs) -> list[dict[str, Any]]:
    """Every rule that found anything in either release, with how much."""
    counts = {name: _counts(connection, name) for name in ("before", "now")}
    reasons = [why.value for why in why_of_rule(inputs)]
    told = []
    for rule in sorted(counts["before"].keys() | counts["now"].keys()):
        old, new = (counts[name].get(rule) for name in ("before", "now"))
        of_children = any(count and count.of_children for count in (old, new))
        told.append(
            {
                "rule": rule,
                "old": _protected(old, of_children),
                "new": _protected(new, of_children),
                "why": reasons if old != new else [],
            }
        )
    return told


def _counts(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, _Count]:
    held = connection.execute(
        "select table_name from duckdb_tables() where database_name = ?", [f"{name}_officer"]
    ).fetchall()
    has_records = ("record_finding_summary",) in held
    text = RULES.format(name=name) + (OF_RECORDS.format(name=name) if has_records else "")
    rows = connection.execute(text).fetchall()
    return {rule: _Count(int(count or 0), of_children) for rule, count, of_children in rows}


def _protected(count: _Count | None, of_children: bool) -> dict[str, Any]:
    """A count of findings: of records of children as the rule for small numbers has it."""
    found = count.row_count if count else 0
    if not of_children:
        return {"value": found, "symbol": None}
    if found <= LARGEST_HIDDEN:
        return {"value": None, "symbol": "c"}
    return {"value": (found + BASE // 2) // BASE * BASE, "symbol": None}
