"""The council's public statements: data/councils/<la_code>/statements.yml, as it is written.

What belongs here: the shape of the file and its checks. Its rows are made in statement_rows.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from pipelines.errors import RegistryError
from pipelines.registry.strict import Strict, load, nearest

Quantity = Literal["value", "share_of", "ratio_of_periods", "change_pct"]
Comparison = Literal[
    "equals",
    "about",
    "more_than",
    "less_than",
    "at_most",
    "higher_than_other",
    "lower_than_other",
    "close_to_other",
]
Unit = Literal["count", "percent", "per_1000", "weeks", "score", "times", "pounds"]

WITH_OTHER = ("higher_than_other", "lower_than_other", "close_to_other")
WITH_BASE = ("ratio_of_periods", "change_pct")
WITH_TOLERANCE = ("about", "close_to_other")

# Years before the first one that any file holds; the search for a published period ends here.
FIRST_YEAR = 2010


class Calendar(Strict):
    """When each period of a family of figures became public."""

    id: str = Field(description="Good: sen2_january. Bad: 'SEN 2'.", pattern=r"^[a-z][a-z0-9_]+$")
    covers: str = Field(description="Good: plans on the January census day. Bad: misc.")
    period: Literal["january", "year"] = Field(
        description="Good: january (periods are 2025-01). Bad: stock."
    )
    years_after: int = Field(
        ge=0, le=3, description="Good: 1, where 2024 is published in 2025. Bad: 2025."
    )
    month_day: str = Field(
        pattern=r"^\d{2}-\d{2}$",
        description="Latest usual day of publication. Good: '06-30'. Bad: 30 June.",
    )
    exact: dict[str, date] = Field(
        default={}, description="Good: '2025-01': 2025-06-26. Bad: January 2025: June."
    )

    def published_on(self, year: int) -> date:
        """The day on which this year's period was public; the usual day where none is known."""
        usual = date.fromisoformat(f"{year + self.years_after}-{self.month_day}")
        return self.exact.get(self.period_of(year), usual)

    def period_of(self, year: int) -> str:
        """'2025-01' for a January calendar, '2025' for a yearly one."""
        return f"{year}-01" if self.period == "january" else str(year)

    def newest_before(self, day: date) -> tuple[str, date] | None:
        """The newest period that was public before `day`, with that publication's day."""
        for year in range(day.year, FIRST_YEAR - 1, -1):
            published = self.published_on(year)
            if published < day:
                return self.period_of(year), published
        return None


class Document(Strict):
    """Where a statement was read."""

    id: str = Field(pattern=r"^\d{3}$", description="Good: '003'. Bad: web page.")
    title: str = Field(description="Good: Web page on SEND support. Bad: page.")
    publisher: str = Field(description="Good: Staffordshire County Council. Bad: a person's name.")
    statement_date: str | None = Field(
        default=None,
        pattern=r"^\d{4}(-\d{2}-\d{2})?$",
        description="A day, or a year where only that is known. Good: '2025-11-20'. Bad: Nov 2025.",
    )

    @field_validator("statement_date")
    @classmethod
    def _real_day(cls, text: str | None) -> str | None:
        if text and len(text) > len("2022"):
            date.fromisoformat(text)
        return text

    @property
    def last_day(self) -> date | None:
        """The day of the document, or the last of its year; None where it carries no date."""
        if self.statement_date is None:
            return None
        whole_year = f"{self.statement_date}-12-31"
        return date.fromisoformat(
            whole_year if len(self.statement_date) == len("2022") else self.statement_date
        )


class Term(Strict):
    """One cell of a measure, at a period to be chosen."""

    measure: str = Field(
        description="A file in sql/kpi. Good: mainstream_share. Bad: Mainstream %."
    )
    area: str = Field(
        pattern=r"^(\d{3}|[ERX]\d{8})$",
        description="An authority's three digits, or a region's or nation's code. "
        "Good: '860' or E92000001. Bad: E10000028 (an authority's GSS code changes).",
    )
    breakdown_topic: str = Field(default="All", description="Good: SEN provision. Bad: sen_prov.")
    breakdown: str = Field(default="All", description="Good: SEN support. Bad: K.")

    @field_validator("area")
    @classmethod
    def _authority_by_digits(cls, area: str) -> str:
        if re.match(r"^E(06|07|08|09|10)", area):
            raise ValueError("an authority is named by its three-digit code, for example '860'")
        return area


