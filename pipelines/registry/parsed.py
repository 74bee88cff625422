"""The typed tables that a described file becomes, and what it is held against: names and types.

They derive from the description of the file's kind (data/reference/sources) and from
sql/landing.yml, so the desk that makes them and the rules that read them cannot disagree. Nothing
is read or made here; that is the work of pipelines/ingest/desk.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.registry.landing import landing_tables
from pipelines.registry.sen2 import Element, Module
from pipelines.settings import PROJECT_ROOT

# Columns that every module has besides its elements.
KEYS = ("record", "parent", "row_number")

# Type of an element -> its DuckDB type and the test that a text is one, {0} being the column. A
# text must read back as it was written: the engine would take '2025-09-2x' for a date.
TYPES = {
    "date": ("date", "length({0}) = 10 and cast(try_cast({0} as date) as varchar) = {0}"),
    "datetime": (
        "timestamp",
        "cast(try_cast({0} as timestamp) as varchar) = replace({0}, 'T', ' ')",
    ),
    "year": ("integer", "length({0}) = 4 and cast(try_cast({0} as integer) as varchar) = {0}"),
    "integer": ("integer", "cast(try_cast({0} as integer) as varchar) = {0}"),
    "decimal": ("decimal(18, 6)", "try_cast({0} as decimal(18, 6)) is not null"),
    "boolean": ("boolean", "{0} in ('1', '0')"),
}
TEXT = "varchar"

# The rows below a person or a request say whose they are.
PERSON_RECORD, REQUEST_RECORD = "person_record", "request_record"
# An element of this name makes its module the one whose rows are people.
PERSON_ELEMENT = "upn"
REQUEST_MODULE = "request"

UNREADABLE = "parsed.unreadable_cell"
UNREADABLE_TYPES = {
    "module": TEXT,
    "record": "bigint",
    "row_number": "bigint",
    PERSON_RECORD: "bigint",
    "column_name": TEXT,
}
# What a file has at its top, as its reader counted it; a form without a header has no header_count.
MESSAGE = "message"
MESSAGE_TYPES = {"header_count": "integer", "persons_count": "integer"}
SETTING_TYPES = {
    "la_code": "varchar",
    "file_id": "varchar",
    "return_year": "integer",
    "reference_date": "date",
    "census_date": "date",
    "is_in_year": "boolean",
    "activity_start": "date",
    "activity_end": "date",
}
AUTHORITY_TYPES = {"la_code": "varchar", "valid_from": "date", "valid_to": "date"}
# Columns of landing.establishment that are about its file.
OF_THE_FILE = frozenset({"file_id", "row_number"})


def column_types(described: Mapping[str, Module]) -> dict[str, dict[str, str]]:
    """Columns with their DuckDB types of every table of a desk, by schema and name."""
    parsed = {f"parsed.{name}": parsed_types(described, name) for name in described}
    held = {f"reference.{name}": types for name, types in reference_types().items()}
    own = {UNREADABLE: dict(UNREADABLE_TYPES), f"parsed.{MESSAGE}": dict(MESSAGE_TYPES)}
    return parsed | own | held


def reference_types() -> dict[str, dict[str, str]]:
    """Columns with their DuckDB types, by table of the schema reference."""
    landed = landing_tables(PROJECT_ROOT / "sql")
    schools = landed["establishment"].items()
    return {
        "authority": dict(AUTHORITY_TYPES),
        "establishment": {name: kind for name, kind in schools if name not in OF_THE_FILE},
        "establishment_type": dict(landed["establishment_type"]),
        "setting": dict(SETTING_TYPES),
    }


def parents_first(described: Mapping[str, Module]) -> list[str]:
    """The modules in an order in which each comes after the one it lies in."""
    return sorted(described, key=lambda name: (len(line_of(described, name)), name))


def line_of(described: Mapping[str, Module], name: str) -> tuple[str, ...]:
    """A module and those it lies in, from itself upwards."""
    parent = described[name].parent
    return (name, *(line_of(described, parent) if parent is not None else ()))


def owners_of(described: Mapping[str, Module], name: str) -> dict[str, str]:
    """Which module's record a column names: {'person_record': 'person'}."""
    line = line_of(described, name)
    people = [each for each in line if PERSON_ELEMENT in described[each].columns]
    owners = {PERSON_RECORD: people[0]} if people else {}
    return owners | ({REQUEST_RECORD: REQUEST_MODULE} if REQUEST_MODULE in line else {})


def parsed_types(described: Mapping[str, Module], name: str) -> dict[str, str]:
    """Columns of parsed.<name> with their DuckDB types."""
    types = dict.fromkeys((*KEYS, PERSON_RECORD, *owners_of(described, name)), "bigint")
    return types | {item.column: type_of(item) for item in described[name].elements}


def type_of(item: Element) -> str:
    """The DuckDB type of an element."""
    return TYPES[item.type][0] if item.type in TYPES else TEXT
