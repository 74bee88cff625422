"""A short title is the subject of a chart's title: 'Plans issued after 52 weeks rose to 14.2%'."""

from __future__ import annotations

import re

import pytest

from pipelines.registry.measures import measures
from pipelines.settings import PROJECT_ROOT

MOST_WORDS = 5
SHORT = {kpi: measure.short_title for kpi, measure in measures(PROJECT_ROOT / "sql").items()}

# A title that begins so is no noun phrase: 'Over 52 weeks rose to', 'Decided in 4 weeks rose to'.
NOT_A_SUBJECT = re.compile(
    r"^(?:\d|(?:about|above|after|at|before|below|between|by|decided|during|educated|for|from|in|"
    r"issued|no|of|on|over|per|refused|to|under|until|up|with|within|without)\b(?!-))",
    re.IGNORECASE,
)
# Units that the figure brings along: 'Plans per 1,000 rose to 52.4 per 1,000'.
UNITS = {"per_1000": "per 1,000", "percent": "per cent", "weeks": "weeks"}


def test_short_titles_are_unique() -> None:
    assert len(SHORT) > 40
    assert len(set(SHORT.values())) == len(SHORT)


@pytest.mark.parametrize("kpi", SHORT)
def test_a_short_title_can_be_the_subject_of_a_sentence(kpi: str) -> None:
    title = SHORT[kpi]
    assert len(title.split()) <= MOST_WORDS
    assert not NOT_A_SUBJECT.search(title)
    assert title[0].isupper()
    assert ":" not in title


@pytest.mark.parametrize("kpi", SHORT)
def test_a_short_title_does_not_repeat_the_unit(kpi: str) -> None:
    unit = measures(PROJECT_ROOT / "sql")[kpi].unit
    assert UNITS.get(unit, "%") not in SHORT[kpi]


@pytest.mark.parametrize("title", ["Over 52 weeks", "20 to 52 weeks", "Decided in 4 weeks"])
def test_the_rule_finds_what_it_was_made_for(title: str) -> None:
    assert NOT_A_SUBJECT.search(title)


@pytest.mark.parametrize("title", ["On-time plans", "Information"])
def test_the_rule_leaves_nouns_alone(title: str) -> None:
    assert not NOT_A_SUBJECT.search(title)
