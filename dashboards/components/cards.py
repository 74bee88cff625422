"""The cards of the first page: one figure with its period, change, comparison and small line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from dashboards import formats
from dashboards.charts.sparkline import HEIGHT, WIDTH, data_uri, sparkline
from dashboards.components.html import escape
from dashboards.latest import Latest
from dashboards.measure import Measure
from dashboards.theme import Palette
from dashboards.words.reading import reading_note


@dataclass(frozen=True)
class Card:
    """What one card shows.

    Attributes:
        values: the measure's history, one a consecutive period, None for a gap.
        breaks: places in values at which the series changes its meaning.
        england, neighbours: figures of the same period as the latest, None where there are none.
        neighbour_words: ' (mean of 10)'.
    """

    measure: Measure
    area_code: str
    latest: Latest | None
    values: Sequence[float | None]
    breaks: Sequence[int]
    first_label: str
    england: float | None
    neighbours: float | None
    neighbour_words: str


def cards_html(cards: Sequence[Card], palette: Palette) -> str:
    """All cards in a grid that folds to one column on a phone."""
    return f'<div class="sm-cards">{"".join(_card(card, palette) for card in cards)}</div>'


def symbols(cards: Sequence[Card]) -> set[str]:
    """The symbols on the cards that stand without their meaning."""
    known = [card.latest for card in cards if card.latest and card.latest.value is not None]
    return {latest.pending[1] for latest in known} | {"r" for latest in known if latest.is_revised}


def change_line(card: Card) -> str:
    """The change in words, or why there is none."""
    latest, measure = card.latest, card.measure
    if latest is None or latest.value is None:
        return ""
    if latest.is_break:
        return f"Not compared with {latest.since}: the series changes its meaning [b]"
    words = formats.change_words(latest.change, measure.unit, measure.decimals, latest.since)
    if latest.change is None:
        return words
    wanted = {"high_is_good": "higher is better", "low_is_good": "lower is better"}
    note = wanted.get(measure.polarity)
    return f"{words} ({note})" if note else words


def comparison_line(card: Card) -> str:
    """England and the neighbours for the same period, or why they are not given."""
    measure = card.measure
    if measure.unit == "count":
        return "A count is not held against areas of another size"
    sides = (("England", card.england, ""), ("neighbours", card.neighbours, card.neighbour_words))
    known = [
        f"{name} {formats.number(value, measure.unit, measure.decimals)}{words}"
        for name, value, words in sides
        if value is not None
    ]
    text = "; ".join(known) if known else "no comparison published for this period yet"
    return text[:1].upper() + text[1:]


def _card(card: Card, palette: Palette) -> str:
    title = escape(card.measure.title)
    link = urlencode({"measure": card.measure.kpi, "area": card.area_code})
    return (
        f'<article class="sm-card"><h2>{title}</h2>{_figures(card)}{_picture(card, palette)}'
        f'<p class="sm-note"><a href="compare?{escape(link)}" '
        f'aria-label="Compare: {title}">Compare</a></p></article>'
    )


def _figures(card: Card) -> str:
    latest, measure = card.latest, card.measure
    if latest is None:
        return '<p class="sm-missing">No figure in this release</p>'
    if latest.value is None:
        label = latest.pending[0] or latest.period_label
        symbol = latest.pending[1] or latest.symbol or "x"
        meaning = formats.SYMBOLS.get(symbol, "no figure")
        return f'<p class="sm-missing">{escape(f"{label}: [{symbol}] {meaning}")}</p>'
    value = formats.number(latest.value, measure.unit, measure.decimals)
    revised = " [r]" if latest.is_revised else ""
    parts = formats.parts(latest.numerator, latest.denominator)
    period = f"{parts}, {latest.period_label}" if parts else latest.period_label
    waiting = f"{latest.pending[0]}: [{latest.pending[1]}]" if latest.pending[0] else ""
    note = reading_note(measure.reading_note, latest.numerator, latest.denominator)
    lines = [period + revised, change_line(card), comparison_line(card), waiting, note]
    texts = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    return f'<p class="sm-value">{escape(value)}</p>{texts}'


def _picture(card: Card, palette: Palette) -> str:
    svg = sparkline(card.values, palette, card.breaks)
    if not svg or card.latest is None:
        return ""
    known = [value for value in card.values if value is not None]
    first = formats.number(known[0], card.measure.unit, card.measure.decimals)
    last = formats.number(known[-1], card.measure.unit, card.measure.decimals)
    alt = f"From {first} in {card.first_label} to {last} in {card.latest.period_label}"
    alt += "; the line is parted where the series changes its meaning" if card.breaks else ""
    return (
        f'<img src="{data_uri(svg)}" alt="{escape(alt, quote=True)}" '
        f'width="{WIDTH}" height="{HEIGHT}"/>'
    )
