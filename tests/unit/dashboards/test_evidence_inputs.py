"""The files a release was made from are listed with their editions as a reader would say them."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from dashboards.components.evidence_inputs import by_kind, every_file

VINTAGES = {
    "2023-01": "January 2023",
    "2025": "2025",
    "2025-r2": "2025 (copy 2)",
    "2026-01": "January 2026",
    "2026-01-school-census": "spring term 2026",
}
FILES = pd.DataFrame(
    [
        ("council", f"kind_{place}", vintage, "ab12", None, 10)
        for place, vintage in enumerate(VINTAGES)
    ],
    columns=["source", "kind", "vintage", "sha256", "file_name", "row_count_in"],
)


def test_every_edition_is_in_words() -> None:
    assert list(every_file(FILES)["Edition"]) == list(VINTAGES.values())
    assert list(by_kind(FILES)["Editions"]) == list(VINTAGES.values())


@pytest.mark.parametrize(
    ("vintages", "words"),
    [
        (["2026-01", "2023-01", "2024-05"], "January 2023 to January 2026"),
        (["2026-01", "2026-01"], "January 2026"),
    ],
    ids=["several", "one"],
)
def test_several_files_of_a_kind_have_their_first_and_last_edition(
    vintages: list[str], words: str
) -> None:
    files = pd.concat([FILES.head(1).assign(vintage=vintage) for vintage in vintages])
    (found,) = by_kind(files)["Editions"]
    assert found == words
    printed = [found, *every_file(files)["Edition"]]
    assert not any(re.search(r"\d{4}-\d{2}\b", text) for text in printed)
