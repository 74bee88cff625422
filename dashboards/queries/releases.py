"""What an auditor reads of releases: their approvals, what the newest changed, its checks, a trace.

Only the auditor's key opens these: the evidence file and the documents that lie beside it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from dashboards.queries.frozen import Key, cached, frame_of


def approvals(key: Key) -> list[dict[str, Any]]:
    """Every release that was approved, newest first: id, build, code, who, when, why.

    Not kept from one run to the next: releases come and go beside the one that is read.
    """
    found = []
    for path in Path(key.path).parents[1].glob("*/approval.json"):
        manifest, approval = _document(path.with_name("manifest.json")), _document(path)
        if manifest and approval and not path.parent.name.startswith("."):
            found.append({"release": path.parent.name} | _told(manifest) | approval)
    return sorted(found, key=lambda each: str(each.get("at")), reverse=True)


@cached
def document(key: Key, name: str) -> dict[str, Any]:
    """A document of the release: manifest.json, approval.json or diff.json; empty without one."""
    return _document(Path(key.path).with_name(name))


@cached
def floors(key: Key) -> pd.DataFrame:
    """How many checks each floor had, of how many tables, and how they ended."""
    return frame_of(
        key,
        """
        select
            floor,
            count(distinct table_name) as table_count,
            count(*) as check_count,
            count(*) filter (severity = 'critical' and not passed) as failed_count,
            count(*) filter (severity <> 'critical' and not passed) as warning_count
        from evidence.evidence.check_result
        group by floor
        """,
    )


@cached
def warnings(key: Key) -> pd.DataFrame:
    """Checks that did not hold: names and counts."""
    return frame_of(
        key,
        """
        select table_name, severity, message, failed_count, row_count
        from evidence.evidence.check_result
        where not passed
        order by table_name, check_name
        """,
    )


@cached
def inputs(key: Key) -> pd.DataFrame:
    """The files that the release was made from: one row a file or return, with its hash.

    Of the council's own files no name is read: a name may be a child's.
    """
    return frame_of(
        key,
        """
        select
            source, kind, vintage, sha256,
            any_value(case when source <> 'council' then coalesce(archive_name || ', ', '')
                || file_name end) as file_name,
            cast(case when source = 'council' then sum(row_count_in)
                else max(row_count_in) end as bigint) as row_count_in
        from evidence.evidence.file
        group by source, kind, vintage, sha256
        order by source, kind, vintage, sha256
        """,
    )


@cached
def reads(key: Key, table: str) -> pd.DataFrame:
    """Every table that a table rests on, directly or not, with how many steps it is away."""
    return frame_of(
        key,
        """
        with recursive step as (
            select reads as table_name, 1 as steps
            from evidence.evidence.lineage where table_name = $1
            union
            select lineage.reads, step.steps + 1
            from evidence.evidence.lineage as lineage
            inner join step on lineage.table_name = step.table_name
            where step.steps < 20
        )
        select step.table_name, min(step.steps) as steps, any_value(model_sql.sql) as sql
        from step left join evidence.evidence.model_sql as model_sql using (table_name)
        group by step.table_name
        order by steps, step.table_name
        """,
        [table],
    )


@cached
def text_of(key: Key, table: str) -> str:
    """The SQL of a table as it ran; '' where a method makes it and not a query."""
    found = frame_of(
        key, "select sql from evidence.evidence.model_sql where table_name = ?", [table]
    )
    return "" if found.empty else str(found["sql"].iloc[0])


@cached
def traced(key: Key, kpi: str, area: str) -> pd.DataFrame:
    """The shown figures of one measure and area, newest first, each with its edition and file.

    key: of the file with the figures. Of a council's own figure the file is known by its edition.
    """
    return frame_of(
        key,
        """
        select
            figure.period, figure.period_label, cast(figure.value as double) as value,
            figure.symbol, figure.source, figure.vintage, figure.row_number,
            file.file_name, file.archive_name, file.sha256
        from marts.kpi_value as figure
        left join marts.source_file as file on figure.file_id = file.file_id
        where
            figure.is_shown and figure.kpi = ? and figure.area_code = ?
            and figure.breakdown_topic = 'All' and figure.period_kind in ('stock', 'flow')
        order by figure.period desc
        """,
        [kpi, area],
    )


@cached
def titles(key: Key) -> dict[str, str]:
    """What every measure is called, those too of which the file holds no figure."""
    found = frame_of(key, "select kpi, title from marts.measure")
    return dict(zip(found["kpi"], found["title"], strict=True))


def _told(manifest: dict[str, Any]) -> dict[str, Any]:
    return {name: manifest.get(name, "") for name in ("built_at", "code_version")}


def _document(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
