"""Under every chart stands whose figures they are: the publisher's, the council's own, or both."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd
import pytest

from dashboards import downloads
from dashboards.components.chart_panel import Panel, source_line, spoken
from dashboards.context import Context
from dashboards.role import Role
from dashboards.theme import LIGHT
from dashboards.words.sources import PROTECTED, own_words, sources
from pipelines.release.disclosure import BASE
from tests.unit.dashboards.test_downloads import FACTS, MEASURE

PUBLISHED = "DfE, Education, health and care plans"


def rows(*editions: tuple[str | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(editions, columns=["source", "vintage"])


DFE, OWN_2025, OWN_2026 = ("dfe", "2026"), ("council", "2025"), ("council", "2026")
AVERAGE = (None, None)


@pytest.fixture
def page() -> Context:
    facts = {"release": "2026-11-22-test", "council_name": "Ourshire"}
    nothing = cast("Any", None)
    role = Role.CABINET
    return Context(nothing, nothing, role, nothing, None, facts, LIGHT, {}, pd.DataFrame())


def test_the_council_s_own_figures_are_not_laid_to_the_publisher(page: Context) -> None:
    line = source_line(page, MEASURE, rows(OWN_2026))
    assert line.startswith("Source: Ourshire's own SEN2 return of 2026, not published by the DfE.")
    assert PROTECTED in line
    assert PUBLISHED not in line
    assert "Data:" not in line
    assert line.endswith("Release 2026-11-22-test.")


@pytest.mark.parametrize(
    "other", [pytest.param(DFE, id="published"), pytest.param(AVERAGE, id="average-of-published")]
)
def test_both_are_named_where_both_are_drawn(
    page: Context, other: tuple[str | None, str | None]
) -> None:
    line = source_line(page, MEASURE, rows(OWN_2025, other, OWN_2026))
    assert line.startswith(
        f"Source: {PUBLISHED}; and Ourshire's own SEN2 returns of 2025 and 2026, not published"
    )
    assert PROTECTED in line
    assert ("Data: Department for Education 2026." in line) == (other == DFE)
    assert "own records" not in line


def test_published_figures_are_the_publisher_s_alone(page: Context) -> None:
    line = source_line(page, MEASURE, rows(DFE, AVERAGE))
    assert line == (
        f"Source: {PUBLISHED}. Data: Department for Education 2026. Release 2026-11-22-test."
    )
    assert own_words(pd.DataFrame({"value": [1]}), "Ourshire") == ""


def test_a_return_handed_in_again_and_extracts_are_named_as_what_they_are() -> None:
    words = own_words(
        rows(("council", "2025-r2"), ("council", "2025-09"), ("council", "2025-11")), "Ourshire"
    )
    assert words.startswith(
        "Ourshire's own SEN2 return of 2025 (copy 2) and extracts of September "
        "2025 to November 2025, not"
    )


def test_what_a_council_writes_about_its_services_is_no_sen2_return() -> None:
    both = own_words(
        pd.DataFrame({"source": ["council"] * 2, "vintage": ["2026", "2026-01-services"]}),
        "Ourshire",
    )
    assert both.startswith("Ourshire's own SEN2 return of 2026 and returns about its services, not")
    alone = own_words(
        pd.DataFrame({"source": ["council"], "vintage": ["2026-01-services"]}), "Ourshire"
    )
    assert alone.startswith("Ourshire's own returns about its services, not published by the DfE.")


def test_what_is_said_of_the_protection_is_the_rule() -> None:
    assert f"to the nearest {BASE}," in PROTECTED
    assert "[c]" in PROTECTED


def test_a_listener_hears_whose_figures_they_are(page: Context) -> None:
    def panel(data: pd.DataFrame) -> Panel:
        return Panel("t", "s", "Share rose.", (), pd.DataFrame(), (), data, "stem")

    heard = spoken(page, panel(rows(DFE, OWN_2026)))
    assert heard.startswith("Share rose. From Ourshire's own SEN2 return of 2026")
    assert spoken(page, panel(rows(DFE))) == "Share rose."


def test_the_text_beside_a_csv_names_the_council_s_own_return() -> None:
    own = own_words(rows(OWN_2026), "Ourshire")
    text = downloads.metadata(MEASURE, FACTS, "the council's own records 2026", "t", own).decode()
    assert f"Source: {own}" in text
    assert f"Source: {PUBLISHED}" not in text
    assert "[c] confidential" in text


def test_a_school_census_is_named_by_its_term() -> None:
    every = rows(("council", "2023-01-school-census"), ("council", "2025-10-school-census"))
    said = own_words(every, "Ourshire")
    assert said.startswith(
        "Ourshire's own school censuses from the spring term 2023 to the autumn term 2025, not"
    )
    one = own_words(rows(("council", "2025-05-school-census"), OWN_2026), "Ourshire")
    assert "SEN2 return of 2026 and school census of the summer term 2025" in one


def test_a_source_stands_without_the_names_of_its_files() -> None:
    said = sources("Plans: issued (timeliness_20_week); LAIT (for years)", rows(DFE), "Ourshire")
    assert said == "Plans: issued; LAIT (for years)."
