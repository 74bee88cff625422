"""Returns made for tests: drawn by hypothesis, and written in the forms that have no writer.

A tree is what a return says without its numbers: each record as its cells and the records in it, so
that two readings can be compared whatever rows they came from.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pyarrow as pa
from hypothesis import strategies as st

from pipelines.errors import InputError
from pipelines.ingest.modules import Modules
from pipelines.ingest.sen2.assemble import Head, Records, assemble, table_of
from pipelines.registry.sen2 import Element, Sen2, sen2
from pipelines.settings import PROJECT_ROOT

DESCRIBED = sen2(PROJECT_ROOT)
EXAMPLE = PROJECT_ROOT / "tests" / "fixtures" / "sen2_example_2026.xml"
# How often a record stands in the one above it.
MOST = {
    "person": 4,
    "request": 3,
    "assessment": 1,
    "named_plan": 1,
    "plan_detail": 2,
    "active_plan": 1,
    "placement_detail": 3,
    "sen_need": 2,
}
AWKWARD = [
    "O'Brien & <Sons>",
    'said "so", twice',
    "Zoë Ødegård",
    "]]>",
    "a;b\tc",
    "=1+1",
    "ñ\u200d",
    "&amp;",
]
text = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=9),
)
days = st.dates().map(lambda day: day.isoformat())
whole_numbers = {"la3": 3, "serial": 4, "urn": 6, "ukprn": 8, "uln": 10}
Tree = tuple[tuple[str | None, ...], tuple[Any, ...]]


def cell(item: Element, described: Sen2 = DESCRIBED) -> st.SearchStrategy[str | None]:
    """A value of an element's type, or nothing."""
    if item.type in whole_numbers:
        least = 10 ** (whole_numbers[item.type] - 1)
        some = st.integers(least, 10 * least - 1).map(str)
    elif item.codes is not None:
        some = st.sampled_from(sorted(described.codes[item.codes]))
    else:
        some = {
            "date": days,
            "datetime": st.datetimes().map(lambda at: at.replace(microsecond=0).isoformat()),
            "year": st.just("2026"),
            "boolean": st.sampled_from(["0", "1"]),
        }.get(item.type, text)
    return st.none() | some


def records(name: str, year: int) -> st.SearchStrategy[Tree]:
    """A record of a module, with what lies in it."""
    module = DESCRIBED.modules[name]
    nothing: st.SearchStrategy[str | None] = st.none()
    cells = st.tuples(
        *(cell(item) if item.exists_in(year) else nothing for item in module.elements)
    )
    inner = st.tuples(
        *(
            st.lists(records(child, year), max_size=MOST[child]).map(tuple)
            for child in DESCRIBED.children(name)
        )
    )
    return st.tuples(cells, inner)


@st.composite
def returns(draw: st.DrawFn, year: int) -> Modules:
    """A return of a year: any cells, any number of records, but the year itself in the header."""
    header, (people,) = draw(records("header", year))
    columns = DESCRIBED.modules["header"].columns
    cells = dict(zip(columns, header, strict=True)) | {"return_year": str(year)}
    return modules_of((tuple(cells[name] for name in columns), (people,)))


def modules_of(tree: Tree) -> Modules:
    """A tree as tables, as an XML file with it would be read."""
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in DESCRIBED.modules}

    def add(name: str, parent: int | None, record: Tree) -> None:
        number = len(rows[name]) + 1
        rows[name].append((number, parent, number, *record[0]))
        for child, inner in zip(DESCRIBED.children(name), record[1], strict=True):
            for item in inner:
                add(child, number, item)

    add("header", None, tree)
    found = {name: Records(_table(name, held)) for name, held in rows.items()}
    return assemble("xml", found, Head(1, 1), (), DESCRIBED)


