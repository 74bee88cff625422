"""The only reader of the pages: frames from the marts of one release, cached by release and role.

No page sees SQL, and nothing here knows who is asking: a cached frame is shared by all readers of
the same release and role, so no function may look at a session. Values are read as published and
never computed again. The lines of the pages are yearly: months and years to date, which in-year
extracts give, are left out here.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from dashboards.charts.axis import Spread
from dashboards.measure import Measure
from pipelines.release import reader

_ENTRIES = 400


@dataclass(frozen=True)
class Key:
    """Which frozen file is read, and for whom: part of every cache key.

    A release's file never changes, so a cached frame needs no expiry.
    """

    release: str
    role: str
    path: str


def _frame(key: Key, sql: str, values: Sequence[Any] = ()) -> pd.DataFrame:
    with closing(reader.connect(Path(key.path))) as connection:
        frame: pd.DataFrame = connection.execute(sql, list(values)).df()
    return frame


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows with None where a cell is null."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


@st.cache_data(show_spinner=False, max_entries=_ENTRIES)
def release(key: Key) -> dict[str, Any]:
    """The one row of marts.release: release, built_at, council, council_name, code_version."""
    return _records(_frame(key, "select * from marts.release"))[0]


@st.cache_data(show_spinner=False, max_entries=_ENTRIES)
def measures(key: Key) -> dict[str, Measure]:
    """Measures that have a value in this release, by id, in the order of their themes."""
    frame = _frame(
        key,
        """
        select * from marts.measure
        where kpi in (
            select distinct kpi from marts.kpi_value
            where period_kind in ('stock', 'flow')
        )
        order by theme, title
        """,
    )
    breaks = _frame(key, "select * from marts.measure_break order by kpi, break_at")
    marks: dict[str, list[tuple[str, str]]] = {}
    for kpi, at, why in breaks.itertuples(index=False):
        marks.setdefault(kpi, []).append((at, why))
    return {row["kpi"]: _measure(row, marks.get(row["kpi"], [])) for row in _records(frame)}


def _measure(row: dict[str, Any], breaks: Sequence[tuple[str, str]]) -> Measure:
    texts: dict[str, Any] = {field.name: row.get(field.name) or "" for field in fields(Measure)}
    return Measure(**texts | {"decimals": int(row["decimals"]), "breaks": tuple(breaks)})


@st.cache_data(show_spinner=False, max_entries=_ENTRIES)
def areas(key: Key) -> pd.DataFrame:
    """Areas that have a value: area_code, area_name, area_kind, la_code, region_code.

    area_name is the name shown, made here and nowhere else, because two authorities in turn were
    called Dorset: one that was abolished is 'Dorset (to 2019)', by the last year of its life.
    """
    return _frame(
        key,
        """
        select
            area_code,
            area_name || coalesce(' (to ' || year(valid_to) || ')', '') as area_name,
            area_kind, la_code, region_code
        from marts.area
        where area_code in (
            select distinct area_code from marts.kpi_value
            where period_kind in ('stock', 'flow')
        )
        order by case area_kind when 'nation' then 0 when 'region' then 1 else 2 end, area_name
        """,
    )


@st.cache_data(show_spinner=False, max_entries=_ENTRIES)
def series(
    key: Key, kpi: str, area_codes: tuple[str, ...], topic: str = "All", breakdown: str = "All"
) -> pd.DataFrame:
    """Every period of one measure for some areas, the value shown and what it replaced.

    One row an area and period; value is NaN where a symbol stands. Names come from `areas`.
    """
    return _frame(
        key,
        """
        select
            area_code, area_kind, period, period_kind, period_label,
            cast(numerator as double) as numerator,
            cast(denominator as double) as denominator,
            cast(value as double) as value,
            symbol, source, vintage, is_revised, previous_vintage,
            cast(previous_value as double) as previous_value,
            cast(change as double) as change
        from marts.kpi_value
        where kpi = ? and breakdown_topic = ? and breakdown = ? and is_shown
            and list_contains(?, area_code) and period_kind in ('stock', 'flow')
        order by period, area_code
        """,
        (kpi, topic, breakdown, list(area_codes)),
    )


@st.cache_data(show_spinner=False, max_entries=_ENTRIES)
def editions(
    key: Key, kpi: str, area_codes: tuple[str, ...], topic: str = "All", breakdown: str = "All"
) -> pd.DataFrame:
    """Every edition of the figures that a source published with different values, newest first."""
    return _frame(
        key,
        """
        with editions as (
            select
                area_code, period, period_label, vintage, vintage_order, is_shown,
                cast(value as double) as value, symbol,
                count(distinct value) over (partition by area_code, period, source) as value_count
            from marts.kpi_value
            where kpi = ? and breakdown_topic = ? and breakdown = ?
                and list_contains(?, area_code) and period_kind in ('stock', 'flow')
        )
        select * from editions
        where value_count > 1
        order by period desc, area_code, vintage_order desc
        """,
        (kpi, topic, breakdown, list(area_codes)),
    )


@st.cache_data(show_spinner=False, max_entries=_ENTRIES)
def benchmark(key: Key, kpi: str, la_code: str) -> pd.DataFrame:
    """England, region and neighbours for each period of one authority; whole figures only."""
    return _frame(
        key,
        """
        select
            period,
            cast(england_value as double) as england_value,
            cast(region_value as double) as region_value,
            cast(neighbour_mean as double) as neighbour_mean,
            cast(neighbour_median as double) as neighbour_median,
            neighbour_count
        from marts.benchmark
        where kpi = ? and la_code = ?
        order by period
        """,
        (kpi, la_code),
    )


@st.cache_data(show_spinner=False, max_entries=_ENTRIES)
def breakdowns(key: Key, kpi: str) -> pd.DataFrame:
    """Topics and breakdowns that the measure has: breakdown_topic, breakdown."""
    return _frame(
        key,
        """
        select distinct breakdown_topic, breakdown
        from marts.kpi_value
        where kpi = ? and is_shown and period_kind in ('stock', 'flow')
        order by case breakdown_topic when 'All' then 0 else 1 end, breakdown_topic, breakdown
        """,
        (kpi,),
    )


@st.cache_data(show_spinner=False, max_entries=_ENTRIES)
def slice_by_topic(
    key: Key, kpi: str, topic: str, period: str, area_codes: tuple[str, ...]
) -> pd.DataFrame:
    """All breakdowns of a topic in one period for some areas."""
    return _frame(
        key,
        """
        select
            area_code, period, period_label, breakdown,
            cast(numerator as double) as numerator,
            cast(denominator as double) as denominator,
            cast(value as double) as value,
            symbol, source, vintage, previous_vintage,
            cast(previous_value as double) as previous_value
        from marts.kpi_value
        where kpi = ? and breakdown_topic = ? and period = ? and is_shown
            and list_contains(?, area_code)
        order by breakdown
        """,
        (kpi, topic, period, list(area_codes)),
    )


@st.cache_data(show_spinner=False, max_entries=_ENTRIES)
def spread(key: Key, kpi: str, topic: str) -> Spread | None:
    """What the measure spans over all periods; None where it has no number at all.

    The usual span is that of authorities; where none has a figure it is the whole span.
    """
    row = _frame(
        key,
        """
        with spans as (
            select
                min(value) as low,
                max(value) as high,
                quantile_disc(value, 0.02) filter (where area_kind = 'authority') as usual_low,
                quantile_disc(value, 0.98) filter (where area_kind = 'authority') as usual_high
            from marts.kpi_value
            where kpi = ? and breakdown_topic = ? and is_shown
                and period_kind in ('stock', 'flow')
        )
        select
            cast(low as double) as low,
            cast(high as double) as high,
            cast(coalesce(usual_low, low) as double) as usual_low,
            cast(coalesce(usual_high, high) as double) as usual_high
        from spans
        """,
        (kpi, topic),
    ).iloc[0]
    return None if pd.isna(row["low"]) else Spread(**{name: float(row[name]) for name in row.index})


@st.cache_data(show_spinner=False, max_entries=_ENTRIES)
def neighbours(key: Key, la_code: str) -> list[str]:
    """Names of an authority's statistical neighbours, nearest first."""
    frame = _frame(
        key,
        """
        select area.area_name
        from marts.neighbour
        inner join marts.area on area.la_code = neighbour.neighbour_la_code
        where neighbour.la_code = ?
        order by neighbour.position
        """,
        (la_code,),
    )
    return list(frame["area_name"])


