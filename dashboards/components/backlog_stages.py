"""Open cases by stage and by age: on the newest day for officers, by published counts for all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import downloads, formats
from dashboards.charts.bars import breakdown_bars
from dashboards.charts.stages import PARTS, stage_bars
from dashboards.components import html, states
from dashboards.components.backlog_fan import OVERDUE
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.finished import finished
from dashboards.context import Context
from dashboards.queries import cases, figures
from dashboards.words import timeliness as words
from dashboards.words.titles import alt_text

OPEN = "open_cases"
STAGES = {
    "decision": "Decision to assess: 6 weeks",
    "draft_plan": "Draft plan or refusal: 16 weeks",
    "final_plan": "Final plan: 20 weeks",
}
BANDS = {
    "up_to_6_weeks": "Up to 6 weeks",
    "up_to_16_weeks": "Over 6, up to 16",
    "up_to_20_weeks": "Over 16, up to 20",
    "up_to_26_weeks": "Over 20, up to 26",
    "up_to_52_weeks": "Over 26, up to 52",
    "over_52_weeks": "Over 52 weeks",
    "unknown": "No date of request",
}
# Counts that anybody may read, by age; those over 20 weeks in their three parts.
COUNTED = {
    OPEN: "All open cases",
    "overdue_decisions": "No decision after 6 weeks",
    "open_cases_over_16_weeks": "Over 16 weeks",
    OVERDUE: "Over 20 weeks: overdue",
    "open_cases_with_exception": "Over 20 weeks: exception",
    "open_cases_disputed": "Over 20 weeks: in dispute",
    "open_cases_over_26_weeks": "Over 26 weeks",
    "open_cases_over_a_year": "Over a year",
}
HOW_COUNTED = (
    "Over 16, over 26 weeks and over a year: each bar holds all cases that have waited longer.",
    "Cases over 20 weeks stand in three bars, each case in one: overdue, with an exception, or in "
    "dispute (mediation or a tribunal). A case without a decision can be in other bars too.",
)
FOR_OFFICERS = (
    "The stages and ages of open cases on the newest day, and the list of overdue cases, are for "
    "the council's officers."
)
NONE = (
    "Open cases are counted from the council's own SEN2 returns and extracts. This release holds "
    "none of {name}."
)


def stages_part(page: Context) -> None:
    """Where open cases stand; for readers without rows, the counts that were released."""
    found = cases.newest(page.key, page.own_la_code)
    if found is None:
        _released(page)
        return
    for made in (_stages(page, *found), _bands(page, *found)):
        chart_panel(page, *made, page.measures.get(OPEN))


@finished
def _stages(page: Context, day: date, edition: str) -> tuple[Any, Panel]:
    frame = cases.stages(page.key, page.own_la_code)
    order = {stage: place for place, stage in enumerate(STAGES)}
    frame = frame.assign(
        stage=frame["deadline_kind"].map(STAGES), place=frame["deadline_kind"].map(order)
    ).sort_values("place", kind="stable")
    past = int(frame.loc[frame["case_state"] == "past_deadline", "case_count"].sum())
    title = words.stage_title(past, int(frame["case_count"].sum()))
    subtitle = f"Open cases by next deadline, {page.area_name(page.own_area)}, {formats.day(day)}"
    table = _wide(frame)
    panel = Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, _spoken(frame)),
        notes=(
            "Bars start at zero.",
            "A case moves down the chart: the decision is due 6 weeks after the request, the draft "
            "plan or the refusal after 16, the final plan after 20. Each is counted once, at its "
            "next deadline.",
            _undated(frame),
        ),
        table=table,
        numbers=tuple(table.columns[1:]),
        data=_counted(frame, ["deadline_kind", "case_state", "case_count"], day, edition),
        stem="timeliness-stages",
    )
    return stage_bars(frame, page.palette), panel


def _wide(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a stage, one column a state that occurs, and all."""
    names = {state: words_ for state, (_, _, words_) in PARTS.items()} | {"unknown": "No date"}
    drawn = [state for state in names if state in set(frame["case_state"])]
    rows = []
    for stage, part in frame.groupby("stage", sort=False):
        counts = dict(zip(part["case_state"], part["case_count"].astype(int), strict=True))
        cells = {names[state]: f"{counts.get(state, 0):,}" for state in drawn}
        rows.append({"Next deadline": stage} | cells | {"All": f"{sum(counts.values()):,}"})
    return pd.DataFrame(rows)


def _spoken(frame: pd.DataFrame) -> list[str]:
    return [
        f"{stage}, {', '.join(_states(rows))}" for stage, rows in frame.groupby("stage", sort=False)
    ]


def _states(rows: pd.DataFrame) -> list[str]:
    counted = zip(rows["case_state"], rows["case_count"], strict=True)
    return [
        f"{int(count):,} {PARTS[state][2].lower()}" for state, count in counted if state in PARTS
    ]