def _table(name: str, rows: list[tuple[Any, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * (3 + len(DESCRIBED.modules[name].columns))
    return table_of(
        columns[:3], dict(zip(DESCRIBED.modules[name].columns, columns[3:], strict=True))
    )


def tree_of(modules: Modules, only: set[str] | None = None) -> list[Any]:
    """What the people of a return say, in order; only: the modules that are compared."""

    def below(name: str, number: int) -> list[Any]:
        found = []
        for child in DESCRIBED.children(name):
            if only is None or child in only:
                rows = modules.tables[child].to_pylist()
                inner = [row for row in rows if row["parent"] == number]
                found.append([(values(child, row), below(child, row["record"])) for row in inner])
        return found

    people = modules.tables["person"].to_pylist()
    return [(values("person", row), below("person", row["record"])) for row in people]


def values(name: str, row: dict[str, Any]) -> dict[str, Any]:
    return {column: row[column] for column in DESCRIBED.modules[name].columns}


def same(left: Modules, right: Modules) -> None:
    """Every table is the same but for the rows of the file."""
    compared = 0
    for name in DESCRIBED.modules:
        columns = ["record", "parent", *DESCRIBED.modules[name].columns]
        assert (
            left.tables[name].select(columns).to_pylist()
            == right.tables[name].select(columns).to_pylist()
        ), name
        compared += 1
    assert compared == 9


def accounted(modules: Modules) -> None:
    """Rows in = accepted + put aside, for every module."""
    assert set(modules.row_counts_in) == set(modules.tables) >= set(DESCRIBED.modules)
    for name, count in modules.row_counts_in.items():
        aside = modules.quarantined.get(name, ())
        assert modules.tables[name].num_rows + len(aside) == count, name
        assert all(row.text == "" and row.reason and row.remedy for row in aside)


# ---- forms that have no writer ------------------------------------------------------------------


def _links(modules: Modules) -> dict[str, dict[int, tuple[int, int]]]:
    """Person and request of each record, by module."""
    found: dict[str, dict[int, tuple[int, int]]] = {}
    for name, module in DESCRIBED.modules.items():
        for row in modules.tables[name].to_pylist():
            number = row["record"]
            above = found.get(module.parent or "", {}).get(row["parent"], (0, 0))
            link = {"person": (number, 0), "request": (above[0], number)}.get(name, above)
            found.setdefault(name, {})[number] = link
    return found


def typed(item: Element, cell_text: str | None) -> Any:
    """A cell as Excel holds it: numbers are fractions; text is text."""
    if cell_text is not None and cell_text.isascii() and cell_text.isdigit():
        return float(cell_text) if item.type not in ("text", "postcode", "upn") else cell_text
    return cell_text


def heading(item: Element) -> str:
    """What the template prints above an element."""
    begun = [label for label in item.labels if label.endswith("...")]
    return begun[0].replace("...", "LA moved to") if begun else item.labels[0]


def template_of(modules: Modules, year: int) -> bytes:
    """The DfE template with a return in it."""
    links = _links(modules)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = DESCRIBED.template.sheet
    for name, module in DESCRIBED.modules.items():
        items = [item for item in module.elements if item.exists_in(year) and item.labels]
        keys = {"header": [], "person": ["Person ID"]}.get(
            name, ["Person ID", "Requests record ID"]
        )
        sheet.append([module.template_table])
        sheet.append(["Record Type", *keys, *(heading(item) for item in items)])
        for row in modules.tables[name].to_pylist():
            link = [float(number) for number in links[name][row["record"]]][: len(keys)]
            _append(sheet, [name, *link, *(typed(item, row[item.column]) for item in items)])
        sheet.append([])
        sheet.append([])
    return _bytes(book)


def workbook_of(modules: Modules, year: int) -> bytes:
    """The workbook of before the submission with a return in it."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, module in DESCRIBED.modules.items():
        if module.workbook_sheet is None or module.parent is None:
            continue
        sheet = book.create_sheet(module.workbook_sheet)
        items = [item for item in module.elements if item.exists_in(year)]
        above = f"{DESCRIBED.modules[module.parent].collect_table}tableid"
        names = ["rquestsource" if i.collect == "requestsource" else i.collect for i in items]
        sheet.append([f"{module.collect_table}tableid", above, *names])
        for row in modules.tables[name].to_pylist():
            keys = [float(row["record"]), float(row["parent"])]
            _append(sheet, keys + [typed(item, row[item.column]) for item in items])
    return _bytes(book)


def _append(sheet: Any, cells: list[Any]) -> None:
    """A row whose texts are texts, also those that begin like a formula."""
    sheet.append([None] * len(cells))
    for place, value in enumerate(cells, start=1):
        target = sheet.cell(sheet._current_row, place)
        target.value = value
        if isinstance(value, str):
            target.data_type = "s"


def _bytes(book: openpyxl.Workbook) -> bytes:
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


FIVE = {
    "m1": "person",
    "m2": "request",
    "m3": "assessment",
    "m4": "named_plan",
    "m5": "active_plan",
}


def five_files_of(modules: Modules) -> dict[str, bytes]:
    """The five CSV files with what of a return they can hold."""
    links = _links(modules)
    return {f"{part}.csv": _five(modules, name, links.get(name, {})) for part, name in FIVE.items()}


def _five(modules: Modules, name: str, links: dict[int, tuple[int, int]]) -> bytes:
    items = [item for item in DESCRIBED.modules[name].elements if item.labels]
    keys = ["Person ID"] if name == "person" else ["Person ID", "Requests Record ID"]
    kept = io.StringIO()
    writer = csv.writer(kept)
    writer.writerow([*keys, *(item.labels[-1].replace("...", "LA") for item in items)])
    for row in modules.tables[name].to_pylist():
        writer.writerow([*links[row["record"]][: len(keys)], *(row[item.column] for item in items)])
    return kept.getvalue().encode()


def refusal(read: Callable[[], Modules]) -> InputError | None:
    """The error of a reading, or None after its rows were found to be accounted for."""
    try:
        modules = read()
    except InputError as error:
        return error
    accounted(modules)
    return None
