"""The history of milestones that were moved: what was promised first, what stands now, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboards import formats
from dashboards.queries.frozen import records
from dashboards.words import milestone

COLUMNS = ["Milestone", "Moved on", "By", "From", "To", "Reason"]


def moves(
    milestones: pd.DataFrame, notes: pd.DataFrame | None, role_titles: Mapping[str, str]
) -> pd.DataFrame:
    """One row a move, the newest first.

    notes: of queries.plan, with every move; None for readers without them, who see of each
    milestone its first promise, what stands now, and the reason of the last move.
    """
    rows = {row["milestone"]: row for row in records(milestones)}
    if notes is None:
        moved = [row for row in rows.values() if row["revision_count"]]
        moved.sort(key=lambda row: str(row["revised_at"]), reverse=True)
        lines = [_whole(row, role_titles) for row in moved]
    else:
        found = records(notes[notes["entry_kind"] == "revision"])
        lines = [_single(note, rows[note["milestone"]], role_titles) for note in found]
    return pd.DataFrame(lines, columns=COLUMNS)


def _whole(row: Mapping[str, Any], role_titles: Mapping[str, str]) -> tuple[str, ...]:
    times = int(row["revision_count"])
    last = "" if times == 1 else f", the last of {times} moves"
    return (
        str(row["milestone_text"]),
        f"{formats.day(row['revised_at'])}{last}",
        role(row["revised_by_role"], role_titles),
        milestone.promise(row, is_first=True),
        milestone.promise(row),
        str(row["revision_reason"] or ""),
    )


def _single(
    note: Mapping[str, Any], row: Mapping[str, Any], role_titles: Mapping[str, str]
) -> tuple[str, ...]:
    old, new = (
        milestone.promise(
            {
                **row,
                "level_value": note[f"{side}_value"],
                "current_due_date": note[f"{side}_due_date"],
            }
        )
        for side in ("old", "new")
    )
    by = role(note["author_role"], role_titles)
    return str(row["milestone_text"]), formats.day(note["made_at"]), by, old, new, note["note_text"]


def role(name: Any, role_titles: Mapping[str, str]) -> str:
    """A role by its title, or its id in words."""
    return role_titles.get(str(name), str(name).replace("-", " ")) if name else ""
