"""What the first page says, as finished texts and numbers, before anything is drawn.

The page and the one-page report both print it, so that they cannot say two things. Nothing here
draws, and nothing is computed that the release does not hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.changed import Changed, changed
from dashboards.components import readings, states
from dashboards.components.finished import finished
from dashboards.components.promises import next_promises
from dashboards.components.readings import Figures
from dashboards.context import Context
from dashboards.latest import Latest
from dashboards.measure import Measure
from dashboards.queries import outlook, plan, register
from dashboards.queries.frozen import records
from dashboards.words import card as words
from dashboards.words import milestone
from dashboards.words import plan as plan_words
from dashboards.words.position import position
from dashboards.words.reading import reading_note
from dashboards.words.verdicts import VERDICTS, summary
from pipelines.registry.council import Council, council

NO_MILESTONE = "The delivery plan has none for this measure"
NO_PLAN = "This release holds no delivery plan of"


@dataclass(frozen=True)
class CardMilestone:
    """The milestone on a card: of those of its measure the next one, or the last.

    Attributes:
        status: its id in words.milestone.STATUSES; word and shape are how it is shown.
        text: 'At least 75% by 31 December 2026'.
        chance: of meeting it, or why none is stated; empty once its day has passed.
        reached: when the simulated queue reaches it; empty where no queue decides.
    """

    status: str
    word: str
    shape: str
    text: str
    chance: str
    reached: str = ""


@dataclass(frozen=True)
class Card:
    """One measure. Every text is ready to print, and empty where there is nothing to say.

    Attributes:
        value: the newest figure; value_text is how it is printed.
        missing: why there is no figure.
        values, breaks: of the small line, one a consecutive period; picture says it in words.
        milestone: None where the plan has none for the measure, and no_milestone says so; both
            are empty where the release has no delivery plan of the council.
        sign: what the control chart says of the newest month or year, or why it says nothing.
    """

    kpi: str
    title: str
    unit: str
    decimals: int
    area_code: str
    value: float | None
    value_text: str
    missing: str
    period: str
    change: str
    comparison: str
    pending: str
    note: str
    values: tuple[float | None, ...]
    breaks: tuple[int, ...]
    picture: str
    milestone: CardMilestone | None
    no_milestone: str
    sign: str


@dataclass(frozen=True)
class Statements:
    """The register of public statements, counted by verdict: (count, words)."""

    headline: str
    counts: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Overview:
    """The first page of one authority.

    Attributes:
        lead: sentences on the position, the first of them the most important: how the plan stands,
            the latest year, demand, England; at the end that no plan is held, where none is.
        missing: measures that have no figure in this release, as one sentence.
        symbols: meanings of the symbols that stand on the cards.
        reading: how the cards are read: what is rounded, why a small line is parted.
        statements: None where the register is empty or about another authority.
        not_said: heading and sentences on what the page cannot say.
    """

    name: str
    area_code: str
    title: str
    lead: tuple[str, ...]
    cards: tuple[Card, ...]
    missing: str
    symbols: str
    reading: tuple[str, ...]
    changed: Changed
    statements: Statements | None
    not_said: tuple[str, ...]


def councils(page: Context) -> tuple[Council, ...]:
    """Whose position can be shown: the home council's and, in a sample, the sample county's too."""
    own = council(page.settings.council_folder)
    return (page.home,) if own.la_code == page.home.la_code else (page.home, own)


def heading(council: Council) -> str:
    """The title of the first page, which needs no figure and so need not wait for one."""
    return f"{council.name}: the position"


@finished
def overview(page: Context, of: Council | None = None) -> Overview:
    """The first page of one council, the home council where none is given.

    Raises:
        SendError: the release or the council's folder cannot be read.
    """
    whose = of or page.home
    found = readings.cards(page, whose)
    cards = _cards(page, whose, found)
    missing = readings.absent(page, whose)
    return Overview(
        name=whose.name,
        area_code=whose.area_code,
        title=heading(whose),
        lead=_lead(page, whose, found),
        cards=cards,
        missing=f"Without a figure in this release: {'; '.join(missing)}." if missing else "",
        symbols=states.symbols_line(_symbols(found)),
        reading=_reading(page, found),
        changed=changed(page, whose, found),
        statements=_statements(page, whose),
        not_said=words.NOT_SAID,
    )


def _lead(page: Context, whose: Council, found: list[Figures]) -> tuple[str, ...]:
    said = position(whose.name, readings.plans(found), readings.readings(found))
    if plan.actions(page.key, whose.la_code).empty:
        return (*said, f"{NO_PLAN} {whose.name}.")
    counts = Counter(plan.milestones(page.key, whose.la_code, page.read_on)["plan_status"])
    return (plan_words.standing(counts), *said)


def _cards(page: Context, whose: Council, found: list[Figures]) -> tuple[Card, ...]:
    promised = next_promises(page, whose.la_code)
    without = NO_MILESTONE if not plan.actions(page.key, whose.la_code).empty else ""
    signs: dict[str, dict[str, Any]] = {}
    for row in records(outlook.signs(page.key, whose.la_code)):
        signs.setdefault(row["kpi"], row)
    return tuple(
        _card(whose, item, promised.get(item.measure.kpi), without, signs.get(item.measure.kpi))
        for item in found
    )


def _card(
    whose: Council,
    item: Figures,
    promised: Mapping[str, Any] | None,
    without: str,
    sign: Mapping[str, Any] | None,
) -> Card:
    measure, newest = item.measure, item.latest
    last_label = newest.period_label if newest else ""
    decimals = newest.decimals if newest else measure.decimals
    return Card(
        kpi=measure.kpi,
        title=measure.title,
        unit=measure.unit,
        decimals=decimals,
        area_code=whose.area_code,
        value=newest.value if newest else None,
        value_text=words.value_line(newest, measure),
        missing=words.missing_line(newest),
        period=words.period_line(newest),
        change=words.change_line(newest, measure),
        comparison=_comparison(item),
        pending=words.pending_line(newest),
        note=_note(measure, newest),
        values=item.values,
        breaks=item.breaks,
        picture=words.picture_words(
            item.values,
            measure,
            item.first_label,
            last_label,
            decimals=decimals,
            is_parted=bool(item.breaks),
        ),
        milestone=_milestone(promised) if promised else None,
        no_milestone="" if promised else without,
        sign=words.sign_line(sign),
    )


def _milestone(row: Mapping[str, Any]) -> CardMilestone:
    status = milestone.status(row["plan_status"])
    return CardMilestone(
        status=str(row["plan_status"]),
        word=status.word,
        shape=status.shape,
        text=milestone.promise(row),
        chance=milestone.chance(row),
        reached=milestone.reached(row),
    )


def _comparison(item: Figures) -> str:
    if item.latest is None or item.latest.value is None:
        return ""
    return words.comparison_line(item.measure, item.england, item.neighbours, item.neighbour_words)


def _note(measure: Measure, newest: Latest | None) -> str:
    if newest is None or newest.value is None:
        return ""
    return reading_note(measure.reading_note, newest.numerator, newest.denominator)


def _symbols(found: list[Figures]) -> set[str]:
    """The symbols on the cards that stand without their meaning."""
    known = [item.latest for item in found if item.latest and item.latest.value is not None]
    return {newest.pending[1] for newest in known} | {"r" for newest in known if newest.is_revised}


def _reading(page: Context, found: list[Figures]) -> tuple[str, ...]:
    """What a reader of the cards would stumble over, where it stands on one of them."""
    parts = [item.latest for item in found if item.latest and item.latest.denominator is not None]
    is_rounded = not page.is_officer and any(newest.is_own for newest in parts)
    is_parted = any(item.breaks or None in item.values for item in found)
    return (*([words.ROUNDED] if is_rounded else []), *([words.PARTED] if is_parted else []))


def _statements(page: Context, whose: Council) -> Statements | None:
    claims = register.claims(page.key)
    if claims.empty or whose.la_code != page.home.la_code:
        return None
    counts = claims["verdict"].value_counts()
    counted = tuple((int(counts.get(verdict, 0)), said) for verdict, said in VERDICTS.items())
    return Statements(summary(claims["verdict"]), counted)
