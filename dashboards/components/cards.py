"""The cards of the first page as HTML: what dashboards.overview wrote, in a grid that folds."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.charts.sparkline import HEIGHT, WIDTH, data_uri, sparkline
from dashboards.components.html import escape
from dashboards.components.marks import status_mark
from dashboards.components.view_state import address
from dashboards.overview import Card
from dashboards.theme import Palette


def cards_html(cards: Sequence[Card], palette: Palette) -> str:
    """All cards in a grid that folds to one column on a phone."""
    return f'<div class="sm-cards">{"".join(_card(card, palette) for card in cards)}</div>'


def _card(card: Card, palette: Palette) -> str:
    """Six parts, as the style sheet lays them on six rows; one without words is there and empty."""
    title = escape(card.title)
    link = address("compare", measure=card.kpi, area=card.area_code)
    return (
        f'<article class="sm-card"><h2>{title}</h2>{_figures(card)}{_picture(card, palette)}'
        f"{_judged(card)}"
        f'<p class="sm-note"><a href="{escape(link)}" '
        f'aria-label="Compare: {title}">Compare</a></p></article>'
    )


def _figures(card: Card) -> str:
    """The figure, or why there is none, and the texts about it."""
    if card.missing:
        return f'<p class="sm-missing">{escape(card.missing)}</p><div></div>'
    lines = (card.period, card.change, card.comparison, card.pending, card.note)
    texts = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    return f'<p class="sm-value">{escape(card.value_text)}</p><div>{texts}</div>'


def _picture(card: Card, palette: Palette) -> str:
    svg = sparkline(card.values, palette, card.breaks)
    if not svg or not card.picture:
        return "<div></div>"
    return (
        f'<div><img src="{data_uri(svg)}" alt="{escape(card.picture, quote=True)}" '
        f'width="{WIDTH}" height="{HEIGHT}"/></div>'
    )


def _judged(card: Card) -> str:
    """The milestone with its status and chance, and the sign, as a list of terms."""
    rows = []
    if card.milestone:
        parts = [status_mark(card.milestone.status), escape(card.milestone.text)]
        said = (card.milestone.chance, card.milestone.reached)
        parts += [escape(text) for text in said if text]
        rows.append(("Milestone", "".join(f"<span>{part}</span>" for part in parts)))
    elif card.no_milestone:
        rows.append(("Milestone", f"<span>{escape(card.no_milestone)}</span>"))
    rows.append(("Signal or chance?", f"<span>{escape(card.sign)}</span>"))
    terms = "".join(f"<dt>{term}</dt><dd>{text}</dd>" for term, text in rows)
    return f'<dl class="sm-judged">{terms}</dl>'
