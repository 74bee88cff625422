"""The statements register of a release as one JSON document: what `send claims --json` prints.

Verdicts and evidence are read as they stand in marts.claim and marts.claim_evidence; nothing is
judged here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.release.json_values import plain

if TYPE_CHECKING:
    import duckdb

ROLES = ("stated", "measured", "like_for_like", "evidence")
CLAIM = (
    "claim_id",
    "source_document",
    "statement_date",
    "statement",
    "verdict",
    "verdict_reason",
    "needs",
)
EVIDENCE = (
    "kpi",
    "la_code",
    "area_code",
    "area_name",
    "period",
    "period_label",
    "stated_text",
    "stated_value",
    "value",
    "unit",
    "symbol",
    "vintage",
    "source",
    "file_id",
    "row_number",
    "note",
)

Claim = dict[str, Any]


def claims_document(connection: duckdb.DuckDBPyConnection, release_id: str) -> dict[str, Any]:
    """{"release", "claims": [...]}, in the order of the claims' ids.

    connection: to a release's public.duckdb. Each claim holds id, source, date (a day, a year where
    only that is known, or null), statement, verdict, reason, needs, and four lists of rows: stated,
    measured, like_for_like and evidence. Counts are integers, other numbers floats, in the unit
    that the row names.
    """
    columns = ", ".join(CLAIM)
    rows = connection.table("marts.claim").project(columns).order("claim_id").fetchall()
    evidence = _evidence(connection)
    return {
        "release": release_id,
        "claims": [_claim(row, evidence.get(row[0], {})) for row in rows],
    }


def _claim(row: tuple[Any, ...], evidence: dict[str, list[Claim]]) -> Claim:
    claim_id, source, day, statement, verdict, reason, needs = row
    head = {"id": claim_id, "source": source, "date": day, "statement": statement}
    lists = {role: evidence.get(role, []) for role in ROLES}
    return {**head, "verdict": verdict, "reason": reason, **lists, "needs": needs}


def _evidence(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, list[Claim]]]:
    """Rows by claim and role, each list in the order of their positions."""
    relation = connection.table("marts.claim_evidence").order("claim_id, position")
    found: dict[str, dict[str, list[Claim]]] = {}
    for claim_id, role, *cells in relation.project(
        ", ".join(["claim_id", "role", *EVIDENCE])
    ).fetchall():
        line = {name: plain(cell) for name, cell in zip(EVIDENCE, cells, strict=True)}
        found.setdefault(claim_id, {}).setdefault(role, []).append(line)
    return found
