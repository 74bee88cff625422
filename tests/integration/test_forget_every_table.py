"""Erasure reaches every landing table that names a child by pseudonym, whichever file filled it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.ingest import door
from pipelines.ingest.door import ingest
from pipelines.registry.council_docs import all_returns, example_line, header_line
from pipelines.registry.landing import landing_tables
from pipelines.settings import PROJECT_ROOT, Settings
from tests.integration.person_level_files import EXAMPLE
from tests.integration.test_census_lands import NEEDS, PERIODS, PUPILS, SCHOOLS
from tests.integration.test_forget import kept_plain
from tests.integration.test_person_level_door import content

# The first child of the worked example, of every return's example row and of the census.
UPN = "L999400122101"
PERSONAL = {
    name for name, columns in landing_tables(PROJECT_ROOT / "sql").items() if "pseudonym" in columns
}


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A workspace in which one child stands in all that a council holds."""
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    settings = Settings(workspace=tmp_path / "workspace", council="999")
    census = tmp_path / "census"
    census.mkdir()
    for name, text in (("a", SCHOOLS), ("b", PUPILS), ("c", PERIODS), ("d", NEEDS)):
        (census / f"{name}.csv").write_text(text.replace(",860,", ",999,"), encoding="utf-8")
    paths = [EXAMPLE, census]
    for name, (layout, _) in all_returns(PROJECT_ROOT).items():
        if any(item.column == "upn" for item in layout.columns):
            paths.append(tmp_path / f"{name}.csv")
            paths[-1].write_text(header_line(layout) + example_line(layout), encoding="utf-8")
    ingest(paths, settings)
    return settings


def of(settings: Settings, pseudonym: str) -> set[str]:
    return {name for name, rows in content(settings).items() if pseudonym in str(rows)}


def test_an_erased_child_is_in_no_table_although_it_was_in_all(filled: Settings) -> None:
    (row,) = (row for row in content(filled)["amended_plan"])
    # Findings are there only where something is wrong with the child's records.
    assert of(filled, row["pseudonym"]) >= PERSONAL - {"record_finding"}
    assert UPN.encode() in kept_plain(filled)
    door.forget(filled, UPN)
    assert of(filled, row["pseudonym"]) == set()
    assert UPN.encode() not in kept_plain(filled)
    for received in content(filled)["received_file"]:
        aside = received["row_count_quarantined"]
        assert received["row_count_in"] == received["row_count_accepted"] + aside


def test_all_that_is_left_can_be_read_again(
    filled: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    door.forget(filled, UPN)
    before = {name: len(rows) for name, rows in content(filled).items()}
    monkeypatch.setattr(door, "version_of", lambda _: "e" * 16)
    paths = [EXAMPLE, tmp_path / "census", *sorted(tmp_path.glob("*.csv"))]
    assert {receipt.status for receipt in ingest(paths, filled)} == {"read again"}
    after = {name: len(rows) for name, rows in content(filled).items()}
    assert {name: after[name] for name in PERSONAL} == {name: before[name] for name in PERSONAL}
