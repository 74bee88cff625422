"""Rows in = rows accepted + rows put aside, module by module, or nothing of a file lands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipelines.errors import InputError, SendError
from pipelines.ingest.families import Family
from pipelines.ingest.parcel import Counts

if TYPE_CHECKING:
    from pipelines.ingest.modules import Modules


def counted_modules(
    family: Family, modules: Modules, name: str, *, may_be_empty: bool = False
) -> dict[str, Counts]:
    """Rows by module, each accounted for, or nothing lands.

    may_be_empty: everybody who was in it has been erased.

    Raises:
        SendError: rows are neither accepted nor put aside: a fault of the product.
        InputError: there is no record that could be used.
    """
    found = {}
    for module in family.modules:
        if module not in modules.row_counts_in or module in family.not_records:
            continue
        table = modules.tables.get(module)
        aside = len(modules.quarantined.get(module, ()))
        accepted = table.num_rows if table is not None else 0
        counts = Counts(modules.row_counts_in[module], accepted, aside)
        if counts.row_count_in != accepted + aside:
            raise unaccounted(name, module, counts.row_count_in, accepted + aside)
        found[module] = counts
    if not may_be_empty:
        _require_records(family, modules, found, name)
    return found


def _require_records(
    family: Family, modules: Modules, counts: Mapping[str, Counts], name: str
) -> None:
    """A file without its records would become the newest edition, and empty it.

    Raises:
        InputError: there are none, or none that could be used.
    """
    needed = family.needed or tuple(counts)
    if any(counts[module].row_count_accepted for module in needed if module in counts):
        return
    words = " or ".join(module.replace("_", " ") for module in family.needed) or "record"
    aside = [row for module in needed for row in modules.quarantined.get(module, ())]
    if not aside:
        raise InputError(
            f"there is no {words} in it",
            where=name,
            remedy="Export it again with its records; `send validate` says what else is missing.",
        )
    raise InputError(
        f"no {words} in it could be used (row {aside[0].row_number:,}: {aside[0].reason})",
        where=name,
        remedy=aside[0].remedy,
    )


def unaccounted(name: str, module: str, came: int, accounted: int) -> SendError:
    """What is said where rows went missing: nothing lands then."""
    return SendError(
        f"{module}: {came:,} rows came in, but {accounted:,} are accounted for; nothing was landed",
        where=name,
        remedy="This is a fault of the product; please report it, without the file.",
    )
