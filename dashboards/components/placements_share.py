"""The mainstream share: beside England, by three definitions, and as a gap in children."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboards import downloads, formats
from dashboards.charts.bars import breakdown_bars
from dashboards.components import html, states
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.comparison import beside_others
from dashboards.components.demand_counts import told
from dashboards.components.finished import finished
from dashboards.components.share_mix import Mix
from dashboards.context import Context
from dashboards.latest import Latest, latest
from dashboards.measure import Measure
from dashboards.queries import figures
from dashboards.queries.frozen import records
from dashboards.words.placements import VARIANT_NAMES, VARIANTS, placements_lead, variants_title
from dashboards.words.titles import alt_text
from pipelines.registry.council import Council

SHARE = "mainstream_share"
GAP_CHILDREN = "mainstream_gap_children"
# Protected counts are multiples of it.
_NEAREST = 5
SETTINGS = Mix(
    subject="Where children and young people with a plan learn",
    whole="plans",
    drawn={
        "mainstream_share": "Mainstream schools",
        "special_share": "Special schools",
        "further_education_share": "Further education",
        "educated_elsewhere_share": "Educated elsewhere",
    },
    listed={
        "independent_special_share": "Independent special schools (part of special)",
        "non_maintained_special_share": "Non-maintained special schools (part of special)",
        "alternative_provision_share": "Alternative provision",
        "early_years_share": "Early years settings",
        "placement_unknown_share": "Not recorded",
    },
    stem="placements-settings",
    since="2019",
)
AREAS = Mix(
    subject="Placements inside and outside the council's own area",
    whole="placements",
    drawn={"in_area_share": "In the area", "out_of_area_share": "Outside the area"},
    listed={},
    stem="placements-areas",
)


def lead(page: Context, council: Council) -> list[str]:
    """The sentences at the top: the share, England's of the same day, and the gap in children."""
    measure = page.measures.get(SHARE)
    share = told(page, council, SHARE)
    gap = told(page, council, GAP_CHILDREN)
    england = _england(page, share.period_label) if share else None
    is_same_day = bool(share and gap and share.period_label == gap.period_label)
    series = figures.series(page.key, SHARE, (council.area_code,))
    newest = latest(series, measure) if measure else None
    return placements_lead(
        council.name,
        share,
        england,
        gap.value if gap and is_same_day else _short_of(newest, england),
        measure.decimals if measure else 1,
        is_about=not is_same_day,
        counted=newest.counted(measure.unit, measure.decimals) if measure and newest else None,
    )


def _short_of(newest: Latest | None, england: float | None) -> float | None:
    """About how many children an area's own share is short of England's, to the nearest five.

    For a council's own figures: the measure itself is of published ones, and protected counts are
    rounded to five.
    """
    if newest is None or england is None or newest.numerator is None or newest.denominator is None:
        return None
    short = england / 100 * newest.denominator - newest.numerator
    return _NEAREST * round(short / _NEAREST)


def rate_chart(page: Context, council: Council, kpi: str) -> None:
    """One rate beside England, the region and the neighbours, or a sentence that it is not held."""
    measure = page.measures.get(kpi)
    if measure is None:
        return
    made = beside_others(page, council, measure, f"placements-{kpi}")
    if made is None:
        text = f"This release has no figure of this measure for {council.name}: {measure.title}."
        st.html(html.paragraphs(text, css="sm-note"))
        return
    chart_panel(page, *made, measure)


def variants_chart(page: Context, council: Council) -> None:
    """Three ways of counting mainstream on the newest day that the DfE's own has a figure for."""
    made = _variants_made(page, council)
    if made is not None:
        chart_panel(page, *made)


@finished
def _variants_made(page: Context, council: Council) -> tuple[Any, Panel, Measure] | None:
    frame = _variants(page, council)
    if frame.empty:
        return None
    measure = page.measures[SHARE]
    figure = breakdown_bars(frame, page.palette, unit="percent", decimals=measure.decimals)
    return figure, _variants_panel(council, frame), measure


def _england(page: Context, period_label: str) -> float | None:
    frame = figures.series(page.key, SHARE, (page.england,))
    found = frame.loc[frame["period_label"] == period_label, "value"].dropna()
    return None if found.empty else float(found.iloc[0])


def _variants(page: Context, council: Council) -> pd.DataFrame:
    """One row a definition and area, the council's first; empty without the DfE's own share."""
    codes = {council.area_code: (council.name, "focus"), page.england: ("England", "england")}
    held = [
        page.measures[kpi]
        .placed(figures.series(page.key, kpi, tuple(codes)))
        .assign(kpi=kpi, breakdown=VARIANT_NAMES[kpi])
        for kpi in VARIANTS
        if kpi in page.measures
    ]
    if not held:
        return pd.DataFrame()
    frame = pd.concat(held, ignore_index=True)
    is_own = (frame["kpi"] == SHARE) & (frame["area_code"] == council.area_code)
    own = frame[is_own & frame["value"].notna()]
    rows: pd.DataFrame = frame[frame["period"] == own["period"].max()]
    return rows.assign(
        line=[codes[code][0] for code in rows["area_code"]],
        role=[codes[code][1] for code in rows["area_code"]],
        breakdown_topic="All",
    ).sort_values("role", ascending=False, kind="stable")


def _variants_panel(council: Council, frame: pd.DataFrame) -> Panel:
    own = frame[frame["role"] == "focus"]
    shares = {row["kpi"]: row["value"] for row in records(own)}
    title = variants_title(shares, int(own["decimals"].min()))
    period = str(own["period_label"].iloc[0])
    subtitle = f"Three ways to count children in mainstream schools, {council.name}, {period}"
    ends = [
        f"{row['breakdown']} "
        f"{formats.number(row['value'], 'percent', row['decimals'], row['symbol'])}"
        for row in records(own)
    ]
    return Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, ends, period),
        notes=(
            *(f"{VARIANT_NAMES[kpi]}: {text}" for kpi, text in VARIANTS.items() if kpi in shares),
            "Every definition divides by all plans. Bars start at zero.",
            states.symbols_line(frame["symbol"].dropna()),
        ),
        table=_table(frame),
        numbers=tuple(dict.fromkeys(frame["line"])),
        data=downloads.of_measures(frame.assign(breakdown="All"), "percent"),
        stem="placements-variants",
    )


def _table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a definition: each area's share with its parts, and what the definition counts."""
    cells = frame.assign(cell=[_cell(row) for row in frame.itertuples()])
    wide = cells.pivot(index="kpi", columns="line", values="cell").fillna("")
    wide = wide.loc[[kpi for kpi in VARIANTS if kpi in wide.index]]
    wide = wide[list(dict.fromkeys(frame["line"]))]
    wide["What it counts"] = [VARIANTS[str(kpi)] for kpi in wide.index]
    wide.insert(0, "Definition", [VARIANT_NAMES[str(kpi)] for kpi in wide.index])
    return wide.reset_index(drop=True)


def _cell(row: Any) -> str:
    text = formats.number(row.value, "percent", row.decimals, row.symbol)
    base = formats.parts(row.numerator, row.denominator)
    return f"{text} ({base})" if base else text
