"""What is said of people who were matched: match rates and districts, counts only."""

from __future__ import annotations

from pipelines.ingest.identity import Matched
from pipelines.ingest.parcel import Finding
from pipelines.ingest.words import counted


def findings_of(matched: Matched) -> list[Finding]:
    """Match rates and districts, counts only."""
    counts = matched.counts
    parts = ", ".join(f"{counts[basis]:,} {words}" for basis, words in _BASIS_WORDS.items())
    found = [
        Finding(
            rule="people_matched",
            severity="info",
            message=f"{counted(matched.people, 'person record')}: {parts}.",
            remedy="",
            row_count=matched.people,
        )
    ]
    return [*found, *_district_findings(matched)]


_BASIS_WORDS = {
    "upn": "matched with earlier files by UPN",
    "uln": "by ULN",
    "name": "by name and birth date",
    "new": "not met before",
    "none": "that cannot be told apart from others and so are matched with nobody",
}


def _district_findings(matched: Matched) -> list[Finding]:
    without = matched.people - matched.with_district
    if matched.has_lookup and not without:
        return []
    if not matched.has_lookup:
        words = "No postcode lookup has been taken in, so the district of every person is [x]."
        remedy = (
            "Ingest a lookup in the layout of the ONS Postcode Directory, then this file again."
        )
    else:
        words = f"The district of {counted(without, 'person record')} is [x]: no such postcode."
        remedy = "Look whether the postcode lookup is a recent one."
    return [
        Finding(
            rule="district_unknown",
            severity="info",
            message=words,
            remedy=remedy,
            column_name="postcode",
            row_count=without,
        )
    ]
