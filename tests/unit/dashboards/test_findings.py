"""A heading on the page of data quality is true of every row under it."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from dashboards.components.findings import DOOR_TITLES, heading
from pipelines.settings import PROJECT_ROOT


def rows(*messages: str, title: str | None = None) -> pd.DataFrame:
    return pd.DataFrame({"title": [title] * len(messages), "message": messages})


def test_a_rule_is_headed_by_its_title_and_counts_places_not_rows() -> None:
    found = rows("no_outcome. Why.", "other. Why.", title="A count is below zero")
    assert heading("PUB-01", found) == "A count is below zero (2 places)"


def test_a_check_of_every_file_has_a_plain_title() -> None:
    found = rows("Values: 9,112 cells hold '-'.", "des_so_care_off: 911 cells hold 'n/a'.")
    assert heading("symbol_replaced", found) == "Cells hold a sign in place of a number (2 places)"


def test_a_declared_defect_is_headed_by_its_sentence_where_all_rows_share_it() -> None:
    same = rows("The column org is misspelt. 1 row.", "The column org is misspelt. 2 rows.")
    assert heading("misspelt_org", same) == "The column org is misspelt (2 places)"
    assert heading("misspelt_org", rows("One thing.", "Another.")) == "Misspelt org (2 places)"


def test_every_check_of_the_door_has_a_title() -> None:
    texts = [path.read_text("utf-8") for path in Path(PROJECT_ROOT / "pipelines").rglob("*.py")]
    rules = {name for text in texts for name in re.findall(r'(?:rule=|_told\()"([a-z_]+)"', text)}
    assert rules
    assert rules <= set(DOOR_TITLES)
