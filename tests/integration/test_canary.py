"""A thousand planted children: nothing that the product writes holds a name, UPN or postcode.

Searched is every file below the user's home, the temporary folder and the workspace, after all the
commands have run: plain bytes, Parquet, DuckDB, zips and workbooks from inside. Only the files that
were handed in may hold them, and they lie elsewhere.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from pypdf import PdfReader

from pipelines.settings import PROJECT_ROOT
from tests.integration.person_level_files import marks, upn, xml
from tests.integration.test_person_level_door import texts_of, written

PEOPLE = 1000
MARKS = ("surname", "forename", "upn", "postcode")
APPROVAL = ("--approved-by", "Head of data", "--reason", "Searched by a test", "--yes")
# How all marks begin, or end: a file with none of these needs no longer search.
STARTS = (b"Qsur", b"Qfore", b"QX", b"860400")
ZIPS = {".zip", ".xlsx", ".ods"}


def planted() -> list[str]:
    return [marks(number)[name] for number in range(PEOPLE) for name in MARKS]


def texts(path: Path) -> Iterator[bytes]:
    """Everything that stands in a file, unpacked where it is packed."""
    yield path.name.encode()
    yield path.read_bytes()
    if path.suffix == ".parquet":
        yield texts_of(pq.read_table(path))
    elif path.suffix == ".duckdb":
        yield from cells(path)
    elif path.suffix == ".pdf":
        yield "\n".join(page.extract_text() for page in PdfReader(path).pages).encode()
    elif path.suffix in ZIPS:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            yield from (archive.read(name) for name in archive.namelist())


def cells(path: Path) -> Iterator[bytes]:
    """Every row of every table of a database, as text: its own file is compressed."""
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute(
            "select database_name, schema_name, table_name from duckdb_tables()"
        ).fetchall()
        for names in tables:
            name = ".".join(f'"{part}"' for part in names)
            yield from (repr(row).encode() for row in connection.table(name).fetchall())


def found_in(folder: Path, words: list[str]) -> set[tuple[str, str]]:
    sought = {word.encode(): word for word in words}
    found = set()
    for path in (path for path in folder.rglob("*") if path.is_file()):
        together = b"\n".join(texts(path))
        # Marks begin with one of few letters: most files are told apart by these.
        if (
            b"Qsur" in together
            or b"Qfore" in together
            or b"QX" in together
            or b"860400" in together
        ):
            found |= {(path.name, word) for raw, word in sought.items() if raw in together}
    return found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A user's home with all that programs write into."""
    folder = tmp_path / "home"
    (folder / "tmp").mkdir(parents=True)
    return folder


def send(home: Path, *words: str, told: str = "", ends: tuple[int, ...] = (0,)) -> None:
    """Run the command in that home; what it prints is kept there too."""
    done = subprocess.run(
        [sys.executable, "-m", "commands.cli", *words],
        cwd=PROJECT_ROOT,
        env=os.environ
        | {
            "HOME": str(home),
            "TMPDIR": str(home / "tmp"),
            "XDG_CONFIG_HOME": str(home / "configuration"),
            "DAGSTER_HOME": str(home / "dagster"),
            "SEND_WORKSPACE": str(home / "workspace"),
            "SEND_KEYS": str(home / "keys"),
        },
        input=told,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in ends, f"{words}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    with (home / "printed.txt").open("a", encoding="utf-8") as out:
        out.write(done.stdout + done.stderr)


def test_the_search_finds_a_mark_wherever_it_hides(home: Path) -> None:
    word = marks(7)["surname"]
    with duckdb.connect(str(home / "rows.duckdb")) as connection:
        connection.execute("create table t as select ? as name from range(5000)", [word])
    with zipfile.ZipFile(home / "pack.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt", word * 50)
    (home / "log.txt").write_text(f"refused {word}")
    assert {name for name, _ in found_in(home, planted())} == {"rows.duckdb", "pack.zip", "log.txt"}


def test_nothing_that_is_written_holds_a_planted_identifier(home: Path, tmp_path: Path) -> None:
    (home / "dagster").mkdir()
    whole = written(tmp_path / "return.xml", xml(PEOPLE))
    spoiled = written(tmp_path / "spoiled.xml", xml(PEOPLE).replace(b"</Surname>", b"</Sur>", 1))
    extract = written(tmp_path / "extract.xml", xml(PEOPLE // 2))
    send(home, "validate", str(whole), "--out", str(home / "findings.csv"), ends=(0, 1))
    send(home, "ingest", str(spoiled), ends=(1, 2))
    send(home, "ingest", str(whole), "--json", ends=(0, 1))
    send(home, "ingest", str(extract), "--in-year", ends=(0, 1))
    send(home, "build")
    send(home, "publish", *APPROVAL)
    send(home, "kpi", "--source", "council", "--json")
    for kind, ending in (("one-page", "pdf"), ("workbook", "xlsx"), ("audit", "zip")):
        send(home, "report", "--kind", kind, "--out", str(home / f"report.{ending}"))
    send(home, "backup", str(home / "kept.sealed"))
    assert found_in(home, planted()) == set()
    send(home, "forget", told=f"{upn(3)}\n")
    send(home, "build")
    assert found_in(home, planted()) == set()
