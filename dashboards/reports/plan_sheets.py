"""The sheets of the delivery plan, its milestones, and the public statements."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboards import formats
from dashboards.components.promises import promises
from dashboards.context import Context
from dashboards.queries import plan, register
from dashboards.queries.frozen import records
from dashboards.reports import cells
from dashboards.reports.sheets import Sheet
from dashboards.words import milestone
from dashboards.words import plan as words
from dashboards.words.verdicts import verdict_words
from pipelines.registry.council import Council


def actions_sheet(page: Context, whose: Council) -> Sheet | None:
    """The delivery plan: one row an action and measure; None where the council has no plan."""
    rows = plan.actions(page.key, whose.la_code)
    if rows.empty:
        return None
    table = pd.DataFrame(
        {
            "Action": [cells.text(row.action_title) for row in rows.itertuples()],
            "Priority": [cells.text(row.priority_title) for row in rows.itertuples()],
            "Owner (role)": [cells.text(row.owner_title) for row in rows.itertuples()],
            "Measure": [cells.text(row.measure_title) for row in rows.itertuples()],
            "Unit": [_unit(row.unit) for row in rows.itertuples()],
            "Starting point": [cells.text(row.baseline_text) for row in rows.itertuples()],
            "Target": [cells.number(row.target_value, row.decimals) for row in rows.itertuples()],
            "Newest period": [
                cells.text(row.newest_value_period_label) for row in rows.itertuples()
            ],
            "Newest figure": [
                cells.number(row.newest_value, row.newest_decimals) for row in rows.itertuples()
            ],
            "Milestones": [int(count) for count in rows["milestone_count"]],
            "Milestones met": [int(count) for count in rows["met_count"]],
            "Milestones missed": [int(count) for count in rows["missed_count"]],
            "Milestones moved": [int(count) for count in rows["moved_count"]],
            "Document": [
                cells.text(words.document(row.source_document)) for row in rows.itertuples()
            ],
            "Assumed by us": [_assumed(row) for row in rows.itertuples()],
        }
    )
    decimals = [cells.number_format(places) for places in rows["decimals"]]
    newest = [cells.number_format(places) for places in rows["newest_decimals"]]
    return Sheet(
        title=f"Delivery plan of {whose.name}: actions and their measures",
        table=table,
        source="Source: the council's delivery plan; newest figures from this release.",
        formats={"Target": decimals, "Newest figure": newest},
    )


def milestones_sheet(page: Context, whose: Council) -> Sheet | None:
    """Every milestone as first promised and as it stands; None where there is none."""
    rows = promises(page, whose.la_code)
    if rows.empty:
        return None
    table = pd.DataFrame(
        {
            "Milestone": [cells.text(row.milestone_text) for row in rows.itertuples()],
            "Measure": [cells.text(row.measure_title) for row in rows.itertuples()],
            "Unit": [_unit(row.unit) for row in rows.itertuples()],
            "First promised for": [cells.day(row.original_due_date) for row in rows.itertuples()],
            "First promised value": [_promised(row) for row in rows.itertuples()],
            "Due": [cells.day(row.current_due_date) for row in rows.itertuples()],
            "Value due": [cells.number(row.level_value, row.decimals) for row in rows.itertuples()],
            "Period that decides": [
                cells.text(milestone.in_words(row.deciding_period)) for row in rows.itertuples()
            ],
            "Figure of that period": [
                cells.number(row.deciding_value, row.newest_decimals) for row in rows.itertuples()
            ],
            "Status": [milestone.status(row.plan_status).word.lower() for row in rows.itertuples()],
            "Chance of meeting it (per cent)": [
                chance_cell(row.chance) for row in rows.itertuples()
            ],
            "What the chance takes to hold": [
                cells.text(row.chance_scenario) for row in rows.itertuples()
            ],
            "Chance as in the past year (per cent)": [
                chance_cell(row.chance_as_now) for row in rows.itertuples()
            ],
            "When it is reached": [cells.text(milestone.reached(row)) for row in records(rows)],
            "Why there is no chance": [
                cells.text(milestone.in_words(row.why_not)) for row in rows.itertuples()
            ],
            "Times moved": [int(count) for count in rows["revision_count"]],
            "Why it was moved": [cells.text(row.revision_reason) for row in rows.itertuples()],
            "Document": [
                cells.text(words.document(row.source_document)) for row in rows.itertuples()
            ],
        }
    )
    decimals = [cells.number_format(places) for places in rows["decimals"]]
    deciding = [cells.number_format(places) for places in rows["newest_decimals"]]
    return Sheet(
        title=f"Delivery plan of {whose.name}: milestones",
        table=table,
        source="Source: the council's delivery plan; statuses and chances from this release.",
        notes=(
            "The chance of meeting a milestone is the share of simulated futures that are on the "
            "right side of its value on its date. A milestone is at risk below 50%. [z] where the "
            "milestone's date has passed or no forecast can be made.",
        ),
        formats={
            "First promised value": decimals,
            "Value due": decimals,
            "Figure of that period": deciding,
        },
    )


def statements_sheet(page: Context, whose: Council) -> Sheet | None:
    """The register of public statements with its verdicts; None without any for the council."""
    rows = register.claims(page.key)
    if rows.empty or whose.la_code != page.home.la_code:
        return None
    table = pd.DataFrame(
        {
            "Statement": [cells.text(row.claim_id) for row in rows.itertuples()],
            "What was said": [cells.text(row.statement) for row in rows.itertuples()],
            "Document": [cells.text(row.source_document) for row in rows.itertuples()],
            "Date": [cells.day(row.statement_date, "not given") for row in rows.itertuples()],
            "Verdict": [verdict_words(str(row.verdict)) for row in rows.itertuples()],
            "Reason": [cells.text(row.verdict_reason) for row in rows.itertuples()],
            "What would test it": [cells.text(row.needs) for row in rows.itertuples()],
        }
    )
    return Sheet(
        title=f"Public statements of {whose.name} and what the figures say",
        table=table,
        source="Source: the register of statements; verdicts are computed from this release.",
        notes=("Each statement is paraphrased. The page Statements checked shows its evidence.",),
    )


def _unit(unit: object) -> str:
    return cells.UNITS.get(str(unit), cells.NOTHING) if isinstance(unit, str) else cells.NOTHING


def _promised(row: Any) -> float | int | str:
    """A number, or the area whose figure is to be reached."""
    area = row.level_area_name
    if isinstance(area, str) and area:
        return f"as {area}"
    return cells.number(row.original_value, row.decimals)


def chance_cell(chance: Any) -> int | str:
    """Whole per cents as the pages round them: never none, never certain."""
    if pd.isna(chance):
        return "[z]"
    told = milestone.percent(chance).removesuffix("%")
    return int(told) if told.isdecimal() else told


def _assumed(row: Any) -> str:
    """Which parts of the row the council's documents do not say."""
    parts = {
        "action": "is_assumption",
        "priority": "is_priority_assumption",
        "owner": "is_owner_assumption",
        "starting point": "is_baseline_assumption",
        "target": "is_target_assumption",
    }
    assumed = [name for name, column in parts.items() if getattr(row, column) is True]
    return formats.listed(assumed) or cells.NOTHING
