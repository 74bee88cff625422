"""`make bench`: the product against the bare tools it stands on, as medians of several rounds.

Product and bare tool go by turns, after imports, so that a slow machine is slow for both. Nothing
here is asserted: docs/performance.md keeps what was measured. The ratios of published files need
the DfE's 2025 release (SEND_REAL_DATA); all else needs nothing. Person-level files are in
person_level.py, methods in analysis.py; going back in rollback.py and pages in pages.py, over the
published release of a workspace where it holds one; every part can be asked for by itself:

    make bench ARGS="--only sen2-xml --people 100000"
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import analysis
import pages
import person_level
import rollback

from pipelines.release.reader import current_release
from pipelines.settings import PROJECT_ROOT, Settings, load_settings

RELEASE = Path("ees", "education-health-and-care-plans_2025.zip")
SEND = Path(sys.executable).with_name("send")


@dataclass(frozen=True)
class Row:
    """One line of the table: medians in seconds, and the limit that was set for it."""

    what: str
    product_s: float
    bare_s: float | None
    limit: str

    def __str__(self) -> str:
        """The line in Markdown."""
        bare = "" if self.bare_s is None else f"{self.bare_s:.2f} s"
        ratio = "" if self.bare_s is None else f"{self.product_s / self.bare_s:.2f}"
        return f"| {self.what} | {self.product_s:.2f} s | {bare} | {ratio} | {self.limit} |"


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes, in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def by_turns(
    product: Callable[[], object], bare: Callable[[], object], rounds: int
) -> tuple[float, float]:
    """Median seconds of both, after one round that warms caches and imports."""
    product(), bare()
    pairs = [(seconds(product), seconds(bare)) for _ in range(rounds)]
    return median(a for a, _ in pairs), median(b for _, b in pairs)


@contextmanager
def new_workspace() -> Iterator[Settings]:
    """An empty workspace that is removed afterwards."""
    with TemporaryDirectory(prefix="send-bench-") as folder:
        yield Settings(workspace=Path(folder))


def ingest_against_reading(archive: Path, rounds: int) -> Row:
    """The release's zip to landing, against DuckDB reading the same CSV files as text."""
    from pipelines.ingest.door import ingest

    def product() -> None:
        with new_workspace() as settings:
            ingest([archive], settings)

    with TemporaryDirectory(prefix="send-bench-") as folder:
        with zipfile.ZipFile(archive) as release:
            members = [name for name in release.namelist() if name.startswith("data/")]
            paths = [release.extract(name, folder) for name in members]
        times = by_turns(product, lambda: read_as_text(paths), rounds)
    return Row("ingest the 2025 zip / DuckDB reads its CSV files", *times, "3 times")


def read_as_text(paths: list[str]) -> None:
    """Each CSV file into a table of text columns, in memory."""
    import duckdb

    with duckdb.connect() as connection:
        for path in paths:
            connection.read_csv(path, all_varchar=True, header=True).create("file")
            connection.table("file").count("*").fetchall()
            connection.execute("drop table file")


def measures_against_by_hand(archive: Path, rounds: int) -> Iterator[Row]:
    """Every measure through the product, against the same statements in one DuckDB session.

    First the SQL alone, then the whole Dagster step, which also judges the floor's suites.
    """
    import logging

    import dagster as dg

    from pipelines.assets.house import House
    from pipelines.assets.models import floor_assets
    from pipelines.engine.duckdb import make_table, warehouse
    from pipelines.ingest.door import ingest
    from pipelines.ingest.reference import land_reference
    from pipelines.registry.house import house_models
    from pipelines.release.inputs import take_stock

    logging.disable(logging.CRITICAL)
    sql_folder = PROJECT_ROOT / "sql"
    every = house_models(PROJECT_ROOT).values()
    kpis = [model for model in every if model.floor == "kpi"]
    with new_workspace() as settings:
        ingest([archive], settings)
        land_reference(settings)
        take_stock(settings)
        house = House(workspace=str(settings.workspace))

        def build(floors: set[str]) -> None:
            with house.open() as connection:
                for model in every:
                    if model.floor in floors:
                        make_table(connection, model)

        def step() -> None:
            dg.materialize([floor_assets("kpi")], resources={"house": house})

        def by_hand() -> None:
            with warehouse(settings.warehouse, sql_folder) as connection:
                for model in kpis:
                    kind = "view" if model.is_view else "table"
                    connection.execute(f"create or replace {kind} {model.name} as {model.sql}")

        build({"staging", "core"})
        what = f"build {len(kpis) - 1} measures / the statements by hand"
        yield Row(what, *by_turns(lambda: build({"kpi"}), by_hand, rounds), "2 times")
        what = "the same as a Dagster step with its checks / by hand"
        yield Row(what, *by_turns(step, by_hand, rounds), "")


