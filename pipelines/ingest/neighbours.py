"""Statistical neighbours: a wide file, one row an authority -> one row a pair."""

from __future__ import annotations

import re

from pipelines.errors import InputError
from pipelines.ingest.parcel import Parcel, QuarantinedRow
from pipelines.ingest.strict_csv import CsvTable
from pipelines.registry.sources import NeighbourSource

KIND = "neighbours"
TABLE = "neighbour"
CODE = re.compile(r"[0-9]{3}")


def read(table: CsvTable, source: NeighbourSource) -> Parcel:
    """Landing table neighbour, with the model told by the authorities that the file covers.

    Raises:
        InputError: the authority's code or a neighbour's column is missing, or no model fits.
    """
    import pyarrow as pa

    places = range(1, source.neighbours_per_authority + 1)
    needed = ["old_la_code", *(f"sn_{place}{end}" for place in places for end in ("", "p"))]
    missing = [name for name in needed if name not in table.position]
    if missing:
        raise InputError(
            f"this is a file of statistical neighbours, but it has no column {', '.join(missing)}",
            remedy="Give the file with all its columns: every neighbour and its closeness.",
        )
    lines = [
        dict(zip(needed, fields, strict=True))
        for fields in zip(*(_texts(table, name) for name in needed), strict=True)
    ]
    good = [line for line in lines if _is_whole(line)]
    aside = [
        QuarantinedRow(int(number), "a code is not three digits", ",".join(line.values())[:500])
        for number, line in zip(table.row_numbers, lines, strict=True)
        if line not in good
    ]
    model = _model({line["old_la_code"] for line in good}, source)
    rows = [
        {
            "la_code": line["old_la_code"],
            "neighbour_la_code": line[f"sn_{place}"],
            "position": place,
            "closeness": line[f"sn_{place}p"],
            "model": model,
            "source": f"DfE statistical neighbour model {model}",
        }
        for line in good
        for place in places
    ]
    return Parcel(
        kind=KIND,
        source=source.source,
        row_count_in=table.row_count_in,
        tables={TABLE: pa.Table.from_pylist(rows)} if rows else {},
        accepted=len(good),
        quarantined=(*table.quarantined, *aside),
    )


def _texts(table: CsvTable, name: str) -> list[str]:
    return [text.strip() for text in table.column(name).to_pylist()]


def _is_whole(line: dict[str, str]) -> bool:
    codes = [text for name, text in line.items() if not name.endswith("p")]
    return all(CODE.fullmatch(code) for code in codes)


def _model(covered: set[str], source: NeighbourSource) -> str:
    for item in source.models:
        if set(item.covers) <= covered and not set(item.leaves_out) & covered:
            return item.model
    raise InputError(
        "the authorities that it covers are those of no known model of statistical neighbours",
        remedy="Describe the model in data/reference/sources/neighbours.yml.",
    )
