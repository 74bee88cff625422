"""What the gate "reports" asks: the files that readers take are made, read back, and held.

What they must say is asked of the public file by a query of its own: what is wrong in a query of
the pages, in a sheet or in the template is found before anybody reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards import formats
from dashboards.context import Context
from dashboards.overview import councils
from dashboards.queries.frozen import records
from dashboards.queries.printed import whole_figures
from dashboards.reports.kinds import Kind, make
from dashboards.reports.read_back import Sheet, printed_cards, sheets_of
from pipelines.errors import SendError
from pipelines.registry.council import Council

# A value, and the decimals with which it is printed.
Cell = tuple[float | None, int]


@dataclass(frozen=True)
class Agreement:
    """How the comparison ended. found: what was held or what differs, as a sentence."""

    holds: bool
    found: str


@dataclass(frozen=True)
class Figure:
    """One figure of the public file. decimals: with which it is printed."""

    kpi: str
    title: str
    area_code: str
    period_label: str
    value: float | None
    numerator: float | None
    denominator: float | None
    decimals: int


def reports_agree(page: Context) -> Agreement:
    """Whether workbook and one-page report say what the public file says. page: as the public."""
    whose = councils(page)[-1]
    try:
        book, sheet = make(page, Kind.WORKBOOK, whose), make(page, Kind.ONE_PAGE, whose)
    except SendError as error:
        return Agreement(False, f"not to be made: {error.what} ({error.where}).")
    return compared(figures_of(page, whose), whose, book, sheet)


def compared(wanted: Sequence[Figure], whose: Council, book: bytes, sheet: bytes) -> Agreement:
    """Hold both files against the figures. wanted: every period, newest first."""
    sheets = sheets_of(book)
    own = [figure for figure in wanted if figure.area_code == whose.area_code]
    by_kpi = {kpi: [f for f in own if f.kpi == kpi] for kpi in whose.overview_measures}
    apart = [
        *(told for rows in by_kpi.values() for told in _of_measure(rows, wanted, whose, sheets)),
        *_of_sheet([rows for rows in by_kpi.values() if rows], sheet),
    ]
    if apart:
        told = formats.plural(len(apart), "difference")
        return Agreement(False, f"not as the public file: {told}, the first: {apart[0]}.")
    measures = formats.plural(sum(bool(rows) for rows in by_kpi.values()), "measure")
    return Agreement(
        True,
        f"{formats.plural(len(own), 'figure')} of {measures}, read back from the workbook and the "
        "one-page report, are those of the public file.",
    )


def figures_of(page: Context, whose: Council) -> list[Figure]:
    """What the public file holds of the first page's measures: the council's, and England's."""
    found = whole_figures(page.key, whose.overview_measures, whose.area_code)
    return [Figure(**row) for row in records(found)]


def _of_measure(
    own: Sequence[Figure], wanted: Sequence[Figure], whose: Council, sheets: Sequence[Sheet]
) -> Iterator[str]:
    """How the workbook's sheet of one measure differs. own: every period of the council's."""
    if not own:
        return
    title = own[0].title
    sheet = next((s for s in sheets if s.title.startswith(f"{title}, {whose.name}, by year")), None)
    if sheet is None:
        yield f"the workbook has no sheet of {title}"
        return
    labels = [figure.period_label for figure in own]
    if labels != sheet.column("Period"):
        yield f"the workbook's sheet of {title} has other periods than {', '.join(labels)}"
        return
    if not any(head.startswith(f"{whose.name} (") for head in sheet.heads):
        yield f"the workbook's sheet of {title} has no column of {whose.name}"
    for column, wanted_cells in _columns(own, wanted, whose, sheet):
        for figure, cell, (value, places) in zip(
            own, sheet.column(column), wanted_cells, strict=True
        ):
            if not _is_same(cell, value, places):
                yield f"{title}, {figure.period_label}, {column} in the workbook: {cell}"


def _columns(
    own: Sequence[Figure], wanted: Sequence[Figure], whose: Council, sheet: Sheet
) -> Iterator[tuple[str, list[Cell]]]:
    """The columns of a sheet that are held, with what stands in them from above.

    England is left out of counts, and the fraction of what is none.
    """
    england = {
        figure.period_label: (figure.value, figure.decimals)
        for figure in wanted
        if figure.kpi == own[0].kpi and figure.area_code != whose.area_code
    }
    held: dict[str, list[Cell]] = {
        f"{whose.name} (": [(figure.value, figure.decimals) for figure in own],
        "England (": [england.get(figure.period_label, (None, 0)) for figure in own],
        "Top of the fraction": [(figure.numerator, 0) for figure in own],
        "Bottom of the fraction": [(figure.denominator, 0) for figure in own],
    }
    for beginning, cells in held.items():
        yield from ((name, cells) for name in sheet.heads if name.startswith(beginning))


def _is_same(cell: Any, value: float | None, places: int) -> bool:
    """Whether a cell is a value, rounded, or a symbol where there is none."""
    if value is None:
        return isinstance(cell, str) and cell.startswith("[")
    if isinstance(cell, str) or cell is None:
        return False
    return bool(abs(float(cell) - value) <= 0.5 * 10**-places + 1e-9)


def _of_sheet(measures: Sequence[Sequence[Figure]], sheet: bytes) -> Iterator[str]:
    """How the one-page report differs from the newest figure of each measure that has one."""
    newest = [
        next((figure for figure in rows if figure.value is not None), None) for rows in measures
    ]
    wanted = [figure for figure in newest if figure]
    found = printed_cards(sheet, [figure.title for figure in wanted])
    for figure in wanted:
        said = found.get(figure.title)
        if said is None:
            yield f"the one-page report has no {figure.title}"
        elif not _is_same(said.value, figure.value, figure.decimals):
            yield f"{figure.title} in the one-page report: {said.value}"
        elif figure.period_label not in said.below:
            yield f"{figure.title} in the one-page report is not of {figure.period_label}"
