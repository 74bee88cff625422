"""Landing rows of a small invented authority, written as the door writes them, without the door.

For tests of what core, kpi, marts and the release make of rows: a test names the rows that matter
to it, and everything else is as in an ordinary case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.assets.house import landing_files
from pipelines.engine.duckdb import make_table, show_landing, warehouse
from pipelines.ingest.landing import schema
from pipelines.ingest.reference import land_reference
from pipelines.registry.house import house_models
from pipelines.registry.landing import landing_tables
from pipelines.release.inputs import take_stock
from pipelines.settings import PROJECT_ROOT, Settings

Row = dict[str, Any]
SCHOOLS = {"900001": "34", "900002": "44", "900003": "01", "900004": "07", "900005": "18"}


@dataclass
class Return:
    """One return: rows are added case by case, records counted as the door counts them."""

    la_code: str = "860"
    year: int = 2026
    vintage: str = "2026"
    file_id: str = "a" * 16
    kind: str = "annual"
    reference_date: date = date(2026, 1, 15)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    people: int = 0

    def add(
        self,
        *,
        person: Row | None = None,
        request: Row | None = None,
        assessment: Row | None = None,
        plan: Row | None = None,
        active: Row | None = None,
        placements: Iterable[Row] = (),
        named: Iterable[Row] = (),
        need: str | None = None,
    ) -> int:
        """One child with one request and what hangs on it; gives its number."""
        self.people += 1
        number = self.people
        base = {
            "file_id": self.file_id,
            "row_number": number,
            "person_record": number,
            "request_record": number,
            "pseudonym": f"{number:032x}",
        }
        usual = {"sex": "M", "ethnicity": "WBRI", "age_at_31_august": 9, "key_id": "k"}
        self._land("sen2_person", base | usual | (person or {}))
        self._land("sen2_request", base | {"request_outcome": "H"} | (request or {}))
        for table, row in (
            ("sen2_assessment", assessment),
            ("sen2_named_plan", plan),
            ("sen2_active_plan", active),
        ):
            if row is not None:
                self._land(table, base | {"item_record": number} | row)
        for table, several in (("sen2_placement_detail", placements), ("sen2_plan_detail", named)):
            for place, row in enumerate(several, 1):
                at = {"row_number": 10 * number + place, "item_record": 10 * number + place}
                self._land(table, base | at | row)
        if need:
            first = {"item_record": number, "sen_type": need, "sen_type_rank": "1"}
            self._land("sen2_sen_need", base | first)
        return number

    def _land(self, table: str, row: Row) -> None:
        self.rows.setdefault(table, []).append(row)

    def tables(self) -> dict[str, list[Row]]:
        """All landing tables of the return, its own record and the list of schools."""
        count = sum(len(rows) for rows in self.rows.values())
        header = {
            "file_id": self.file_id,
            "return_kind": self.kind,
            "la_code": self.la_code,
            "return_year": self.year,
            "reference_date": self.reference_date,
            "person_count": self.people,
        }
        received = {
            "file_id": self.file_id,
            "source": "council",
            "kind": "sen2",
            "file_name": f"{self.vintage}.xml",
            "sha256": self.file_id.ljust(64, "0"),
            "size_bytes": 1,
            "release": str(self.year),
            "vintage": self.vintage,
            "vintage_order": self.year * 1000 + len(self.vintage),
            "row_count_in": count,
            "row_count_accepted": count,
            "row_count_quarantined": 0,
        }
        return self.rows | {"sen2_return": [header], "received_file": [received]}


def land(workspace: Path, name: str, tables: Mapping[str, Iterable[Row]]) -> None:
    """Write tables to landing/<table>/<name>.parquet, every declared column present."""
    settings = Settings(workspace=workspace, project_root=PROJECT_ROOT)
    for table, rows in tables.items():
        target = settings.landing / table / f"{name}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        wanted = schema(settings, table)
        full = [{column: row.get(column) for column in wanted.names} for row in rows]
        pq.write_table(pa.Table.from_pylist(full, schema=wanted), target)


def land_schools(workspace: Path) -> None:
    """Five schools: a mainstream and a special academy, a maintained one of each, a college."""
    schools = [
        {
            "file_id": "b" * 16,
            "row_number": int(urn) - 899_999,
            "urn": urn,
            "la_code": "860",
            "establishment_name": urn,
            "establishment_type_code": kind,
        }
        for urn, kind in SCHOOLS.items()
    ]
    land(workspace, "b" * 16, {"establishment": schools})


def build(workspace: Path) -> Settings:
    """Every model of the house over what has landed; gives the settings of the workspace."""
    settings = Settings(workspace=workspace, project_root=PROJECT_ROOT)
    land_reference(settings)
    take_stock(settings)
    sql_folder = PROJECT_ROOT / "sql"
    with warehouse(settings.warehouse, sql_folder) as connection:
        show_landing(connection, landing_tables(sql_folder), landing_files(settings))
        for model in house_models(PROJECT_ROOT).values():
            make_table(connection, model)
    return settings
