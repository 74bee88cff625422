"""Every measure with its definition, folded under its theme, and the specification's numbers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd

from dashboards.components import html
from dashboards.components.chart_panel import about_terms
from dashboards.components.finished import finished
from dashboards.components.footer import SOURCES
from dashboards.components.view_state import address
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.queries import register
from dashboards.words.record_rules import edition
from pipelines.registry.not_held import not_held

THEMES = {
    "demand": "Demand",
    "timeliness": "Timeliness",
    "placement": "Where children learn",
    "reviews": "Annual reviews",
    "early_support": "Early support",
    "need": "Needs",
    "appeals": "Mediation and appeals",
    "schools": "Pupils in schools",
    "resources": "Places, staff and money",
}
_NUMBER = re.compile(r"K\d\d")


def by_theme(measures: dict[str, Measure]) -> list[tuple[str, list[Measure]]]:
    """The measures under the names of their themes, in the order of the pages."""
    themes = [*THEMES, *sorted({item.theme for item in measures.values()} - set(THEMES))]
    parts = [
        (THEMES.get(theme, theme), [item for item in measures.values() if item.theme == theme])
        for theme in themes
    ]
    return [(name, part) for name, part in parts if part]


def definition(page: Context, measure: Measure) -> str:
    """All there is to say of one measure."""
    *terms, next_update = about_terms(measure)
    return html.terms(
        [
            *terms,
            ("Last update", last_update(page, measure.kpi)),
            next_update,
            ("Number in the specification", measure.spec_id),
            ("Id", measure.kpi),
            ("How it is computed", f"sql/kpi/{measure.kpi}.sql, in the product's code"),
        ]
    )


def folded(page: Context, measures: list[Measure]) -> str:
    """Each measure closed until asked for, in one piece: a hundred widgets would be slow."""
    return "".join(
        f'<details class="sm-fold"><summary>{html.escape(measure.title)}</summary>'
        f"{definition(page, measure)}{_link(measure)}</details>"
        for measure in measures
    )


def last_update(page: Context, kpi: str) -> str:
    """'Department for Education 2026, to January 2026', one part for each source."""
    text = "; ".join(_updates(page).get(kpi, ()))
    return text[:1].upper() + text[1:]


@finished
def _updates(page: Context) -> dict[str, list[str]]:
    """The newest edition of each source, by measure."""
    rows = register.updates(page.key)
    return {
        str(kpi): [_newest(row) for row in part.itertuples()]
        for kpi, part in rows.groupby("kpi", sort=False)
    }


def numbers_table(page: Context) -> str:
    """K01 to K41: what each is called here, and which is not held."""
    rows = [
        (number, row.title, row.kpi)
        for row in register.numbers(page.key).itertuples()
        for number in _NUMBER.findall(str(row.spec_id))
    ]
    rows += [
        (item.spec_id, f"Not held: {item.title}. {item.why}", "") for item in not_held(_sql(page))
    ]
    table = pd.DataFrame(sorted(rows), columns=["Number", "Measure", "Id"])
    return html.table(table, "Numbers of the specification", is_caption_shown=False)


def _sql(page: Context) -> Path:
    return page.settings.project_root / "sql"


def _newest(row: Any) -> str:
    source = SOURCES.get(row.source, row.source)
    label = f", to {row.period_label}" if isinstance(row.period_label, str) else ", no figure"
    return f"{source} {edition(row.vintage.removesuffix('-services'))}{label}"


def _link(measure: Measure) -> str:
    link = html.escape(address("about", measure=measure.kpi))
    name = html.escape(measure.title)
    words = f'Link to this definition<span class="sm-hidden">: {name}</span>'
    return f'<p><a href="{link}">{words}</a></p>'
