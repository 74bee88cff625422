"""What Demand and Placements read of a small release: parts, years, shares, scenarios, places."""

from __future__ import annotations

from typing import Any, cast

import duckdb
import pandas as pd
import pytest

from dashboards.components.demand_choice import held
from dashboards.components.demand_counts import DECISIONS, told
from dashboards.components.demand_parts import newest_year, years_table
from dashboards.components.placements_places import places_frame
from dashboards.components.placements_share import lead
from dashboards.components.placements_what_if import beaten_note, scenario_table
from dashboards.components.share_mix import Mix, mix_frame
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.queries import figures, future, groups
from dashboards.queries.frozen import Key
from dashboards.role import Role
from dashboards.theme import LIGHT
from pipelines.registry.council import Council
from tests.unit.dashboards.measures import measure

OURS, ENGLAND = "E10000028", "E92000001"
COUNCIL = Council(la_code="860", name="Ourshire", area_code=OURS, overview_measures=tuple("abcdef"))
PART = tuple[str, str, str, str, float | None, str | None]


def rows() -> list[PART]:
    """kpi, period, topic, part, value, symbol: all of Ourshire, but for the last."""
    return [
        ("plans_maintained", "2025-01", "All", "All", 90, None),
        ("plans_maintained", "2026-01", "All", "All", 100, None),
        ("plans_maintained", "2025-01", "Sex", "Male", 60, None),
        ("plans_maintained", "2025-01", "Sex", "Female", None, "c"),
        ("plans_maintained", "2026-01", "Sex", "Male", None, "c"),
        ("plans_maintained", "2026-01", "Sex", "Female", None, "c"),
        ("plans_maintained", "2026-01", "School", "123456", 4, None),
        ("primary_need_share", "2026-01", "Primary need", "Hearing impairment", 4, None),
        ("requests_assessed_share", "2025", "All", "All", 60, None),
        ("requests_refused_share", "2024", "All", "All", 40, None),
        ("requests_refused_share", "2025", "All", "All", None, "c"),
        ("requests_withdrawn_share", "2025", "All", "All", 5, None),
        ("mainstream_share", "2025-01", "All", "All", 33, None),
        ("mainstream_share", "2026-01", "All", "All", 35, None),
        ("mainstream_gap_children", "2025-01", "All", "All", 900, None),
        ("places_delivered", "2026-01", "Provision kind", "SEN unit", 25, None),
        ("places_delivered", "2026-01", "Provision kind", "Special school", 0, None),
        ("places_delivered", "2026-01", "Provision kind", "Mainstream class", 0, None),
        ("places_planned", "2026-01", "Provision kind", "SEN unit", 0, None),
        ("places_planned", "2026-01", "Provision kind", "Special school", 40, None),
        ("places_planned", "2026-01", "Provision kind", "Mainstream class", 0, None),
    ]


SCENARIO = [
    ("baseline", None, "2027-01", 34.0, 36.0, 38.0, None),
    ("baseline", None, "2028-01", 34.0, 37.0, 39.0, None),
    ("together", None, "2027-01", 36.0, 38.0, 40.0, 2.0),
    ("together", None, "2028-01", 39.0, 42.0, 45.0, 5.0),
    ("action", "More new plans", "2027-01", None, None, None, 2.0),
    ("action", "More new plans", "2028-01", None, None, None, 5.0),
    ("needed_share", None, "2028-01", None, 74.0, None, None),
]
TESTS = [
    ("all", "the model", 1, True, False, 4.3, "percent", 0.43),
    ("all", "same as last year", 1, False, False, 9.9, "percent", 1.0),
    ("all", "the model", 2, True, False, 6.0, "percent", 0.4),
    ("all", "the model", 1, True, True, 3.0, "percent", 0.9),
    ("213", "the model", 1, True, False, 1.0, "percent", 0.1),
]


