"""What a page does with its address and its filters, run by Streamlit itself without a browser."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pipelines.release.reader import connect, current_release
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
    parts: list[Any] = [*page.text, *page.get("html")]
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


def test_early_support_says_whose_figures_are_shown_where_they_are_not_its_own(
    county_page: Opened,
) -> None:
    page = county_page("early_support")
    (heading,) = [text for text in headings(page) if "SEN support" in text]
    assert heading.startswith("Staffordshire: ")
    assert "Shown is Staffordshire: this release has no figure of it for Sample county." in texts(
        page
    )


def test_compare_opens_on_the_area_of_the_other_pages_where_it_has_a_figure(
    county_page: Opened,
) -> None:
    assert county_page("compare").selectbox(key="compare_area").value == COUNTY
    page = county_page("compare", measure="pupils_sen_support_share")
    assert page.selectbox(key="compare_area").value == "E10000028"


@pytest.mark.parametrize(
    ("name", "first"), [("overview", "860"), ("demand", SAMPLE_COUNTY)], ids=["overview", "demand"]
)
def test_councils_stand_in_one_order_and_the_first_page_opens_with_published_figures(
    county_page: Opened, name: str, first: str
) -> None:
    page = county_page(name)
    (control,) = [item for item in page.get("button_group") if item.label == "Figures of"]
    assert list(control.options) == ["Sample county", "Staffordshire"]
    assert control.value == first


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


def test_data_quality_tells_an_auditor_exact_counts_hashes_and_rules_of_returns(
    county_page: Opened,
) -> None:
    page = county_page("data_quality", role="auditor")
    shown = texts(page)
    for section in ("What the rules found in the council", "What each rule found in each edition"):
        assert any(heading.startswith(section) for heading in headings(page))
    assert any(heading.startswith("SEN2 return: ") for heading in headings(page))
    assert "kept for auditors" not in shown
    assert "stay out of this sum" not in shown
    cells = shown.replace(' class="sm-number"', "")
    for digest, rows in asked(
        "evidence",
        "select sha256, sum(row_count_in) from evidence.evidence.file where kind = 'sen2' "
        "group by sha256",
    ):
        assert digest[:12] in shown
        assert f"<td>{int(rows):,}</td>" in cells
    rules = asked(
        "evidence",
        "select rule, sum(finding_count) from evidence.evidence.record_finding_summary "
        "where kind = 'sen2' and vintage = '2026' and finding_status = 'open' "
        "group by rule, severity",
    )
    assert rules
    for rule, count in rules:
        assert re.search(rf">{rule}</th><td>[A-Z][a-z]+</td><td>{int(count):,}</td>", cells), rule


def asked(part: str, sql: str) -> list[tuple[Any, ...]]:
    """What a query finds in one file of the release that the settings name."""
    release = current_release(Path(os.environ["SEND_WORKSPACE"]))
    assert release is not None
    with closing(connect(release.folder / f"{part}.duckdb")) as connection:
        return connection.execute(sql).fetchall()


def test_data_quality_keeps_hashes_and_exact_counts_from_everybody_else(
    county_page: Opened,
) -> None:
    public = texts(county_page("data_quality"))
    assert "kept for auditors" in public
    assert "stay out of this sum" in public
    (rules,) = zip(
        *asked("evidence", "select distinct rule from evidence.evidence.record_finding_summary"),
        strict=True,
    )
    assert not [rule for rule in rules if rule in public]


def test_timeliness_tells_the_public_which_day_is_counted_and_which_bars_hold_which(
    county_page: Opened,
) -> None:
    shown = texts(county_page("timeliness"))
    assert "On 15 January 2026, as counted for the annual return, " in shown
    assert "Open cases by age, Sample county, 15 January 2026 (annual return)" in shown
    assert "each case in one: overdue, with an exception, or in dispute" in shown
    first, last = ("All open cases<", "Over 16 weeks<"), ("Over 26 weeks<", "Over a year<")
    apart = ("Over 20 weeks: overdue<", "Over 20 weeks: exception<", "Over 20 weeks: in dispute<")
    found = [shown.find(label) for label in (*first, *apart, *last)]
    assert -1 not in found
    assert found == sorted(found)


def test_demand_says_of_the_newest_year_how_its_plans_add_up(county_page: Opened) -> None:
    shown = texts(county_page("demand"))
    found = asked(
        "public",
        "select kpi, period, value from marts.kpi_value "
        "where la_code = '999' and breakdown = 'All' and is_shown "
        "and period in ('2025', '2025-01', '2026-01') and period_kind in ('stock', 'flow')",
    )
    counts = {(kpi, period): int(value) for kpi, period, value in found if value is not None}
    new, came, old = (counts[kpi, "2025"] for kpi in ("new_plans", "transfers_in", "ceased_plans"))
    plans = [counts["plans_maintained", period] for period in ("2025-01", "2026-01")]
    gap = plans[1] - plans[0] - (new + came - old)
    assert came > 0
    assert f"Another {came} came from other authorities." in shown
    assert (f"The difference is {abs(gap)}." in shown) is (gap != 0)


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
