"""The chart of like-for-like pairs: two areas, one definition, the same periods."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboards import formats
from dashboards.charts.axis import Axis, zero_axis
from dashboards.charts.lines import comparison_lines
from dashboards.components.chart_panel import Panel
from dashboards.components.comparison import fixed_or_count_axis
from dashboards.components.wide_table import wide_table
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.words.breaks import break_marks, break_notes
from dashboards.words.evidence import Remark, remark
from dashboards.words.titles import Pair, alt_text, pair_title


def pair_chart(
    context: Context, claim_id: str, rows: pd.DataFrame
) -> tuple[Any, Panel, Measure] | None:
    """The chart of the first kind of pair that has two areas in two periods or more.

    rows: the like-for-like evidence of one claim, in order, older editions first.
    """
    for _, part in rows.groupby(["kpi", "unit", rows["note"].map(_kind)], sort=False):
        newest = part.drop_duplicates(["period", "area_code"], keep="last")
        measure = context.measures.get(str(newest["kpi"].iloc[0]))
        if measure and newest["area_code"].nunique() == 2 and newest["period"].nunique() > 1:
            return _made(context, f"claim-{claim_id}", measure, newest)
    return None


def compares_groups(measured: pd.DataFrame) -> bool:
    """Whether a statement holds groups of one area against each other, as C20 does.

    Another area beside one of the groups would be off the point, so there is no chart.
    """
    groups = measured.assign(subject=[remark(note).subject for note in measured["note"]])
    counts = groups.groupby(["kpi", "period", "area_code"])["subject"].nunique()
    return bool((counts > 1).any())


def _kind(note: object) -> str:
    return remark(note).kind


def _made(
    context: Context, stem: str, measure: Measure, rows: pd.DataFrame
) -> tuple[Any, Panel, Measure]:
    home = context.home.area_code
    frame = rows.assign(
        line=rows["area_name"],
        role=["focus" if code == home else "england" for code in rows["area_code"]],
        is_revised=False,
    ).sort_values(["role", "period"], ascending=[False, True], kind="stable")
    unit = str(frame["unit"].iloc[0])
    decimals = int(frame["decimals"].min())
    axis = _axis(context, measure, frame, unit)
    figure = comparison_lines(
        frame,
        axis,
        context.palette,
        unit=unit,
        decimals=decimals,
        breaks=break_marks(measure.breaks),
    )
    return figure, _panel(frame, measure, axis, stem, (unit, decimals)), measure


def _axis(context: Context, measure: Measure, frame: pd.DataFrame, unit: str) -> Axis:
    """The measure's own axis for its own figures; from zero for a change or another basis."""
    if unit == measure.unit and frame["note"].map(remark).map(_is_plain).all():
        return fixed_or_count_axis(context, measure, "All", frame)
    return zero_axis([float(value) for value in frame["value"].dropna()])


def _is_plain(note: Remark) -> bool:
    return not (note.subject or note.basis)


def _panel(
    frame: pd.DataFrame, measure: Measure, axis: Axis, stem: str, printed: tuple[str, int]
) -> Panel:
    unit, decimals = printed
    names = list(dict.fromkeys(frame["line"]))
    wide = frame.pivot(index="period", columns="line", values="value")[names].dropna()
    own, other = (None, None) if wide.empty else wide.iloc[-1]
    subject, basis = _subject(measure, frame), _basis(frame)
    title = pair_title(Pair(names[0], names[1], subject, basis, unit, decimals, own, other))
    subtitle = _subtitle(frame, measure, names)
    columns = ["area_name", "area_code", "period", "period_label", "value", "unit", "note"]
    return Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, _ends(frame, unit, decimals)),
        notes=(axis.words(unit), *break_notes(measure.breaks, frame["period"].min())),
        table=wide_table(frame, unit, decimals),
        numbers=tuple(names),
        data=frame[[*columns, "source", "vintage"]],
        stem=stem,
    )


def _subject(measure: Measure, frame: pd.DataFrame) -> str:
    """The measure, and which part of it; the subtitle names what else was put together."""
    part = remark(frame["note"].iloc[0]).subject
    if part.startswith(measure.title):
        return f"{measure.short_title} and more"
    return f"{measure.short_title}, {part}" if part else measure.short_title


def _basis(frame: pd.DataFrame) -> str:
    """'since January 2018', 'change' where each period has a base of its own; empty for none."""
    bases = {remark(note).basis for note in frame["note"]}
    if bases == {""}:
        return ""
    return remark(frame["note"].iloc[0]).since if len(bases) == 1 else "change"


def _subtitle(frame: pd.DataFrame, measure: Measure, names: list[str]) -> str:
    remarks = [remark(note) for note in frame["note"]]
    bases = {note.basis for note in remarks}
    basis = remarks[0].basis if len(bases) == 1 else "change over the same number of years"
    labels = frame.sort_values("period")["period_label"]
    parts = [measure.title, remarks[0].subject, basis, formats.listed(names)]
    span = f"same definition, {labels.iloc[0]} to {labels.iloc[-1]}"
    return ", ".join([*[part for part in parts if part], span])


def _ends(frame: pd.DataFrame, unit: str, decimals: int) -> list[str]:
    last: Any = frame[frame["period"] == frame["period"].max()].itertuples()
    return [f"{row.line} {formats.number(row.value, unit, decimals)}" for row in last]
