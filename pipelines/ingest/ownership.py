"""Whose rows may lie in this workspace: the council's own, or the sample county's, never both.

The sample county (999) was made up; one of its rows among real ones, or one real row among its,
would make every figure worthless. Its rows are let in only where the workspace is its own, or the
first of them would keep every real return out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import InputError
from pipelines.ingest.landing import COMMIT_TABLE
from pipelines.registry.landing import landing_tables
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.ingest.modules import Modules

SAMPLE = "999"
COLUMN = "la_code"
# What `send demo` leaves in the inbox of a workspace: of which seed and code its files were made.
STAMP = ".made-from"
CODE = re.compile(r"[0-9]{3}")


def require_named_own(settings: Settings, modules: Modules) -> None:
    """Hold what a file says of itself against the council: its own code, the sample's, or nothing.

    A code that is none would be taken for the council's own further on, as an empty one is.

    Raises:
        InputError: it says something else. Only three digits are repeated.
    """
    for table in modules.tables.values():
        if COLUMN not in table.column_names:
            continue
        texts = table.column(COLUMN).unique().drop_null().to_pylist()
        strange = sorted({text.strip() for text in texts} - {settings.council, SAMPLE, ""})
        if strange:
            raise _not_own(settings, [text for text in strange if CODE.fullmatch(text)])


def require_own(settings: Settings, codes: Iterable[str | None], file_id: str) -> None:
    """Hold the authorities of a file against the council and what the workspace has.

    Raises:
        InputError: a row is another authority's, or the sample's and the workspace is not, or real
            rows and the sample's would meet.
    """
    found = {code for code in codes if code is not None}
    strange = sorted(found - {settings.council, SAMPLE})
    if strange:
        raise _not_own(settings, strange)
    if SAMPLE in found and not is_of_sample(settings):
        raise InputError(
            "it holds rows of the sample county (999), and this workspace is that of authority "
            f"{settings.council}",
            remedy="Look at it with `send validate`, which keeps nothing; or take it in as the "
            "sample, in a workspace of its own: SEND_COUNCIL=999 send ingest --workspace DIR "
            "PATH...",
        )
    held = held_codes(settings, file_id)
    if SAMPLE in found and (found | held) - {SAMPLE}:
        raise InputError(
            "it holds rows of the sample county (999), and here lie or come rows of a real one",
            remedy="Take the sample in where nothing else is: send ingest --workspace DIR PATH...",
        )
    if SAMPLE in held and found - {SAMPLE}:
        raise InputError(
            "this workspace holds the sample county (999), and the file is of a real authority",
            remedy="Take it in where the sample is not: send ingest --workspace DIR PATH...",
        )


def require_council(settings: Settings) -> None:
    """Hold the rows that have landed against the council, before pseudonyms are made of anybody.

    They are made with the council's own key: under another council's code nobody would be found.

    Raises:
        InputError: they are another council's.
    """
    strange = sorted(held_codes(settings) - {settings.council, SAMPLE})
    if strange:
        raise InputError(
            f"this workspace holds rows of authority {', '.join(strange)}, but is said to be that "
            f"of {settings.council}",
            remedy=f"Say whose it is: SEND_COUNCIL={strange[0]}.",
        )


def _not_own(settings: Settings, codes: Iterable[str]) -> InputError:
    whose = ", ".join(codes)
    words = f"it is a file of authority {whose}" if whose else "its LEA is no authority's number"
    return InputError(
        f"{words}, and this workspace is that of authority {settings.council}",
        remedy="Offer the file of your own authority; or say whose workspace this is with "
        "SEND_COUNCIL.",
    )


def is_of_sample(settings: Settings) -> bool:
    """Whether the workspace is the sample county's: it is at home, or `send demo` made it."""
    return settings.is_sample or (settings.workspace / "inbox" / STAMP).is_file()


def held_codes(settings: Settings, but_of: str = "") -> set[str]:
    """The authorities whose person-level rows have landed, those of one file left out."""
    import pyarrow.parquet as pq

    codes: set[str] = set()
    landed = {path.stem for path in (settings.landing / COMMIT_TABLE).glob("*.parquet")}
    for path in _files(settings):
        if path.stem in landed - {but_of}:
            column = pq.read_table(path, columns=[COLUMN]).column(COLUMN)
            codes.update(code for code in column.unique().to_pylist() if code is not None)
    return codes


def _files(settings: Settings) -> Iterable[Path]:
    """Landed files of the tables that person-level files fill and that say whose a row is."""
    columns = landing_tables(settings.project_root / "sql")
    for path in sorted((settings.project_root / "sql" / "door").glob("*/*.sql")):
        if COLUMN in columns.get(path.stem, {}):
            yield from sorted((settings.landing / path.stem).glob("*.parquet"))
