"""The pieces of work that person_level.py compares, each timed in a process of its own.

Run as a script it is that process: it imports, makes ready, times one piece of work and says how
long it took and how much memory it held at its highest.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from string import Template
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    from lxml import etree

    from pipelines.registry.record_rules import RuleBook

COUNCIL = "999"
YEAR = 2026
STAY_OPEN = ExitStack()


@dataclass(frozen=True)
class Measured:
    """One piece of work in one process.

    Attributes:
        seconds: by the clock.
        processor_seconds: of all its threads and of the processes that it started and saw end.
    """

    seconds: float
    processor_seconds: float
    peak_bytes: int

    def __str__(self) -> str:
        """Time by the clock, time of the processors, and the largest resident size."""
        times = f"{self.seconds:.2f} s (processor {self.processor_seconds:.2f} s)"
        return f"{times}, {self.peak_bytes / 1e9:.2f} GB"

    def beside(self, bare: Measured) -> str:
        """How many times as long it took, by the clock and by the processors."""
        processor = self.processor_seconds / bare.processor_seconds
        return f"{self.seconds / bare.seconds:.2f} (processor {processor:.2f})"


# ---- what is measured ----------------------------------------------------------------------------


def land(path: Path) -> Callable[[], object]:
    """The door: the file kept encrypted, read, judged by all rules, hidden, landed."""
    from pipelines.ingest.door import ingest
    from pipelines.settings import Settings

    def take(given: Path) -> None:
        with TemporaryDirectory(prefix="send-bench-") as folder:
            os.environ["SEND_KEYS"] = str(Path(folder, "keys"))
            settings = Settings(workspace=Path(folder, "workspace"), council=COUNCIL)
            (receipt,) = ingest([given], settings)
            if receipt.status != "landed":
                raise SystemExit(f"the generated file was not landed: {receipt}")

    # Imports, and the reading of descriptions and rules, which a process does once.
    take(small_beside(path))
    return lambda: take(path)


def iterparse(path: Path) -> Callable[[], object]:
    """The bare tool: lxml gives every element of the file, and the people are let go."""
    from lxml import etree

    def work() -> None:
        for _, element in etree.iterparse(path):
            if element.tag == "Person":
                _let_go(element)

    return work


def iterparse_people(path: Path) -> Callable[[], object]:
    """The bare tool asked for people only: nothing is seen of what is in them."""
    from lxml import etree

    def work() -> None:
        for _, element in etree.iterparse(path, tag="Person"):
            _let_go(element)

    return work


def _let_go(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def rules(path: Path) -> Callable[[], object]:
    """All record rules of a return, over its typed tables."""
    connection = _on_the_desk(path)

    from pipelines.ingest.judge import judge
    from pipelines.registry.record_rules import sen2_rules
    from pipelines.settings import PROJECT_ROOT

    book = sen2_rules(PROJECT_ROOT)
    judge(connection, book)
    return lambda: judge(connection, book)


def scan(path: Path) -> Callable[[], object]:
    """Every cell of every typed table of the return read once."""
    connection = _on_the_desk(path)
    names = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'parsed'"
    ).fetchall()

    def work() -> None:
        for (name,) in names:
            connection.execute(
                f"select bit_xor(hash(columns(*))) from parsed.{name}"  # noqa: S608
            ).fetchall()

    work()
    return work


def joins(path: Path) -> Callable[[], object]:
    """The rows that the rules speak of, joined and read once, without any rule.

    Of each frame only the columns that a rule of this year, or the place of its finding, names.
    """
    connection = _on_the_desk(path)

    from pipelines.registry.record_rules import sen2_rules
    from pipelines.settings import PROJECT_ROOT

    statements = list(_joined(connection, sen2_rules(PROJECT_ROOT)))

    def work() -> None:
        for statement in statements:
            # Not execute: a frame may be a union, which can stand still where rows are fetched.
            connection.sql(statement).fetchall()

    work()
    return work


def _joined(connection: duckdb.DuckDBPyConnection, book: RuleBook) -> Iterator[str]:
    """For each frame that is judged, one aggregate over the cells that judging it reads."""
    from pipelines.registry.record_rules import TELLING

    words = book.words_in(YEAR)
    for name, frame in book.frames.items():
        own = [rule for rule in book.rules if name in rule.frame and rule.holds_in(YEAR)]
        if not own:
            continue
        sql = Template(frame).substitute(words)
        named = {column for rule in own for column in rule.columns_read(words)}
        if name in book.telling_frames:
            named |= TELLING
        else:
            named |= {f"{rule.module_in(name)}_record" for rule in own}
        columns = [each for each in connection.sql(sql).columns if each in named]
        cells = ", ".join(f"bit_xor(hash({column}))" for column in columns)
        yield f"select {cells} from ({sql}) as frame_row"  # noqa: S608


def _on_the_desk(path: Path) -> duckdb.DuckDBPyConnection:
    """A return as the rules find it; it stays there until the process ends."""
    from pipelines.ingest.desk import Setting, desk, held_reference
    from pipelines.ingest.sen2.xml import read_xml
    from pipelines.registry.sen2 import sen2
    from pipelines.settings import PROJECT_ROOT, Settings

    described = sen2(PROJECT_ROOT)
    modules = read_xml(path, described)
    day = described.census_dates[YEAR]
    setting = Setting(COUNCIL, "bench", YEAR, day, is_in_year=False)
    reference = held_reference(Settings(workspace=path.parent))
    return STAY_OPEN.enter_context(
        desk(modules, described.modules, described.patterns, reference, setting)
    )


def land_census(folder: Path) -> Callable[[], object]:
    """The door, for the tables of a census."""
    return land(folder)


def read_csv(folder: Path) -> Callable[[], object]:
    """The bare tool: DuckDB reads the same CSV files into tables."""
    import duckdb

    def work() -> None:
        with duckdb.connect() as connection:
            for number, path in enumerate(sorted(folder.glob("*.csv"))):
                connection.read_csv(str(path), header=True).create(f"file_{number}")

    return work


WORKS: dict[str, Callable[[Path], Callable[[], object]]] = {
    work.__name__: work
    for work in (land, iterparse, iterparse_people, rules, scan, joins, land_census, read_csv)
}


# ---- one process a measurement -------------------------------------------------------------------


def measured(name: str, path: Path) -> Measured:
    """Time one work in a fresh process."""
    command = [sys.executable, __file__, name, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} of {path.name} failed:\n{done.stderr[-2000:]}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def by_turns(product: str, bare: str, path: Path, rounds: int) -> tuple[Measured, Measured]:
    """Medians of both, product and bare tool by turns."""
    pairs = [(measured(product, path), measured(bare, path)) for _ in range(rounds)]
    return middle_of([pair[0] for pair in pairs]), middle_of([pair[1] for pair in pairs])


def middle_of(found: Sequence[Measured]) -> Measured:
    """Median of the times, largest of the peaks."""
    seconds = median(item.seconds for item in found)
    processor_seconds = median(item.processor_seconds for item in found)
    return Measured(seconds, processor_seconds, max(item.peak_bytes for item in found))


def _measure_here(name: str, path: Path, profile: Path | None = None) -> None:
    """The inner process: prepare, time, tell."""
    work = WORKS[name](path)
    if profile:
        _profiled(work, profile)
        return
    start, worked = time.perf_counter(), processor_seconds()
    work()
    found = {
        "seconds": time.perf_counter() - start,
        "processor_seconds": processor_seconds() - worked,
        "peak_bytes": peak_bytes(),
    }
    print(json.dumps(found))


def processor_seconds() -> float:
    """What this process and those that it started and saw end have worked so far."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def peak_bytes() -> int:
    """The largest resident size of this process so far."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024
    # In bytes on macOS; never less than what the parent held.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _profiled(work: Callable[[], object], profile: Path) -> None:
    from pyinstrument import Profiler

    with Profiler(interval=0.005) as profiler:
        work()
    profile.write_text(profiler.output_text(show_all=False), encoding="utf-8")


def small_beside(path: Path) -> Path:
    """A file or folder of the same kind and few people, for what a process does once."""
    return path.with_name(f"small{path.suffix}")


if __name__ == "__main__":
    _measure_here(sys.argv[1], Path(sys.argv[2]), *map(Path, sys.argv[3:]))
