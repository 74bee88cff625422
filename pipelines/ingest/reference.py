"""What comes with the product rather than through the door: facts, measures, statements, the plan.

They land as Parquet like everything else, one file a table, so that a model never reads a CSV or
YAML. Facts that a publisher's file also holds are marked precedence 1 and give way to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.ingest.kinds_of_school import establishment_types
from pipelines.registry.council import council, published_folder
from pipelines.registry.events import event_rows
from pipelines.registry.gias import gias
from pipelines.registry.landing import landing_tables
from pipelines.registry.measures import Measure, measures
from pipelines.registry.plan_rows import plan_rows
from pipelines.registry.statement_rows import statement_figure_rows, statement_rows
from pipelines.registry.statements import register
from pipelines.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

    from pipelines.ingest.door import Receipt

REFERENCE_TABLES = ("authority", "gss_code", "region", "district", "neighbour")
REFERENCE_FILE = "reference.parquet"
# Columns of the table of shipped facts that are columns of landing.published_row too.
FACT_COLUMNS = (
    "source",
    "dataset",
    "vintage",
    "period_kind",
    "time_period",
    "time_identifier",
    "geographic_level",
    "region_code",
    "gss_code",
    "la_code",
    "area_name",
    "breakdown_topic",
    "breakdown",
)
IN_YEAR = "in-year"
INBOX_ENDINGS = frozenset({".zip", ".csv", ".gz", ".geojson", ".xml", ".xlsx"})
SHIPPED = 1

# How the Local Authority Interactive Tool prints what is not available.
LAIT_MARKS = frozenset({"-", ".."})
NOT_AVAILABLE = "x"


def inbox_files(settings: Settings) -> list[Path]:
    """Whole data files in the workspace's inbox; downloads under way and their records left out.

    Those of inbox/in-year, which are extracts, come last.
    """
    inbox = settings.workspace / "inbox"
    folders = [folder for folder in (inbox, inbox / IN_YEAR) if folder.is_dir()]
    return [
        path
        for folder in folders
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in INBOX_ENDINGS and not path.name.startswith(".")
    ]


def take_inbox(settings: Settings) -> list[Receipt]:
    """Ingest every file in the workspace's inbox; files already held are passed over.

    The door also puts in order what an interrupted call left, so it is opened for an empty inbox.
    SEN2 files in inbox/in-year are extracts, as if `send ingest --in-year` had named them.
    """
    from pipelines.ingest.door import ingest
    from pipelines.ingest.setting import Asked

    files = inbox_files(settings)
    extracts = [path for path in files if path.parent.name == IN_YEAR]
    receipts = ingest([path for path in files if path not in extracts], settings)
    if extracts:
        receipts += ingest(extracts, settings, asked=Asked(is_in_year=True))
    return receipts


def land_reference(settings: Settings) -> None:
    """Write reference tables, measures, statements, events, plan and shipped figures."""
    reference = settings.project_root / "data" / "reference"
    for name in REFERENCE_TABLES:
        _write(settings, name, _reference_rows(settings, name))
    _write(settings, "establishment_type", _establishment_types(settings))
    _write(settings, "measure", map(_measure_row, _measures(settings)))
    _write(settings, "measure_break", _break_rows(settings))
    statements = register(published_folder(settings.council_folder))
    _write(settings, "statement", statement_rows(statements))
    _write(settings, "statement_figure", statement_figure_rows(statements))
    _write(settings, "event", event_rows(settings))
    for name, rows in plan_rows(settings).items():
        _write(settings, name, rows)
    _land_headline_figures(settings, reference / "headline_figures.csv")


def _reference_rows(settings: Settings, name: str) -> list[dict[str, str]]:
    return [row for path in settings.reference_paths(name) for row in _csv_rows(path)]


def _establishment_types(settings: Settings) -> list[dict[str, Any]]:
    """The types with the placement settings that the council has chosen for the open questions."""
    choices = council(settings.council_folder).placement_choices
    return establishment_types(settings.project_root, choices, gias(settings.project_root))


def _measures(settings: Settings) -> Iterable[Measure]:
    return measures(settings.project_root / "sql").values()


def _measure_row(measure: Measure) -> dict[str, Any]:
    spec_id = measure.spec_id or ()
    newest_break = max(measure.break_at, key=lambda gap: gap.period, default=None)
    return {
        **measure.model_dump(include={"title", "short_title", "unit", "scale", "decimals"}),
        **measure.model_dump(include={"polarity", "period_kind", "theme", "definition", "caveat"}),
        **measure.model_dump(include={"default_breakdown_topic", "next_update", "reading_note"}),
        "scope_note": measure.scope_note,
        "kpi": measure.id,
        "scale": measure.scale,
        "numerator_text": measure.numerator,
        "denominator_text": measure.denominator,
        "source_text": measure.dataset,
        "spec_id": spec_id if isinstance(spec_id, str) else ", ".join(spec_id),
        "break_at": newest_break.period if newest_break else None,
        "break_reason": newest_break.reason if newest_break else None,
    }


def _break_rows(settings: Settings) -> list[dict[str, Any]]:
    return [
        {"kpi": measure.id, "break_at": gap.period, "break_reason": gap.reason}
        for measure in _measures(settings)
        for gap in measure.break_at
    ]


def _land_headline_figures(settings: Settings, path: Path) -> None:
    """One row and one cell for each line of the table of shipped facts."""
    file_id = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    facts = list(enumerate(_csv_rows(path), start=2))
    _write(settings, "published_row", [_fact_row(file_id, number, row) for number, row in facts])
    cells = [_fact_cell(file_id, number, row) for number, row in facts]
    _write(settings, "published_cell", cells)
    newest = max(row["vintage"] for _, row in facts)
    _write(settings, "received_file", [_fact_file(file_id, path, len(facts), newest)])


def _fact_cell(file_id: str, number: int, row: Mapping[str, str]) -> dict[str, Any]:
    value = row["value_text"]
    return {
        "file_id": file_id,
        "row_number": number,
        "indicator": row["indicator"],
        "value_text": NOT_AVAILABLE if value in LAIT_MARKS else value,
    }


def _fact_row(file_id: str, number: int, row: Mapping[str, str]) -> dict[str, Any]:
    return {
        **_pick(row, FACT_COLUMNS),
        "file_id": file_id,
        "row_number": number,
        "precedence": SHIPPED,
        "vintage_order": _order(row["vintage"]),
        "breakdown_topic_label": row["breakdown_topic"],
        "breakdown_label": row["breakdown"],
    }


def _fact_file(file_id: str, path: Path, count: int, vintage: str) -> dict[str, Any]:
    return {
        "file_id": file_id,
        "source": "dfe",
        "kind": "headline_figures",
        "vintage": vintage,
        "vintage_order": _order(vintage),
        "file_name": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "size_bytes": path.stat().st_size,
        "row_count_in": count,
        "row_count_accepted": count,
        "row_count_quarantined": 0,
    }


def _order(vintage: str) -> int:
    """The first edition of a release; later editions of it have the numbers behind."""
    return int(vintage) * 1000


def _pick(row: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    return {name: row[name] for name in names}


def _csv_rows(path: Path) -> list[dict[str, str]]:
    import csv

    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, strict=True))


def _write(settings: Settings, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows to landing/<table>/reference.parquet, every declared column present, as text or null.

    The landing view casts to the declared types.
    """
    import pyarrow.parquet as pq

    columns = landing_tables(settings.project_root / "sql")[table]
    target = settings.landing / table / REFERENCE_FILE
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_suffix(".part")
    pq.write_table(_as_text(list(columns), list(rows)), part, compression="zstd")
    part.replace(target)


def _as_text(columns: list[str], rows: list[Mapping[str, Any]]) -> pa.Table:
    import pyarrow as pa

    def text(value: Any) -> str | None:
        return None if value is None or value == "" else str(value)

    data = {name: [text(row.get(name)) for row in rows] for name in columns}
    return pa.table({name: pa.array(values, pa.string()) for name, values in data.items()})
