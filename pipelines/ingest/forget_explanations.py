"""Explanations of findings after an erasure.

An explanation belongs to a record by the record's number in its file, and numbers move when a
person's records are taken out: it would come to stand beside another child. So what explains a file
that is written anew goes, out of landing and out of what is kept.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pipelines.ingest.forget_files import without_rows
from pipelines.ingest.keys import Keys
from pipelines.settings import Settings

TABLE = "finding_explanation"
COLUMN = "explained_file_id"


def drop(settings: Settings, keys: Keys, files: Collection[str]) -> int:
    """Take out what explains records of these files; gives how many explanations that were."""
    import pyarrow.parquet as pq

    gone = 0
    for path in _paths(settings):
        rows = pq.read_table(path, columns=["row_number", COLUMN]).to_pylist()
        numbers = {row["row_number"] for row in rows if row[COLUMN] in files}
        if numbers:
            without_rows(settings, keys, path.stem, TABLE, numbers)
        gone += len(numbers)
    return gone


def count(settings: Settings) -> int:
    """How many explanations have landed."""
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(path).num_rows for path in _paths(settings))


def _paths(settings: Settings) -> list[Path]:
    return sorted((settings.landing / TABLE).glob("*.parquet"))
