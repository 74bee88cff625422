"""data/reference/sources/sen2.yml: what the readers rely on, and what it refuses."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from pipelines.errors import RegistryError
from pipelines.registry.sen2 import Sen2, folded
from pipelines.registry.strict import parse
from pipelines.settings import PROJECT_ROOT
from tests.unit.ingest.sen2.returns import DESCRIBED

PATH = PROJECT_ROOT / "data" / "reference" / "sources" / "sen2.yml"


def test_it_has_the_75_elements_in_nine_modules() -> None:
    elements = [item for module in DESCRIBED.modules.values() for item in module.elements]
    assert (len(DESCRIBED.modules), len(elements)) == (9, 75)
    assert DESCRIBED.top == "header"
    assert DESCRIBED.children("request") == ("assessment", "active_plan")


def test_census_dates_are_the_third_thursdays_of_january() -> None:
    assert set(DESCRIBED.census_dates) >= {2023, 2024, 2025, 2026}
    for year, day in DESCRIBED.census_dates.items():
        assert (day.year, day.month, day.isoweekday()) == (year, 1, 4)
        assert 15 <= day.day <= 21
    assert DESCRIBED.census_dates[2026] == date(2026, 1, 15)


def test_every_extended_ethnicity_stands_for_one_of_the_twenty_main_codes() -> None:
    main = DESCRIBED.codes["Ethnicity"]
    extended = DESCRIBED.rolls_up["Ethnicity"]
    assert len(main) == 20
    assert all(main.values())
    assert len(extended) > 70
    assert set(extended.values()) <= set(main)
    assert not set(extended) & set(main)
    assert extended["WENG"] == "WBRI"
    assert extended["OARA"] == "OOTH"


def test_codes_that_came_later_are_not_of_earlier_years() -> None:
    assert "DS" not in DESCRIBED.codes_of("SENtype", 2024)
    assert "DS" in DESCRIBED.codes_of("SENtype", 2025)
    assert "OTH" not in DESCRIBED.codes_of("SENsetting", 2023)
    assert "OTH" in DESCRIBED.codes_of("SENsetting", 2024)


def test_the_two_review_headings_mean_what_they_say() -> None:
    items = {item.column: item for item in DESCRIBED.modules["active_plan"].elements}
    meeting, decision = items["review_meeting_date"], items["last_review_date"]
    assert folded("Annual Review Meeting Date") in meeting.headings[0]
    assert folded("EHC Plan Review Decisions Date") in decision.headings[0]


def changed(change: Any) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    change(content)
    return content


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("no module 'nowhere'", lambda c: c["modules"]["person"].update(parent="nowhere")),
        ("no column 'x'", lambda c: c["modules"]["person"].update(nested_after="x")),
        ("WENG cannot stand for", lambda c: c["rolls_up"]["Ethnicity"].update(WENG="NONE")),
        ("WBRI cannot stand for", lambda c: c["rolls_up"]["Ethnicity"].update(WBRI="WOTH")),
        (
            "surname is surname and forename",
            lambda c: c["modules"]["person"]["elements"][1].update(labels=["Surname"]),
        ),
        ("five_file m1: no module", lambda c: c["five_file"]["m1"].update(module="none")),
    ],
    ids=["parent", "nested-after", "no-main-code", "main-code", "heading-twice", "five-file"],
)
def test_a_description_that_contradicts_itself_is_refused(words: str, change: Any) -> None:
    with pytest.raises(RegistryError, match=words):
        parse(Sen2, changed(change), "sen2.yml")
