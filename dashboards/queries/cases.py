"""Open cases of the newest return or extract, by pseudonym: for officers' files only.

A file without rows of cases (the public's, an auditor's, one of an older version) gives None or an
empty frame; nothing fails.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboards.queries.frozen import Key, cached, frame_of

# One row an open case of the newest return or extract, with the words a list filters by.
_OPEN = """
    with newest as (
        select file_id, reference_date
        from cases.case_return
        where is_newest and la_code = ?
        order by reference_date desc, file_id
        limit 1
    ),

    listed as (
        select
            open_case.pseudonym,
            open_case.received_date,
            open_case.days_open,
            open_case.case_stage,
            open_case.open_band,
            open_case.deadline_kind,
            open_case.deadline_date,
            open_case.days_left,
            open_case.is_overdue,
            open_case.has_week20_exception or open_case.is_disputed as has_lawful_reason,
            coalesce(person.district_group, 'Not known') as district,
            newest.reference_date
        from cases.open_case
        inner join newest on open_case.file_id = newest.file_id
        left join cases.person
            on open_case.file_id = person.file_id
            and open_case.person_record = person.person_record
    )
"""


@cached
def is_held(key: Key, table: str) -> bool:
    """Whether the file holds a table, named with its schema."""
    found = frame_of(
        key,
        "select 1 from duckdb_tables() where schema_name || '.' || table_name = ?",
        (table,),
    )
    return not found.empty


@cached
def newest(key: Key, la_code: str) -> tuple[date, str] | None:
    """Day and edition of the newest return or extract; None in a file without rows of cases."""
    if not is_held(key, "cases.open_case"):
        return None
    found = frame_of(
        key,
        """
        select reference_date, vintage
        from cases.case_return
        where is_newest and la_code = ?
        order by reference_date desc, file_id
        limit 1
        """,
        (la_code,),
    )
    if found.empty:
        return None
    return pd.Timestamp(found["reference_date"].iloc[0]).date(), str(found["vintage"].iloc[0])


@cached
def return_day(key: Key, la_code: str, period: str) -> date | None:
    """The day that a yearly return counts, by its period; None in a file without rows of cases."""
    if not is_held(key, "cases.case_return"):
        return None
    found = frame_of(
        key,
        """
        select max(reference_date) as reference_date
        from cases.case_return
        where is_newest and la_code = ? and stock_period = ? and return_kind = 'annual'
        """,
        (la_code, period),
    )["reference_date"].iloc[0]
    return None if pd.isna(found) else pd.Timestamp(found).date()


@cached
def stages(key: Key, la_code: str) -> pd.DataFrame:
    """Open cases by their next deadline and by how they stand to it; those without a date too.

    case_state: past_deadline, lawful_reason (past it, with an exception or in dispute), due_soon
    (within 28 days), later, or unknown.
    """
    if not is_held(key, "cases.open_case"):
        return pd.DataFrame(columns=["deadline_kind", "case_state", "case_count"])
    return frame_of(
        key,
        _OPEN
        + """
        select
            deadline_kind,
            case
                when days_left is null then 'unknown'
                when days_left < 0 and has_lawful_reason then 'lawful_reason'
                when days_left < 0 then 'past_deadline'
                when days_left <= 28 then 'due_soon'
                else 'later'
            end as case_state,
            count(*) as case_count
        from listed
        group by all
        order by all
        """,
        (la_code,),
    )


@cached
def bands(key: Key, la_code: str) -> pd.DataFrame:
    """Open cases by age band, with how many of each count as overdue."""
    if not is_held(key, "cases.open_case"):
        return pd.DataFrame(columns=["open_band", "case_count", "overdue_count"])
    return frame_of(
        key,
        _OPEN
        + """
        select
            open_band, count(*) as case_count, count(*) filter (where is_overdue) as overdue_count
        from listed
        group by open_band
        order by open_band
        """,
        (la_code,),
    )


@cached
def listed(key: Key, la_code: str) -> pd.DataFrame:
    """Every open case of the newest day: what officers work through, and nothing of who it is."""
    if not is_held(key, "cases.open_case"):
        return pd.DataFrame()
    return frame_of(
        key,
        _OPEN
        + """
        select
            pseudonym, district, case_stage, received_date, days_open, deadline_kind,
            deadline_date, days_left, is_overdue, has_lawful_reason
        from listed
        order by days_open desc, pseudonym
        """,
        (la_code,),
    )