@st.cache_data(show_spinner=False, max_entries=_ENTRIES)
def claims(key: Key) -> pd.DataFrame:
    """The register of statements with their verdicts, in the order of their ids."""
    return _frame(key, "select * from marts.claim order by claim_id")


@st.cache_data(show_spinner=False, max_entries=_ENTRIES)
def claim_evidence(key: Key) -> pd.DataFrame:
    """What each verdict rests on, with the name of the file each figure was read from."""
    return _frame(
        key,
        """
        select
            claim_evidence.* replace (
                cast(stated_value as double) as stated_value, cast(value as double) as value
            ),
            source_file.file_name
        from marts.claim_evidence
        left join marts.source_file on claim_evidence.file_id = source_file.file_id
        order by claim_id, claim_evidence.position
        """,
    )


@st.cache_data(show_spinner=False, max_entries=_ENTRIES)
def claims_with_evidence(key: Key) -> pd.DataFrame:
    """The register as one table to take away: each figure beside its statement and verdict.

    A statement without a figure has one row, so that none is lost.
    """
    return _frame(
        key,
        """
        select
            claim.claim_id, claim.statement, claim.source_document, claim.statement_date,
            claim.verdict, claim.verdict_reason, claim.needs,
            claim_evidence.* exclude (claim_id),
            source_file.file_name
        from marts.claim
        left join marts.claim_evidence on claim.claim_id = claim_evidence.claim_id
        left join marts.source_file on claim_evidence.file_id = source_file.file_id
        order by claim.claim_id, claim_evidence.position
        """,
    )


