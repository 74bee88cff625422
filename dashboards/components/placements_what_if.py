"""What it would take to change the mainstream share, and what the council's scenarios would do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.charts.bars import breakdown_bars
from dashboards.components import html
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.demand_counts import told
from dashboards.components.finished import finished
from dashboards.context import Context
from dashboards.measure import OWN, Measure
from dashboards.queries import figures, future
from dashboards.queries.frozen import records
from dashboards.words import milestone
from dashboards.words.placements import needed_words, newest_share_words, scenario_title
from dashboards.words.titles import alt_text
from pipelines.registry.council import Council

NEW_PLANS = "new_plans_mainstream_share"
TOGETHER = "All actions together"
BASIS = "Worked out from the children matched in the council's own returns."
RUNS = (
    "Each run of the model is drawn with and without the action, so that its part is its own. The "
    "parts need not add up to all together: what two actions do to each other is not shared out."
)
RANGE = "8 of 10 runs lie in the range given. A scenario is a calculation, not a decision."


def needed_part(page: Context, council: Council) -> None:
    """The share of new plans that would have to name mainstream to reach England's share."""
    held = records(future.needed_share(page.key, council.la_code))
    rows = [row for row in held if row["period"] and (row["why_not"] or row["value_p50"])]
    if not rows:
        return
    start, told_by_year = needed_words(
        [(_year(row["period"]), row["value_p50"], row["why_not"] or "") for row in rows],
        formats.number(rows[0]["goal_value"], "percent", 1),
        _year(rows[0]["goal_period"]),
    )
    after = newest_share_words(told(page, council, NEW_PLANS))
    items = "".join(f"<li>{html.escape(text)}</li>" for text in told_by_year)
    st.header("What it would take to equal England's share", anchor=False)
    st.html(f"{html.paragraphs(start)}<ul>{items}</ul>{html.paragraphs(after)}")


def scenarios_part(page: Context, council: Council, measure: Measure) -> None:
    """Each scenario about the share: its effect, each action's own part, or why there is none."""
    frame = future.scenarios(page.key, council.la_code, measure.kpi)
    for scenario, rows in frame.groupby("scenario", sort=False):
        known = rows[rows["period"].notna() & rows["change_value"].notna()]
        if known.empty:
            _without(rows)
        else:
            chart_panel(page, *_scenario(page, council, measure, str(scenario)))


def _without(rows: pd.DataFrame) -> None:
    why = "; ".join(rows["why_not"].dropna().unique()) or "The release holds no result."
    text = f"Scenario: {rows['scenario_title'].iloc[0]}. {milestone.in_words(why)}"
    st.html(html.paragraphs(text))


@finished
def _scenario(
    page: Context, council: Council, measure: Measure, scenario: str
) -> tuple[Any, Panel, Measure]:
    every = future.scenarios(page.key, council.la_code, measure.kpi)
    rows = every[(every["scenario"] == scenario) & every["period"].notna()]
    last = rows[rows["period"] == rows["period"].max()]
    parts = last[last["scenario_part"].isin(["action", "together"])]
    frame = pd.DataFrame(
        {
            "breakdown": [_name(row) for row in records(parts)],
            "line": council.name,
            "role": "focus",
            "value": parts["change_value"].to_numpy(),
            "numerator": None,
            "denominator": None,
        }
    )
    # The subtitle says that the bars are percentage points; a bare number fits a phone.
    figure = breakdown_bars(frame, page.palette, unit="score", decimals=measure.decimals)
    panel = _panel(council, measure, rows, last)
    edition = dict(figures.data_versions(page.key)).get(OWN, "")
    own = panel.data.assign(source=OWN, vintage=edition)
    return figure, replace(panel, data=own), measure


def _panel(council: Council, measure: Measure, rows: pd.DataFrame, last: pd.DataFrame) -> Panel:
    by = _year(str(last["period"].iloc[0]))
    together = last[last["scenario_part"] == "together"].iloc[0]
    title = scenario_title(float(together["change_value"]), by, measure.decimals)
    name = rows["scenario_title"].iloc[0]
    subtitle = f"Scenario: {name}. {measure.title}, {council.name}, percentage points by {by}"
    table = scenario_table(rows, measure.decimals)
    ends = [
        f"{_name(row)} {row['change_value']:+.{measure.decimals}f} points"
        for row in records(last[last["change_value"].notna()])
    ]
    return Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, ends, by),
        notes=(
            "Bars start at zero.",
            _spread(last, measure.decimals, by),
            beaten_note(rows),
            BASIS,
            RUNS,
            RANGE,
        ),
        table=table,
        numbers=tuple(table.columns[1:]),
        data=rows.drop(columns=["why_not"]),
        stem=f"placements-scenario-{rows['scenario'].iloc[0]}",
    )


def beaten_note(rows: pd.DataFrame) -> str:
    """What the release says of a scenario whose model was beaten; empty where it was not."""
    return " ".join(rows["forecast_note"].dropna().unique())


def scenario_table(rows: pd.DataFrame, decimals: int) -> pd.DataFrame:
    """One row a part of the scenario, one column a year: the share, or the points it adds."""
    cells = [
        (_name(row), row["period"], _cell(row, decimals))
        for row in records(rows.sort_values("period", kind="stable"))
    ]
    frame = pd.DataFrame(cells, columns=["Part", "period", "cell"])
    order = list(dict.fromkeys(frame["Part"]))
    wide = frame.pivot_table(index="Part", columns="period", values="cell", aggfunc="first")
    wide = wide.loc[order]
    wide.columns = pd.Index([_year(str(period)) for period in wide.columns])
    return wide.reset_index()


def _cell(row: dict[str, object], decimals: int) -> str:
    value, change = row["value_p50"], row["change_value"]
    share = formats.number(value, "percent", decimals) if formats.is_number(value) else ""
    points = f"{change:+.{decimals}f} points" if formats.is_number(change) else ""
    return f"{share} ({points})" if share and points else share or points


def _name(row: dict[str, object]) -> str:
    names = {
        "baseline": "As things run",
        "together": TOGETHER,
        "interaction": "What the actions do to each other",
    }
    return names.get(str(row["scenario_part"]), str(row["action_title"]))


def _spread(last: pd.DataFrame, decimals: int, by: str) -> str:
    """The share with all actions and as things run, each with its range."""
    texts = []
    for part, words in (("together", "With all actions"), ("baseline", "as things run")):
        row = last[last["scenario_part"] == part].iloc[0]
        low, middle, high = (
            formats.number(row[name], "percent", decimals)
            for name in ("value_p10", "value_p50", "value_p90")
        )
        texts.append(f"{words} the share in {by} is {middle} ({low} to {high})")
    return f"{'; '.join(texts)}."


def _year(period: str) -> str:
    return formats.period_label(str(period), "stock")
