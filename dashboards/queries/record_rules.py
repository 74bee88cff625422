"""What the rules found in the rows of the council's own files: for officers' files only.

A child stands here by pseudonym. A file without these tables (the public's, an auditor's) gives
empty frames; nothing fails.
"""

from __future__ import annotations

import pandas as pd

from dashboards.queries.frozen import Key, cached, frame_if_held, frame_of

_SUMMARY = "marts.record_finding_summary"
_ROWS = "cases.record_finding"


@cached
def returns(key: Key) -> pd.DataFrame:
    """Files of the kinds that rules judge, oldest first: kind, return_kind, vintage, day.

    A file in which nothing was found stands here too: nothing found is a result.
    """
    return frame_if_held(
        key,
        _SUMMARY,
        """
        with judged as (
            select distinct kind, vintage, return_kind, reference_date
            from marts.record_finding_summary
        ),

        received as (
            select kind, vintage, max(vintage_order) as vintage_order
            from marts.source_file
            where source = 'council' and kind in (select kind from judged)
            group by kind, vintage
        )

        select
            received.kind,
            coalesce(max(judged.return_kind), '') as return_kind,
            received.vintage,
            max(judged.reference_date) as reference_date
        from received
        left join judged on received.kind = judged.kind and received.vintage = judged.vintage
        group by received.kind, received.vintage, received.vintage_order
        order by received.kind, received.vintage_order, received.vintage
        """,
        names=("kind", "return_kind", "vintage", "reference_date"),
    )


@cached
def counts(key: Key) -> pd.DataFrame:
    """How often each rule speaks of each return: rule, severity, kind, vintage, status, count."""
    return frame_if_held(
        key,
        _SUMMARY,
        """
        select
            rule, severity, kind, vintage, finding_status,
            cast(sum(finding_count) as bigint) as finding_count
        from marts.record_finding_summary
        group by all
        order by all
        """,
        names=("rule", "severity", "kind", "vintage", "finding_status", "finding_count"),
    )


@cached
def texts(key: Key) -> dict[str, tuple[str, str]]:
    """What each rule says and what to do, by rule and severity joined with a space.

    Where a rule has other words for older years, those of the newest return.
    """
    frame = frame_if_held(
        key,
        _ROWS,
        """
        select
            rule || ' ' || severity as name,
            arg_max(message, coalesce(reference_date, date '1900-01-01')) as message,
            arg_max(coalesce(remedy, ''), coalesce(reference_date, date '1900-01-01')) as remedy
        from cases.record_finding
        group by name
        """,
    )
    return {
        str(name): (str(message), str(remedy))
        for name, message, remedy in frame.itertuples(index=False, name=None)
    }


@cached
def explanations(key: Key, kind: str, vintage: str) -> pd.DataFrame:
    """What was said of the findings of one return, by which role, on which day, and of how many."""
    return frame_if_held(
        key,
        _ROWS,
        """
        select
            rule, severity, explanation, decided_by_role, decided_date, count(*) as finding_count
        from cases.record_finding
        where kind = ? and vintage = ? and finding_status = 'explained'
        group by all
        order by rule, decided_date desc, explanation
        """,
        (kind, vintage),
    )


@cached
def failing(
    key: Key, rule: str, severity: str, kind: str, vintage: str, status: str, page: int, size: int
) -> pd.DataFrame:
    """One page of the rows that a rule speaks of in one return, in the order of the file.

    status: open, explained, fixed, or empty for all. page: from 1.
    """
    return frame_of(
        key,
        """
        select
            row_number, record_key, pseudonym, module, column_names, finding_status,
            first_found_vintage, explanation, decided_by_role, decided_date
        from cases.record_finding
        where rule = ? and severity = ? and kind = ? and vintage = ?
            and (? = '' or finding_status = ?)
        order by row_number nulls first, record_key, column_names
        limit ? offset ?
        """,
        (rule, severity, kind, vintage, status, status, size, (page - 1) * size),
    )


@cached
def reconciliation(key: Key) -> pd.DataFrame:
    """Measures of which the council's own rows and the DfE give the same period, newest first."""
    return frame_if_held(
        key,
        "marts.reconciliation",
        """
        select
            reconciliation.* replace (
                cast(council_value as double) as council_value,
                cast(published_value as double) as published_value,
                cast(difference as double) as difference,
                cast(difference_share as double) as difference_share
            ),
            measure.title, measure.unit, measure.decimals
        from marts.reconciliation
        inner join marts.measure on reconciliation.kpi = measure.kpi
        order by reconciliation.period desc, measure.title
        """,
    )
