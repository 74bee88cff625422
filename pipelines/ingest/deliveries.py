"""What a council handed in, delivery by delivery: when it came, what it was made of, and its end.

A delivery is what one id stands for in landing/: a return of several files, or one file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pipelines.ingest import bundles, forget_files, landing
from pipelines.ingest.intake import FILE_ID_DIGITS
from pipelines.json_lines import lines
from pipelines.settings import Settings

LOG = "received.jsonl"
COUNCIL = "council"


@dataclass(frozen=True)
class Delivery:
    """A council's own files under one id.

    Attributes:
        received_on: the day on which these bytes first came in.
    """

    file_id: str
    kind: str
    vintage: str
    received_on: date


def case_deliveries(settings: Settings) -> list[Delivery]:
    """The council's own deliveries that have landed, oldest first."""
    days = arrivals(settings)
    found = {
        row["sha256"][:FILE_ID_DIGITS]: Delivery(
            row["sha256"][:FILE_ID_DIGITS], row["kind"], row["vintage"], days[row["sha256"]]
        )
        for row in landing.received(settings)
        if row["source"] == COUNCIL and row["sha256"] in days
    }
    return sorted(found.values(), key=lambda each: (each.received_on, each.file_id))


def arrivals(settings: Settings) -> dict[str, date]:
    """The day on which each file first came in, by its hash; files of a bundle and bundles both."""
    found: dict[str, date] = {}
    for line in lines(settings.workspace / "log" / LOG):
        day = datetime.fromisoformat(line["time"]).date()
        for name in ("sha256", "kept_sha256"):
            found.setdefault(line[name], day)
    for whole, pieces in bundles.ever_made_of(settings):
        if whole in found:
            found.update({piece: found[whole] for piece in pieces if piece not in found})
    return found


def drop(settings: Settings, file_id: str) -> None:
    """Take a delivery away: its record first, then its rows, and the kept bytes.

    What nothing answers for any more goes with the sweep, which an interrupted call leaves to the
    next one at the door.
    """
    for path in sorted((settings.landing / landing.COMMIT_TABLE).glob(f"{file_id}*")):
        path.unlink()
    landing.sweep(settings)
    forget_files.drop_orphans(settings)
    forget_files.drop_warehouse(settings)
