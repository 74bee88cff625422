"""What must stand beside a figure that misleads alone, with the figure's own parts filled in."""

from __future__ import annotations

from dashboards import formats


def reading_note(note: str, numerator: float | None, denominator: float | None) -> str:
    """The note of a measure for one figure.

    note: sentences with gaps, {denominator} and {rest} (denominator less numerator). A sentence
    with a gap is left out where the publisher prints only the percentage.
    """
    sentences = [text if text.endswith(".") else f"{text}." for text in note.split(". ") if text]
    if not formats.is_number(numerator) or not formats.is_number(denominator):
        return " ".join(text for text in sentences if "{" not in text)
    whole, part = float(denominator or 0), float(numerator or 0)
    return note.format(denominator=f"{whole:,.0f}", rest=f"{whole - part:,.0f}")