class Figure(Strict):
    """One figure of a statement, and the cells that can test it (no terms: nothing held can)."""

    says: str = Field(description="The figure as stated. Good: more than 6,400. Bad: 6400+.")
    subject: str = Field(description="What it counts. Good: Staffordshire's plans. Bad: figure 1.")
    is_context: bool = Field(
        default=False,
        description="Shown but not counted, because its basis differs. Good: true. Bad: maybe.",
    )
    quantity: Quantity = Field(
        default="value",
        description="value adds its terms up; share_of is the first over the second, in percent; "
        "the other two hold the sum against the base period. Good: change_pct. Bad: growth.",
    )
    comparison: Comparison = Field(
        default="equals", description="Good: more_than. Bad: '>' or roughly."
    )
    stated: Decimal | None = Field(default=None, description="Good: 40.5. Bad: '40.5%'.")
    decimals: int = Field(
        default=0,
        ge=-6,
        le=3,
        description="For equals: decimals at which it is stated; -2 is the nearest hundred. "
        "Good: 1 for 40.5. Bad: 2 for 40.5.",
    )
    tolerance: Decimal | None = Field(
        default=None,
        ge=0,
        description="For about and close_to_other, in the unit. Good: 50. Bad: 5%.",
    )
    unit: Unit = Field(description="Good: percent. Bad: '%'.")
    calendar: str | None = Field(default=None, description="Good: sen2_january. Bad: June.")
    period: str | None = Field(
        default=None,
        pattern=r"^\d{4}(-01)?$",
        description="Only where the statement names it. Good: '2014-01'. Bad: 2014/15.",
    )
    base_period: str | None = Field(
        default=None, pattern=r"^\d{4}(-01)?$", description="Good: '2018-01'. Bad: since 2018."
    )
    base_years_before: int | None = Field(
        default=None, ge=1, le=20, description="Good: 5. Bad: five years."
    )
    terms: tuple[Term, ...] = Field(default=(), description="Good: one measure. Bad: a number.")
    other_subject: str | None = Field(default=None, description="Good: England's. Bad: them.")
    other_terms: tuple[Term, ...] = Field(
        default=(), description="The other side of a comparison. Good: one measure. Bad: a number."
    )
    beside: str | None = Field(
        default=None,
        pattern=r"^(\d{3}|[ERX]\d{8})$",
        description="Area whose like-for-like figure is shown. Good: E92000001. Bad: England.",
    )

    @model_validator(mode="after")
    def _whole(self) -> Figure:
        faults = [message for wrong, message in self._faults() if wrong]
        if faults:
            raise ValueError(f"'{self.says}': " + "; ".join(faults))
        return self

    def _faults(self) -> Iterator[tuple[bool, str]]:
        compares = self.comparison in WITH_OTHER
        yield not compares and self.stated is None, f"{self.comparison} needs `stated`"
        if not self.terms:
            yield self.is_context, "a context figure needs `terms`: it is there to be shown"
            yield bool(self.other_terms or self.calendar), "`terms` is missing"
            return
        bases = (self.base_period is not None) + (self.base_years_before is not None)
        takes = "one of" if self.quantity in WITH_BASE else "neither of"
        yield (
            bases != (self.quantity in WITH_BASE),
            f"{self.quantity} takes {takes} `base_period` and `base_years_before`",
        )
        yield self.calendar is None, "`calendar` says when its periods were published: give one"
        yield compares != bool(self.other_terms), "`other_terms` go with a comparison to another"
        yield compares != bool(self.other_subject), "`other_subject` names the other side"
        yield (
            (self.comparison in WITH_TOLERANCE) != (self.tolerance is not None),
            "`tolerance` goes with about and close_to_other, and only with them",
        )
        yield self.quantity == "share_of" and len(self.terms) != 2, "share_of takes two terms"

    @property
    def width(self) -> Decimal | None:
        """Tolerance in the unit; for equals half of the last stated place."""
        if self.comparison == "equals":
            # written out, because an exponent such as 5E+1 is read wrongly further on
            return Decimal(f"{Decimal(1).scaleb(-self.decimals) / 2:f}")
        return self.tolerance

    def sides(self) -> Iterator[tuple[str, tuple[Term, ...]]]:
        """The stated side, the side it is held against, and the like-for-like area beside it."""
        yield "this", self.terms
        yield "other", self.other_terms
        if self.beside:
            moved = tuple(term.model_copy(update={"area": self.beside}) for term in self.terms)
            yield "beside", moved


