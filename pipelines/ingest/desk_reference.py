"""What a file on the desk is held against: authorities, schools, and what is known of the file.

The authorities come with the product, the schools from a GIAS list that has landed; a test or a
settings file may give others. Nothing here is about a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipelines.ingest import landing
from pipelines.ingest.kinds_of_school import establishment_types
from pipelines.registry.council import council
from pipelines.registry.gias import gias
from pipelines.registry.parsed import AUTHORITY_TYPES, SETTING_TYPES, reference_types
from pipelines.registry.sen2 import sen2
from pipelines.settings import PROJECT_ROOT, Settings

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

# Kind of the register of schools in received_file, and its landing table.
SCHOOL_LIST = "establishment"


@dataclass(frozen=True)
class Setting:
    """What is known of a file besides its rows.

    Attributes:
        la_code: own council, or None where anybody's return is looked at.
        return_year: the year that the return is for; an in-year extract has the year after that
            of its reference date.
        reference_date: the day it describes.
        is_in_year: an extract as of any day, not the January return.
    """

    la_code: str | None
    file_id: str
    return_year: int | None
    reference_date: date | None
    is_in_year: bool


@dataclass(frozen=True)
class Reference:
    """What the rules hold a file against.

    Attributes:
        authorities: la_code, valid_from, valid_to.
        establishments: columns of landing.establishment without file_id and row_number.
        establishment_types: columns of landing.establishment_type.
    """

    authorities: pa.Table
    establishments: pa.Table
    establishment_types: pa.Table


def lay_out_reference(
    connection: duckdb.DuckDBPyConnection, reference: Reference, setting: Setting
) -> None:
    """Make the tables of the schema reference; columns that nobody asks for are left out."""
    types = reference_types()
    held = {
        "authority": reference.authorities,
        "establishment": reference.establishments,
        "establishment_type": reference.establishment_types,
    }
    for name, table in held.items():
        listed = ", ".join(f"{column} {kind}" for column, kind in types[name].items())
        connection.execute(f"create table reference.{name} ({listed})")
        if table.num_rows:
            connection.register(
                "held", table.select([c for c in table.column_names if c in types[name]])
            )
            connection.execute(f"insert into reference.{name} by name from held")
            connection.unregister("held")
    listed = ", ".join(f"{column} {kind}" for column, kind in SETTING_TYPES.items())
    connection.execute(f"create table reference.setting ({listed})")
    connection.execute(
        "insert into reference.setting values (?, ?, ?, ?, ?, ?, ?, ?)", _row(setting)
    )


def _row(setting: Setting) -> Sequence[object]:
    """The one row of reference.setting: the file's year, its census and the days it covers."""
    year, on = setting.return_year, setting.reference_date
    if setting.is_in_year:
        year = on.year + 1 if on else year
    census = sen2(PROJECT_ROOT).census_dates.get(year) if year else None
    on = on or (None if setting.is_in_year else census)
    start = date(year - 1, 1, 1) if year else None
    end = on if setting.is_in_year else (date(year - 1, 12, 31) if year else None)
    return (setting.la_code, setting.file_id, year, on, census, setting.is_in_year, start, end)


def held_reference(settings: Settings) -> Reference:
    """The authorities that are shipped, the kinds of school as the council counts them, its list.

    Raises:
        RegistryError: the council's settings choose what is not offered for a kind of school.
    """
    return Reference(
        authorities=_texts(settings, "authority", AUTHORITY_TYPES),
        establishments=_schools(settings),
        establishment_types=_kinds(settings),
    )


def _kinds(settings: Settings) -> pa.Table:
    """The kinds of school, with the placement settings that the council has chosen for some."""
    import pyarrow as pa

    folder = settings.council_folder
    # A council that has no folder yet has chosen nothing.
    choices = council(folder).placement_choices if folder.is_dir() else {}
    root = settings.project_root
    return pa.Table.from_pylist(establishment_types(root, choices, gias(root)))


def _texts(settings: Settings, table: str, columns: Mapping[str, str]) -> pa.Table:
    """A table of data/reference as texts; the desk gives them their types."""
    import pyarrow as pa
    import pyarrow.csv

    options = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(columns, "string"),
        include_columns=list(columns),
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    paths = settings.reference_paths(table)
    return pa.concat_tables(pyarrow.csv.read_csv(path, convert_options=options) for path in paths)


def _schools(settings: Settings) -> pa.Table:
    """The newest register of schools that has landed, or an empty table."""
    import pyarrow as pa
    import pyarrow.parquet

    lists = [row for row in landing.received(settings) if row["kind"] == SCHOOL_LIST]
    if not lists:
        return pa.table({})
    newest = max(lists, key=lambda row: row["vintage_order"])
    path = settings.landing / SCHOOL_LIST / f"{newest['file_id']}.parquet"
    return pyarrow.parquet.read_table(path) if path.is_file() else pa.table({})
