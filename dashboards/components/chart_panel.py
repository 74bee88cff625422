"""A chart with all that goes with it: finding, subject, table, files, source and definition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import downloads, formats
from dashboards.components import html
from dashboards.components.footer import data_version, editions
from dashboards.components.view_state import address
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.words.sources import own_rows, own_words, sources

_CONFIG: dict[str, Any] = {"displayModeBar": False, "scrollZoom": False}


@dataclass(frozen=True)
class Panel:
    """The words and rows of one chart.

    Attributes:
        title: the finding, ten words at most.
        subtitle: measure, area, period.
        alt: what a listener needs in place of the picture.
        notes: sentences under the chart: axis, breaks, symbols.
        table: the same figures as printed texts.
        numbers: columns of the table set to the right.
        data: what the CSV holds.
        stem: of the file names, and the key of the widgets.
        source: what the figures rest on, where the measure's own source does not say all of it.
    """

    title: str
    subtitle: str
    alt: str
    notes: tuple[str, ...]
    table: pd.DataFrame
    numbers: tuple[str, ...]
    data: pd.DataFrame
    stem: str
    source: str = ""

    @cached_property
    def table_html(self) -> str:
        """The table as it is shown."""
        return html.table(self.table, self.subtitle, self.numbers)

    @cached_property
    def origins(self) -> pd.DataFrame:
        """Each source and edition of the rows once: enough to say where they come from."""
        held = [name for name in ("source", "vintage") if name in self.data.columns]
        return self.data[held].drop_duplicates()


def chart_panel(
    context: Context, figure: Any, panel: Panel, measure: Measure | None, *, is_part: bool = False
) -> None:
    """Show one chart with its three views.

    is_part: whether the chart stands under a heading of its own, and takes a lower one.
    """
    (st.subheader if is_part else st.header)(panel.title, anchor=False)
    st.html(html.paragraphs(panel.subtitle, css="sm-subtitle"))
    names = ["Chart", "Table and download", *(["About this measure"] if measure else [])]
    tabs = st.tabs(names, key=f"tabs-{panel.stem}")
    with tabs[0]:
        # The figure brings its own fonts and colours; the framework's theme would shift its axes.
        st.plotly_chart(
            figure,
            key=f"chart-{panel.stem}",
            theme=None,
            config=_CONFIG,
            alt=spoken(context, panel),
        )
        st.html(html.paragraphs(*panel.notes, css="sm-note"))
    with tabs[1]:
        st.html(panel.table_html)
        download_pair(context, panel.data, measure, panel.stem, panel.subtitle, source=panel.source)
    if measure:
        with tabs[2]:
            about(measure, panel.source or _sources(context, measure, panel.origins))
    told = source_line(context, measure, panel.origins, panel.source)
    st.html(html.paragraphs(told, css="sm-note"))


def download_pair(
    context: Context,
    data: pd.DataFrame,
    measure: Measure | None,
    stem: str,
    title: str,
    *,
    is_evidence: bool = False,
    source: str = "",
) -> None:
    """The CSV and the text that explains it, side by side.

    is_evidence: read from the auditors' file, whose numbers are exact. source: as of a Panel.
    """
    name = f"sample-{stem}" if context.facts.get("is_sample") else stem

    def explained() -> bytes:
        version = (editions(data) if measure else "") or data_version(context)
        told = source or (_sources(context, measure, data) if measure else "")
        terms = terms_of(context, data, is_evidence=is_evidence)
        return downloads.metadata(measure, context.facts, version, title, told, terms)

    row = st.container(horizontal=True)
    row.download_button(
        "Download the figures (CSV)",
        data=lambda: downloads.csv_bytes(data),
        file_name=downloads.file_name(name, "csv"),
        mime="text/csv",
        key=f"csv-{stem}",
        on_click="ignore",
    )
    row.download_button(
        "Download what they mean (text)",
        data=explained,
        file_name=downloads.file_name(f"{name}-metadata", "txt"),
        mime="text/plain",
        key=f"metadata-{stem}",
        on_click="ignore",
    )


def terms_of(context: Context, data: pd.DataFrame, *, is_evidence: bool) -> str:
    """The open licence for what anybody may read; otherwise for whom the figures are.

    Rows without a source are the council's own, or counted from them.
    """
    is_published = "source" in data.columns and not own_rows(data).any()
    is_kept = is_evidence or (context.is_officer and not is_published)
    return downloads.KEPT.get(context.role, downloads.LICENSED) if is_kept else downloads.LICENSED


def about(measure: Measure, source: str = "") -> None:
    """Definition, parts, source, caveat, breaks and next update, as a list of terms.

    source: of the figures beside it, where they are not all the publisher's.
    """
    terms = html.terms(about_terms(measure, source))
    definition = html.escape(address("about", measure=measure.kpi))
    st.html(f'{terms}<p><a href="{definition}">Link to this definition</a></p>')


def about_terms(measure: Measure, source: str = "") -> list[tuple[str, str]]:
    """What there is to say of a measure, term by term; a term with an empty text is left out."""
    return [
        ("Definition", measure.definition),
        ("Top of the fraction", measure.numerator_text if measure.denominator_text else ""),
        ("Bottom of the fraction", measure.denominator_text),
        ("What is counted", "" if measure.denominator_text else measure.numerator_text),
        ("Better is", _polarity(measure)),
        ("Take care", measure.caveat),
        *[(f"Break: {_period(period, measure)} [b]", why) for period, why in measure.breaks],
        ("Source", source or measure.source_text),
        ("Next update", measure.next_update),
    ]


def source_line(
    context: Context, measure: Measure | None, data: pd.DataFrame, source: str = ""
) -> str:
    """Source, editions of the published rows, and release: under every chart.

    source: as of a Panel.
    """
    told = source or (_sources(context, measure, data) if measure else "")
    shown = editions(data[~own_rows(data)])
    parts = (f"Source: {told}" if told else "", f"Data: {shown}." if shown else "")
    return " ".join([*filter(None, parts), f"Release {context.facts['release']}."])


def spoken(context: Context, panel: Panel) -> str:
    """What a listener hears in place of the picture; of figures not published, whose they are."""
    own = own_words(panel.origins, _council(context), is_exact=context.is_officer)
    return f"{panel.alt} From {own}" if own else panel.alt


def _sources(context: Context, measure: Measure, data: pd.DataFrame) -> str:
    council = _council(context)
    return sources(measure.source_text, data, council, is_exact=context.is_officer)


def _council(context: Context) -> str:
    """The name of the council whose rows the release holds."""
    return str(context.facts.get("council_name") or "The council")


def _period(period: str, measure: Measure) -> str:
    return formats.period_label(period, measure.period_kind)


def _polarity(measure: Measure) -> str:
    words = {"high_is_good": "higher", "low_is_good": "lower"}
    return words.get(measure.polarity, "neither higher nor lower: it describes, it does not judge")
