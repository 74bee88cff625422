"""What the county hands in beside its returns, and the return that it sent twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb
import pytest

from pipelines.registry.plan_file import delivery_plan
from pipelines.settings import PROJECT_ROOT
from pipelines.synthetic.ap_census import write_ap_census
from pipelines.synthetic.council_returns import write_returns
from pipelines.synthetic.county import County
from pipelines.synthetic.draw import day
from pipelines.synthetic.restated import as_first_sent
from pipelines.synthetic.returns import annual_return, extract
from pipelines.synthetic.rolls import Rolls, census_date


@pytest.fixture(scope="module")
def returns(county: County, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the council's own returns, as on the last day."""
    folder = tmp_path_factory.mktemp("returns")
    on = day("2026-01-31")
    write_returns(county, Rolls(county).supported(on), folder, on)
    return folder


def rows(folder: Path, name: str) -> duckdb.DuckDBPyRelation:
    return duckdb.read_csv(str(folder / f"{name}.csv"), header=True, all_varchar=True)


def one(relation: duckdb.DuckDBPyRelation, aggregate: str) -> int:
    (row,) = relation.aggregate(aggregate).fetchall()
    return int(row[0])


def test_the_places_are_those_of_the_plan(returns: Path) -> None:
    place = rows(returns, "place")
    opened = place.filter("place_status = 'delivered' and open_date >= '2025-02-01'")
    mainstream = opened.filter("provision_kind in ('sen_unit', 'resourced_provision')")
    assert one(mainstream, "sum(place_count::int)") == 43
    funded = place.filter("place_status = 'funded' and provision_kind = 'special_school'")
    assert one(funded, "sum(place_count::int)") == 48
    assert one(place.filter("place_status = 'planned'"), "sum(place_count::int)") == 143


def test_a_team_of_20_began_in_september(returns: Path) -> None:
    posts = rows(returns, "workforce_post").filter("post_start_date = '2025-09-01'")
    assert one(posts, "count(*)") == 20
    assert one(posts.filter("is_filled = '1' and post_end_date is not null"), "count(*)") == 20


def test_over_900_people_were_trained_before_the_enhanced_approach_began(returns: Path) -> None:
    training = rows(returns, "training").filter("held_date < '2024-01-15'")
    assert 900 < one(training, "sum(people_count::int)") < 1000


def test_spend_is_planned_at_half_a_million_for_the_team_and_1_2_million_a_year_for_support(
    returns: Path,
) -> None:
    spend = rows(returns, "spend")
    team = spend.filter("plan_action = 'clear-overdue-assessments'")
    assert abs(one(team, "sum(planned_gbp::decimal)") - 500_000) < 1_000
    year = spend.filter("plan_action = 'early-support' and period between '2025-04' and '2026-03'")
    assert one(year, "sum(planned_gbp::decimal)") == 1_200_000
    assert one(spend.filter("actual_gbp is null"), "count(*)") > 0


def test_advice_is_asked_for_received_late_and_outstanding(returns: Path) -> None:
    advice = rows(returns, "ep_advice")
    late = advice.filter("received_date > due_date")
    assert one(late, "count(*)") > 500
    assert one(advice.filter("received_date is null"), "count(*)") > 20
    shares = [
        one(late.filter(f"requested_date {side} '2025-09-01'"), "count(*)")
        / one(advice.filter(f"requested_date {side} '2025-09-01'"), "count(*)")
        for side in ("<", ">=")
    ]
    assert shares[0] > 2 * shares[1]


def test_plans_are_amended_in_time_late_and_not_yet(returns: Path) -> None:
    amended = rows(returns, "amended_plan")
    days = "amended_plan_date::date - review_meeting_date::date"
    assert one(amended.filter(f"{days} <= 84"), "count(*)") > 1000
    assert one(amended.filter(f"{days} > 84"), "count(*)") > 200
    assert one(amended.filter("amended_plan_date is null"), "count(*)") > 50


def test_the_enhanced_approach_has_supported_over_500_children(returns: Path) -> None:
    support = rows(returns, "early_support").filter("support_start_date is not null")
    kinds = dict(support.aggregate("support_kind, count(distinct upn)").fetchall())
    assert kinds["EAPDR"] > 500
    assert min(kinds.values()) > 200


def test_some_children_go_from_a_referral_to_a_plan(returns: Path, county: County) -> None:
    """The way is followed by the child's number, as the product follows it by the pseudonym."""
    support = rows(returns, "early_support")
    people, plans = county.people, county.plans
    upns = people.upn[plans.person[plans.request >= 0]].tolist()
    with_plan = set(upns) & {row[0] for row in support.project("upn").fetchall()}
    asked = one(support.filter("support_outcome = 'assessment_requested'"), "count(*)")
    assert 100 < len(with_plan) < asked
    stepped_up = support.filter("support_outcome = 'stepped_up'")
    assert one(stepped_up, "count(*)") > 100


def test_the_first_edition_of_a_return_lacks_what_was_entered_late(county: County) -> None:
    first = annual_return(as_first_sent(county, 2025), 2025).tables
    newest = annual_return(county, 2025).tables
    changed = 0
    for module, columns in {
        "request": ("request_outcome",),
        "named_plan": ("start_date", "cease_date"),
        "active_plan": ("last_review_date",),
    }.items():
        for column in columns:
            then = Counter(first[module].column(column).to_pylist())
            changed += sum((Counter(newest[module].column(column).to_pylist()) - then).values())
    assert 200 < changed < 1000
    assert first["active_plan"].num_rows != newest["active_plan"].num_rows
    assert annual_return(county, 2026).tables["person"].num_rows > 10_000


def test_some_children_have_a_second_place_and_are_on_two_rolls(county: County) -> None:
    tables = extract(county, day("2026-01-31")).tables
    second = tables["placement_detail"].filter(
        [rank == "2" for rank in tables["placement_detail"].column("placement_rank").to_pylist()]
    )
    settings = Counter(second.column("sen_setting").to_pylist())
    assert settings["OLA"] > 20
    assert settings[None] > 30
    firsts = tables["placement_detail"].num_rows - second.num_rows
    assert firsts <= tables["active_plan"].num_rows
    roll = Rolls(county)._roll(census_date(2026, "SPR"))
    own = Counter(roll.status[: roll.with_plan].tolist())
    assert own["S"] == own["M"] > 20


def test_the_alternative_provision_census_is_of_children_of_school_age(
    county: County, tmp_path: Path
) -> None:
    write_ap_census(county, tmp_path / "ap.csv", 2026)
    pupils = rows(tmp_path, "ap")
    kinds = dict(pupils.aggregate("sen_provision, count(*)").fetchall())
    assert kinds["E"] > 500
    assert kinds["K"] >= 1
    assert one(pupils.filter("birth_date < '2010-01-15'"), "count(*)") == 0
    assert one(pupils.filter("upn is null"), "count(*)") == 0


def test_the_plan_of_the_county_names_the_actions_of_its_places_and_spend(returns: Path) -> None:
    plan = delivery_plan(PROJECT_ROOT / "data" / "councils" / "999")
    assert plan is not None
    actions = {action.id for action in plan.actions}
    named = {
        row[0]
        for name in ("place", "spend", "training")
        for row in rows(returns, name).project("plan_action").distinct().fetchall()
        if row[0]
    }
    assert named
    assert named <= actions
