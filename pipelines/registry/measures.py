"""The measures: one .yml beside one .sql in sql/kpi. Their words, units, sources and crosswalks."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from pipelines.errors import RegistryError
from pipelines.registry.strict import Strict, load

Unit = Literal["count", "percent", "per_1000", "weeks", "score", "points", "fte", "pounds"]

# Units of a number that stands for itself; divided only where the measure has a denominator.
COUNTED: frozenset[Unit] = frozenset({"count", "fte", "pounds"})

# What a ratio is multiplied by before it is printed in the measure's unit.
SCALE: dict[str, int] = {
    "count": 1,
    "percent": 100,
    "per_1000": 1000,
    "weeks": 1,
    "score": 1,
    "points": 100,
    "fte": 1,
    "pounds": 1,
}


class Break(Strict):
    """A point at which the series changes its meaning."""

    period: str = Field(description="First period after the break. Good: '2023-01'. Bad: 'Jan 23'")
    reason: str


class HeadlineMetric(Strict):
    """Where the same figure stands in the table of headline values kept for tests."""

    metric: str
    part: Literal["value", "numerator", "denominator"] = "value"


class Measure(Strict):
    """One measure. A value is numerator / denominator, or what the publisher printed.

    Attributes:
        id: the file's name. Good: mainstream_share. Bad: Mainstream%.
        unit: of the value; a percentage is a number such as 32.8.
        decimals: printed by the publisher; rounding is half up.
        polarity: whether a higher value is better; none where neither is.
        period_kind: stock (a day in January) or flow (a calendar year).
        publish: tables of this measure that may be public where they come from the council's own
            rows: of the whole authority, by the DfE's breakdowns, by district. What is not named is
            for officers only; a publisher's figures are public in any case.
        disclosure: how a figure from the council's own rows is shown in public. open_data and
            rounded: by the rule for small numbers (pipelines/release/disclosure.py). exact_total:
            the count for the whole authority as it is, nought included, for exact_total_reason.
        scope_note: in what the council's rows are known to be counted otherwise than the DfE's,
            which explains a difference between the two (marts.reconciliation).
        reading_note: what must stand beside the figure itself wherever it is large, because the
            figure misleads without it. Sentences; {denominator} and {rest}, the denominator less
            the numerator, are filled in where both are known. Good: 'Of the {denominator} plans
            issued, {rest} were late.' Bad: 'Treat with care.'
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]+$")
    title: str
    short_title: str
    unit: Unit
    decimals: int = Field(ge=0, le=6)
    polarity: Literal["high_is_good", "low_is_good", "none"]
    period_kind: Literal["stock", "flow"]
    theme: Literal[
        "demand",
        "timeliness",
        "placement",
        "reviews",
        "need",
        "appeals",
        "schools",
        "early_support",
        "resources",
    ]
    numerator: str
    denominator: str | None = None
    definition: str
    caveat: str | None = None
    reading_note: str | None = None
    sources: tuple[Literal["dfe", "moj", "lait", "council"], ...]
    dataset: str
    spec_id: str | tuple[str, ...] | None = None
    headline_metrics: tuple[HeadlineMetric, ...] = ()
    default_breakdown_topic: str = "All"
    publish: tuple[Literal["area_total", "area_by_breakdown", "area_by_district"], ...]
    disclosure: Literal["open_data", "rounded", "exact_total"] = "open_data"
    exact_total_reason: str | None = None
    scope_note: str | None = None
    next_update: str
    break_at: tuple[Break, ...] = ()

    @field_validator("title", "short_title", "definition")
    @classmethod
    def _not_empty(cls, text: str) -> str:
        if not text:
            raise ValueError("may not be empty")
        return text

    @field_validator("reading_note")
    @classmethod
    def _known_parts_only(cls, text: str | None) -> str | None:
        unknown = set(re.findall(r"{(.*?)}", text or "")) - {"denominator", "rest"}
        if unknown:
            raise ValueError(
                f"fills in denominator and rest only, not {', '.join(sorted(unknown))}"
            )
        return text

    @model_validator(mode="after")
    def _exact_for_a_reason(self) -> Measure:
        if (self.disclosure == "exact_total") != bool(self.exact_total_reason):
            raise ValueError("exact_total and exact_total_reason stand together")
        if self.disclosure == "exact_total" and self.unit not in COUNTED:
            raise ValueError("only a count may be shown exactly, not a share, rate or mean")
        return self

    @property
    def scale(self) -> int:
        """What the ratio is multiplied by, for example 100 for percent."""
        return SCALE[self.unit]


@cache
def measures(sql_folder: Path) -> dict[str, Measure]:
    """All measures by id, in the order of their ids.

    Raises:
        RegistryError: a .yml without its .sql or the reverse, or an id that is not the file's name.
    """
    folder = sql_folder / "kpi"
    texts = {path.stem for path in folder.glob("*.sql")}
    words = {path.stem for path in folder.glob("*.yml")}
    if texts != words:
        alone = ", ".join(sorted(texts ^ words))
        raise RegistryError(
            f"a measure is one .sql and one .yml; alone: {alone}",
            where="sql/kpi",
            remedy="Add the missing file of the pair.",
        )
    return {name: _measure(folder / f"{name}.yml") for name in sorted(words)}


def _measure(path: Path) -> Measure:
    measure = load(Measure, path)
    if measure.id != path.stem:
        raise RegistryError(
            f"id is '{measure.id}'",
            where=f"sql/kpi/{path.name}",
            remedy=f"The path is the name: write id: {path.stem}",
        )
    return measure