class Statement(Strict):
    """One public statement, paraphrased."""

    id: str = Field(pattern=r"^C\d{2}$", description="Good: C19. Bad: mainstream claim.")
    document: str = Field(description="Id of a document. Good: '003'. Bad: website.")
    statement: str = Field(
        min_length=20, description="In our own words, no names. Good: a sentence. Bad: a quotation."
    )
    basis: str | None = Field(
        default=None,
        description="How its words are read where they allow two readings. Bad: a verdict.",
    )
    figures: tuple[Figure, ...] = Field(
        default=(), description="Good: one for each number. Bad: {}."
    )
    needs: str | None = Field(
        default=None,
        description="Data that would test it. Good: the places return by school. Bad: more data.",
    )

    @model_validator(mode="after")
    def _says_what_is_missing(self) -> Statement:
        counted = [figure for figure in self.figures if not figure.is_context]
        untested = not counted or any(not figure.terms for figure in counted)
        if untested and not self.needs:
            raise ValueError(
                f"{self.id}: a figure has no `terms`, so `needs` must say what is missing"
            )
        return self


class Register(Strict):
    """data/councils/<la_code>/statements.yml."""

    la_code: str = Field(pattern=r"^\d{3}$", description="Good: '860'. Bad: E10000028.")
    publication_calendar: tuple[Calendar, ...] = Field(description="Good: a list. Bad: one date.")
    documents: tuple[Document, ...] = Field(min_length=1, description="Good: a list. Bad: a title.")
    statements: tuple[Statement, ...] = Field(min_length=1, description="Good: a list. Bad: text.")

    @model_validator(mode="after")
    def _joined_up(self) -> Register:
        for entries in (self.publication_calendar, self.documents, self.statements):
            _unique(entry.id for entry in entries)
        calendars = {entry.id for entry in self.publication_calendar}
        documents = {entry.id for entry in self.documents}
        for statement in self.statements:
            _known(statement.document, documents, f"{statement.id}: document")
            for figure in statement.figures:
                _known(figure.calendar, calendars, f"{statement.id}: calendar")
        return self

    @property
    def newest_date(self) -> date:
        """The day of the newest dated document: undated ones are judged as at this day.

        Raises:
            RegistryError: no document is dated.
        """
        days = [entry.last_day for entry in self.documents if entry.last_day]
        if not days:
            raise RegistryError(
                "no document carries a date",
                where=f"data/councils/{self.la_code}/statements.yml",
                remedy="Date at least one document: undated ones are judged as at the newest date.",
            )
        return max(days)


def register(council_folder: Path) -> Register:
    """The statements of one council.

    Raises:
        RegistryError: the file is missing, or a key, id or combination in it is wrong; the message
            names the nearest key that exists.
    """
    return load(Register, council_folder / "statements.yml")


def _unique(ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for entry in ids:
        if entry in seen:
            raise ValueError(f"the id {entry} stands twice")
        seen.add(entry)


def _known(name: str | None, known: set[str], what: str) -> None:
    if name is not None and name not in known:
        raise ValueError(f"{what} '{name}' is not in this file{nearest(name, known)}")
