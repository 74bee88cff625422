"""Is this a file of a SEN2 return, and in which form? By its content, never by its name.

Only the head of a text is looked at, and of a workbook the names of its sheets. What no form fits
is described for the reader: what it is most like, and what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from pipelines.errors import InputError
from pipelines.ingest import strict_csv
from pipelines.ingest.archive import ZIP_MAGIC
from pipelines.ingest.sen2 import blade, five_file, presubmission
from pipelines.ingest.sen2.assemble import shown
from pipelines.ingest.workbook import is_workbook, sheet_names
from pipelines.registry.sen2 import folded, sen2
from pipelines.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from pipelines.registry.sen2 import Sen2

HEAD_BYTES = 1 << 16
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# A return has one of these within its first people; each alone could stand in another file.
RECORDS = re.compile(r"<(?:\w+:)?(Requests|ReceivedDate|RequestOutcome)\s*[/>]", re.IGNORECASE)
# A web page has one too, and is refused as what it is.
DOCTYPE = re.compile(rb"<!DOCTYPE\s(?!\s*html)", re.IGNORECASE)
ROOT = re.compile(r"<(?:\w+:)?([A-Za-z_][\w.-]*)[^<>!?]*>")
SHEETS_MIN = 4
XML, TEMPLATE, WORKBOOK = "sen2_xml", "sen2_template", "sen2_presubmission"
COLLECT, FIVE_FILE = "sen2_collect", "sen2_five_file"
HALF = 0.5


def form_of(content: bytes, described: Sen2 | None = None) -> str | None:
    """sen2_xml, sen2_template, sen2_presubmission, sen2_collect:<table>, sen2_five_file:<m1 to m5>.

    content: the whole of a workbook; of a text its beginning is enough. None where it is none.
    """
    described = described or sen2(PROJECT_ROOT)
    if content[:4] == ZIP_MAGIC:
        return _form_of_workbook(content, described)
    text = _head(content)
    if text.lstrip()[:1] == "<":
        return XML if _is_return(text, described) else None
    return _form_of_table(_header(content), described)


def nearest_of(content: bytes, described: Sen2 | None = None) -> str:
    """What a file that is none of them is most like, and what it lacks; '' if it is like none."""
    described = described or sen2(PROJECT_ROOT)
    if content[:4] == ZIP_MAGIC:
        return _nearest_workbook(content, described)
    text = _head(content)
    if text.lstrip()[:1] == "<":
        return _nearest_xml(text, described)
    return _nearest_table({folded(name) for name in _header(content)} - {""}, described)


def line_of_doctype(content: bytes) -> int | None:
    """The line in which an XML's document type is declared, however long; None where it is not."""
    is_utf_16 = content[:2] in UTF_16
    text = content.decode("utf-16", "replace").encode() if is_utf_16 else content
    found = DOCTYPE.search(text)
    return None if found is None else text.count(b"\n", 0, found.start()) + 1


def _head(content: bytes) -> str:
    head = content[:HEAD_BYTES]
    encoding = "utf-16" if head[:2] in UTF_16 else "utf-8-sig"
    return head.decode(encoding, errors="replace")


def _header(content: bytes) -> tuple[str, ...]:
    """The column names of a text; none where its first line is no header."""
    head = content[:HEAD_BYTES]
    line = head.splitlines(keepends=True)[:1]
    try:
        return strict_csv.header_of(line[0]) if line else ()
    except InputError:
        return ()


# ---- which it is --------------------------------------------------------------------------------


def _is_return(text: str, described: Sen2) -> bool:
    """Whether it says so, or holds people with requests."""
    says = re.search(rf"<(?:\w+:)?Collection\s*>\s*{described.collection}\s*<", text, re.IGNORECASE)
    people = re.search(rf"<(?:\w+:)?{described.container}\s*[/>]", text, re.IGNORECASE)
    return bool(says or (people and RECORDS.search(text)))


def _form_of_workbook(content: bytes, described: Sen2) -> str | None:
    names = _sheets(content)
    if folded(described.template.sheet) in {folded(name) for name in names}:
        return TEMPLATE
    found = presubmission.sheets_by_module(names, described)
    people = described.children(described.top)[0]
    return WORKBOOK if people in found and len(found) >= SHEETS_MIN else None


def _sheets(content: bytes) -> tuple[str, ...]:
    try:
        return sheet_names(content) if is_workbook(content) else ()
    except InputError:
        return ()


def _form_of_table(header: tuple[str, ...], described: Sen2) -> str | None:
    module = blade.module_of(header, described)
    if module is not None and _is_tied(module, header, described):
        return f"{COLLECT}:{described.modules[module].collect_table}"
    part = five_file.part_of(header, described)
    return f"{FIVE_FILE}:{part}" if part else None


def _is_tied(module: str, header: Collection[str], described: Sen2) -> bool:
    """Whether the table has an element of its own too: other exports have keys of these names."""
    names = {folded(name) for name in header}
    return any(folded(item.collect) in names for item in described.modules[module].elements)


# ---- what it is like ----------------------------------------------------------------------------


def _nearest_xml(text: str, described: Sen2) -> str:
    found = ROOT.search(text)
    if found is None:
        return ""
    if found[1].lower() != described.root.lower():
        return (
            f"XML whose root is '{found[1][:40]}'; a SEN2 return has the root '{described.root}' "
            f"and '{described.collection}' in Collection"
        )
    return (
        f"most like a SEN2 return as XML; missing: '{described.collection}' in Collection, "
        f"{described.container} with Requests"
    )


def _nearest_workbook(content: bytes, described: Sen2) -> str:
    names = _sheets(content)
    found = presubmission.sheets_by_module(names, described)
    if not found:
        return ""
    missing = [
        module.workbook_sheet
        for name, module in described.modules.items()
        if module.workbook_sheet is not None and name not in found
    ]
    return f"most like the SEN2 workbook of before the submission; missing sheets: {shown(missing)}"


def _nearest_table(header: Collection[str], described: Sen2) -> str:
    """The table of which most columns are there, if more than half of them are."""
    known = dict(_known_tables(described))
    likeness = {
        name: len(columns.keys() & header) / len(columns) for name, columns in known.items()
    }
    name = max(likeness, key=lambda table: likeness[table])
    if likeness[name] < HALF:
        return ""
    missing = [printed for fold, printed in known[name].items() if fold not in header]
    return f"most like {name}; missing columns: {shown(missing)}"


def _known_tables(described: Sen2) -> Iterator[tuple[str, dict[str, str]]]:
    """The columns of each text table of a return, by folded name."""
    for name, module in described.modules.items():
        own = [blade.id_column(name, described)]
        above = [blade.id_column(module.parent, described)] if module.parent else []
        columns = [
            *own,
            *above,
            *(item.collect for item in module.elements if len(item.years) == 1),
        ]
        yield f"the COLLECT table {module.collect_table}", {folded(n): n for n in columns}
    for part, item in described.five_file.items():
        columns = [described.template.person_key[0], *item.known_by]
        yield f"the five-file table {part}", {folded(n): n for n in columns}
