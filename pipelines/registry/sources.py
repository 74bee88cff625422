"""What is known of the published files: columns, labels, periods, corrections. Read from YAML.

data/reference/sources/*.yml and data/reference/corrections.yml as frozen models. Nothing is read
from a published file here; that is the work of pipelines/ingest.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from pipelines.registry.strict import Strict, load

PeriodKind = Literal["stock", "flow", "mid_year"]
Shape = Literal["breakdown", "whole", "age_group", "setting", "parts"]
EVERY = "every"
LABEL_NUMBER = "{n}"


class Breakdown(Strict):
    """One stored breakdown and the labels that mean it; `numbers` makes one for each number."""

    stored: str
    labels: tuple[str, ...]
    numbers: tuple[int, int] | None = None

    def pairs(self) -> list[tuple[str, str]]:
        """(label in lower case, stored) for every label and number."""
        if self.numbers is None:
            return [(label.lower(), self.stored) for label in self.labels]
        first, last = self.numbers
        return [
            (label.replace(LABEL_NUMBER, str(n)).lower(), self.stored.replace(LABEL_NUMBER, str(n)))
            for n in range(first, last + 1)
            for label in self.labels
        ]


class FilePart(Strict):
    """Columns of one file that belong to one data set: column as printed -> indicator."""

    columns: dict[str, str]
    period_kind: PeriodKind | None = None
    period_shift: int = 0
    answers: dict[str, str] = Field(default_factory=dict)


class EesFile(Strict):
    """One file of the release: how to know it, and what its columns mean in each layout."""

    layouts: tuple[str, ...] = Field(min_length=1)
    period_kind: PeriodKind
    shape: Shape
    recognised_by: tuple[str, ...] = Field(min_length=1)
    recognised_by_identifier: str | None = None
    dataset: str | None = None
    time_identifiers: tuple[str, ...] = ()
    columns: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    renames: dict[str, str] = Field(default_factory=dict)
    signs: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    answers: dict[str, str] = Field(default_factory=dict)
    suffixes: dict[str, str] = Field(default_factory=dict)
    settings: dict[str, dict[str, str]] = Field(default_factory=dict)
    setting_renames: dict[str, str] = Field(default_factory=dict)
    stem: str | None = None
    whole_stem: str | None = None
    parts: dict[str, FilePart] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole(self) -> EesFile:
        if (self.shape == "parts") != bool(self.parts) or bool(self.parts) == bool(self.dataset):
            raise ValueError("give either a dataset, or shape 'parts' and the parts")
        unknown = set(self.columns) | set(self.signs)
        if unknown - set(self.layouts) - {EVERY}:
            raise ValueError(f"columns or signs name a layout that is not in {self.layouts}")
        return self

    def columns_of(self, layout: str) -> tuple[str, ...]:
        """The figure columns that the file has in a layout, lower case."""
        if self.parts:
            return tuple(name for part in self.parts.values() for name in part.columns)
        return (*self.columns.get(EVERY, ()), *self.columns.get(layout, ()))

    @property
    def filter_columns(self) -> tuple[str, ...]:
        """The columns that say which breakdown a row is; a row cannot be placed without them."""
        return {
            "breakdown": ("breakdown_topic", "breakdown"),
            "age_group": ("characteristic_age",),
            "setting": ("establishment_type", "establishment_group"),
        }.get(self.shape, ())

    @property
    def expected_identifiers(self) -> tuple[str, ...]:
        """The time_identifier values that go with the kind of period."""
        usual = {"stock": ("Academic year",), "flow": ("Calendar year",)}
        return self.time_identifiers or usual[self.period_kind]


class EesSource(Strict):
    """data/reference/sources/ees.yml."""

    source: str
    symbols: tuple[str, ...]
    key_columns: tuple[str, ...]
    side_columns: tuple[str, ...]
    years_to_release: dict[str, int]
    geographic_levels: tuple[str, ...]
    topics: dict[str, tuple[str, ...]]
    breakdowns: dict[str, tuple[Breakdown, ...]]
    not_counts: tuple[str, ...]
    files: dict[str, EesFile]
    not_data: tuple[str, ...]

    @field_validator("breakdowns", mode="before")
    @classmethod
    def _plain_labels(cls, content: Any) -> Any:
        """A label that stands alone is stored as it is printed."""
        return {
            topic: [
                {"stored": item, "labels": [item]} if isinstance(item, str) else item
                for item in items
            ]
            for topic, items in content.items()
        }

    @model_validator(mode="after")
    def _no_label_twice(self) -> EesSource:
        labels = [label.lower() for found in self.topics.values() for label in found]
        if len(set(labels)) < len(labels):
            raise ValueError("a topic label stands under two topics")
        return self

    def topic_of(self, label: str) -> str | None:
        """The stored topic of a printed label."""
        return _topics(self).get(label.strip().lower())

    def breakdown_of(self, topic: str, label: str) -> str | None:
        """The stored breakdown of a printed label under a stored topic."""
        return _breakdowns(self).get((topic, label.strip().lower()))

    def is_count(self, column: str) -> bool:
        """Whether a figure column, in lower case, counts: no percentage, rate or average."""
        return not any(re.search(pattern, column) for pattern in self.not_counts)

    def __hash__(self) -> int:
        return id(self)


class LaitSource(Strict):
    """data/reference/sources/lait.yml: the Local Authority Interactive Tool's long file."""

    source: str
    dataset: str
    recognised_by: tuple[str, ...]
    symbols: dict[str, str]
    stock: tuple[str, ...]
    flow: tuple[str, ...]

    @property
    def period_kinds(self) -> dict[str, str]:
        """Measure as printed -> 'stock' or 'flow'."""
        return dict.fromkeys(self.stock, "stock") | dict.fromkeys(self.flow, "flow")


