"""What the day of reading makes of a milestone's status, which a release states as on its own day.

A release may be read for months. A promise that was open when it was built and whose day has come
and gone since is not open any more: a figure is awaited that tells whether it was kept.
"""

from __future__ import annotations

from datetime import date

from pipelines.settings import SAMPLE_COUNTY

AWAITED = "awaited"
_OPEN = frozenset({"not_yet_due", "at_risk"})


def status_on(read_on: date, status: str, due: date, la_code: str) -> str:
    """The status as it reads on a day: 'awaited' for an open promise whose day is over by then.

    The sample county's time ends with its newest file, so none of its promises is awaited.
    """
    is_over = status in _OPEN and due < read_on
    return AWAITED if is_over and la_code != SAMPLE_COUNTY else status
