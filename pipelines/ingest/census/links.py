"""Which row of one table belongs to which row of another, by the numbers that COLLECT gave them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa


def as_numbers(ids: pa.Array) -> pa.Array:
    """The ids as whole numbers where all of them are, which is faster; otherwise as they are."""
    import pyarrow as pa

    try:
        return ids.cast(pa.int64())
    except pa.ArrowInvalid:
        return ids


def repeats(ids: pa.Array) -> np.ndarray:
    """Where an id stands for the second time or later."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    count = len(ids)
    # The export numbers its rows in order; from_dlpack, because to_numpy imports pandas.
    if pa.types.is_integer(ids.type) and bool((np.diff(np.from_dlpack(ids)) > 0).all()):
        return np.zeros(count, bool)
    if pc.count_distinct(ids).as_py() == count:
        return np.zeros(count, bool)
    mask = np.ones(count, bool)
    first = pa.table({"id": ids, "at": np.arange(count)}).group_by("id").aggregate([("at", "min")])
    mask[np.from_dlpack(first["at_min"].combine_chunks())] = False
    return mask


def places_of(wanted: pa.Array, ids: pa.Array) -> np.ndarray:
    """For each wanted id, its place in ids from 0; -1 where it is not there."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if wanted.type != ids.type:
        wanted, ids = wanted.cast(pa.string()), ids.cast(pa.string())
    places = pc.index_in(wanted, value_set=ids).fill_null(-1)
    found: np.ndarray = np.from_dlpack(places)
    return found
