"""The way to a row-level file, where there is one: behind the guard, for officers who signed in."""

from __future__ import annotations

from dashboards.components import html
from dashboards.serving import connections
from dashboards.serving.rules import FILES

_LOGGED = "The file holds pseudonyms and no names; each download is written into the log."


def row_file(stem: str, words: str, otherwise: str) -> str:
    """A paragraph with the link, as HTML; otherwise a sentence on how to come by the rows.

    stem: of queries.row_files.FILES. words: of the link.
    """
    if not connections.is_guarded():
        return html.paragraphs(otherwise, css="sm-note")
    address = html.escape(f"{FILES}{stem}.csv")
    return (
        f'<p class="sm-note"><a href="{address}" target="_self" download>{html.escape(words)}</a>. '
        f"{html.escape(_LOGGED)}</p>"
    )
