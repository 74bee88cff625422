"""What an unknown file is most like: the nearest kind, and the columns missing or unexpected.

Nothing is recognised here; the words go into the refusal that recognise.py gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from pipelines.ingest.words import is_header
from pipelines.registry.census import CensusModule, census
from pipelines.registry.council_returns import CouncilReturn, council_returns, plain_name
from pipelines.registry.gias import gias
from pipelines.registry.sources import Sources
from pipelines.settings import PROJECT_ROOT

NAMED = 6


def marks_of(sources: Sources) -> dict[str, frozenset[str]]:
    """Columns that a kind must have, in lower case, by kind."""
    named: dict[str, Iterable[str]] = {
        kind: spec.recognised_by for kind, spec in sources.ees.files.items()
    }
    named[sources.lait.dataset] = sources.lait.recognised_by
    named[sources.population.dataset] = sources.population.recognised_by
    named["neighbours"] = sources.neighbours.recognised_by
    named["establishment"] = gias(PROJECT_ROOT).recognised_by
    marks = {kind: frozenset(name.lower() for name in names) for kind, names in named.items()}
    return marks | {kind: frozenset(item.columns) for kind, item in sources.codes.lists.items()}


def nearest_of_all(content: bytes, header: set[str], sources: Sources) -> str:
    """What the file is most like: a table of a SEN2 return, or a publisher's file."""
    from pipelines.ingest.sen2.marks import nearest_of

    near = nearest_of(content)
    return f"no known kind of file; {near}" if near else _nearest(header, sources)


def _nearest(header: set[str], sources: Sources) -> str:
    """What the file is most like, which columns that kind has and this lacks, and the reverse."""
    columns, meant = all_columns(sources), _aliases()
    read = {kind: _columns_meant(header, meant.get(kind, {})) for kind in columns}
    common = Counter(column for names in columns.values() for column in names)
    kind = max(columns, key=lambda name: _likeness(columns[name], read[name], common))
    if not columns[kind] & read[kind].keys():
        return f"no known kind of file has a column of those in its first line ({len(header):,})"
    missing = columns[kind] - read[kind].keys()
    unexpected = {printed for column, printed in read[kind].items() if column not in columns[kind]}
    words = [f"no known kind of file; nearest is '{kind}'"]
    marks = _returns()[kind].recognised_by if kind in _returns() else ()
    words += [f"missing: {_list(missing, marks)}"] if missing else []
    words += [f"unexpected: {_unexpected(unexpected, header)}"] if unexpected else []
    return "; ".join(words)


def _unexpected(names: set[str], header: set[str]) -> str:
    """The first line may be a child's record: its cells are named only where it is a header."""
    if is_header(len(header) - len(names), len(header)):
        return _list(names)
    return f"{len(names):,} of the {len(header):,} names in its first line"


def _likeness(columns: set[str], read: Mapping[str, str], common: Mapping[str, int]) -> float:
    """Shared columns by all columns; one that many kinds have, as upn, says less than a rare one.

    common: in how many kinds a column stands.
    """

    def weight(names: Iterable[str]) -> float:
        return sum(1 / (common.get(name) or 1) for name in sorted(names))

    return weight(columns & read.keys()) / weight(columns | read.keys())


def _columns_meant(header: Iterable[str], meant: Mapping[str, str]) -> dict[str, str]:
    """Column -> heading as printed; an alias is the column that it means."""
    return {meant.get(plain_name(name), name): name for name in header}


def _aliases() -> dict[str, dict[str, str]]:
    """Of the kinds whose columns have other headings: heading -> column."""
    aliases = {kind: dict(item.meant_by) for kind, item in _returns().items()}
    for kind, module in _census_tables().items():
        aliases[kind] = {
            plain_name(name): item.collect for item in module.elements for name in item.names
        }
    return aliases


def _returns() -> dict[str, CouncilReturn]:
    """What councils write themselves, the alternative provision census among it."""
    own_ap = census(PROJECT_ROOT).ap_census.returns
    return dict(council_returns(PROJECT_ROOT).returns) | {
        name if len(own_ap) > 1 else "ap_census": item for name, item in own_ap.items()
    }


def _census_tables() -> dict[str, CensusModule]:
    known = census(PROJECT_ROOT)
    return {
        f"school census, table {table}": known.modules[name]
        for table, name in known.module_of.items()
    }


def all_columns(sources: Sources) -> dict[str, set[str]]:
    """Every column that a kind can have, by kind."""
    ees = sources.ees
    shared = {*ees.key_columns, *ees.side_columns}
    found = {kind: set(marks) for kind, marks in marks_of(sources).items()}
    for kind, spec in ees.files.items():
        found[kind] = shared | set(spec.columns_of(spec.layouts[-1])) | set(spec.filter_columns)
    found |= {kind: set(item.header) for kind, item in _returns().items()}
    for kind, module in _census_tables().items():
        found[kind] = {f"{kind.rpartition(' ')[2]}tableid"}
        found[kind] |= {item.collect for item in module.elements}
    return found


def _list(names: Iterable[str], first: Collection[str] = ()) -> str:
    """Some names, those that come first before the others, and how many more there are."""
    shown = [name[:40] for name in sorted(names, key=lambda name: (name not in first, name))]
    more = f" and {len(shown) - NAMED} more" if len(shown) > NAMED else ""
    return ", ".join(shown[:NAMED]) + more
