"""Which tags of a piece of a return open and close records, and how these lie in each other.

Told for all tags together; what is not nested as the description has it is not plain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.ingest.sen2.rows import BATCH
from pipelines.ingest.sen2.xml_tags import Tags

if TYPE_CHECKING:
    import numpy as np


class NotPlainError(Exception):
    """The piece is for expat."""


def require(is_plain: object) -> None:
    """Go on if it is; nothing says why not, for nobody is told."""
    if not is_plain:
        raise NotPlainError


@dataclass(frozen=True)
class Nesting:
    """The tags that open and close records.

    Attributes:
        at: place of each among all tags.
        record: what each opens or closes, as Tags counts records.
        opened: for each module, which of these tags open its records.
        rank: the place of an opened record among those of its module.
        within: which of these tags opened the record that lies around a record; -1 for none.
        inner: which of these tags opened the record that is open behind each; -1 for none.
    """

    at: np.ndarray
    record: np.ndarray
    opened: tuple[np.ndarray, ...]
    rank: np.ndarray
    within: np.ndarray
    inner: np.ndarray

    def parents_of(self, number: int) -> np.ndarray | None:
        """The rank of the record above each record of a module; None for people.

        Raises:
            NotPlainError: there are thousands in one, which expat's reader refuses.
        """
        opened = self.opened[number]
        if not opened.size or self.within[opened[0]] < 0:
            return None
        parents: np.ndarray = self.rank[self.within[opened]]
        require(parents.size < BATCH or (parents[BATCH - 1 :] != parents[: 1 - BATCH]).all())
        return parents


def nesting_of(printed: np.ndarray, tags: Tags) -> Nesting:
    """How the records lie in each other, each where the description has it.

    printed: number of each tag in Tags.spelled.

    Raises:
        NotPlainError: a record does not lie in its place, or is closed by another's tag.
    """
    import numpy as np

    at = np.flatnonzero(printed >= tags.first_record_tag)
    # Values of nobody: the end of a file, or of a part of it.
    require(at.size)
    numbers = printed[at] - tags.first_record_tag
    is_open = numbers < tags.name_count
    record = tags.record_of[numbers % tags.name_count]
    level = tags.levels[record]
    depth = np.cumsum(np.where(is_open, 1, -1))
    # Whatever opens lies as deep as its kind does, and closes there.
    require((depth == level + is_open).all() and depth[-1] == 0)
    _require_pairs(level, record, is_open)
    around = _around(level, is_open)
    require((np.where(around < 0, -1, record[around]) == tags.above[record]).all())
    opened = [np.flatnonzero(is_open & (record == number)) for number in range(len(tags.modules))]
    rank = np.zeros(at.size, np.int64)
    for places in opened:
        rank[places] = np.arange(places.size)
    inner = np.where(is_open, np.arange(at.size), around)
    return Nesting(at, record, tuple(opened), rank, around, inner)


def _require_pairs(level: np.ndarray, record: np.ndarray, is_open: np.ndarray) -> None:
    """Of one depth, each tag that opens is followed by the one that closes the same."""
    import numpy as np

    order = np.argsort(level, kind="stable")
    opened, closed = order[::2], order[1::2]
    require(opened.size == closed.size)
    require(is_open[opened].all() and not is_open[closed].any())
    require((level[opened] == level[closed]).all() and (record[opened] == record[closed]).all())


def _around(level: np.ndarray, is_open: np.ndarray) -> np.ndarray:
    """For each tag, the one that opened the record around its own; -1 for people."""
    import numpy as np

    here = np.arange(level.size)
    around = np.full(level.size, -1)
    for deep in range(1, int(level.max()) + 1):
        above = np.maximum.accumulate(np.where(is_open & (level == deep - 1), here, -1))
        mine = level == deep
        around[mine] = above[mine]
    return around
