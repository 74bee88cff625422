"""The yearly forecast of a measure for a council: its range, and how its rule did before."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.components import html
from dashboards.components.demand_growth import is_counted_here
from dashboards.components.outlook import outlook_panel
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.queries import future, outlook, plan
from dashboards.words import milestone
from dashboards.words.demand import no_forecast, record_sentence
from pipelines.registry.council import Council

_YEARLY = ("stock", "flow")


def forecast_part(page: Context, council: Council, kpi: str, heading: str, stem: str) -> None:
    """A heading, the forecast with its band, and how the rule behind it did before."""
    measure = page.measures.get(kpi)
    if measure is None:
        return
    st.header(heading, anchor=False)
    held = yearly(page, council, kpi)
    known = held[held["why_not"].isna()]
    promised = plan.milestones(page.key, council.la_code, page.read_on)["kpi"]
    if known.empty and not promised.eq(kpi).any():
        why = " ".join(milestone.in_words(text) for text in held["why_not"].dropna())
        what = formats.lower_first(measure.title)
        is_kept_back = is_counted_here(page, council)
        said = no_forecast(what, council.name, why, is_kept_back=is_kept_back)
        st.html(html.paragraphs(said))
        return
    outlook_panel(page, measure, stem, la_code=council.la_code)
    if known.empty:
        return
    said = record_words(page, str(known["forecast"].iloc[0]), measure)
    if said:
        st.html(html.paragraphs(said))


def yearly(page: Context, council: Council, kpi: str) -> pd.DataFrame:
    """The forecasts of a measure by year that readers meet first."""
    found = outlook.forecasts(page.key, kpi, council.la_code)
    return found[found["period_kind"].isin(_YEARLY)]


def next_range(page: Context, council: Council, kpi: str) -> tuple[str, str]:
    """The nearest year forecast in words, and '11,230, between 10,827 and 12,719'; both empty."""
    held, measure = yearly(page, council, kpi), page.measures.get(kpi)
    known = held[held["why_not"].isna()]
    if known.empty or measure is None:
        return "", ""
    row = outlook.forecast_values(page.key, str(known["forecast"].iloc[0])).iloc[0]
    low, middle, high = (
        formats.number(row[name], measure.unit, measure.decimals)
        for name in ("value_p10", "value_p50", "value_p90")
    )
    label = formats.period_label(str(row["period"]), str(row["period_kind"]))
    return label, f"{middle}, between {low} and {high} in 8 of 10 cases"


def record_words(page: Context, forecast: str, measure: Measure) -> str:
    """How the rule behind a forecast did on past years; empty where it was not tried."""
    found = future.track_record(page.key, forecast)
    if found.empty:
        return ""
    row = found.iloc[0]
    miss, against = float(row["mean_absolute_error"]), row["against_naive"]
    unit = measure.unit if row["error_unit"] == "own" else str(row["error_unit"])
    is_per_cent = unit == "percent" and row["error_unit"] != "own"
    return record_sentence(
        str(row["forecast_model"]),
        "one year",
        f"{miss:.1f}%" if is_per_cent else formats.amount(miss, unit, measure.decimals),
        int(row["authority_count"]) if formats.is_number(row["authority_count"]) else 1,
        formats.known(against),
    )