def _measures() -> dict[str, Measure]:
    units = {"plans_maintained": "count", "mainstream_gap_children": "count"}
    names = dict.fromkeys(kpi for kpi, *_ in rows())
    return {
        name: measure(
            kpi=name,
            title=name,
            unit=units.get(name, "count" if name.startswith("places") else "percent"),
            decimals=0 if name in units or name.startswith("places") else 1,
            own_decimals=0,
        )
        for name in names
    }


def _frame() -> pd.DataFrame:
    frame = pd.DataFrame(
        rows(), columns=["kpi", "period", "breakdown_topic", "breakdown", "value", "symbol"]
    )
    is_stock = frame["period"].str.contains("-")
    england = {"kpi": "mainstream_share", "period": "2026-01", "value": 45.5, "area_code": ENGLAND}
    nation = pd.DataFrame([england | {"breakdown_topic": "All", "breakdown": "All"}])
    joined = pd.concat(
        [
            frame.assign(
                area_code=OURS,
                period_kind=is_stock.map({True: "stock", False: "flow"}),
                period_label=frame["period"].where(~is_stock, "January " + frame["period"].str[:4]),
            ),
            nation.assign(period_kind="stock", period_label="January 2026", symbol=None),
        ],
        ignore_index=True,
    )
    return joined.assign(
        area_kind="authority",
        area_name="Ourshire",
        numerator=None,
        denominator=None,
        source="council",
        vintage="2026",
        is_shown=True,
        is_revised=False,
        previous_vintage=None,
        previous_value=None,
        change=None,
        la_code="860",
    )


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Context:
    path = tmp_path_factory.mktemp("release") / "public.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.register("given", _frame())
        connection.execute("create table marts.kpi_value as select * from given")
        scenario = pd.DataFrame(
            SCENARIO,
            columns=[
                "scenario_part",
                "action_title",
                "period",
                "value_p10",
                "value_p50",
                "value_p90",
                "change_value",
            ],
        ).assign(
            la_code="860",
            scenario="first",
            scenario_title="First",
            forecast_basis="matched_returns",
            kpi="mainstream_share",
            goal_value=45.5,
            goal_period="2026-01",
            is_being_done=False,
            why_not=None,
            forecast_note=None,
        )
        connection.register("scenario_rows", scenario)
        connection.execute("create table marts.scenario as select * from scenario_rows")
        tests = pd.DataFrame(
            TESTS,
            columns=[
                "tested_on",
                "forecast_model",
                "ahead",
                "is_used",
                "is_against_england",
                "mean_absolute_error",
                "error_unit",
                "against_naive",
            ],
        ).assign(
            kpi="plans_maintained",
            forecast_basis="published_totals",
            period_kind="stock",
            newer_year_count=1,
            authority_count=147,
            origin_count=3,
            coverage_pct=80.0,
        )
        connection.register("test_rows", tests)
        connection.execute("create table marts.forecast_test as select * from test_rows")
        connection.execute(
            "create table marts.forecast as select 'plans' as forecast, 'plans_maintained' as kpi, "
            "'860' as la_code, 'published_totals' as forecast_basis, 'stock' as period_kind, "
            "1 as newer_year_count"
        )
    key = Key("2026-11-22-test", "public", str(path))
    return Context(
        settings=cast("Any", None),
        home=COUNCIL,
        role=Role.CABINET,
        key=key,
        evidence=None,
        facts={"release": "2026-11-22-test"},
        palette=LIGHT,
        measures=_measures(),
        areas=pd.DataFrame(
            [
                (ENGLAND, "England", "nation", None, None),
                (OURS, "Ourshire", "authority", "860", None),
            ],
            columns=["area_code", "area_name", "area_kind", "la_code", "region_code"],
        ),
    )


def test_a_count_is_broken_down_by_what_it_has_and_by_a_share_where_it_has_not(
    page: Context,
) -> None:
    found = held(page, COUNCIL, "plans")
    assert {by: (parts.measure.kpi, parts.topic) for by, parts in found.items()} == {
        "need": ("primary_need_share", "Primary need"),
        "sex": ("plans_maintained", "Sex"),
    }


