"""The mark of a milestone's status: a shape, the word and a colour, never the colour alone."""

from __future__ import annotations

from collections.abc import Mapping

from dashboards.components.html import escape
from dashboards.words.milestone import STATUSES, status


def status_mark(name: object) -> str:
    """HTML of one status. The word carries the meaning; the shape is for print."""
    kind = str(name) if name in STATUSES else "not_measured"
    found = status(kind)
    return (
        f'<strong class="sm-status sm-status-{kind}">'
        f'<span aria-hidden="true">{escape(found.shape)}</span> {escape(found.word)}</strong>'
    )


def standing_html(counts: Mapping[str, int]) -> str:
    """How many milestones have each status, and what each status means."""
    items = "".join(
        f"<li><b>{counts[name]}</b> {status_mark(name)} {escape(found.meaning)}</li>"
        for name, found in STATUSES.items()
        if counts.get(name)
    )
    return f'<ul class="sm-counts sm-standing">{items}</ul>'
