"""The link to a row-level file stands only where the guard stands, and otherwise a sentence."""

from __future__ import annotations

import pytest

from dashboards.components.row_file import row_file
from dashboards.queries.row_files import FILES
from dashboards.serving import connections


@pytest.mark.parametrize("stem", FILES)
def test_without_a_guard_nothing_leads_to_rows(stem: str) -> None:
    text = row_file(stem, "All rows", "Only behind the guard.")
    assert "href" not in text
    assert "Only behind the guard." in text


@pytest.mark.parametrize("stem", FILES)
def test_behind_the_guard_an_officer_is_led_to_the_file_and_told_of_the_log(
    stem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_guarded", [object()])
    text = row_file(stem, "All rows", "Only behind the guard.")
    assert f'href="/files/{stem}.csv"' in text
    assert "written into the log" in text
    assert "Only behind" not in text
