"""What a person-level file says about itself: whose it is, for which year, as of which day.

A return is for the January census of its year. A reference date in another month makes it an
in-year extract; in January only the user can say so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from pipelines.errors import InputError
from pipelines.ingest.desk_reference import Setting
from pipelines.settings import SAMPLE_COUNTY

if TYPE_CHECKING:
    from pipelines.ingest.modules import Modules

CENSUS_MONTH = 1
YEAR = re.compile(r"20\d\d")
HEADER = "header"
# The kinds of the SEN2 return in received_file.
YEARLY, IN_YEAR = "sen2", "sen2_in_year"


@dataclass(frozen=True)
class Asked:
    """What the user says about the files of a call, where they cannot say it themselves.

    Attributes:
        is_in_year: they are in-year extracts, or are yearly returns; None where nothing is said.
        return_year: the year they are for; what a header says instead is at fault.
        is_any_year: nobody said that year, and it stands only where the header has none.
        reason: why files that were taken in as the one are now said to be the other.
    """

    is_in_year: bool | None = None
    return_year: int | None = None
    is_any_year: bool = False
    reason: str = ""

    def or_else(self, said: Asked) -> Asked:
        """What is said now, and where nothing is, what was said before."""
        is_in_year = said.is_in_year if self.is_in_year is None else self.is_in_year
        return replace(
            self, is_in_year=is_in_year, return_year=self.return_year or said.return_year
        )

    def contradicts(self, record: Mapping[str, Any]) -> bool:
        """Whether a landed return was taken in as the kind that it is now said not to be.

        record: its row of received_file.
        """
        kind = IN_YEAR if self.is_in_year else YEARLY
        is_return = record["kind"] in (YEARLY, IN_YEAR)
        return is_return and self.is_in_year is not None and record["kind"] != kind


def said_of(record: Mapping[str, Any] | None, otherwise: int | None = None) -> Asked:
    """What was said of a landed return when it came: the year that it was taken in for.

    record: its row of received_file; None where it has not landed.
    """
    if record is None:
        return Asked(return_year=otherwise, is_any_year=otherwise is not None)
    release = record["release"] or ""
    year = int(release) if release.isdigit() else otherwise
    return Asked(is_in_year=True if record["kind"] == IN_YEAR else None, return_year=year)


def setting_of(modules: Modules, council: str, file_id: str, asked: Asked) -> Setting:
    """The setting of a SEN2 return, as the user says or, where nothing is said, by its header.

    A header of another year than the user says is what HDR-03 finds.

    Raises:
        InputError: neither says for which year it is, or its day is not of the kind that is said.
    """
    header = _first_row(modules, HEADER)
    year, printed = asked.return_year, _year(header.get("return_year"))
    if year is None or asked.is_any_year:
        year = printed or year
    on = _date(header.get("reference_date"))
    if year is None and on is None:
        raise InputError(
            "the file does not say for which year it is",
            remedy="Say it with --return-year, e.g. --return-year 2026.",
        )
    is_in_year = _is_in_year(asked, on)
    if is_in_year and on is None:
        raise InputError(
            "the file does not say of which day the extract is",
            remedy="Give the day in its header (ReferenceDate), and ingest it again.",
        )
    if is_in_year and on is not None:
        year = on.year + 1
    elif year is None and on is not None:
        year = on.year
    own = _own(header.get("la_code"), council)
    return Setting(own, file_id, year, on, is_in_year)


def require_own_year(modules: Modules, setting: Setting) -> None:
    """Nothing is filed under a year that its own header denies.

    Raises:
        InputError: the header of a yearly return gives another year than the user.
    """
    printed = _year(_first_row(modules, HEADER).get("return_year"))
    if not setting.is_in_year and printed not in (None, setting.return_year):
        raise InputError(
            f"its header says {printed}, and --return-year says {setting.return_year}",
            remedy="Ingest it without --return-year, or have the year in its header put right.",
        )


def _is_in_year(asked: Asked, on: date | None) -> bool:
    if on is None or on.month == CENSUS_MONTH:
        return bool(asked.is_in_year)
    if asked.is_in_year is False:
        raise InputError(
            "its reference date is not in January, so it is an in-year extract",
            remedy="Ingest it without --not-in-year, or have the date in its header put right.",
        )
    return True


def release_of(setting: Setting) -> str | None:
    """'2026' of a return, '2025-09' of an in-year extract."""
    if setting.is_in_year and setting.reference_date is not None:
        return f"{setting.reference_date:%Y-%m}"
    return None if setting.return_year is None else str(setting.return_year)


def setting_of_rows(modules: Modules, council: str, file_id: str) -> Setting:
    """The setting of a file whose rows say year and day, or nothing of either."""
    facts: dict[str, str | None] = {}
    for name in ("la_code", "census_year", "reference_date"):
        facts[name] = _only(modules, name)
    return Setting(
        _own(facts["la_code"], council),
        file_id,
        _year(facts["census_year"]),
        _date(facts["reference_date"]),
        is_in_year=False,
    )


def month_of(setting: Setting) -> str | None:
    """'2025-10' of a census of October 2025; the year alone where it gives no day."""
    on = setting.reference_date
    return f"{on:%Y-%m}" if on else release_of(setting)


def _own(printed: str | None, council: str) -> str:
    """Whose file it should be: the council's own, and of the sample county the sample's.

    Not what the file says of itself: a file of another authority would agree with itself.
    """
    return SAMPLE_COUNTY if printed == SAMPLE_COUNTY else council


def _only(modules: Modules, column: str) -> str | None:
    """The text that a column has in all rows of the first module with that column."""
    for table in modules.tables.values():
        if column in table.column_names:
            texts = table.column(column).unique().drop_null().to_pylist()
            return texts[0] if len(texts) == 1 else None
    return None


def _first_row(modules: Modules, name: str) -> Mapping[str, str | None]:
    table = modules.tables.get(name)
    if table is None or not table.num_rows:
        return {}
    row: Mapping[str, str | None] = table.slice(0, 1).to_pylist()[0]
    return row


def _year(text: str | None) -> int | None:
    return int(text) if text and YEAR.fullmatch(text) else None


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
