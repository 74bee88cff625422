"""Which file is this? By its columns, elements and labels, never by its name.

Looks at the head of a file only. Gives family, form and part; reading it is the work of the
source's own module. What no kind fits is refused, and nearest.py says what it is most like.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.errors import InputError
from pipelines.ingest import boundary, postcodes, strict_csv, tribunal
from pipelines.ingest.archive import ZIP_MAGIC
from pipelines.ingest.nearest import marks_of, nearest_of_all
from pipelines.ingest.safe_xml import with_doctype
from pipelines.registry.sources import Sources

HEAD_BYTES = 4000
NOT_DATA = "not data"
PUBLISHED = "published"
UTF_16_XML = (b"\xff\xfe<\0", b"\xfe\xff\0<")
OLD_WORKBOOK_MAGIC = b"\xd0\xcf\x11\xe0"

FormOf = Callable[[bytes], str | None]


@dataclass(frozen=True)
class Recognised:
    """What a file is.

    Attributes:
        family: 'published' for open data, otherwise a family of families.py.
        form: how it is written; of open data the kind.
        part: which part of a bundle it is; '' where it is whole by itself.
    """

    family: str
    form: str
    part: str = ""


def _sen2(head: bytes) -> str | None:
    from pipelines.ingest.sen2.marks import form_of

    return form_of(head)


def _census(head: bytes) -> str | None:
    from pipelines.ingest.census.marks import AP_FORM, form_of

    form = form_of(head)
    return None if form == AP_FORM else form


def _ap_census(head: bytes) -> str | None:
    from pipelines.ingest.census.marks import AP_FORM, form_of

    return AP_FORM if form_of(head) == AP_FORM else None


def _council(head: bytes) -> str | None:
    from pipelines.ingest.council.marks import form_of

    return form_of(head)


# Person-level families in the order in which they are asked; each gives 'form' or 'form:part'.
RECOGNISERS: tuple[tuple[str, FormOf], ...] = (
    ("sen2", _sen2),
    ("census", _census),
    ("ap_census", _ap_census),
    ("council", _council),
)


def recognised(head: bytes, sources: Sources) -> Recognised:
    """What a file is by its head: a workbook's head is all of it.

    Raises:
        InputError: the content fits no kind; names the nearest and what sets it apart.
    """
    for family, form_of in RECOGNISERS:
        if family != "sen2" and not _is_table(head):
            continue
        found = form_of(head)
        if found is not None:
            form, _, part = found.partition(":")
            return Recognised(family, form, part)
    return Recognised(PUBLISHED, kind_of(head, sources))


def _is_table(head: bytes) -> bool:
    """Whether the first line can be a header; what is none is nobody's table."""
    if head[:4] == ZIP_MAGIC or head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{", b""):
        return False
    try:
        strict_csv.header_of(head)
    except InputError:
        return False
    return True


def kind_of(content: bytes, sources: Sources) -> str:
    """The kind: a file of ees.yml, another source's dataset, a code list, 'boundary', 'not data'.

    Raises:
        InputError: the content fits no kind; names the nearest and what sets it apart.
    """
    _refuse_documents(content)
    if boundary.looks_like_json(content):
        return boundary.KIND
    head = _head(content)
    if any(line in head for line in sources.ees.not_data):
        return NOT_DATA
    if tribunal.is_table(head, sources.tribunal):
        return sources.tribunal.dataset
    header = {name.lower() for name in strict_csv.header_of(content)}
    kinds = [kind for kind, marks in marks_of(sources).items() if marks <= header]
    kind = _told_apart(kinds, content, sources)
    if kind is None and postcodes.is_lookup(header):
        return postcodes.KIND
    if kind is None:
        _refuse_other_separators(content)
        raise InputError(nearest_of_all(content, header, sources), remedy=WHAT_IS_READ)
    return kind


def _refuse_other_separators(content: bytes) -> None:
    """A header that holds more semicolons or tabs than commas is a list of another kind."""
    line = strict_csv.decode(content).split(b"\n", 1)[0]
    for mark, name in ((b";", "semicolons"), (b"\t", "tabs")):
        if line.count(mark) > line.count(b","):
            raise InputError(
                f"its columns are separated by {name}, not by commas",
                remedy="Save the file again as 'CSV UTF-8 (comma delimited)'.",
            )


def _refuse_documents(content: bytes) -> None:
    """A workbook or XML that no reader knows, in words of its own: it has no columns to compare."""
    is_document = content[:4] in (ZIP_MAGIC, OLD_WORKBOOK_MAGIC)
    is_xml = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or content[:4] in UTF_16_XML
    if not is_document and not is_xml:
        return
    from pipelines.ingest.sen2.marks import line_of_doctype, nearest_of

    line = None if is_document else line_of_doctype(content)
    if line is not None:
        raise with_doctype(line)
    what = "it is a workbook or another document" if is_document else "it is XML or a web page"
    near = nearest_of(content) if content[:4] != OLD_WORKBOOK_MAGIC else "of before 2007"
    raise InputError(
        f"no known kind of file: {near or f'{what} that holds no SEN2 return'}",
        remedy=f"Save a table as 'CSV UTF-8 (comma delimited)'. {WHAT_IS_READ}",
    )


WHAT_IS_READ = (
    "What can be read: the SEN2 return (XML, COLLECT CSV, DfE template, workbook, five CSV files), "
    "the school census and alternative provision census (COLLECT CSV), the council's own returns "
    "(send template), the register of schools (GIAS), postcode lookups, the DfE's 'Education, "
    "health and care plans' (releases 2022, 2025, 2026), LAIT, tribunal appeals, ONS population, "
    "statistical neighbours, code lists, boundary GeoJSON. The file was not kept."
)


def _head(content: bytes) -> str:
    head = content[:HEAD_BYTES]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ""
    return head.decode("utf-8", errors="replace")


def _told_apart(kinds: list[str], content: bytes, sources: Sources) -> str | None:
    """The kind that fits; of several, that of the file's kind of period, else the first."""
    lists = [kind for kind in kinds if kind in sources.codes.lists]
    if lists and len(kinds) == len(lists):
        return _code_list(lists, content, sources)
    kinds = [kind for kind in kinds if kind not in lists]
    if len(kinds) > 1:
        identifier = _first_identifier(content)
        wanted = [
            kind
            for kind in kinds
            if kind in sources.ees.files
            and sources.ees.files[kind].recognised_by_identifier == identifier
        ]
        kinds = wanted or kinds[:1]
    return kinds[0] if kinds else None


def _code_list(kinds: list[str], content: bytes, sources: Sources) -> str | None:
    """A code list has exactly its columns: a wide file that also has them is another thing."""
    header = {name.lower() for name in strict_csv.header_of(content)}
    exact = [kind for kind in kinds if set(sources.codes.lists[kind].columns) == header]
    return exact[0] if exact else None


def _first_identifier(content: bytes) -> str:
    """time_identifier of the first record, or nothing."""
    names = [name.lower() for name in strict_csv.header_of(content)]
    text = io.StringIO(strict_csv.decode(content[: HEAD_BYTES * 10]).decode("utf-8", "replace"))
    rows = list(itertools.islice(csv.reader(text), 2))
    if "time_identifier" not in names or len(rows) < 2:
        return ""
    place = names.index("time_identifier")
    return rows[1][place].strip() if place < len(rows[1]) else ""
