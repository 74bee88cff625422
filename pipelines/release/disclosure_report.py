"""What an auditor reads of small numbers: disclosure.md in the folder of the release.

Made of the release's own evidence, so that it says nothing that cannot be asked of the tables. It
holds no count that is hidden, only what anybody can work out of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.ingest.words import counted
from pipelines.release.attack.knowledge import is_known
from pipelines.release.files import write_atomically
from pipelines.release.reader import DISCLOSURE, EVIDENCE, connect
from pipelines.release.rounding import (
    BASE,
    LARGEST_HIDDEN,
    LEAST_DENOMINATOR,
    LEAST_OF_MEAN,
    LEAST_POSSIBLE,
)

if TYPE_CHECKING:
    import duckdb

# Of the narrowest counts so many are printed.
SHOWN = 25
RULE = f"""\
Figures that the Department for Education (DfE) has published stand as published. Of figures made
from the council's own rows:

- a count of 0 to {LARGEST_HIDDEN} is hidden (c), nought included
- any other count goes to the nearest {BASE}, but for the totals that a measure declares exact
- a share is made of rounded counts only, in whole per cent, of {LEAST_DENOMINATOR} or more
- a mean or median needs {LEAST_OF_MEAN} cases

An attacker was then given every figure of the public file, every figure of the release before it
that still holds, every count that the DfE has published and the council's rows give too, and how
the counts add up. Every count that is printed rounded or hidden must keep
at least {LEAST_POSSIBLE} possible values. What gave more away is withheld.
"""
COST = """\
The cost grows with the largest set of connected counts, which is one return by all its topics, and
with the number of returns. It does not grow with the number of children.
"""
NOT_COVERED = """\
- A median, which bounds no sum. It is shown for the whole area only.
- What somebody learns who assumes that between two editions of one return few children changed:
  that is a guess, and no programme of sums can say how good it is. Figures of the earlier edition
  that still hold are read beside the new ones.
- Figures of the DfE's that differ from those of the council's rows, which count other children; its
  shares and means; and its counts in groups or data sets that the council's rows do not give.
- Months, weeks and years to date, which are public for exact totals alone.
"""


def write_disclosure_report(folder: Path, release_id: str) -> None:
    """Write the report beside the evidence it is made of; none without a row of a council.

    folder: of the release, with its evidence.
    """
    evidence = folder / EVIDENCE
    if not is_known(evidence):
        return
    with closing(connect(evidence)) as connection:
        lines = [
            f"# Small numbers in release {release_id}",
            "",
            RULE,
            *_found(connection),
            *_withheld(connection),
            *_closest(connection),
            *_attributes(connection),
            "## What it does not cover",
            "",
            NOT_COVERED,
        ]
    write_atomically(folder / DISCLOSURE, "\n".join(lines))


def _found(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    (row,) = _rows(
        connection,
        "select sought, block_count, largest_block, rounds, withheld, tables_hidden, narrow, "
        "beside_count, seconds from evidence.evidence.disclosure_verdict",
    )
    sought, blocks, largest, rounds, withheld, tables, narrow, beside, seconds = row
    yield from ("## What was found", "")
    yield f"- {counted(sought, 'count')} sought, in {counted(blocks, 'connected set')}"
    yield f"- {counted(largest, 'number')} in the largest set"
    yield f"- {counted(beside, 'figure')} of the release before laid beside them"
    yield f"- {counted(withheld, 'cell')} withheld beyond the rule, in {counted(rounds, 'attack')}"
    yield f"- {counted(tables, 'table')} hidden whole"
    yield f"- {counted(narrow, 'count')} with fewer than {LEAST_POSSIBLE} possible values left"
    yield f"- {seconds:,} seconds of one processor"
    yield from ("", COST)


def _withheld(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    yield from ("## Withheld beyond the rule", "")
    yield from _table(
        ("measure", "edition", "period", "topic", "group"),
        _rows(
            connection,
            "select kpi, vintage, coalesce(period, 'all'), breakdown_topic, "
            "coalesce(breakdown, 'all') from evidence.evidence.disclosure_withheld order by all",
        ),
    )


def _closest(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    asked = _rows(
        connection,
        "select vintage, period, made_of, indicator, breakdown_topic, breakdown, least, most, "
        "possible from evidence.evidence.disclosure_closest "
        "order by possible, vintage, period, made_of, indicator, breakdown_topic, breakdown",
    )
    rows = asked[:SHOWN]
    yield from ("## The narrowest counts", "")
    yield f"The first {len(rows)} of {len(asked):,} closest to the limit that were asked for"
    yield "as whole numbers. The search for one ends with enough values: more may be possible."
    yield ""
    yield from _table(
        ("edition", "period", "of", "count", "topic", "group", "least", "most", "values"),
        [(*row[:6], *map(_number, row[6:])) for row in rows],
    )


def _attributes(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    yield from ("## Groups that are all in one category", "")
    yield "Shares that are printed as 100 per cent. They give no small number away, but say of each"
    yield "child of a group what is true of the group; whoever approves the release should know."
    yield ""
    yield from _table(
        ("measure", "edition", "period", "topic", "group", "out of"),
        [
            (*row[:5], f"{row[5]:,.0f}")
            for row in _rows(
                connection,
                "select kpi, vintage, period, breakdown_topic, breakdown, denominator "
                "from evidence.evidence.disclosure_attribute order by all",
            )
        ],
    )


def _rows(connection: duckdb.DuckDBPyConnection, text: str) -> list[tuple[Any, ...]]:
    return connection.execute(text).fetchall()


def _number(value: float) -> str:
    return f"{round(value):,}" if math.isfinite(value) else "no limit"


def _table(names: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A table, or that there is nothing in it."""
    lines = [_line(row) for row in rows]
    if lines:
        yield from (_line(names), _line(["---"] * len(names)), *lines, "")
    else:
        yield from ("None.", "")


def _line(cells: Iterable[object]) -> str:
    return f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"
