"""The events of a council are read strictly, land once a measure, and are all in the calendar."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.errors import RegistryError
from pipelines.registry.events import event_rows, events
from pipelines.settings import PROJECT_ROOT, Settings, load_settings

COUNCILS = PROJECT_ROOT / "data" / "councils"
HELD = sorted(path.parent.name for path in COUNCILS.glob("*/events.yml"))
TEAM: dict[str, Any] = {
    "id": "extra-team",
    "happened_on": "2025-09",
    "label": "Extra team",
    "says": "Extra staff began on the assessments that are overdue.",
    "measures": ["overdue_cases", "plans_issued"],
    "document": "000",
}
DOCUMENT = {"id": "000", "title": "A news release", "publisher": "The council"}


def council(folder: Path, *told: dict[str, Any], la_code: str = "860") -> Path:
    """A council's folder with these events and the document that states them."""
    home = folder / "data" / "councils" / "860"
    home.mkdir(parents=True)
    plan = yaml.safe_load((COUNCILS / "999" / "delivery_plan.yml").read_text(encoding="utf-8"))
    plan |= {"la_code": "860", "documents": [*plan["documents"], DOCUMENT]}
    (home / "delivery_plan.yml").write_text(yaml.safe_dump(plan), encoding="utf-8")
    (home / "settings.yml").write_text(
        (COUNCILS / "860" / "settings.yml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    content = {"la_code": la_code, "events": list(told)}
    (home / "events.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return home


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(tmp_path / "ws")


def rooted(settings: Settings, root: Path) -> Settings:
    """The house's measures with the councils of another folder."""
    (root / "sql").symlink_to(PROJECT_ROOT / "sql")
    return replace(settings, council="860", project_root=root)


def test_both_councils_of_the_house_have_events() -> None:
    assert {"860", "999"} <= set(HELD)


@pytest.mark.parametrize("la_code", HELD)
def test_the_events_of_the_house_are_sound(la_code: str) -> None:
    assert events(COUNCILS / la_code)


def test_a_council_without_the_file_has_no_event(tmp_path: Path) -> None:
    assert events(tmp_path) == ()


@pytest.mark.parametrize("day", ["2025", "2025-09", "2025-09-01"])
def test_a_day_a_month_and_a_year_are_taken_as_the_document_says(tmp_path: Path, day: str) -> None:
    (held,) = events(council(tmp_path, TEAM | {"happened_on": day}))
    assert held.happened_on == day


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"happened_on": "autumn 2025"}, "happened_on"),
        ({"happened_on": "2025-13"}, "happened_on"),
        ({"happened_on": "2025-02-30"}, "happened_on"),
        ({"label": "A team of staff"}, "three words at most"),
        ({"measures": []}, "measures"),
        ({"measures": ["overdue_cases", "overdue_cases"]}, "named twice"),
        ({"document": "website"}, "document"),
        ({"docment": "000"}, "did you mean 'document'"),
        ({"document": "001"}, "no document '001'"),
    ],
    ids=str,
)
def test_a_mistake_in_an_event_is_refused_by_its_name(
    tmp_path: Path, cells: dict[str, Any], told: str
) -> None:
    with pytest.raises(RegistryError, match=told) as raised:
        events(council(tmp_path, TEAM | cells))
    assert "events.yml" in str(raised.value)


def test_an_event_without_a_document_is_refused(tmp_path: Path) -> None:
    without = {name: cell for name, cell in TEAM.items() if name != "document"}
    with pytest.raises(RegistryError, match="document"):
        events(council(tmp_path, without))


def test_two_events_of_one_id_and_another_council_s_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="two events have one id"):
        events(council(tmp_path / "twice", TEAM, TEAM))
    with pytest.raises(RegistryError, match="write la_code: '860'"):
        events(council(tmp_path / "other", TEAM, la_code="861"))


def test_each_measure_of_an_event_is_a_row_with_the_document(
    tmp_path: Path, settings: Settings
) -> None:
    council(tmp_path, TEAM)
    rows = event_rows(rooted(settings, tmp_path))
    assert [(row["la_code"], row["event"], row["kpi"]) for row in rows] == [
        ("860", "extra-team", "overdue_cases"),
        ("860", "extra-team", "plans_issued"),
    ]
    assert {row["document_title"] for row in rows} == {"A news release"}


def test_an_event_on_a_measure_that_does_not_exist_says_which_was_meant(
    tmp_path: Path, settings: Settings
) -> None:
    council(tmp_path, TEAM | {"measures": ["overdue_case"]})
    with pytest.raises(RegistryError, match="did you mean 'overdue_cases'"):
        event_rows(rooted(settings, tmp_path))


def test_the_sample_county_lands_its_own_events_beside_those_of_the_published_facts(
    settings: Settings,
) -> None:
    rows = event_rows(replace(settings, council="999"))
    assert {row["la_code"] for row in rows} == {"860", "999"}
