"""Work on whole text columns: change, test or repeat each distinct text once.

Shared by the readers of all sources; it knows no source.
"""

from __future__ import annotations

from collections.abc import Callable
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