def test_schools_are_never_a_topic_of_demand(page: Context) -> None:
    assert "School" in groups.topics(page.key, "plans_maintained", OURS)
    assert all(parts.topic != "School" for parts in held(page, COUNCIL, "plans").values())


def test_the_newest_year_is_the_newest_with_a_figure(page: Context) -> None:
    frame = groups.parts(page.key, "plans_maintained", "Sex", OURS)
    newest = newest_year(frame)
    assert set(newest["period"]) == {"2025-01"}
    assert list(newest["breakdown"]) == ["Female", "Male"]
    assert newest_year(frame[frame["period"] == "2026-01"]).empty


def test_the_table_of_years_shows_symbols_and_the_newest_year_first(page: Context) -> None:
    frame = groups.parts(page.key, "plans_maintained", "Sex", OURS)
    table = years_table(frame, page.measures["plans_maintained"], "Sex")
    assert list(table.columns) == ["Sex", "January 2026", "January 2025"]
    assert table.to_numpy().tolist() == [["Female", "[c]", "[c]"], ["Male", "[c]", "60"]]


def test_a_year_with_one_part_alone_is_not_drawn_as_the_whole(page: Context) -> None:
    frame = mix_frame(page, COUNCIL, DECISIONS)
    assert set(frame["period"]) == {"2025"}
    assert list(frame["line"]) == ["Agreed to assess", "Refused", "Withdrawn"]


def test_shares_that_are_not_held_make_no_chart(page: Context) -> None:
    mix = Mix("Nothing", "plans", {"no_such_share": "Nothing"}, {}, "none")
    assert mix_frame(page, COUNCIL, mix).empty


def test_a_count_without_a_figure_is_not_told(page: Context) -> None:
    assert told(page, COUNCIL, "no_such_measure") is None
    found = told(page, COUNCIL, "plans_maintained")
    assert found is not None
    assert (found.value, found.period_label) == (100, "January 2026")


def test_a_gap_of_another_year_is_not_said_of_this_one(page: Context) -> None:
    assert " ".join(lead(page, COUNCIL)).endswith("11 percentage points higher.")


def test_kinds_without_any_place_are_left_out(page: Context) -> None:
    frame = places_frame(page, COUNCIL)
    assert set(frame["breakdown"]) == {"SEN unit", "Special school"}
    assert set(frame["line"]) == {"Open", "Planned"}


def test_a_scenario_is_told_by_year_with_the_part_of_each_action(page: Context) -> None:
    found = future.scenarios(page.key, "860", "mainstream_share")
    table = scenario_table(found, 1)
    assert list(table.columns) == ["Part", "January 2027", "January 2028"]
    assert dict(zip(table["Part"], table["January 2028"], strict=True)) == {
        "More new plans": "+5.0 points",
        "As things run": "37.0%",
        "All actions together": "42.0% (+5.0 points)",
    }


def test_the_needed_share_is_no_part_of_a_scenario(page: Context) -> None:
    assert list(future.needed_share(page.key, "860")["value_p50"]) == [74.0]
    assert "needed_share" not in set(
        future.scenarios(page.key, "860", "mainstream_share")["scenario_part"]
    )


def test_the_track_record_is_that_of_the_rule_shown_one_year_ahead(page: Context) -> None:
    found = future.track_record(page.key, "plans")
    assert len(found) == 1
    assert found["mean_absolute_error"].iloc[0] == 4.3
    assert future.track_record(page.key, "no such forecast").empty


def test_figures_of_an_area_that_is_not_held_are_empty(page: Context) -> None:
    assert figures.series(page.key, "plans_maintained", ("E99999999",)).empty
    assert newest_year(groups.parts(page.key, "plans_maintained", "Sex", "E99999999")).empty


def test_a_scenario_of_a_beaten_model_says_so_once_and_no_other_does(page: Context) -> None:
    found = future.scenarios(page.key, "860", "mainstream_share")
    assert beaten_note(found) == ""
    assert beaten_note(found.assign(forecast_note="It was beaten.")) == "It was beaten."
