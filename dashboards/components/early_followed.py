"""Children without a plan some months after early support, by the year of their referral."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboards import downloads, formats
from dashboards.charts.bars import breakdown_bars
from dashboards.components import html, states
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.queries import figures
from dashboards.queries.frozen import records
from dashboards.theme import Role
from dashboards.words import flow as words
from dashboards.words.flow import Followed
from dashboards.words.titles import alt_text

REFERRALS = "early_support_referrals"
HEADING = "Children without a plan later"
NONE = "No year of referrals has been followed long enough to say how many had no plan later."
# The newest years, as many as there are colours.
_ROLES: tuple[Role, ...] = ("focus", "region", "neighbours")
_WHOLE_YEARS = (
    f"Left out are years of which fewer than {words.MOST_FOLLOWED} in 100 referrals are old "
    "enough: the children referred early in a year would pass for all of it."
)
_ORDER = "Bars start at zero."


def measure_of(months: int) -> str:
    """The measure of the children who had no plan so many months later."""
    return f"early_support_no_plan_{months}_months_share"


def followed(page: Context) -> pd.DataFrame:
    """One row a year of referrals and span of months that has passed for nearly all of the year."""
    area = (page.own_area,)
    referred = figures.series(page.key, REFERRALS, area).set_index("period")["value"]
    parts = []
    for months in words.MONTHS:
        kpi = measure_of(months)
        held = figures.series(page.key, kpi, area)
        held = page.measures[kpi].placed(held) if kpi in page.measures else held
        is_whole = [
            words.is_followed(children, referred.get(year))
            for year, children in zip(held["period"], held["denominator"], strict=True)
        ]
        kept = pd.Series(is_whole, index=held.index, dtype=bool)
        parts.append(held[kept].assign(months=months, kpi=kpi))
    return pd.concat(parts, ignore_index=True)


def shares(rows: pd.DataFrame) -> list[Followed]:
    """The rows as words take them."""
    return [
        Followed(row["period_label"], int(row["months"]), row["value"], int(row["decimals"]))
        for row in records(rows)
    ]


def followed_part(page: Context, rows: pd.DataFrame) -> None:
    """The bars, or that there is nothing to show. rows: as followed gives them."""
    measure = page.measures.get(measure_of(words.MONTHS[0]))
    if measure is None or rows["value"].dropna().empty:
        st.header(HEADING, anchor=False)
        st.html(html.paragraphs(NONE))
        return
    frame = _drawn(rows)
    figure = breakdown_bars(frame, page.palette, unit=measure.unit, decimals=measure.decimals)
    chart_panel(page, figure, _panel(page, measure, frame), measure)


def _drawn(rows: pd.DataFrame) -> pd.DataFrame:
    """The newest years, the newest first, each with its months in their order."""
    years = sorted(rows["period_label"].unique(), reverse=True)[: len(_ROLES)]
    frame = rows[rows["period_label"].isin(years)]
    return frame.assign(
        breakdown_topic="All",
        breakdown=[f"{months} months later" for months in frame["months"]],
        line=[f"Referred in {year}" for year in frame["period_label"]],
        role=[_ROLES[years.index(year)] for year in frame["period_label"]],
    ).sort_values(["months", "period"], ascending=[True, False], kind="stable")


def _panel(page: Context, measure: Measure, frame: pd.DataFrame) -> Panel:
    title = words.followed_title(shares(frame))
    subtitle = (
        f"Children without a plan after early support, {page.area_name(page.own_area)}, "
        f"referred in {formats.listed(sorted(frame['period_label'].unique()))}"
    )
    own = frame.assign(line=page.area_name(page.own_area), breakdown="All")
    return Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, []),
        notes=(words.CAVEAT, _ORDER, _WHOLE_YEARS, states.symbols_line(frame["symbol"].dropna())),
        table=_table(frame),
        numbers=("Had no plan", "Of how many"),
        data=downloads.of_measures(own, measure.unit),
        stem="early-followed",
    )


def _table(frame: pd.DataFrame) -> pd.DataFrame:
    """The newest year first, each with its months in their order."""
    placed = frame.sort_values(["period", "months"], ascending=[False, True], kind="stable")
    return pd.DataFrame([_line(row) for row in placed.itertuples()])


def _line(row: Any) -> dict[str, str]:
    return {
        "Referred in": row.period_label,
        "Months later": str(row.months),
        "Had no plan": formats.number(row.value, "percent", row.decimals, row.symbol),
        "Of how many": formats.parts(row.numerator, row.denominator),
    }
