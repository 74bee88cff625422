"""Early support in words and bands: true for any data, and never a claim that support worked."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from dashboards.charts.flow import Band, flow_bands
from dashboards.components.chart_panel import source_line
from dashboards.components.early_flow import bands_of, counts_of, flow_panel
from dashboards.theme import LIGHT
from dashboards.words import flow
from dashboards.words.flow import Followed
from tests.unit.dashboards.test_downloads import MEASURE

STEPS = pd.DataFrame(
    [
        ("APDR", "EAPDR", 3, 3),
        ("APDR", "needs_met", 5, 5),
        ("APDR", "request", 4, 5),
        ("EAPDR", "APDR", 1, 1),
        ("EAPDR", "no_further_step", 2, 2),
        ("SEDIS", "plan", 1, 1),
        ("request", "assessment", 3, 4),
        ("request", "no_assessment", 1, 1),
        ("assessment", "plan", 2, 2),
        ("assessment", "no_plan", 2, 2),
    ],
    columns=["from_stage", "to_stage", "child_count", "referral_count"],
)
COLUMNS = (
    ("APDR", "EAPDR", "SEDIS"),
    ("further_support", "needs_met", "no_further_step", "request"),
    ("no_assessment", "assessment"),
    ("no_plan", "plan"),
)


def test_further_support_ends_its_band_so_that_no_way_goes_in_a_circle() -> None:
    bands = bands_of(STEPS)
    assert Band("APDR", "further_support", 3) in bands
    assert Band("EAPDR", "further_support", 1) in bands
    assert not [band for band in bands if band.end in flow.KINDS]


def test_every_referral_is_counted_once_and_every_plan_however_it_came() -> None:
    counts, referrals = counts_of(bands_of(STEPS))
    assert referrals == 17
    firsts = ("further_support", "needs_met", "no_further_step", "request")
    # One referral led to a plan with no request on record.
    assert sum(counts[name] for name in firsts) == 16
    assert counts["plan"] == 3


def test_the_figure_carries_the_counts_of_the_table_and_names_every_place() -> None:
    bands = bands_of(STEPS)
    sankey = flow_bands(COLUMNS, bands, LIGHT, flow.STEPS).data[0]
    assert list(sankey.link.value) == [band.count for band in bands]
    labels = dict(label.split("<br>") for label in sankey.node.label)
    assert labels["APDR"] == "13"
    assert labels["Request"] == "5"
    assert labels["Plan"] == "3"
    starts = [sankey.node.label[place].split("<br>")[0] for place in sankey.link.source]
    assert starts == [flow.stage(band.start) for band in bands]
    assert all(0 < place <= 1 for place in [*sankey.node.x, *sankey.node.y])


def test_a_place_without_a_band_is_left_out() -> None:
    sankey = flow_bands(COLUMNS, [Band("APDR", "needs_met", 2)], LIGHT, flow.STEPS).data[0]
    assert list(sankey.node.label) == ["APDR<br>2", "Needs met<br>2"]


@pytest.mark.parametrize(
    ("plans", "referrals", "expected"),
    [
        (162, 2551, "162 of 2,551 referrals reached a plan within 12 months"),
        (0, 12, "0 of 12 referrals reached a plan within 12 months"),
        (0, 0, "No referral is 12 months old yet"),
    ],
    ids=["some", "none", "nothing"],
)
def test_the_title_of_the_flow_is_true_and_short(plans: int, referrals: int, expected: str) -> None:
    title = flow.flow_title(plans, referrals, 12)
    assert title == expected
    assert len(title.split()) <= 10


def test_the_sentences_of_the_flow_add_up() -> None:
    counts, referrals = counts_of(bands_of(STEPS))
    said = " ".join(flow.flow_sentences(counts, referrals, 6))
    assert said.startswith("Of 17 referrals at least 6 months old, 5 led to a request")
    assert "4 led to further support" in said
    assert "4 led to an assessment, and 3 of all referrals to a plan" in said
    assert flow.flow_sentences(dict.fromkeys(flow.STEPS, 0), 0, 6) == []


@pytest.mark.parametrize(
    ("children", "referrals", "is_whole"),
    [(750, 1000, True), (749, 1000, False), (None, 1000, False), (10, None, False), (10, 0, False)],
    ids=["just", "not-quite", "hidden", "unknown", "nobody"],
)
def test_a_year_counts_once_three_quarters_of_it_are_old_enough(
    children: float | None, referrals: float | None, is_whole: bool
) -> None:
    assert flow.is_followed(children, referrals) is is_whole


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (
            [Followed("2023", 12, 91), Followed("2023", 24, 79), Followed("2024", 12, 94)],
            "79% had no plan 24 months after referral in 2023",
        ),
        (
            [Followed("2023", 24, 79), Followed("2024", 24, 62)],
            "62% had no plan 24 months after referral in 2024",
        ),
        (
            [Followed("2023", 24, None), Followed("2023", 12, 91.0, 1)],
            "91.0% had no plan 12 months after referral in 2023",
        ),
        ([Followed("2023", 24, None)], "No year of referrals has been followed long enough"),
        ([], "No year of referrals has been followed long enough"),
    ],
    ids=["longest", "worse-later-year", "hidden", "all-hidden", "none"],
)
def test_the_finding_is_of_the_longest_time_of_the_newest_year(
    found: list[Followed], expected: str
) -> None:
    title = flow.followed_title(found)
    assert title == expected
    assert len(title.split()) <= 10


def test_the_letters_of_a_kind_of_support_are_spelled_out_where_they_stand_first() -> None:
    said = flow.lead(["Children (EAPDR): 875.", "A year (EAPDR): 740."], [])
    name = "enhanced assess, plan, do, review"
    assert said == f"Children ({name}, EAPDR): 875. A year (EAPDR): 740."


def test_the_lead_says_promises_and_the_same_share_as_the_title() -> None:
    found = [Followed("2023", 24, 79)]
    lead = flow.lead(["Children so far: 875; the plan says at least 500: met."], found)
    later = "referred to any early support in 2023, 79% had no plan 24 months later."
    assert lead.endswith(f"Of the children {later}")
    assert lead.startswith("Children so far: 875")
    assert flow.lead([], []) == ""


def test_no_sentence_says_that_support_made_a_plan_needless() -> None:
    said = " ".join([flow.followed_title([Followed("2023", 24, 79)]), flow.CAVEAT])
    assert not {"avoid", "prevent", "thanks", "because"} & set(said.lower().split())
    assert "does not say what would have happened" in flow.CAVEAT


@pytest.mark.parametrize("status", ["met", "missed", "at risk", "not yet due", "not measured"])
def test_the_title_of_a_promise_names_its_status_in_ten_words(status: str) -> None:
    title = flow.promise_title("1,875", "January 2026", "12,500", status)
    assert title.endswith(status)
    assert len(title.split()) <= 10


def test_the_kind_that_reached_most_children_is_named_where_one_did_and_all_are_known() -> None:
    counts = {"APDR": 480.0, "EAPDR": 225.0, "SEDIS": 85.0}
    assert flow.kinds_title(counts, "2025") == "APDR reached the most children: 480 in 2025"
    assert "by kind" in flow.kinds_title(counts | {"EAPDR": 480.0}, "2025")
    assert "by kind" in flow.kinds_title({"APDR": 480.0}, "2025")
    assert "by kind" in flow.kinds_title({}, "2025")


def test_the_flow_says_once_and_wholly_what_it_rests_on() -> None:
    page = cast(
        "Any",
        SimpleNamespace(
            facts={"release": "2026-11-22-test"}, own_area="E1", area_name=lambda _: "Ourshire"
        ),
    )
    panel = flow_panel(page, STEPS, bands_of(STEPS), 12)
    line = source_line(page, MEASURE, panel.origins, panel.source)
    printed = " ".join([*panel.notes, line])
    assert printed.lower().count("source:") == 1
    assert "early support and its SEN2 returns, matched child by child" in line
    assert "for officers only. Release 2026-11-22-test." in line
