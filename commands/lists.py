"""Verb `inspection-lists`: the two lists of an area SEND inspection, with names of nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import Workspace, progress, say, settings_of

if TYPE_CHECKING:
    from pipelines.ingest.inspection import Made

Out = Annotated[Path, typer.Option("--out", help="Folder to write to; made if it is not there.")]
Year = Annotated[
    int | None,
    typer.Option(
        "--year",
        help="Year of the January return. Default: the newest return or in-year extract.",
        show_default=False,
    ),
]


def inspection_lists(out: Out, year: Year = None, workspace: Workspace = None) -> None:
    """Write the inspection's lists of children with plans and with SEN support.

    They hold UPNs and birth dates, so they can be made only where the keys are, and every making
    is logged.
    """
    from pipelines.ingest.inspection import write_lists
    from pipelines.ingest.words import counted
    from pipelines.release import audit_log

    settings = settings_of(workspace)
    with progress() as bar:
        bar.add_task("Opening the kept returns", total=None)
        made = write_lists(settings, out.expanduser().resolve(), year)
    audit_log.note(settings, "inspection-lists", row_counts=dict(made.row_counts))
    if made.on is not None:
        day = f"{made.on.day} {made.on:%B %Y}"
        say(f"The lists describe {day}, the day of the return or extract that they are made from.")
    for name, count in made.row_counts.items():
        say(f"{name}: {counted(count, 'row')}")
    _say_of_censuses(made)
    for name, columns in made.not_held.items():
        say(f"{name}: not held, so empty in every row: {', '.join(columns)}")
    say(f"Rules: {counted(made.finding_count, 'finding')} in {made.findings_file}")
    say(
        f"Written to {out}, readable by you only. They name children: take them out of here safely."
    )


def _say_of_censuses(made: Made) -> None:
    """Which census says who has SEN support, and which says with what need."""
    if made.census is None:
        say(
            "No school census of the return's year or the one before is held, so there is nobody "
            "with SEN support on the second list. Take it in: send ingest PATH"
        )
        return
    say(f"SEN support is that of the school census of {made.census}.")
    if made.needs_census is None:
        say(
            "Only the January census says needs and ethnicity, and none of that year or the one "
            "before is held, so the second list has none. Take it in: send ingest PATH"
        )
    elif made.needs_census != made.census:
        say(
            f"Needs and ethnicity are those of the census of {made.needs_census}, the last one "
            "that says them. Pupils who came later have none: ask their schools."
        )
