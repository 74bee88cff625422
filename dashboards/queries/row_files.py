"""Row-level files for officers, line by line: never whole in memory, and never in the cache.

Pseudonymised, as the officers' file of a release is. They leave by our own route alone
(dashboards/serving/routes.py), not by Streamlit's files, which need no sign-in.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from dashboards.downloads import neutral
from dashboards.queries.frozen import Key, batches

# Rows that are read and written at a time.
ROWS = 2_000

_OPEN_CASES = """
select
    case_return.reference_date, open_case.pseudonym, open_case.person_record,
    open_case.request_record, open_case.received_date, open_case.days_open, open_case.case_stage,
    open_case.open_band, open_case.has_week20_exception, open_case.is_disputed,
    open_case.is_overdue, open_case.is_decision_overdue, open_case.deadline_kind,
    open_case.deadline_date, open_case.days_left, person.district_code
from cases.open_case
inner join cases.case_return using (file_id)
left join cases.person using (file_id, person_record)
where case_return.is_newest and case_return.reference_date = (
    select max(newest.reference_date) from cases.case_return as newest where newest.is_newest
)
order by open_case.days_left, open_case.person_record, open_case.request_record
"""
_FINDINGS = """
select
    kind, return_kind, return_year, reference_date, rule, severity, module, row_number, record_key,
    pseudonym, column_names, message, remedy, row_count, first_found_vintage, finding_status,
    explanation, decided_by_role, decided_date
from cases.record_finding
qualify
    reference_date is null
    or reference_date = max(reference_date) over (partition by kind, return_kind)
order by kind, return_kind, rule, row_number
"""
# The name of a file and the select of its rows: open cases on the newest day that is known, and
# what the rules found in the newest return of each kind.
FILES = {"open-cases": _OPEN_CASES, "findings": _FINDINGS}


def lines(key: Key, stem: str) -> Iterator[bytes]:
    """The CSV of one file in parts, in UTF-8 with a byte order mark.

    key: of the officers' file; another holds no rows.
    """
    rows = batches(key, FILES[stem], ROWS)
    yield b"\xef\xbb\xbf" + _csv(next(rows))
    yield from map(_csv, rows)


def _csv(rows: Iterable[Iterable[object]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([neutral(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode()
