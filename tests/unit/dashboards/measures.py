"""A measure's words, for tests of what is made with them."""

from __future__ import annotations

from typing import Any

from dashboards.measure import Measure

_MAINSTREAM: dict[str, Any] = {
    "kpi": "mainstream_share",
    "title": "Share of plans in mainstream schools",
    "short_title": "Mainstream",
    "unit": "percent",
    "decimals": 1,
    "polarity": "high_is_good",
    "period_kind": "stock",
    "theme": "placement",
    "definition": "Of all plans, those in mainstream schools.",
    "numerator_text": "Plans in mainstream schools",
    "denominator_text": "All plans",
    "source_text": "DfE, Education, health and care plans",
    "caveat": "",
    "spec_id": "",
    "next_update": "June 2027",
    "default_breakdown_topic": "All",
}


def measure(**changed: Any) -> Measure:
    """The share of plans in mainstream schools, with what the test asks for in its place."""
    return Measure(**(_MAINSTREAM | changed))
