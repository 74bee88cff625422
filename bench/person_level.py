"""The person-level part of `make bench`: returns of any size against the bare tools.

Product and bare tool go by turns, each in a process of its own (measured.py). Files are made by the
generator of the sample county, at the size that is asked for.
"""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import measured as work
from measured import Measured, by_turns, measured, middle_of, small_beside

SEED = 20260115
GROWTH_FROM = 10_000
SMALL = 100
STEPS = 4
XML_LIMIT = "2.5 times, 1.5 GB"
# The limits that were set first stand beside what is promised now.
SCAN_LIMIT, JOINS_LIMIT = "2, not kept: ADR 29", "2 times"
CENSUS_LIMIT = "10 times of the processor (4, not kept: ADR 29)"


@dataclass(frozen=True)
class Sizes:
    """How large the files are."""

    people: int
    pupils: int


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    what: str
    product: Measured
    bare: Measured | None
    limit: str

    def __str__(self) -> str:
        """The line in Markdown."""
        bare = "" if self.bare is None else str(self.bare)
        ratio = "" if self.bare is None else self.product.beside(self.bare)
        own = str(self.product)
        return f"| {self.what} | {own} | {bare} | {ratio} | {self.limit} |"


# ---- lines of the table --------------------------------------------------------------------------


def sen2_xml(sizes: Sizes, rounds: int) -> Iterator[Line]:
    """Validate and land one XML, against lxml alone."""
    with TemporaryDirectory(prefix="send-bench-") as folder:
        path = xml_of(Path(folder), sizes.people)
        what = (
            f"XML of {sizes.people:,} people ({size_of(path)}): validate and land / lxml iterparse"
        )
        yield Line(what, *by_turns("land", "iterparse", path, rounds), XML_LIMIT)
        people_only = middle_of([measured("iterparse_people", path) for _ in range(rounds)])
        yield Line("lxml iterparse of the same file, tag='Person' only", people_only, None, "")


def sen2_rules(sizes: Sizes, rounds: int) -> Iterator[Line]:
    """All rules, against one scan of each table and against the joins that they need."""
    with TemporaryDirectory(prefix="send-bench-") as folder:
        path = xml_of(Path(folder), sizes.people)
        names = ("rules", "scan", "joins")
        turns = [[measured(name, path) for name in names] for _ in range(rounds)]
        rules, scan, joins = (middle_of(found) for found in zip(*turns, strict=True))
        what = f"all rules over {sizes.people:,} people"
        yield Line(f"{what} / one scan of each table", rules, scan, SCAN_LIMIT)
        yield Line(f"{what} / the joins that they need", rules, joins, JOINS_LIMIT)


def census_csv(sizes: Sizes, rounds: int) -> Iterator[Line]:
    """Land a census, against DuckDB reading its files."""
    with TemporaryDirectory(prefix="send-bench-") as folder:
        tables = census_of(Path(folder, "census"), sizes.pupils)
        total = size_of(*tables.glob("*.csv"))
        what = f"COLLECT CSV of {sizes.pupils:,} pupils ({total}): land / DuckDB's read_csv"
        yield Line(what, *by_turns("land_census", "read_csv", tables, rounds), CENSUS_LIMIT)


def growth(sizes: Sizes, rounds: int) -> Iterator[Line]:
    """How the cost of a return grows with its people: 1 is in proportion."""
    found: list[tuple[int, Measured]] = []
    with TemporaryDirectory(prefix="send-bench-") as folder:
        for people in steps(sizes.people):
            path = xml_of(Path(folder), people)
            item = middle_of([measured("land", path) for _ in range(rounds)])
            path.unlink()
            found.append((people, item))
            yield Line(f"XML of {people:,} people: validate and land", item, None, "")
    power = exponent([(people, item.seconds) for people, item in found])
    sys.stderr.write(f"cost grows as size to the power of {power:.2f}\n")
    yield Line(f"the same: grows as size to the power of {power:.2f}", found[-1][1], None, "1")


PARTS: dict[str, Callable[[Sizes, int], Iterator[Line]]] = {
    "sen2-xml": sen2_xml,
    "sen2-rules": sen2_rules,
    "census-csv": census_csv,
    "growth": growth,
}
# Which work of a part is worth a profile, and of which file.
PROFILED = {
    "sen2-xml": "land",
    "sen2-rules": "rules",
    "census-csv": "land_census",
    "growth": "land",
}


def profile(part: str, sizes: Sizes, target: Path) -> None:
    """Run the product's side of one part under pyinstrument and write what it saw."""
    with TemporaryDirectory(prefix="send-bench-") as folder:
        is_census = part == "census-csv"
        make = census_of if is_census else xml_of
        path = make(Path(folder, "census") if is_census else Path(folder), _size(part, sizes))
        command = [sys.executable, work.__file__, PROFILED[part], str(path), str(target.resolve())]
        subprocess.run(command, check=True)


def _size(part: str, sizes: Sizes) -> int:
    return sizes.pupils if part == "census-csv" else sizes.people


def steps(most: int) -> list[int]:
    """Sizes from 10,000 to the most, evenly on a logarithmic scale."""
    least = min(GROWTH_FROM, most)
    ratio = (most / least) ** (1 / (STEPS - 1))
    return sorted({round(least * ratio**number) for number in range(STEPS)})


def exponent(pairs: Sequence[tuple[int, float]]) -> float:
    """Slope of the least-squares line through log time over log size."""
    if len(pairs) < 2:
        return float("nan")
    sizes = [math.log(size) for size, _ in pairs]
    times = [math.log(seconds) for _, seconds in pairs]
    middle_size, middle_time = sum(sizes) / len(sizes), sum(times) / len(times)
    shared = sum((x - middle_size) * (y - middle_time) for x, y in zip(sizes, times, strict=True))
    return shared / sum((x - middle_size) ** 2 for x in sizes)


# ---- files ---------------------------------------------------------------------------------------


def xml_of(folder: Path, people: int) -> Path:
    """A return of the sample county with so many people."""
    from pipelines.synthetic.load import write_load_xml

    path = folder / f"sen2_{people}.xml"
    write_load_xml(path, people, SEED)
    write_load_xml(small_beside(path), SMALL, SEED)
    return path


def census_of(folder: Path, pupils: int) -> Path:
    """A census of the sample county with so many pupils, as the tables of a COLLECT export."""
    from pipelines.synthetic.load import write_load_census

    for place, size in ((folder, pupils), (small_beside(folder), SMALL)):
        place.mkdir()
        write_load_census(place, size, SEED)
    return folder


def size_of(*paths: Path) -> str:
    """The size of files together, in MB."""
    return f"{sum(path.stat().st_size for path in paths) / 1e6:,.0f} MB"