class TribunalSource(Strict):
    """data/reference/sources/tribunal.yml: the table of appeals with a header of several rows."""

    source: str
    dataset: str
    recognised_by: tuple[str, ...]
    area_header: str
    code_header: str
    nation_row: str
    years_to_release: int
    indicators: dict[str, str]
    skipped_rows: tuple[str, ...]
    symbols: dict[str, str]
    authorities_without_code: dict[str, str]


class PopulationSource(Strict):
    """data/reference/sources/population.yml: ONS mid-year estimates of one age group."""

    source: str
    dataset: str
    indicator: str
    recognised_by: tuple[str, ...]
    age_group: str


class NeighbourModel(Strict):
    """A model of statistical neighbours, known by the authorities it covers."""

    model: str
    covers: tuple[str, ...]
    leaves_out: tuple[str, ...] = ()


class NeighbourSource(Strict):
    """data/reference/sources/neighbours.yml."""

    source: str
    recognised_by: tuple[str, ...]
    neighbours_per_authority: int
    models: tuple[NeighbourModel, ...]


class CodeSource(Strict):
    """One of data/reference/sources/codes.yml: a list of codes and names."""

    source: str
    table: str
    columns: tuple[str, ...]
    code_column: str
    code_pattern: str


class CodeSources(Strict):
    """data/reference/sources/codes.yml."""

    lists: dict[str, CodeSource]


CheckKind = Literal[
    "identical_columns",
    "period_stamp",
    "negative",
    "not_sum",
    "only_whole_known",
    "value_is",
    "columns_present",
    "symbol_with_zero_rate",
    "codes_of_names",
]


class Correction(Strict):
    """A declared defect of a published file, and what is done about it.

    Attributes:
        id: short name, unique; the rule of the finding.
        what: the defect, for a reader.
        reason: why it is taken to be one.
        source: publication and place.
        kinds: file layouts it applies to.
        releases: releases it applies to; empty means all.
        check: how it is looked for, with its arguments.
        action: what is done; 'none' leaves the figures as published.
        expect: what must be found for the action to be taken (rows, or other counts by name).
        remedy: what a reader can do.
        severity: of the finding.
    """

    id: str
    what: str
    reason: str
    source: str
    kinds: tuple[str, ...]
    releases: tuple[str, ...] = ()
    check: CheckKind
    arguments: dict[str, Any] = Field(default_factory=dict)
    action: Literal[
        "none",
        "keep_first_column",
        "first_year_of_stamp",
        "read_as_zero",
        "match_by_name",
        "withdraw",
    ] = "none"
    expect: dict[str, int] = Field(default_factory=dict)
    remedy: str
    severity: Literal["error", "warning", "info"] = "warning"


class Corrections(Strict):
    """data/reference/corrections.yml."""

    corrections: tuple[Correction, ...]

    @field_validator("corrections")
    @classmethod
    def _no_id_twice(cls, found: tuple[Correction, ...]) -> tuple[Correction, ...]:
        ids = [item.id for item in found]
        if len(set(ids)) < len(ids):
            raise ValueError("two corrections have one id")
        return found

    def of(self, kind: str, release: str | None) -> tuple[Correction, ...]:
        """Those that apply to a file layout of a release (any release where it is not known)."""
        return tuple(
            item
            for item in self.corrections
            if kind in item.kinds
            and (release is None or not item.releases or release in item.releases)
        )


class Sources(Strict):
    """Everything that the door needs to know, read once."""

    ees: EesSource
    lait: LaitSource
    tribunal: TribunalSource
    population: PopulationSource
    neighbours: NeighbourSource
    codes: CodeSources
    corrections: Corrections


@cache
def sources(project_root: Path) -> Sources:
    """All sources under data/reference.

    Raises:
        RegistryError: a file is missing or does not follow its schema.
    """
    folder = project_root / "data" / "reference"
    described = folder / "sources"
    return Sources(
        ees=load(EesSource, described / "ees.yml"),
        lait=load(LaitSource, described / "lait.yml"),
        tribunal=load(TribunalSource, described / "tribunal.yml"),
        population=load(PopulationSource, described / "population.yml"),
        neighbours=load(NeighbourSource, described / "neighbours.yml"),
        codes=load(CodeSources, described / "codes.yml"),
        corrections=load(Corrections, folder / "corrections.yml"),
    )


@cache
def _topics(source: EesSource) -> dict[str, str]:
    return {label.lower(): topic for topic, labels in source.topics.items() for label in labels}


@cache
def _breakdowns(source: EesSource) -> dict[tuple[str, str], str]:
    return {
        (topic, label): stored
        for topic, items in source.breakdowns.items()
        for item in items
        for label, stored in item.pairs()
    }
