"""Which file is this? By its columns and labels, never by its name.

Gives the kind; reading it is the work of the source's own module. What no kind fits is refused with
the nearest kind and the columns that are missing or unexpected.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable

from pipelines.errors import InputError
from pipelines.ingest import boundary, strict_csv, tribunal
from pipelines.registry.sources import Sources

HEAD_BYTES = 4000
NAMED = 6
NOT_DATA = "not data"


def kind_of(content: bytes, sources: Sources) -> str:
    """The kind: a file of ees.yml, another source's dataset, a code list, 'boundary', 'not data'.

    Raises:
        InputError: the content fits no kind; names the nearest and what sets it apart.
    """
    if boundary.looks_like_json(content):
        return boundary.KIND
    head = _head(content)
    if any(line in head for line in sources.ees.not_data):
        return NOT_DATA
    if tribunal.is_table(head, sources.tribunal):
        return sources.tribunal.dataset
    header = {name.lower() for name in strict_csv.header_of(content)}
    kinds = [kind for kind, marks in _marks(sources).items() if marks <= header]
    kind = _told_apart(kinds, content, sources)
    if kind is None:
        _refuse_other_separators(content)
        raise InputError(_nearest(header, sources), remedy=WHAT_IS_READ)
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


WHAT_IS_READ = (
    "What can be read: the DfE's 'Education, health and care plans' (releases 2022, 2025, 2026), "
    "LAIT, tribunal appeals, ONS population, statistical neighbours, code lists, boundary GeoJSON. "
    "The file was not kept."
)


def _head(content: bytes) -> str:
    head = content[:HEAD_BYTES]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ""
    return head.decode("utf-8", errors="replace")


def _marks(sources: Sources) -> dict[str, frozenset[str]]:
    """Columns that a kind must have, in lower case, by kind."""
    named: dict[str, Iterable[str]] = {
        kind: spec.recognised_by for kind, spec in sources.ees.files.items()
    }
    named[sources.lait.dataset] = sources.lait.recognised_by
    named[sources.population.dataset] = sources.population.recognised_by
    named["neighbours"] = sources.neighbours.recognised_by
    marks = {kind: frozenset(name.lower() for name in names) for kind, names in named.items()}
    return marks | {kind: frozenset(item.columns) for kind, item in sources.codes.lists.items()}


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


def _nearest(header: set[str], sources: Sources) -> str:
    """What the file is most like, which columns that kind has and this lacks, and the reverse."""
    columns = _all_columns(sources)
    kind = max(columns, key=lambda name: len(columns[name] & header) / len(columns[name] | header))
    shared = columns[kind] & header
    if not shared:
        return f"no known kind of file has these columns: {_list(header)}"
    missing, unexpected = columns[kind] - header, header - columns[kind]
    words = [f"no known kind of file; nearest is '{kind}'"]
    words += [f"missing: {_list(missing)}"] if missing else []
    words += [f"unexpected: {_list(unexpected)}"] if unexpected else []
    return "; ".join(words)


def _all_columns(sources: Sources) -> dict[str, set[str]]:
    ees = sources.ees
    shared = {*ees.key_columns, *ees.side_columns}
    found = {kind: set(marks) for kind, marks in _marks(sources).items()}
    for kind, spec in ees.files.items():
        found[kind] = shared | set(spec.columns_of(spec.layouts[-1])) | set(spec.filter_columns)
    return found


def _list(names: Iterable[str]) -> str:
    shown = sorted(name[:40] for name in names)
    more = f" and {len(shown) - NAMED} more" if len(shown) > NAMED else ""
    return ", ".join(shown[:NAMED]) + more
