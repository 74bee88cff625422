"""Records into the Arrow tables that judgements return."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def table_of(columns: Sequence[str], records: Iterable[Mapping[str, Any]]) -> Any:
    """A table with these columns; a record that lacks one leaves it empty."""
    import pyarrow as pa

    listed = list(records)
    return pa.table({name: pa.array([row.get(name) for row in listed]) for name in columns})
