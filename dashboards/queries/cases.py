"""Open cases of the newest return or extract, by pseudonym: for officers' files only.

A file without rows of cases (the public's, an auditor's, one of an older version) gives None or an
empty frame; nothing fails.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboards.queries.frozen import Key, cached, frame_if_held

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
def newest(key: Key, la_code: str) -> tuple[date, str] | None:
    """Day and edition of the newest return or extract; None in a file without rows of cases."""
    found = frame_if_held(
        key,
        "cases.open_case",
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
    found = frame_if_held(
        key,
        "cases.case_return",
        """
        select reference_date
        from cases.case_return
        where
            is_newest and la_code = ? and stock_period = ? and return_kind = 'annual'
            and reference_date is not null
        order by reference_date desc
        limit 1
        """,
        (la_code, period),
    )
    return None if found.empty else pd.Timestamp(found["reference_date"].iloc[0]).date()


@cached
def stages(key: Key, la_code: str) -> pd.DataFrame:
    """Open cases by their next deadline and by how they stand to it; those without a date too.

    case_state: past_deadline, lawful_reason (past it, with an exception or in dispute), due_soon
    (within 28 days), later, or unknown.
    """
    return _of_open(
        key,
        la_code,
        """
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
        names=("deadline_kind", "case_state", "case_count"),
    )


@cached
def bands(key: Key, la_code: str) -> pd.DataFrame:
    """Open cases by age band, with how many of each count as overdue."""
    return _of_open(
        key,
        la_code,
        """
        select
            open_band, count(*) as case_count, count(*) filter (where is_overdue) as overdue_count
        from listed
        group by open_band
        order by open_band
        """,
        names=("open_band", "case_count", "overdue_count"),
    )


@cached
def listed(key: Key, la_code: str) -> pd.DataFrame:
    """Every open case of the newest day: what officers work through, and nothing of who it is."""
    return _of_open(
        key,
        la_code,
        """
        select
            pseudonym, district, case_stage, received_date, days_open, deadline_kind,
            deadline_date, days_left, is_overdue, has_lawful_reason
        from listed
        order by days_open desc, pseudonym
        """,
    )


def _of_open(key: Key, la_code: str, select: str, names: tuple[str, ...] = ()) -> pd.DataFrame:
    """What a select finds in the listed cases; an empty frame where the file holds none."""
    return frame_if_held(key, "cases.open_case", _OPEN + select, (la_code,), names=names)
