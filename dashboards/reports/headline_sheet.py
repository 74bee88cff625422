"""The first sheet: the measures of the first page, with what its cards say of them."""

from __future__ import annotations

import pandas as pd

from dashboards.components import readings
from dashboards.components.readings import Figures
from dashboards.context import Context
from dashboards.overview import Card, overview
from dashboards.reports import cells
from dashboards.reports.measure_sheet import NOT_COMPARED
from dashboards.reports.sheets import Sheet
from pipelines.registry.council import Council


def headline_sheet(page: Context, whose: Council) -> Sheet | None:
    """One row a measure of the first page; None where the release holds none of them."""
    shown, held = overview(page, whose).cards, readings.cards(page, whose)
    if not shown:
        return None
    rows = [_row(whose, card, item) for card, item in zip(shown, held, strict=True)]
    own = [cells.number_format(card.decimals) for card in shown]
    beside = [cells.number_format(item.measure.decimals) for item in held]
    return Sheet(
        title=f"{whose.name}: headline measures, newest figures",
        table=pd.DataFrame(rows),
        source="Source: as on the sheet of each measure.",
        notes=(
            "The change is from the period just before; [x] where that period has no figure, or "
            "where the series changes its meaning.",
            "A count is not compared with England or the neighbours, which differ in size: [z].",
        ),
        formats=dict.fromkeys((whose.name, "Change"), own)
        | dict.fromkeys(("England", _average(whose)), beside),
    )


def _average(whose: Council) -> str:
    return f"Neighbour {whose.neighbour_average}"


def _row(whose: Council, card: Card, item: Figures) -> dict[str, float | int | str]:
    newest, beside = item.latest, {"England": item.england, _average(whose): item.neighbours}
    reason = "z" if card.unit in NOT_COMPARED else None
    compared = {
        name: cells.number(None if reason else value, item.measure.decimals, reason)
        for name, value in beside.items()
    }
    promised = card.milestone
    return {
        "Measure": cells.text(card.title),
        "Unit": cells.UNITS.get(card.unit, cells.NOTHING),
        "Period": newest.period_label if newest else cells.NOTHING,
        whose.name: cells.number(card.value, card.decimals, newest.symbol if newest else None),
        "Change": cells.number(newest.change if newest else None, card.decimals),
        "Changed since": newest.since if newest else cells.NOTHING,
        **compared,
        "Milestone": cells.text(promised.text if promised else ""),
        "Status of the milestone": cells.text(promised.word if promised else ""),
        "Chance of meeting it": cells.text(promised.chance if promised else ""),
        "When it is reached": cells.text(promised.reached if promised else ""),
        "Sign on the control chart": cells.text(card.sign),
        "Read with care": cells.text(card.note),
    }