def _undated(frame: pd.DataFrame) -> str:
    count = int(frame.loc[frame["case_state"] == "unknown", "case_count"].sum())
    return f"{formats.plural(count, 'case')} without a date of request: not drawn." if count else ""


@finished
def _bands(page: Context, day: date, edition: str) -> tuple[Any, Panel]:
    found = cases.bands(page.key, page.own_la_code).set_index("open_band")
    kept = [band for band in BANDS if band != "unknown" or band in found.index]
    frame = found.reindex(kept, fill_value=0).reset_index()
    bars = frame.assign(
        breakdown=frame["open_band"].map(BANDS),
        line=page.area_name(page.own_area),
        role="focus",
        value=frame["case_count"].astype(float),
        numerator=float("nan"),
        denominator=float("nan"),
    )
    overdue, every = int(frame["overdue_count"].sum()), int(frame["case_count"].sum())
    lawful = int(frame.loc[frame["open_band"].isin(list(BANDS)[3:6]), "case_count"].sum()) - overdue
    title = words.band_title(overdue, every)
    subtitle = f"Open cases by age, {page.area_name(page.own_area)}, {formats.day(day)}"
    table = pd.DataFrame(
        {
            "Weeks since the request": bars["breakdown"],
            "Open cases": [f"{int(count):,}" for count in frame["case_count"]],
            "Of these overdue": [f"{int(count):,}" for count in frame["overdue_count"]],
        }
    )
    counted = zip(bars["breakdown"], frame["case_count"], strict=True)
    ages = [f"{band} {int(count):,}" for band, count in counted]
    panel = Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, ages),
        notes=("Bars start at zero.", words.OVERDUE_MEANS, words.lawful_words(lawful)),
        table=table,
        numbers=tuple(table.columns[1:]),
        data=_counted(frame, ["open_band", "case_count", "overdue_count"], day, edition),
        stem="timeliness-ages",
    )
    return breakdown_bars(bars, page.palette, unit="count", decimals=0), panel


def _counted(frame: pd.DataFrame, columns: list[str], day: date, edition: str) -> pd.DataFrame:
    return frame[columns].assign(day=day.isoformat(), source="council", vintage=edition)


def _released(page: Context) -> None:
    """The counts that anybody may read, of the newest January; and what officers have besides."""
    made = _released_made(page)
    if made is None:
        st.html(html.paragraphs(NONE.format(name=page.area_name(page.own_area))))
        return
    chart_panel(page, *made, page.measures.get(OPEN))
    if not page.is_officer:
        st.html(html.paragraphs(FOR_OFFICERS, css="sm-note"))


@finished
def _released_made(page: Context) -> tuple[Any, Panel] | None:
    frame = released_counts(page)
    name = page.area_name(page.own_area)
    if frame.empty:
        return None
    newest = frame.iloc[0]
    day = words.return_day(str(newest["period"]), str(newest["vintage"]))
    period = f"{day} (annual return)" if day else str(newest["period_label"])
    overdue, every = (_value(frame, kpi) for kpi in (OVERDUE, OPEN))
    title = words.band_title(overdue, every)
    subtitle = f"Open cases by age, {name}, {period}"
    shown = [
        formats.number(value, "count", 0, symbol)
        for value, symbol in zip(frame["value"], frame["symbol"], strict=True)
    ]
    table = pd.DataFrame({"Counted": frame["breakdown"], "Cases": shown})
    panel = Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, [" ".join(pair) for pair in table.itertuples(index=False)]),
        notes=(
            "Bars start at zero.",
            *HOW_COUNTED,
            words.OVERDUE_MEANS,
            states.symbols_line(frame["symbol"].dropna()),
        ),
        table=table,
        numbers=("Cases",),
        data=downloads.figures(frame.assign(line=name), OPEN, "count").assign(measure=frame["kpi"]),
        stem="timeliness-ages",
    )
    return breakdown_bars(frame, page.palette, unit="count", decimals=0), panel


def released_counts(page: Context) -> pd.DataFrame:
    """One row a count of open cases in its newest January, all of one period; empty for none."""
    rows = []
    for kpi, label in COUNTED.items():
        if kpi not in page.measures:
            continue
        series = figures.series(page.key, kpi, (page.own_area,)).tail(1)
        rows.append(series.assign(kpi=kpi, breakdown=label))
    frame: pd.DataFrame = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()
    if frame.empty:
        return frame
    newest: pd.DataFrame = frame[frame["period"] == frame["period"].max()]
    name = page.area_name(page.own_area)
    return newest.assign(line=name, role="focus", breakdown_topic="All").reset_index(drop=True)


def _value(frame: pd.DataFrame, kpi: str) -> int | None:
    found = frame.loc[frame["kpi"] == kpi, "value"].dropna()
    return None if found.empty else int(found.iloc[0])
