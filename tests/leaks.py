"""Planted children, and a search for them in everything that stands in a folder.

Looked for are names in any case, UPNs, ULNs and postcodes with and without their space, in the
bytes of every file and in what is packed inside: Parquet, DuckDB, PDF, zips, workbooks, gzip.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
from pypdf import PdfReader

from tests.integration.person_level_files import marks
from tests.integration.test_person_level_door import texts_of

MARKS = ("surname", "forename", "upn", "uln", "postcode")
# The forms of all marks, in small letters: thousands of words are sought in one go.
FORMS = re.compile(rb"qsur\d{5}|qfore\d{5}|[a-z]860400\d{6}|9604\d{6}|qx\d ?\dqz")
ZIPS = {".zip", ".xlsx", ".ods"}


def planted(numbers: Collection[int]) -> list[str]:
    """What tells these children apart, as printed and as the door folds it."""
    words = {marks(number)[name] for number in numbers for name in MARKS}
    return sorted(words | {word.replace(" ", "") for word in words})


def texts(path: Path) -> Iterator[bytes]:
    """Everything that stands in a file, unpacked where it is packed."""
    raw = path.read_bytes()
    yield str(path).encode()
    yield raw
    if path.suffix == ".parquet":
        yield texts_of(pq.read_table(path))
    elif path.suffix == ".duckdb":
        yield from _cells(path)
    elif path.suffix == ".pdf":
        yield "\n".join(page.extract_text() for page in PdfReader(path).pages).encode()
    elif path.suffix == ".gz":
        yield gzip.decompress(raw)
    elif path.suffix in ZIPS:
        yield from _members(raw)


def _members(raw: bytes) -> Iterator[bytes]:
    """Also of a zip in a zip: the evidence pack holds some."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for name in archive.namelist():
            inner = archive.read(name)
            yield name.encode()
            yield inner
            if zipfile.is_zipfile(io.BytesIO(inner)):
                yield from _members(inner)


def _cells(path: Path) -> Iterator[bytes]:
    """Every row of every table of a database, as text: its own file is compressed."""
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute(
            "select database_name, schema_name, table_name from duckdb_tables()"
        ).fetchall()
        for names in tables:
            name = ".".join(f'"{part}"' for part in names)
            yield from (repr(row).encode() for row in connection.table(name).fetchall())


def found_in(folder: Path, words: Collection[str]) -> set[tuple[str, str]]:
    """Files, by their path in the folder, and the words that stand in them."""
    sought = {word.lower().encode(): word for word in words}
    assert all(FORMS.fullmatch(word) for word in sought)
    found = set()
    for path in (path for path in folder.rglob("*") if path.is_file()):
        seen = set(FORMS.findall(b"\n".join(texts(path)).lower()))
        name = path.relative_to(folder).as_posix()
        found |= {(name, sought[word]) for word in seen & sought.keys()}
    return found
