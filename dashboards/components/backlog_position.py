"""The numbers behind the first sentences of Timeliness and backlog."""

from __future__ import annotations

import pandas as pd

from dashboards import formats
from dashboards.components.backlog_fan import OVERDUE
from dashboards.components.backlog_on_time import ALL, newest_rate
from dashboards.components.backlog_stages import OPEN
from dashboards.context import Context
from dashboards.latest import at
from dashboards.queries import cases, figures, signals
from dashboards.words.timeliness import Queue, Rate, cleared, january_words, lead, when_counted


def position(page: Context) -> list[str]:
    """Where the queue and the rate stand, in two or three sentences."""
    return lead(page.area_name(page.own_area), _queue(page), _rate(page))


def is_cleared(page: Context) -> bool:
    """Whether old cases were cleared in the newest year of the on-time rate."""
    return cleared(_queue(page), _rate(page))


def _queue(page: Context) -> Queue | None:
    """Officers read the newest day; everybody else, the newest month that was released."""
    overdue = _months(page, OVERDUE)
    found = cases.newest(page.key, page.own_la_code)
    if found is not None:
        bands = cases.bands(page.key, page.own_la_code)
        period = f"{found[0]:%Y-%m}"
        return Queue(
            when=f"On {formats.day(found[0])}, by the newest extract",
            open_cases=float(bands["case_count"].sum()),
            overdue=float(bands["overdue_count"].sum()),
            before=_before(overdue, period),
            since=formats.month(formats.period_before(period)),
            period=period,
        )
    every = _months(page, OPEN)
    if every.empty:
        return None
    period = str(every["period"].iloc[-1])
    return Queue(
        when=when_counted(period, str(every["vintage"].iloc[-1])),
        open_cases=float(every["value"].iloc[-1]),
        overdue=at(overdue, period, "value"),
        before=_before(overdue, period),
        since=formats.month(formats.period_before(period)),
        period=period,
    )


def _months(page: Context, kpi: str) -> pd.DataFrame:
    """Every month with a figure, or the Januaries where no extracts are held."""
    months = signals.months(page.key, kpi, page.own_area)
    if months.empty and kpi in page.measures:
        months = figures.series(page.key, kpi, (page.own_area,))
    return months[months["value"].notna()] if len(months) else months


def _before(overdue: pd.DataFrame, period: str) -> float | None:
    """Overdue cases a year earlier."""
    return at(overdue, formats.period_before(period), "value") if len(overdue) else None


def _rate(page: Context) -> Rate | None:
    newest, measure = newest_rate(page), page.measures.get(ALL)
    if newest is None or measure is None or newest.value is None:
        return None
    england = figures.series(page.key, ALL, (page.england,))
    beside = at(england, newest.period, "value") if len(england) else None

    own = figures.series(page.key, ALL, (page.own_area,))
    late = own.set_index("period")["denominator"] - own.set_index("period")["numerator"]
    changed = newest.change is not None
    since = newest.since
    return Rate(
        year=newest.period_label,
        value=newest.value,
        text=formats.number(newest.value, measure.unit, newest.decimals),
        change=newest.change,
        change_text=formats.change_words(newest.change, measure.unit, newest.decimals, since)
        if changed
        else "",
        england="" if beside is None else formats.number(beside, measure.unit, measure.decimals),
        late=formats.known(late.get(newest.period)),
        late_before=formats.known(late.get(formats.period_before(newest.period))),
    )


def january_note(page: Context) -> str:
    """Where the chart of months ends with the January return and a newer extract says otherwise."""
    found = cases.newest(page.key, page.own_la_code)
    months = signals.months(page.key, OVERDUE, page.own_area)
    if found is None or months.empty:
        return ""
    last, bands = months.iloc[-1], cases.bands(page.key, page.own_la_code)
    overdue = int(bands["overdue_count"].sum())
    is_same_month = last["period"] == f"{found[0]:%Y-%m}"
    if not is_same_month or overdue == last["value"] or pd.isna(last["value"]):
        return ""
    counted = cases.return_day(page.key, page.own_la_code, str(last["period"]))
    return january_words(
        formats.month(str(last["period"])),
        (formats.day(counted), int(last["value"])),
        (formats.day(found[0]), overdue),
    )
