"""A postcode lookup in the layout of the ONS Postcode Directory -> landing table postcode_district.

The council supplies it. Two of its columns are read: the postcode and the code of its district. A
postcode without a district is left out and counted.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from pipelines.errors import InputError
from pipelines.ingest.parcel import Finding, Parcel
from pipelines.ingest.words import counted

if TYPE_CHECKING:
    from pipelines.ingest.strict_csv import CsvTable

KIND, SOURCE, TABLE = "postcode_district", "ons", "postcode_district"
# The postcode with one space, with seven and with eight characters.
POSTCODE_COLUMNS = ("pcds", "pcd", "pcd7", "pcd8", "pcd2", "postcode")
# The directory's own name, its newer ones with the year of the districts, and plain ones.
DISTRICT_COLUMNS = ("oslaua", "laua", "ladcd", "lad_code", "district_code")
DISTRICT_BY_YEAR = r"lad\d\dcd"
DISTRICT_FORM = r"^[A-Z]\d{8}$"


def is_lookup(header: Collection[str]) -> bool:
    """Whether lower-case column names are those of a lookup."""
    return _column(header, POSTCODE_COLUMNS) is not None and _district(header) is not None


def read(table: CsvTable) -> Parcel:
    """One row a postcode, without its spaces.

    Raises:
        InputError: no row holds a postcode and a district.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    names = list(table.position)
    postcode, district = _column(names, POSTCODE_COLUMNS), _district(names)
    if postcode is None or district is None:
        raise InputError(
            "it has no column of postcodes, or none of district codes",
            remedy="Give the lookup in the layout of the ONS Postcode Directory.",
        )
    codes = pc.utf8_upper(pc.replace_substring(table.column(postcode), " ", ""))
    districts = pc.utf8_trim_whitespace(table.column(district))
    is_good = pc.and_(pc.match_substring_regex(districts, DISTRICT_FORM), pc.not_equal(codes, ""))
    rows = pa.table(
        {"row_number": table.row_numbers, "postcode": codes, "district_code": districts}
    ).filter(is_good)
    unknown = table.row_count_in - rows.num_rows - len(table.quarantined)
    return Parcel(
        kind=KIND,
        source=SOURCE,
        row_count_in=table.row_count_in,
        tables={TABLE: rows},
        accepted=table.row_count_in - len(table.quarantined),
        quarantined=table.quarantined,
        findings=(_without_district(unknown),) if unknown else (),
    )


def _without_district(count: int) -> Finding:
    return Finding(
        rule="postcode_without_district",
        severity="info",
        message=f"{counted(count, 'postcode')} without a district, as is usual outside England.",
        remedy="",
        row_count=count,
    )


def _column(header: Collection[str], wanted: Collection[str]) -> str | None:
    return next((name for name in wanted if name in header), None)


def _district(header: Collection[str]) -> str | None:
    by_year = sorted(name for name in header if re.fullmatch(DISTRICT_BY_YEAR, name))
    return _column(header, DISTRICT_COLUMNS) or (by_year[-1] if by_year else None)
