"""Work on whole text columns: change, test or repeat each distinct text once.

Shared by the readers of all sources; it knows no source.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa


def mapped(column: pa.Array, change: Callable[[str], str | None]) -> pa.DictionaryArray:
    """A text column with each distinct text changed once; None becomes null."""
    import pyarrow as pa

    encoded = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
    changed = [None if text is None else change(text) for text in encoded.dictionary.to_pylist()]
    distinct = list(dict.fromkeys(text for text in changed if text is not None))
    place = {text: index for index, text in enumerate(distinct)}
    places = pa.array([None if text is None else place[text] for text in changed], pa.int32())
    return pa.DictionaryArray.from_arrays(
        places.take(encoded.indices), pa.array(distinct, pa.string())
    )


def where(column: pa.DictionaryArray, test: Callable[[str], bool]) -> np.ndarray:
    """Where a dictionary column passes a test; null does not pass."""
    import numpy as np

    passed = np.array([*(test(text) for text in column.dictionary.to_pylist()), False])
    indices = column.indices.fill_null(len(passed) - 1).to_numpy(zero_copy_only=False)
    mask: np.ndarray = passed[indices]
    return mask


def constant(text: str, count: int) -> pa.DictionaryArray:
    """A column that says one thing."""
    import numpy as np
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([text]))


@dataclass(frozen=True)
class Pair:
    """Two texts that stand in one row: how often, and the place of the first such row."""

    left: str
    right: str
    count: int
    first: int


def pairs_of(left: pa.DictionaryArray, right: pa.DictionaryArray) -> tuple[list[Pair], np.ndarray]:
    """The distinct pairs of two columns, and which of them each row is; null reads as ''."""
    import numpy as np

    lefts, rights = [*left.dictionary.to_pylist(), ""], [*right.dictionary.to_pylist(), ""]
    at_left = left.indices.fill_null(len(lefts) - 1).to_numpy(zero_copy_only=False)
    at_right = right.indices.fill_null(len(rights) - 1).to_numpy(zero_copy_only=False)
    codes, first, places, counts = np.unique(
        at_left.astype(np.int64) * len(rights) + at_right,
        return_index=True,
        return_inverse=True,
        return_counts=True,
    )
    pairs = [
        Pair(lefts[code // len(rights)], rights[code % len(rights)], int(count), int(at))
        for code, count, at in zip(codes, counts, first, strict=True)
    ]
    return pairs, places.ravel().astype(np.int32)
