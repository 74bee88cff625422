"""The delivery plan as one JSON document: what `send plan list --json` prints.

The plan and its log are read as they lie on disk, so that an entry shows at once. Values and
statuses are read from the release that people read; nothing is judged here. A milestone that was
moved after that release was built has no status until the next one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from pipelines.registry.plan import Action, Milestone, PlanMeasure
from pipelines.registry.plan_day import AWAITED, status_on
from pipelines.registry.plan_log import Note, Revision, level_now
from pipelines.registry.plan_rows import HeldPlan
from pipelines.release.backlog_json import OF_CHANCE
from pipelines.release.json_values import plain

if TYPE_CHECKING:
    import duckdb

Record = dict[str, Any]
NEWEST = ("newest_value", "newest_value_period", "newest_value_source", "newest_value_vintage")
STANDING = ("current_due_date", "current_value", "level_value", "milestone_status")
STATED = ("plan_status", *OF_CHANCE)


@dataclass(frozen=True)
class Standing:
    """What a release says of the plan.

    Attributes:
        release: its id; None where nothing is published, or the release is older than the plan.
        newest: by plan measure: title, unit, and the council's newest value.
        milestones: by milestone: the day and level judged, and the status by date and value.
        stated: by milestone and version (original, current): the status with its chance.
        read_on: the day of reading, by which a promise's day may have passed.
    """

    release: str | None = None
    newest: Mapping[str, Record] = field(default_factory=dict)
    milestones: Mapping[str, Record] = field(default_factory=dict)
    stated: Mapping[tuple[str, str], Record] = field(default_factory=dict)
    read_on: date = field(default_factory=date.today)


def standing(connection: duckdb.DuckDBPyConnection, release_id: str, la_code: str) -> Standing:
    """What a release says of one authority's plan; nothing where it holds another's.

    Ids of actions and milestones are alike from council to council, so they alone tell nothing.
    connection: to the release's officer.duckdb or public.duckdb.
    """
    held = {row[0] for row in connection.sql("select table_name from duckdb_tables").fetchall()}
    if not {"plan_action", "plan_milestone"} <= held:
        return Standing()
    measures = _by_id(
        connection, "marts.plan_action", ("plan_measure", "measure_title", *NEWEST), la_code
    )
    milestones = _by_id(connection, "marts.plan_milestone", ("milestone", *STANDING), la_code)
    if not milestones:
        return Standing()
    return Standing(release_id, measures, milestones, _stated(connection, held, la_code))


def _stated(
    connection: duckdb.DuckDBPyConnection, held: set[str], la_code: str
) -> dict[tuple[str, str], Record]:
    """What the forecasts say of each milestone; nothing in a release that is older than this."""
    if "plan_status" not in held:
        return {}
    names = ("milestone", "plan_version", *STATED)
    rows = _of(connection, "marts.plan_status", names, la_code)
    return {
        (row[0], row[1]): {name: _json(cell) for name, cell in zip(STATED, row[2:], strict=True)}
        for row in rows
    }


def plan_document(held: HeldPlan | None, la_code: str, seen: Standing) -> Record:
    """{"release", "la_code", "title", "actions": [...], ...}; no actions where there is no plan."""
    if held is None:
        return {"release": seen.release, "la_code": la_code, "title": None, "actions": []}
    plan = held.plan
    return {
        "release": seen.release,
        **_dumped(plan, "la_code", "title", "first_year", "last_year", "basis"),
        "documents": [_dumped(item) for item in held.documents.values()],
        "roles": [_dumped(item) for item in plan.roles],
        "priorities": [_dumped(item) for item in plan.priorities],
        "actions": [_action(item, held, seen) for item in plan.actions],
        "log": {"entries": len(held.log.entries), "sha256": held.log.sha256 or None},
    }


def milestone_lines(held: HeldPlan, seen: Standing) -> Iterator[Record]:
    """One flat record a milestone, and one for a measure without any, for a table."""
    for action in plan_document(held, held.plan.la_code, seen)["actions"]:
        for measure in action["measures"]:
            for milestone in measure["milestones"] or [{}]:
                yield {"action": action, "measure": measure, "milestone": milestone}


def _action(action: Action, held: HeldPlan, seen: Standing) -> Record:
    return {
        **_dumped(action, "id", "title", "priority", "document", "is_assumption", "why"),
        **_dumped(action, "owner", "funding", "depends_on", "status_notes"),
        "measures": [_measure(item, held, seen) for item in action.measures],
        "notes": [
            {"line": line, **_dumped(entry, "at", "role", "text")}
            for line, entry in held.log.entries.items()
            if isinstance(entry, Note) and entry.action == action.id
        ],
    }


def _measure(measure: PlanMeasure, held: HeldPlan, seen: Standing) -> Record:
    known = seen.newest.get(measure.id, {})
    return {
        **_dumped(measure, "id", "kpi", "breakdown_topic", "breakdown", "unit", "needs"),
        "title": measure.title or known.get("measure_title"),
        **_dumped(measure, "baseline", "target"),
        **{name: known.get(name) for name in NEWEST},
        "milestones": [_milestone(item, held, seen) for item in measure.milestones],
    }


def _milestone(milestone: Milestone, held: HeldPlan, seen: Standing) -> Record:
    moves = held.log.revisions(milestone.id)
    due, value = level_now(milestone, moves)
    judged = seen.milestones.get(milestone.id, {})
    same = (judged.get("current_due_date"), judged.get("current_value"))
    is_judged = bool(judged) and same == (due.isoformat(), plain(value))
    return {
        **_dumped(milestone, "id", "says", "document", "same_as_area"),
        **_dumped(milestone, "is_date_assumption", "is_value_assumption", "why"),
        "original_date": milestone.due.isoformat(),
        "original_value": plain(milestone.value),
        "date": due.isoformat(),
        "value": plain(value),
        "level": judged["level_value"] if is_judged else plain(value),
        "status": judged["milestone_status"] if is_judged else None,
        **_told(milestone.id, seen, is_judged),
        **_awaited(due, held.plan.la_code, seen, judged if is_judged else {}),
        "revisions": [_revision(line, entry) for line, entry in _moves(milestone, held)],
    }


def _told(milestone: str, seen: Standing, is_judged: bool) -> Record:
    """The status with its chance, and what would have been told of the first promise."""
    now = seen.stated.get((milestone, "current"), {}) if is_judged else {}
    first = seen.stated.get((milestone, "original"), {})
    return {
        **({"status": now["plan_status"]} if now else {}),
        **{name: now.get(name) for name in OF_CHANCE},
        "original_status": first.get("plan_status"),
        "original_chance": first.get("chance"),
    }


def _awaited(due: date, la_code: str, seen: Standing, judged: Record) -> Record:
    """What holds instead once the day of a promise has passed without a figure that decides it."""
    status = judged.get("milestone_status") or ""
    is_over = status_on(seen.read_on, status, due, la_code) == AWAITED
    return {"status": AWAITED, **dict.fromkeys(OF_CHANCE)} if is_over else {}


def _moves(milestone: Milestone, held: HeldPlan) -> Iterator[tuple[int, Revision]]:
    for line, entry in held.log.entries.items():
        if isinstance(entry, Revision) and entry.milestone == milestone.id:
            yield line, entry


def _revision(line: int, entry: Revision) -> Record:
    names = ("at", "role", "old_date", "new_date", "old_value", "new_value", "reason")
    return {"line": line, **_dumped(entry, *names)}


def _dumped(record: BaseModel, *names: str) -> Record:
    """The named fields of a record, all without names, as JSON has them; numbers stay numbers."""
    kept = record.model_dump(include=set(names)) if names else record.model_dump()
    return {name: _json(cell) for name, cell in kept.items()}


def _json(cell: Any) -> Any:
    if isinstance(cell, dict):
        return {name: _json(inner) for name, inner in cell.items()}
    if isinstance(cell, list | tuple):
        return [_json(inner) for inner in cell]
    if isinstance(cell, date):
        return cell.isoformat()
    return plain(cell) if isinstance(cell, Decimal) else cell


def _by_id(
    connection: duckdb.DuckDBPyConnection, table: str, names: tuple[str, ...], la_code: str
) -> dict[str, Record]:
    rows = _of(connection, table, names, la_code)
    return {row[0]: {n: _json(cell) for n, cell in zip(names, row, strict=True)} for row in rows}


def _of(
    connection: duckdb.DuckDBPyConnection, table: str, names: tuple[str, ...], la_code: str
) -> list[tuple[Any, ...]]:
    cells = connection.table(table).project(", ".join(("la_code", *names))).fetchall()
    return [row[1:] for row in cells if row[0] == la_code]