def start_up(what: str, command: list[str], limit: str, rounds: int) -> Row:
    """A command in a fresh process; the first run, which writes bytecode, is left out."""

    def run() -> None:
        subprocess.run(command, check=True, capture_output=True, cwd=PROJECT_ROOT)

    run()
    return Row(what, median(seconds(run) for _ in range(rounds)), None, limit)


def start_ups(rounds: int) -> Iterator[Row]:
    """What somebody at a terminal waits for before anything happens."""
    python = [sys.executable, "-c"]
    bare = start_up("start Python alone", [*python, "pass"], "", rounds)
    imported = start_up("", [*python, "import commands.cli"], "", rounds)
    yield Row("import commands.cli", imported.product_s - bare.product_s, None, "0.3 s")
    yield start_up("send --help", [str(SEND), "--help"], "0.5 s", rounds)
    with new_workspace() as settings:
        build = [str(SEND), "build", "--workspace", str(settings.workspace)]
        yield start_up("send build, nothing changed", build, "2 s", min(rounds, 3))


def ratios(rounds: int) -> Iterator[Row]:
    """The rows that read the publisher's release, if it is there."""
    folder = os.environ.get("SEND_REAL_DATA")
    archive = Path(folder) / RELEASE if folder else None
    if archive is None or not archive.is_file():
        sys.stderr.write("SEND_REAL_DATA names no folder with the 2025 release: no ratios.\n")
        return
    yield ingest_against_reading(archive, rounds)
    yield from measures_against_by_hand(archive, rounds)


def of_published(part: str, workspace: Path | None, rounds: int) -> Iterator[object]:
    """The lines of pages or rollback, if the workspace holds a release that people read."""
    home = load_settings(workspace).workspace
    release = current_release(home)
    if release is None:
        sys.stderr.write(f"Nothing has been published in {home}: no {part}.\n")
    elif part == "pages":
        yield from pages.measured(home, str(release.manifest["council"]), pages.ROUNDS, pages.SOAK)
    else:
        yield from (Row(*row) for row in rollback.rollback_rows(home, release, rounds))


def machine() -> str:
    """What the figures were measured on."""
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return f"{system}, Python {platform.python_version()}"


OF_PUBLISHED = ("rollback", "pages")
PARTS = ("start-up", "published", "analysis", *person_level.PARTS, *OF_PUBLISHED)
SLOW_ROUNDS = 3


def options() -> argparse.Namespace:
    """What is asked for on the command line."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="timed rounds of each line")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part; may be repeated")
    parser.add_argument("--people", type=int, default=500_000, help="people of the largest return")
    parser.add_argument("--pupils", type=int, default=1_000_000, help="England: 9000000")
    parser.add_argument(
        "--workspace", type=Path, help="of rollback and the pages; default: SEND_WORKSPACE, data"
    )
    parser.add_argument("--profile", type=Path, help="write a profile of the part asked for here")
    return parser.parse_args()


def lines(
    part: str, sizes: person_level.Sizes, rounds: int, workspace: Path | None
) -> Iterator[object]:
    """The lines of one part. workspace: of rollback and the pages."""
    if part in OF_PUBLISHED:
        yield from of_published(part, workspace, rounds)
    elif part == "start-up":
        yield from start_ups(rounds)
    elif part == "published":
        yield from ratios(rounds)
    elif part == "analysis":
        yield from (Row(*row) for row in analysis.analysis_rows(min(rounds, SLOW_ROUNDS)))
    else:
        yield from person_level.PARTS[part](sizes, min(rounds, SLOW_ROUNDS))


def main() -> None:
    """Print the table as Markdown, one line as soon as it is measured."""
    asked = options()
    sizes = person_level.Sizes(people=asked.people, pupils=asked.pupils)
    parts = asked.only or PARTS
    if asked.profile:
        (part,) = set(parts) & set(person_level.PROFILED) if asked.only else {"sen2-xml"}
        person_level.profile(part, sizes, asked.profile)
        return
    print(f"Medians of {asked.rounds} rounds (large files: {SLOW_ROUNDS}) on {machine()}.\n")
    print("| what | product | bare tool | ratio | limit |\n|---|---|---|---|---|")
    for part in parts:
        for line in lines(part, sizes, asked.rounds, asked.workspace):
            print(line, flush=True)


if __name__ == "__main__":
    main()
