"""Tables that repeat the keys of the person and the request in every row.

Shared by the DfE template and the five-file CSV: a request has one assessment, one plan and one
active plan, so that the two keys together say where a row lies.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from pipelines.errors import InputError
from pipelines.ingest.parcel import Finding
from pipelines.ingest.sen2.keyed import Keyed, key_of

if TYPE_CHECKING:
    import pyarrow as pa

    from pipelines.ingest.strict_csv import CsvTable
    from pipelines.registry.sen2 import Sen2

BETWEEN = "\x1f"


def linked_tables(
    tables: Mapping[str, CsvTable], described: Sen2, not_read: Collection[str]
) -> dict[str, Keyed]:
    """The tables with their keys.

    Raises:
        InputError: a table has no column for a key.
    """
    return {name: _linked(name, table, described, not_read) for name, table in tables.items()}


def _linked(name: str, table: CsvTable, described: Sen2, not_read: Collection[str]) -> Keyed:
    person, request = described.template.person_key, described.template.request_key
    beside = (*not_read, *person, *request)
    parent = described.modules[name].parent
    if parent is None:
        return Keyed(table, not_read=beside)
    people = _key(table, person, name, described)
    if parent == described.top:
        return Keyed(table, own=people, own_name=person[0], not_read=beside)
    both = _both(people, _key(table, request, name, described))
    both_names = f"{person[0]} and {request[0]}"
    own = both if described.children(name) else None
    if described.modules[parent].parent == described.top:
        return Keyed(table, own, both_names, people, person[0], beside)
    return Keyed(table, own, both_names, both, both_names, beside)


def _key(table: CsvTable, names: Collection[str], module: str, described: Sen2) -> pa.Array:
    found = key_of(table, names)
    if found is None:
        raise InputError(
            f"the table of {described.modules[module].element} has no column {next(iter(names))}",
            where="header",
            remedy="Every table needs it: it says whose row it is.",
        )
    return found


def _both(people: pa.Array, requests: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(people, requests, BETWEEN)


def without_header(form: str) -> Finding:
    """That a form says neither year nor authority."""
    return Finding(
        rule="form_without_header",
        severity="warning",
        message=f"{form} has no header: neither the year of the return nor the authority is in it.",
        remedy="Say which return it is when you take it in, or use the XML or the COLLECT export.",
    )


def without_tables(form: str, missing: Collection[str]) -> list[Finding]:
    """That a form or a file lacks kinds of records."""
    if not missing:
        return []
    return [
        Finding(
            rule="missing_table",
            severity="warning",
            message=f"{form} holds no {', '.join(missing)}: figures that need them cannot be had.",
            remedy="Use the XML or the COLLECT export where they are needed.",
            row_count=len(missing),
        )
    ]
