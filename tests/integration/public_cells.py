"""What the public file of a release holds, as a page may print it, and what a page prints."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.release.reader import connect

Cell = tuple[float | None, float | None, float | None, str]
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATES = re.compile(rf"(?:\b\d{{1,2}} )?(?:{MONTHS}) \d{{4}}|\b20\d\d(?:-\d\d)*\b")
NUMBERS = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")
TAGS = re.compile(r"<[^>]+>")
# A cell is printed whole, with one decimal or with two.
DECIMALS = (0, 1, 2)
KEY = ("measure", "area_code", "breakdown_topic", "breakdown", "period", "source", "vintage")
# The account of rows puts the files of a return, of a kind and of a publisher together.
ACCOUNTS = ("kind, vintage, release", "kind", "source = 'council'")


@dataclass(frozen=True)
class PublicCells:
    """The public file.

    Attributes:
        figures: top, bottom, value and symbol of each figure, by what KEY names.
        printed: every number in it, as a page may print it.
        promised: the levels of the plan's milestones, which charts draw beside figures.
    """

    figures: dict[tuple[str, ...], set[Cell]]
    printed: frozenset[str]
    promised: frozenset[str]

    def measures_of(self, area: str) -> set[str]:
        """The measures of which it has a figure of an area."""
        return {
            key[0]
            for key, cells in self.figures.items()
            if key[1] == area and any(value is not None for _, _, value, _ in cells)
        }

    def strange(self, text: str) -> set[str]:
        """Numbers in words that are no cell of it, and no date; of more decimals, rounded."""
        found = numbers(DATES.sub(" ", plain(text)))
        return {it for it in found if not {it, f"{float(it):.2f}"} & self.printed}


def public_cells(path: Path) -> PublicCells:
    """Read a public.duckdb."""
    with closing(connect(path)) as connection:
        rows = connection.execute(
            "select kpi, area_code, breakdown_topic, breakdown, period, source, vintage, "
            "numerator, denominator, value, symbol from marts.kpi_value"
        ).fetchall()
        figures: dict[tuple[str, ...], set[Cell]] = {}
        for *key, top, bottom, value, symbol in rows:
            cell = (number(top), number(bottom), number(value), symbol or "")
            figures.setdefault(tuple(key), set()).add(cell)
        columns = connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() "
            "where schema_name = 'marts' and column_name not in ('sha256', 'kept_sha256')"
        ).fetchall()
        printed = set(_sums(connection))
        for table, column, kind in columns:
            held = connection.execute(
                f'select distinct "{column}" from marts.{table} where "{column}" is not null'  # noqa: S608
            ).fetchall()
            values = [value for (value,) in held]
            printed |= set(
                _printed(values) if kind not in {"VARCHAR", "DATE", "TIMESTAMP"} else _said(values)
            )
        levels = connection.execute(
            "select original_value, current_value, level_value from marts.plan_milestone"
        ).fetchall()
    promised = _printed(value for row in levels for value in row if value is not None)
    return PublicCells(figures, frozenset(printed), frozenset(promised))


def _sums(connection: Any) -> Iterator[str]:
    for group in ACCOUNTS:
        rows = connection.execute(
            "select sum(row_count_in), sum(row_count_accepted), count(*) "  # noqa: S608
            f"from marts.source_file group by {group}"
        ).fetchall()
        yield from _printed([value for row in rows for value in row if value is not None])


def _printed(values: Iterable[Any]) -> Iterator[str]:
    numeric = (float(value) for value in values if not isinstance(value, (list, str)))
    yield from (f"{abs(value):.{places}f}" for value in numeric for places in DECIMALS)


def _said(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield from numbers(str(value))


def number(text: Any) -> float | None:
    """A cell's number, however many decimals it is written with."""
    return None if text in {"", None} else round(float(text), 6)


def numbers(text: str) -> set[str]:
    """The numbers in a text, without their commas and signs."""
    return {found.rstrip(",").replace(",", "") for found in NUMBERS.findall(text)}


def plain(text: str) -> str:
    """HTML without its tags."""
    return html.unescape(TAGS.sub(" ", text))


def every_form(texts: Iterable[str]) -> set[str]:
    """The numbers in texts and in ids, with fewer decimals too."""
    parted = (text.replace("_", " ") for text in texts)
    return set(_printed(float(found) for text in parted for found in numbers(text)))


def drawn(trace: dict[str, Any]) -> set[str]:
    """The numbers that one line, row of bars or set of points brings: heights, and words."""
    texts = [text for name in ("text", "hovertext") for text in _listed(trace.get(name))]
    said = numbers(DATES.sub(" ", plain(" | ".join(map(str, texts)))))
    # Bars may lie; of lines and points the x is a time.
    axes = ("x", "y") if trace["type"] == "bar" else ("y",)
    heights = [value for axis in axes for value in _listed(trace.get(axis))]
    drawn_at = [value for value in heights if isinstance(value, (int, float)) and value == value]
    return said | {f"{abs(value):.2f}" for value in drawn_at}


def _listed(values: Any) -> list[Any]:
    if isinstance(values, dict):
        found = np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"])
        return [value.item() for value in found]
    return values if isinstance(values, list) else [] if values is None else [values]
