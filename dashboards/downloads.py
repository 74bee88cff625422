"""Bytes of the files that readers take away: a CSV and the text that explains it."""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Mapping

import pandas as pd

from dashboards import formats
from dashboards.measure import Measure
from dashboards.role import Role
from dashboards.words.sources import SAMPLE

LICENCE = "Open Government Licence v3.0"
LICENCE_ADDRESS = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"

LICENSED = f"Licence: {LICENCE} ({LICENCE_ADDRESS})"
# On what terms exact figures of the council's own are handed to those who may read them.
KEPT = {
    role: (
        f"Terms: for {readers} only. These figures are exact and not protected: they are under no "
        "open licence, do not publish them or pass them on."
    )
    for role, readers in (
        (Role.OFFICER, "the council's officers"),
        (Role.AUDITOR, "the council's auditors"),
    )
}

# A spreadsheet runs a cell that begins with one of these as a formula.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\0")

# One row a figure: the same columns in the file of every chart of a measure.
COLUMNS = (
    "measure",
    "unit",
    "breakdown_topic",
    "breakdown",
    "area",
    "area_code",
    "period",
    "period_label",
    "numerator",
    "denominator",
    "value",
    "symbol",
    "source",
    "vintage",
    "previous_vintage",
    "previous_value",
)


def figures(frame: pd.DataFrame, kpi: str, unit: str) -> pd.DataFrame:
    """The rows of a chart as its file holds them: counts whole, in the columns of every chart.

    frame: the columns of COLUMNS save the first two, with line in place of area. A value that is
    printed without decimals, by its column decimals, has none in the file either.
    """
    data = frame.rename(columns={"line": "area"}).assign(measure=kpi, unit=unit)
    counts = ["numerator", "denominator", *(["value", "previous_value"] if unit == "count" else [])]
    whole = data.assign(**{name: _whole(data[name]) for name in counts})
    return whole.assign(value=_printed(whole))[list(COLUMNS)]


def of_measures(frame: pd.DataFrame, unit: str) -> pd.DataFrame:
    """The same of a chart that shows several measures of one unit, each row's in its column kpi."""
    parts = [figures(part, str(kpi), unit) for kpi, part in frame.groupby("kpi", sort=False)]
    return pd.concat(parts, ignore_index=True)


def _printed(data: pd.DataFrame) -> pd.Series:
    """The values, of protected percentages '23' and never '23.0'."""
    if "decimals" not in data.columns or pd.api.types.is_integer_dtype(data["value"]):
        return data["value"]
    is_whole = data["decimals"].eq(0) & data["value"].notna()
    return data["value"].astype(object).mask(is_whole, data["value"].round().astype("Int64"))


def _whole(column: pd.Series) -> pd.Series:
    """Counts without a decimal point; a column that holds a fraction stays as it is."""
    numbers = pd.to_numeric(column)
    return numbers.astype("Int64") if (numbers.dropna() % 1 == 0).all() else column


def neutral(cell: object) -> str:
    """The cell's text, with an apostrophe before anything a spreadsheet would run.

    A negative number is a number, not a formula, and stays as it is.
    """
    text = "" if cell is None or cell is pd.NA or cell != cell else str(cell)
    if isinstance(cell, (int, float)) or not text.startswith(_ACTIVE):
        return text
    return f"'{text}"


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """The frame as CSV in UTF-8 with a byte order mark, which spreadsheets need for accents."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([neutral(name) for name in frame.columns])
    for row in frame.itertuples(index=False, name=None):
        writer.writerow([neutral(cell) for cell in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def metadata(
    measure: Measure | None,
    facts: Mapping[str, object],
    data_version: str,
    title: str,
    source: str = "",
    terms: str = LICENSED,
) -> bytes:
    """The text file beside a CSV: what it is, where it comes from, and on what terms.

    source: of the figures in the CSV, where they are not all the publisher's.
    """
    parts = [f"# {title}", "", *([SAMPLE, ""] if facts.get("is_sample") else [])]
    parts += _measure_lines(measure, source) if measure else []
    parts += [
        f"Release: {facts['release']}",
        f"Built: {formats.day(facts['built_at'])}",
        f"Code version: {facts['code_version']}",
        f"Data version: {data_version}",
        terms,
        "",
        "Symbols that stand in place of a number or beside it:",
        *[f"[{symbol}] {words}" for symbol, words in formats.SYMBOLS.items()],
        "",
    ]
    return "\n".join(parts).encode()


def file_name(stem: str, ending: str) -> str:
    """A name that cannot be guessed: the address of a download is open for some minutes."""
    return f"{stem}-{secrets.token_hex(4)}.{ending}"


def _measure_lines(measure: Measure, source: str) -> list[str]:
    lines = [
        f"Measure: {measure.title} ({measure.kpi})",
        f"Definition: {measure.definition}",
        f"Numerator: {measure.numerator_text}",
        f"Denominator: {measure.denominator_text or 'none: a count or a published average'}",
        f"Caveat: {measure.caveat}" if measure.caveat else "",
        *[f"Break in the series at {_label(at, measure)} [b]: {why}" for at, why in measure.breaks],
        f"Source: {source or measure.source_text}",
        f"Next update: {measure.next_update}",
    ]
    return [line for line in lines if line]


def _label(period: str, measure: Measure) -> str:
    return formats.period_label(period, measure.period_kind)
