"""What a page does with its address and its filters, run by Streamlit itself without a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pipelines.settings import PROJECT_ROOT, SAMPLE_COUNTY

VIEWS = PROJECT_ROOT / "dashboards" / "views"
COUNTY = "X99000999"
Opened = Callable[..., AppTest]


@pytest.fixture
def county_page(county_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Open a page over the sample county: county_page(name, parameter=value, ...)."""
    monkeypatch.setenv("SEND_WORKSPACE", str(county_workspace))
    monkeypatch.setenv("SEND_COUNCIL", SAMPLE_COUNTY)
    return opened


@pytest.fixture
def facts_page(sample_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The same over the facts that come with the product: no case rows."""
    monkeypatch.setenv("SEND_WORKSPACE", str(sample_workspace))
    return opened


def opened(name: str, **parameters: str) -> AppTest:
    page = AppTest.from_file(str(VIEWS / f"{name}.py"), default_timeout=120)
    for parameter, value in parameters.items():
        page.query_params[parameter] = value
    return checked(page.run())


def checked(page: AppTest) -> AppTest:
    assert not page.exception, [item.value for item in page.exception]
    return page


def headings(page: AppTest) -> list[str]:
    return [item.value for item in [*page.title, *page.header, *page.subheader]]


def texts(page: AppTest) -> str:
    parts: list[Any] = list(page.get("html"))
    return " ".join(str(part.value) for part in parts)


def address(page: AppTest) -> dict[str, str]:
    return {
        name: value[0] if isinstance(value, list) else str(value)
        for name, value in page.query_params.items()
    }


def test_compare_opens_as_its_address_says_and_keeps_what_is_chosen(facts_page: Opened) -> None:
    page = facts_page("compare", measure="plans_maintained", area="E10000028", areas="none")
    assert page.selectbox(key="compare_measure").value == "plans_maintained"
    assert page.multiselect(key="compare_areas").value == []
    checked(page.selectbox(key="compare_measure").select("mainstream_share").run())
    assert address(page)["measure"] == "mainstream_share"
    assert address(page)["area"] == "E10000028"
    assert any("Mainstream share" in heading for heading in headings(page))


def test_compare_gives_defaults_for_what_an_old_link_names_wrongly(facts_page: Opened) -> None:
    page = facts_page("compare", measure="no_such", area="Z9", average="sum")
    found = address(page)
    assert found["area"] == "E10000028"
    assert found["average"] in ("mean", "median", "none")
    assert "no_such" not in found.values()


def test_compare_puts_schools_last_and_never_draws_them_all(county_page: Opened) -> None:
    page = county_page(
        "compare", role="officer", measure="plans_maintained", area=COUNTY, topic="School"
    )
    topics = page.selectbox(key="compare_topic").options
    assert topics[0] == "Not broken down"
    assert topics[-1].startswith("School (")
    schools = page.selectbox(key="compare_breakdown").options
    assert len(schools) > 3
    assert schools == sorted(schools, key=str.casefold)
    assert any(heading.startswith("School: all ") for heading in headings(page))
    assert not any(heading.startswith("Highest") for heading in headings(page))
    assert len(page.get("plotly_chart")) == 1


def test_compare_offers_schools_to_officers_alone(county_page: Opened) -> None:
    page = county_page("compare", measure="plans_maintained", area=COUNTY)
    assert not any("School (" in topic for topic in page.selectbox(key="compare_topic").options)


def test_early_support_follows_referrals_for_officers_for_the_months_asked(
    county_page: Opened,
) -> None:
    page = county_page("early_support", role="officer", months="6")
    assert any("plan within 6 months" in heading for heading in headings(page))
    months: Any = page.get("button_group")[0]
    checked(months.set_value("12").run())
    assert any("plan within 12 months" in heading for heading in headings(page))
    assert address(page)["months"] == "12"
    assert "What came after early support" not in headings(page)


def test_early_support_says_to_others_for_whom_the_flow_is(county_page: Opened) -> None:
    page = county_page("early_support")
    assert "What came after early support" in headings(page)
    assert "for the council's officers" in texts(page).replace("&#x27;", "'")
    assert not page.get("button_group")


def test_early_support_without_a_return_says_where_figures_come_from(facts_page: Opened) -> None:
    page = facts_page("early_support")
    assert "the council's own return, and none has been taken in" in page.info[0].value
    assert "send template" not in page.info[0].value
    assert any("SEN support" in heading for heading in headings(page))
    officers = facts_page("early_support", role="officer")
    assert "send template early_support" in officers.info[0].value


def test_data_quality_shows_officers_one_rule_row_by_row(county_page: Opened) -> None:
    page = county_page("data_quality", role="officer")
    assert any(heading.startswith("All rules: ") for heading in headings(page))
    checked(page.selectbox(key="quality_rule").set_value("ACT-15 query").run())
    assert address(page)["rule"] == "ACT-15 query"
    assert any(heading.startswith("ACT-15: ") for heading in headings(page))
    assert any(heading.startswith("Rows of ACT-15") for heading in headings(page))
    assert "What to do: " in texts(page)


def test_data_quality_keeps_rows_and_reconciliation_from_others(county_page: Opened) -> None:
    for role in ("cabinet", "auditor"):
        page = county_page("data_quality", role=role)
        assert not any("own rows" in heading for heading in headings(page))
        assert "quality_rule" not in {box.key for box in page.selectbox}
        assert "pseudonym" not in texts(page)


def test_about_has_every_measure_its_sql_and_every_number_of_the_specification(
    county_page: Opened,
) -> None:
    page = county_page("about")
    shown = texts(page)
    held = set(page.selectbox(key="about_measure").options) - {"All measures"}
    assert len(held) > 60
    for title in held:
        assert f"<summary>{title.replace(chr(39), '&#x27;')}</summary>" in shown
    assert "sql/kpi/mainstream_share.sql" in shown
    assert (PROJECT_ROOT / "sql/kpi/mainstream_share.sql").is_file()
    for number in range(1, 42):
        assert f">K{number:02d}</th>" in shown
    assert "Not held: " in shown


def test_about_gives_the_day_of_the_last_accessibility_test(facts_page: Opened) -> None:
    page = facts_page("about", measure="plans_maintained")
    assert headings(page)[1] == "Plans maintained"
    assert "Last tested on " in texts(page)
    assert "Last update" in texts(page)
