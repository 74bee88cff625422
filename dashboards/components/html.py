"""Small pieces of our own HTML, because the framework's tables cannot be read by a screen reader.

Every text that comes from data is escaped here. Nothing here runs Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

__all__ = ["badge", "escape", "paragraphs", "table", "terms"]


def table(
    frame: pd.DataFrame,
    caption: str,
    numbers: Sequence[str] = (),
    *,
    is_caption_shown: bool = True,
) -> str:
    """A table with a caption and headers, which scrolls inside its own frame on a small screen.

    frame: texts as they are to be shown; the first column heads its row.
    numbers: columns set to the right.
    is_caption_shown: False under a heading that says the same; a screen reader still reads it.
    """
    right = {place for place, name in enumerate(frame.columns) if name in set(numbers)}
    head = "".join(
        f'<th scope="col"{_class(place in right)}>{escape(str(name))}</th>'
        for place, name in enumerate(frame.columns)
    )
    body = "".join(_row(row, right) for row in frame.itertuples(index=False, name=None))
    label = escape(caption, quote=True)
    hidden = "" if is_caption_shown else ' class="sm-hidden"'
    return (
        f'<div class="sm-scroll" role="region" tabindex="0" aria-label="{label}">'
        f'<table class="sm-table"><caption{hidden}>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def terms(rows: Sequence[tuple[str, str]]) -> str:
    """A list of terms, each with what it means; one with an empty text is left out."""
    items = "".join(
        f"<dt>{escape(term)}</dt><dd>{escape(text)}</dd>" for term, text in rows if text
    )
    return f'<dl class="sm-terms">{items}</dl>'


def badge(text: str, kind: str) -> str:
    """A word in a frame; kind changes the line of the frame, never the meaning."""
    return f'<strong class="sm-badge sm-{escape(kind, quote=True)}">{escape(text)}</strong>'


def paragraphs(*texts: str, css: str = "") -> str:
    """Each text as an escaped paragraph; empty ones are left out."""
    start = f'<p class="{escape(css, quote=True)}">' if css else "<p>"
    return "".join(f"{start}{escape(text)}</p>" for text in texts if text)


def _row(row: Sequence[object], right: set[int]) -> str:
    cells = [
        f'<th scope="row">{_text(cell)}</th>'
        # An empty cell heads nothing: a listener would hear a heading without words.
        if place == 0 and _text(cell)
        else f"<td{_class(place in right)}>{_text(cell)}</td>"
        for place, cell in enumerate(row)
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _text(cell: object) -> str:
    return "" if cell is None or cell is pd.NA or cell != cell else escape(str(cell))


def _class(is_number: bool) -> str:
    return ' class="sm-number"' if is_number else ""
