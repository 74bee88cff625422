"""The one-page report: what Overview says, as tagged PDF (PDF/UA-1) on one A4 page.

Made by typst from a template, without a browser, with a font that comes with typst itself, so that
it looks the same everywhere and its bytes are the same for the same release.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from dashboards import formats
from dashboards.charts.sparkline import sparkline
from dashboards.components import states
from dashboards.components.footer import data_version
from dashboards.context import Context
from dashboards.downloads import LICENCE, LICENCE_ADDRESS
from dashboards.overview import Card, Overview, overview
from dashboards.theme import LIGHT
from pipelines.errors import FailedCheckError
from pipelines.registry.council import Council

TEMPLATE = Path(__file__).with_suffix(".typ")

# Sizes of type in points that are tried, largest first.
SIZES = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)


def one_page(page: Context, whose: Council) -> bytes:
    """The PDF's bytes. page: read as the public; whose: of councils(page).

    Raises:
        FailedCheckError: what the page says does not fit on one sheet.
    """
    said = content(page, overview(page, whose))
    return printed(said, datetime.fromisoformat(page.facts["built_at"]))


def printed(said: Mapping[str, Any], moment: datetime) -> bytes:
    """The PDF of the texts that the template asks for, dated with a moment.

    Raises:
        FailedCheckError: they do not fit on one sheet at any size of type.
    """
    compiler = _compiler(said)
    built = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=moment)
    return cast("bytes", built)


def pictured(said: Mapping[str, Any], dots: int) -> bytes:
    """The same sheet as a PNG picture for a screen. dots: an inch.

    Raises:
        FailedCheckError: as `printed`.
    """
    return cast("bytes", _compiler(said).compile(format="png", ppi=dots))


def _compiler(said: Mapping[str, Any]) -> Any:
    import typst

    given = {"report": json.dumps(said, ensure_ascii=False)}
    compiler = typst.Compiler(TEMPLATE, ignore_system_fonts=True, sys_inputs=given)
    if json.loads(compiler.query("<fits>", field="value", one=True)) is not True:
        raise FailedCheckError(
            "the one-page report does not fit on one page",
            where=str(said["title"]),
            remedy="Name fewer measures under overview_measures in the council's settings.yml.",
        )
    return compiler


def content(page: Context, said: Overview) -> dict[str, Any]:
    """Everything that the template prints, as texts."""
    statements = said.statements
    return {
        "title": said.title,
        "author": said.name,
        "description": said.lead[0] if said.lead else said.title,
        "sample": states.sample_words(page),
        "lead": list(said.lead),
        "cards": [_card(card) for card in said.cards],
        "missing": said.missing,
        "symbols": said.symbols,
        "reading": list(said.reading),
        "changed": _before(said),
        "changes": list(said.changed.lines),
        "parts": [asdict(part) for part in said.changed.parts],
        "statements": statements.headline if statements else "",
        "counts": _counts(said),
        "not_said": list(said.not_said),
        "foot": _foot(page),
        "sizes": list(SIZES),
    }


def _card(card: Card) -> dict[str, Any]:
    """One card with its small line, drawn in the dark of the light palette."""
    return asdict(card) | {"svg": sparkline(card.values, LIGHT, card.breaks)}


def _before(said: Overview) -> str:
    named = f" The release before: {said.changed.before}." if said.changed.before else ""
    return f"{said.changed.summary}{named}"


def _counts(said: Overview) -> str:
    """'Confirmed 2; out of date 1', the verdicts that were given."""
    counts = said.statements.counts if said.statements else ()
    listed = [f"{formats.lower_first(words)} {count}" for count, words in counts if count]
    return "; ".join(listed)[:1].upper() + "; ".join(listed)[1:] + "." if listed else ""


def _foot(page: Context) -> list[str]:
    facts = page.facts
    return [
        f"Release {facts['release']}, built {formats.day(facts['built_at'])}, approved by "
        f"{facts['approved_by']}. Source: {data_version(page)}; that of each measure is on the "
        "page About the measures.",
        f"Contains public sector information licensed under the {LICENCE} ({LICENCE_ADDRESS}).",
    ]
