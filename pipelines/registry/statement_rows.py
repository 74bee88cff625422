"""The rows of landing.statement and landing.statement_figure.

What belongs here: the newest period that was out when each statement was made. What does not: any
verdict. Verdicts are computed in sql/marts from the release's figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from pipelines.registry.statements import Calendar, Document, Figure, Register, Statement, Term


def statement_rows(statements: Register) -> list[dict[str, Any]]:
    """Rows of landing.statement, one a statement; columns as in sql/landing.yml."""
    documents = {entry.id: entry for entry in statements.documents}
    return [
        _statement_row(statements, entry, documents[entry.document])
        for entry in statements.statements
    ]


def statement_figure_rows(statements: Register) -> list[dict[str, Any]]:
    """Rows of landing.statement_figure, one a term of a figure; columns as in sql/landing.yml.

    A figure that nothing held can test has one row, whose kpi is None.
    """
    calendars = {entry.id: entry for entry in statements.publication_calendar}
    documents = {entry.id: entry for entry in statements.documents}
    rows: list[dict[str, Any]] = []
    for entry in statements.statements:
        before = _judged_before(statements, documents[entry.document])
        for position, figure in enumerate(entry.figures, start=1):
            head = _figure_head(figure, calendars.get(figure.calendar or ""), before)
            rows.extend(
                {"claim_id": entry.id, "figure": position, **tail, **head}
                for tail in _term_tails(figure)
            )
    return rows


def day_text(day: date) -> str:
    """'20 November 2025'."""
    return f"{day.day} {day:%B %Y}"


def _judged_before(statements: Register, document: Document) -> date:
    """A year alone is taken to its end: what was published in it counts for the statement."""
    day = document.last_day or statements.newest_date
    only_year = document.statement_date is not None and len(document.statement_date) == len("2022")
    return day + timedelta(days=1) if only_year else day


def _statement_row(statements: Register, entry: Statement, document: Document) -> dict[str, Any]:
    before = _judged_before(statements, document)
    is_new_year = (before.month, before.day) == (1, 1)
    return {
        "claim_id": entry.id,
        "council": statements.la_code,
        "document_id": document.id,
        "document_title": document.title,
        "document_publisher": document.publisher,
        "statement_date": document.statement_date,
        "judged_before": before,
        "judged_before_text": f"the end of {before.year - 1}" if is_new_year else day_text(before),
        "statement": entry.statement,
        "basis": entry.basis,
        "needs": entry.needs,
    }


def _figure_head(figure: Figure, calendar: Calendar | None, before: date) -> dict[str, Any]:
    newest = _newest(figure, calendar, before) if calendar else None
    return {
        "stated_text": figure.says,
        "subject": figure.subject,
        "other_subject": figure.other_subject,
        "is_context": figure.is_context,
        "quantity": figure.quantity,
        "comparison": figure.comparison,
        "stated_value": figure.stated,
        "tolerance": figure.width,
        "unit": figure.unit,
        "named_period": figure.period,
        "base_period": figure.base_period,
        "base_years_before": figure.base_years_before,
        "newest_period": newest[0] if newest else None,
        "newest_published_on": newest[1] if newest else None,
    }


def _newest(figure: Figure, calendar: Calendar, before: date) -> tuple[str, date] | None:
    """The period to judge at: the one that is named, or the newest that was out."""
    if figure.period is None:
        return calendar.newest_before(before)
    published = calendar.published_on(int(figure.period[:4]))
    return (figure.period, published) if published < before else None


def _term_tails(figure: Figure) -> Iterator[dict[str, Any]]:
    if not figure.terms:
        yield _tail("this", 1, None)
    for side, terms in figure.sides():
        for position, term in enumerate(terms, start=1):
            yield _tail(side, position, term)


def _tail(side: str, position: int, term: Term | None) -> dict[str, Any]:
    is_authority = term is not None and term.area.isdigit()
    return {
        "side": side,
        "term": position,
        "kpi": term.measure if term else None,
        "la_code": term.area if term and is_authority else None,
        "area_code": term.area if term and not is_authority else None,
        "breakdown_topic": term.breakdown_topic if term else None,
        "breakdown": term.breakdown if term else None,
    }
