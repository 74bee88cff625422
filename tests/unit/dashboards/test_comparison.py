"""What Compare says of a small release: periods, names, counts and bars that rest on few."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import duckdb
import pandas as pd
import pytest

from dashboards import downloads
from dashboards.components import breakdown, compare_filters, footer
from dashboards.components.chart_panel import Panel, source_line
from dashboards.components.compare_lead import compare_lead
from dashboards.components.comparison import Choice, comparison, lines_frame
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.queries import figures
from dashboards.queries.frozen import Key
from dashboards.role import Role
from dashboards.theme import LIGHT
from dashboards.words.titles import Point, line_title
from tests.unit.dashboards.measures import measure

ENGLAND, LONDON, WEST = "E92000001", "E12000007", "E12000008"
HACKNEY, OURSHIRE, DORSET, OLD_DORSET = "E09000012", "E10000028", "E06000059", "E10000009"

AREAS = [
    (ENGLAND, "England", "nation", None, None, None),
    (LONDON, "London", "region", None, None, None),
    (WEST, "West Midlands", "region", None, None, None),
    (HACKNEY, "Hackney", "authority", "204", LONDON, None),
    (OURSHIRE, "Ourshire", "authority", "860", WEST, None),
    (DORSET, "Dorset", "authority", "838", None, None),
    (OLD_DORSET, "Dorset", "authority", "835", None, date(2019, 3, 31)),
]
SHARE = measure(title="Share in mainstream", short_title="Share")
PLANS = replace(SHARE, kpi="plans", title="Plans", unit="count")
NAMES = {code: name for code, name, *_ in AREAS}
KINDS = {code: kind for code, _, kind, *_ in AREAS}


def figure(
    kpi: str,
    area: str,
    period: str,
    value: float | None,
    *,
    parts: tuple[int, int] | tuple[None, None] = (None, None),
    topic: str = "All",
    part: str = "All",
    source: tuple[str, str] = ("dfe", "2026"),
) -> tuple[object, ...]:
    label = f"January {period[:4]}"
    la_code = next(row[3] for row in AREAS if row[0] == area)
    head = (kpi, *source, int(source[1]), period, "stock", label, la_code, area)
    symbol = "x" if value is None else None
    tail = (*parts, value, symbol, True, True, False, None, None, None)
    return (*head, NAMES[area], KINDS[area], topic, part, *tail)


FIGURES = [
    figure("mainstream_share", ENGLAND, "2010-01", 30.0, source=("dfe", "2022")),
    figure("mainstream_share", ENGLAND, "2025-01", 43.8),
    figure("mainstream_share", ENGLAND, "2026-01", 45.5),
    figure("mainstream_share", HACKNEY, "2019-01", 50.0, source=("dfe", "2025")),
    figure("mainstream_share", HACKNEY, "2024-01", 55.0, source=("dfe", "2025")),
    figure("mainstream_share", HACKNEY, "2025-01", 57.1, source=("dfe", "2025")),
    figure("mainstream_share", OURSHIRE, "2024-01", 32.1),
    figure("mainstream_share", OURSHIRE, "2025-01", None),
    figure("mainstream_share", OLD_DORSET, "2018-01", 20.0),
    figure("mainstream_share", DORSET, "2020-01", 25.0),
    *[
        figure("plans", code, "2026-01", value, parts=(int(value), 1))
        for code, value in ((ENGLAND, 700000.0), (LONDON, 99116.0), (WEST, 60000.0))
    ],
    *[
        figure("plans", code, "2026-01", value)
        for code, value in ((OURSHIRE, 9979.0), (HACKNEY, 3000.0))
    ],
]
ETHNICITY = [
    ("Asian - Any other Asian background", 100.0, (8, 8)),
    ("White - White British", 60.0, (600, 1000)),
    ("Unclassified", 60.0, (30, 50)),
]
SEX = [("Female", 40.0, (40, 100)), ("Male", 60.0, (120, 200))]
TIED = [("Primary", 50.0, (50, 100)), ("Secondary", 50.0, (40, 80))]
FIGURES += [
    figure("mainstream_share", HACKNEY, "2025-01", value, parts=parts, topic=topic, part=part)
    for topic, rows in (("Ethnicity", ETHNICITY), ("Sex", SEX), ("SEN provision", TIED))
    for part, value, parts in rows
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Context:
    path = tmp_path_factory.mktemp("release") / "public.duckdb"
    _write(path)
    key = Key("2026-11-22-test", "public", str(path))
    return Context(
        settings=cast("Any", None),
        home=cast("Any", None),
        role=Role.CABINET,
        key=key,
        evidence=None,
        facts={"release": "2026-11-22-test"},
        palette=LIGHT,
        measures={},
        areas=figures.areas(key),
    )


def _write(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.area (area_code text, area_name text, area_kind text, "
            "la_code text, region_code text, valid_to date)"
        )
        connection.execute(
            "create table marts.kpi_value (kpi text, source text, vintage text, "
            "vintage_order integer, period text, period_kind text, period_label text, "
            "la_code text, area_code text, area_name text, area_kind text, "
            "breakdown_topic text, breakdown text, numerator decimal(18, 6), "
            "denominator decimal(18, 6), value decimal(18, 6), symbol text, is_shown boolean, "
            "is_newest_of_source boolean, is_revised boolean, previous_vintage text, "
            "previous_value decimal(18, 6), change decimal(18, 6))"
        )
        connection.execute(
            "create table marts.benchmark (kpi text, la_code text, period text, "
            "england_value double, region_value double, neighbour_mean double, "
            "neighbour_median double, neighbour_count integer)"
        )
        connection.execute(
            "insert into marts.benchmark values ('plans', '860', '2026-01', 1, 1, 5000, 5000, 10)"
        )
        connection.execute(
            "create table marts.neighbour (la_code text, neighbour_la_code text, position integer)"
        )
        connection.execute("insert into marts.neighbour values ('860', '204', 1)")
        connection.executemany("insert into marts.area values (?, ?, ?, ?, ?, ?)", AREAS)
        figures = pd.DataFrame(FIGURES)
        connection.register("figures", figures)
        connection.execute("insert into marts.kpi_value select * from figures")


def shown(
    page: Context, measure: Measure, area: str, *others: str, average: str = "none"
) -> tuple[Any, Panel]:
    made = comparison(page, Choice(measure, area, others, average), "compare")
    assert made is not None
    return made


def lines(figure: Any) -> set[str]:
    return {trace.name for trace in figure.data}


# ---- periods


def test_title_and_subtitle_speak_of_the_area_where_england_is_a_year_newer(page: Context) -> None:
    _, panel = shown(page, SHARE, HACKNEY, ENGLAND)
    assert panel.title == "Share: 57.1%, 13.3 points above England"
    assert panel.subtitle == (
        "Share in mainstream, Hackney, January 2019 to January 2025, latest figure: January 2025"
    )
    assert "Figures for January 2025: Hackney 57.1%; England 43.8%" in panel.alt
    assert panel.table["Period"].iloc[0] == "January 2026"


def test_an_abolished_authority_ends_with_its_own_last_figure(page: Context) -> None:
    _, panel = shown(page, SHARE, OLD_DORSET, ENGLAND)
    assert panel.subtitle == ("Share in mainstream, Dorset (to 2019), latest figure: January 2018")


def test_a_newer_period_with_a_symbol_is_not_the_latest_figure(page: Context) -> None:
    _, panel = shown(page, SHARE, OURSHIRE, ENGLAND)
    assert panel.subtitle.endswith("January 2024 to January 2025, latest figure: January 2024")


# ---- names


def test_names_shown_are_unique(page: Context) -> None:
    assert page.areas["area_name"].is_unique
    assert page.area_name(DORSET) == "Dorset"
    assert page.area_name(OLD_DORSET) == "Dorset (to 2019)"


def test_two_authorities_of_one_name_are_two_lines(page: Context) -> None:
    frame = lines_frame(page, Choice(SHARE, DORSET, (OLD_DORSET,), "none"))
    assert set(frame["line"]) == {"Dorset", "Dorset (to 2019)"}
    figure, panel = shown(page, SHARE, DORSET, OLD_DORSET)
    assert lines(figure) == {"Dorset", "Dorset (to 2019)"}
    assert list(panel.table.columns) == ["Period", "Dorset", "Dorset (to 2019)"]


# ---- counts


def test_a_foreign_region_is_not_drawn_beside_the_count_of_an_authority(page: Context) -> None:
    figure, panel = shown(page, PLANS, OURSHIRE, LONDON, ENGLAND, HACKNEY, average="mean")
    assert lines(figure) == {"Ourshire", "Hackney"}
    assert "In the table only: London; England; Mean of neighbours." in panel.notes[0]
    assert not any("Statistical neighbours" in note for note in panel.notes)
    assert "London" in panel.table.columns


def test_a_count_in_front_is_drawn_among_its_own_kind(page: Context) -> None:
    figure, panel = shown(page, PLANS, LONDON, WEST, ENGLAND, OURSHIRE)
    assert lines(figure) == {"London", "West Midlands"}
    assert "In the table only: England; Ourshire." in panel.notes[0]
    assert lines(shown(page, PLANS, ENGLAND, OURSHIRE)[0]) == {"England"}


def test_nothing_is_said_to_be_left_out_where_all_is_drawn(page: Context) -> None:
    _, panel = shown(page, PLANS, OURSHIRE, HACKNEY)
    assert "In the table only" not in panel.notes[0]


# ---- axis, source and file


def test_the_usual_span_is_that_of_authorities(page: Context) -> None:
    spread = figures.spread(page.key, "plans", "All")
    assert spread is not None
    assert (spread.low, spread.high) == (3000, 700000)
    assert (spread.usual_low, spread.usual_high) == (3000, 9979)


def test_a_chart_names_the_editions_of_its_own_rows(page: Context) -> None:
    _, alone = shown(page, SHARE, HACKNEY)
    assert footer.editions(alone.data) == "Department for Education 2025"
    _, both = shown(page, SHARE, HACKNEY, ENGLAND)
    assert source_line(page, SHARE, both.data).endswith(
        "Data: Department for Education 2022, 2025 and 2026. Release 2026-11-22-test."
    )
    assert footer.editions(pd.DataFrame({"value": [1]})) == ""


# ---- bars


def bars(page: Context, topic: str, part: str) -> Panel:
    choice = Choice(SHARE, HACKNEY, (), "none", topic, part)
    return breakdown.parts_panel(page, choice, breakdown.parts_frame(page, choice))


def test_a_part_of_eight_cases_is_no_finding(page: Context) -> None:
    panel = bars(page, "Ethnicity", "Unclassified")
    assert panel.title == "Share by ethnicity, January 2025"
    assert "100.0% (8 of 8)" in set(panel.table["Hackney"])
    assert any("fewer than 20" in note for note in panel.notes)


def test_parts_that_tie_are_no_finding(page: Context) -> None:
    assert bars(page, "SEN provision", "Primary").title == "Share by SEN provision, January 2025"


def test_the_highest_part_of_enough_is_the_finding(page: Context) -> None:
    panel = bars(page, "Sex", "Female")
    assert panel.title == "Highest: Male, 60.0%"
    assert not any("fewer than 20" in note for note in panel.notes)


def test_both_files_of_a_page_have_the_same_columns(page: Context) -> None:
    _, panel = shown(page, SHARE, HACKNEY)
    parts = bars(page, "Ethnicity", "Unclassified")
    assert list(parts.data.columns) == list(panel.data.columns) == list(downloads.COLUMNS)
    row = parts.data[parts.data["numerator"] == 8].iloc[0]
    assert (row["denominator"], row["source"], row["vintage"]) == (8, "dfe", "2026")
    assert b"8.0," not in downloads.csv_bytes(parts.data)


def test_a_topic_is_not_named_by_a_word_that_only_holds_it() -> None:
    average = replace(SHARE, title="Average weeks to issue a plan")
    need = replace(SHARE, title="Share of plans by primary need")
    assert not Choice(average, HACKNEY, (), "none", "Age", "Age 4").names_topic
    assert Choice(need, HACKNEY, (), "none", "Primary need", "Autism").names_topic


# ---- lists: schools, and topics with very many parts


def test_lists_stand_last_in_the_filter_and_say_how_long_they_are() -> None:
    counts = {"All": 1, "Age": 27, "School": 5, "Postcode": 400, "Sex": 3}
    assert compare_filters.topics_of(list(counts), counts) == [
        "All",
        "Age",
        "Sex",
        "School",
        "Postcode",
    ]
    assert compare_filters.topic_words("School", 5) == "School (5)"
    assert compare_filters.topic_words("Postcode", 1400) == "Postcode (1,400)"
    assert compare_filters.topic_words("Age", 27) == "Age"
    assert compare_filters.topic_words("All", 1) == "Not broken down"


def test_schools_stand_by_name_and_ages_by_number() -> None:
    schools = ["Yew School (900001)", "ash School (900900)"]
    assert sorted(schools, key=breakdown.part_order("School", 2)) == schools[::-1]
    ages = ["Age 10", "Age 9", "Age unknown"]
    assert sorted(ages, key=breakdown.part_order("Age", 3)) == ["Age 9", "Age 10", "Age unknown"]


def test_an_action_of_the_plan_is_words_on_the_page_and_a_code_in_the_file() -> None:
    choice = Choice(SHARE, HACKNEY, (), "none", "Plan action", "clear-overdue-assessments")
    assert choice.part == "Clear overdue assessments"
    assert choice.breakdown == "clear-overdue-assessments"
    assert Choice(SHARE, HACKNEY, (), "none", "Ethnicity", "White - White British").part == (
        "White - White British"
    )


def test_the_name_of_a_school_keeps_its_capital_in_a_title() -> None:
    point = Point("Plans", "count", 0, "January 2026", 3, breakdown="Alder School", is_name=True)
    assert line_title(point) == "Plans (Alder School): 3"
    group = Point("Plans", "count", 0, "January 2026", 3, breakdown="Any other group")
    assert line_title(group) == "Plans (any other group): 3"


# ---- the finding of the page


def test_the_finding_holds_others_at_the_period_of_the_figure_in_front(page: Context) -> None:
    said = compare_lead(page, Choice(SHARE, HACKNEY, (ENGLAND,), "none"))
    assert said == (
        "Hackney: share in mainstream, 57.1% in January 2025, not comparable with the figure "
        "for January 2024. In the same period: England 43.8%."
    )


def test_the_finding_holds_a_count_against_its_own_kind_only(page: Context) -> None:
    said = compare_lead(page, Choice(PLANS, OURSHIRE, (LONDON, ENGLAND, HACKNEY), "mean"))
    assert said.endswith(" In the same period: Hackney 3,000.0.")
    assert "9,979.0 in January 2026, no figure for January 2025 to compare with." in said


def test_the_finding_names_the_part_and_says_where_there_is_nothing(page: Context) -> None:
    part = compare_lead(page, Choice(SHARE, HACKNEY, (), "none", "Sex", "Female"))
    assert part.startswith("Hackney: share in mainstream (Sex: Female), 40.0% in January 2025")
    pending = compare_lead(page, Choice(SHARE, OURSHIRE, (), "none"))
    assert pending.endswith(" January 2025 has no figure [x].")
    none = compare_lead(page, Choice(PLANS, DORSET, (), "none"))
    assert none == "This release has no figure of this measure for Dorset."
