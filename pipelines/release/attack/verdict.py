"""How an attack went: which counts can be known too well, and which came closest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from pipelines.release.attack.structure import Variable


class Narrow(NamedTuple):
    """What can be known of a count, with how many values are left for it."""

    variable: Variable
    low: float
    high: float
    possible: float


class Close(NamedTuple):
    """A count that passed, with how many values were seen to be left for it."""

    possible: float
    variable: Variable


class Size(NamedTuple):
    """How large an attack was.

    Attributes:
        sought: how many counts were sought.
        block_count, largest_block: how the counts fall apart; the cost grows with the largest.
    """

    sought: int
    block_count: int
    largest_block: int


@dataclass(frozen=True)
class Verdict:
    """How an attack went.

    Attributes:
        narrow: counts of which too much can be known; empty is what a release needs. Of a block
            that has many only the first are found.
        unasked: the others of such a block.
        closest: the narrowest that passed, which are looked at again as whole numbers.
        looked_at: these as whole numbers: what each can be, whatever else is known.
        size: of the attack.
        outdated: numbers of an earlier release, read beside it, that no longer hold and were left
            out.
    """

    narrow: tuple[Narrow, ...]
    unasked: frozenset[Variable]
    closest: tuple[Close, ...]
    size: Size
    outdated: int = 0
    looked_at: tuple[Narrow, ...] = ()