@st.cache_data(show_spinner=False, max_entries=_ENTRIES)
def files(key: Key) -> pd.DataFrame:
    """The files that the release rests on, one row a file or return as it was handed in.

    One of the council's own has no name or hash here and is known by kind and edition. It comes
    apart into modules, each with rows of its own: they are added, and the hidden_ columns say of
    how many modules the number may not be told. A publisher's file
    that feeds several data sets was read for each and stands here once; is_lost says whether any
    reading of it left a row without an account.
    """
    return _frame(
        key,
        """
        with part as (
            select
                * replace (
                    if(source = 'council', null, archive_name) as archive_name,
                    if(source = 'council', kind || ' ' || vintage, file_name) as file_name,
                    if(source = 'council', null, sha256) as sha256
                ),
                source = 'council' as is_protected
            from marts.source_file
        )
        select
            source, kind, vintage, vintage_order, archive_name, file_name, sha256, is_protected,
            cast(if(is_protected, sum(row_count_in), max(row_count_in)) as bigint)
                as row_count_in,
            cast(if(is_protected, sum(row_count_accepted), min(row_count_accepted)) as bigint)
                as row_count_accepted,
            cast(if(is_protected, sum(row_count_quarantined), max(row_count_quarantined)) as bigint)
                as row_count_quarantined,
            count(*) - count(row_count_in) as hidden_in,
            count(*) - count(row_count_accepted) as hidden_accepted,
            count(*) - count(row_count_quarantined) as hidden_quarantined,
            not is_protected and bool_or(
                row_count_in is distinct from row_count_accepted + row_count_quarantined
            ) as is_lost,
            max(size_bytes) as size_bytes
        from part
        group by
            source, kind, vintage, vintage_order, archive_name, file_name, sha256, is_protected
        order by source, kind, vintage_order desc, file_name
        """,
    )


@st.cache_data(show_spinner=False, max_entries=_ENTRIES)
def findings(key: Key) -> pd.DataFrame:
    """What the checks on the files found, errors first.

    is_declared: a declared defect of the same file says it already; a page shows it once.
    """
    return _frame(
        key,
        """
        select * from marts.finding_summary
        order by case severity when 'error' then 0 when 'warning' then 1 else 2 end, rule
        """,
    )


@st.cache_data(show_spinner=False, max_entries=_ENTRIES)
def data_versions(key: Key) -> list[tuple[str, str]]:
    """Newest vintage held of each source: (source, vintage)."""
    frame = _frame(
        key,
        """
        select source, arg_max(vintage, vintage_order) as vintage
        from marts.kpi_value
        where period_kind in ('stock', 'flow')
        group by source order by source
        """,
    )
    return list(frame.itertuples(index=False, name=None))
