"""Which series are judged, from where limits begin anew, and against which level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.judgement.make import Inputs, make_judgements
from pipelines.settings import PROJECT_ROOT
from tests.unit.judgement.queue_rows import fill, milestone, rows

Row = dict[str, Any]

MEASURES = {
    "overdue_cases": ("count", "stock", "low_is_good"),
    "new_plans": ("count", "flow", "none"),
    "plans_within_20_weeks_share": ("percent", "flow", "high_is_good"),
    "plans_maintained": ("count", "stock", "none"),
}
REBASE = """
la_code: "999"
rebases:
  - kpi: overdue_cases
    of: months
    first_period: 2024-11
    decided_on: 2025-09-01
    decided_by_role: send-service-lead
    reason: A second team began in November 2024, and it stays.
"""


def value(kpi: str, period: str, amount: float, **others: Any) -> Row:
    kind = "month" if MEASURES[kpi][1] == "flow" and "-" in period else None
    return {
        "kpi": kpi,
        "source": "council",
        "period": period,
        "period_kind": kind or MEASURES[kpi][1],
        "la_code": "999",
        "area_code": "X99000999",
        "breakdown_topic": "All",
        "breakdown": "All",
        "value": amount,
        "is_newest_of_source": True,
        **others,
    }


def months(kpi: str, first: date, amounts: Sequence[float], **others: Any) -> Iterator[Row]:
    """A value for each month from the first on."""
    for number, amount in enumerate(amounts):
        index = 12 * first.year + first.month - 1 + number
        period = f"{index // 12}-{index % 12 + 1:02d}"
        yield value(kpi, period, amount, **{"period_kind": "month", **others})


def judged(
    values: Sequence[Row],
    folder: Path,
    breaks: Sequence[Row] = (),
    milestones: Sequence[Row] = (),
) -> tuple[list[Row], list[Row]]:
    """The rows of marts.spc_series and marts.spc_point."""
    with duckdb.connect() as connection:
        fill(connection, "marts.kpi_value", values)
        fill(connection, "marts.measure_break", breaks)
        fill(connection, "marts.plan_milestone", milestones)
        measures = [
            {"kpi": kpi, "unit": unit, "period_kind": kind, "polarity": polarity}
            for kpi, (unit, kind, polarity) in MEASURES.items()
        ]
        fill(connection, "marts.measure", measures)
        for _ in make_judgements(connection, Inputs(PROJECT_ROOT, folder), ("spc",)):
            pass
        return (
            rows(connection, "from marts.spc_series"),
            rows(connection, "from marts.spc_point order by period"),
        )


@pytest.fixture
def county(tmp_path: Path) -> Path:
    (tmp_path / "999").mkdir()
    return tmp_path / "999"


STEADY = [10, 12] * 9
FIRST = date(2024, 3, 1)


def test_a_monthly_series_is_judged_by_its_latest_point(county: Path) -> None:
    (series,), points = judged([*months("overdue_cases", FIRST, [*STEADY, 30])], county)
    assert (series["spc_standing"], series["point_count"]) == ("limits", 19)
    assert (series["latest_period"], series["latest_value"]) == ("2025-09", 30)
    assert (series["variation"], series["spc_rule"]) == ("concern", "outside_limits")
    assert [row["spc_rule"] for row in points if row["spc_rule"]] == ["outside_limits"]
    assert points[-1]["spc_side"] == 1
    assert {row["upper_limit"] for row in points} == {series["upper_limit"]}


def test_the_same_jump_is_an_improvement_where_high_is_good(county: Path) -> None:
    kpi = "plans_within_20_weeks_share"
    (series,), _ = judged([*months(kpi, FIRST, [*STEADY, 30], denominator=100)], county)
    assert series["variation"] == "improvement"


def test_the_return_of_january_is_a_month_of_the_line(county: Path) -> None:
    before = [*months("overdue_cases", FIRST, STEADY[:10])]
    after = [*months("overdue_cases", date(2025, 2, 1), STEADY[:8])]
    january = value("overdue_cases", "2025-01", 11)
    found, points = judged([*before, january, *after], county)
    by_kind = {row["period_kind"]: row for row in found}
    assert set(by_kind) == {"month"}
    assert by_kind["month"]["spc_standing"] == "limits"
    assert len(points) == 19


def test_a_missing_month_takes_the_limits(county: Path) -> None:
    held = [*months("overdue_cases", FIRST, STEADY)]
    (series,), points = judged([*held[:9], *held[10:]], county)
    assert series["spc_standing"] == "missing_periods"
    assert (series["variation"], series["upper_limit"]) == (None, None)
    assert points == []


def test_a_measure_without_months_keeps_its_januaries_in_a_yearly_line(county: Path) -> None:
    years = [value("plans_maintained", f"{year}-01", year % 2) for year in range(2015, 2025)]
    (series,), _ = judged(years, county)
    assert (series["period_kind"], series["spc_standing"]) == ("stock", "trial_limits")
    assert series["variation"] == "common_cause"


def test_years_to_date_and_rolling_years_are_no_series(county: Path) -> None:
    held = [
        value("new_plans", f"20{year}-R12-06", year, period_kind="rolling_year")
        for year in range(10, 25)
    ]
    held += [
        value("new_plans", f"2024-YTD-{month:02d}", month, period_kind="year_to_date")
        for month in range(1, 13)
    ]
    assert judged(held, county) == ([], [])


def test_the_limits_of_published_figures_begin_anew_at_a_break(county: Path) -> None:
    years = [
        value("new_plans", str(year), year % 3, source="dfe", period_kind="flow")
        for year in range(2010, 2026)
    ]
    broken = [{"kpi": "new_plans", "break_at": "2018", "break_reason": "Counted otherwise."}]
    (series,), points = judged(years, county, broken)
    assert (series["stretch_first_period"], series["stretch_point_count"]) == ("2018", 8)
    assert (series["spc_standing"], series["opened_by"]) == ("trial_limits", "break")
    assert [row["period"] for row in points if row["opened_by"]] == ["2018"]
    assert len({row["centre_line"] for row in points}) == 2


def test_seven_years_after_the_break_are_too_few_and_the_series_says_so(county: Path) -> None:
    years = [
        value("new_plans", str(year), year % 3, source="dfe", period_kind="flow")
        for year in range(2017, 2026)
    ]
    broken = [{"kpi": "new_plans", "break_at": "2019", "break_reason": "Counted otherwise."}]
    (series,), points = judged(years, county, broken)
    assert (series["spc_standing"], series["stretch_point_count"]) == ("too_few_points", 7)
    assert points == []


def test_a_break_of_the_published_figures_is_none_of_the_councils_own(county: Path) -> None:
    broken = [{"kpi": "overdue_cases", "break_at": "2025", "break_reason": "Counted otherwise."}]
    (series,), _ = judged([*months("overdue_cases", FIRST, STEADY)], county, broken)
    assert (series["stretch_point_count"], series["opened_by"]) == (18, None)


def test_a_dated_decision_begins_the_limits_anew_in_its_line_only(county: Path) -> None:
    (county / "rebases.yml").write_text(REBASE, encoding="utf-8")
    held = [*months("overdue_cases", FIRST, [*STEADY[:8], *(4, 5) * 5])]
    held += months("overdue_cases", FIRST, STEADY, source="dfe", la_code="860", area_code="E1")
    found, points = judged(held, county)
    own, other = sorted(found, key=lambda row: row["source"])
    assert (own["stretch_first_period"], own["opened_by"]) == ("2024-11", "rebase")
    assert own["rebased_on"] == date(2025, 9, 1)
    assert own["opening_reason"].startswith("A second team")
    assert own["variation"] == "common_cause"
    assert (other["stretch_point_count"], other["opened_by"]) == (18, None)
    opened = [(row["source"], row["period"]) for row in points if row["opened_by"]]
    assert opened == [("council", "2024-11")]


def test_a_breakdown_is_judged_where_it_has_eight_points_and_left_out_below(county: Path) -> None:
    topic = {"breakdown_topic": "Age", "breakdown": "Age 7"}
    for count, expected in ((7, 0), (8, 1)):
        held = [*months("overdue_cases", FIRST, STEADY[:count], **topic)]
        assert len(judged(held, county)[0]) == expected


def test_older_editions_and_symbols_are_no_points(county: Path) -> None:
    held = [*months("overdue_cases", FIRST, STEADY)]
    older = [row | {"is_newest_of_source": False, "value": 99} for row in held]
    hidden = [*months("overdue_cases", date(2025, 9, 1), [0])]
    hidden[0] |= {"value": None, "symbol": "c"}
    (series,), _ = judged([*held, *older, *hidden], county)
    assert (series["point_count"], series["latest_period"]) == (18, "2025-08")


@pytest.mark.parametrize(
    ("level", "expected"),
    [(0, "consistently_fails"), (11, "hit_and_miss"), (40, "consistently_passes")],
)
def test_the_next_milestone_says_what_the_process_is_held_against(
    level: int, expected: str, county: Path
) -> None:
    past = milestone(date(2024, 1, 1), 5, milestone="past", milestone_status="missed")
    last = milestone(date(2027, 1, 1), 6, milestone="last")
    held = [*months("overdue_cases", FIRST, STEADY)]
    plan = [past, last, milestone(date(2026, 1, 1), level, milestone="next")]
    (series,), _ = judged(held, county, milestones=plan)
    assert (series["milestone"], series["level_value"]) == ("next", level)
    assert series["assurance"] == expected


def test_a_years_count_is_no_level_for_a_month(county: Path) -> None:
    plan = [milestone(date(2026, 12, 31), 800, kpi="new_plans", polarity="high_is_good")]
    held = [*months("new_plans", FIRST, STEADY)]
    held += [value("new_plans", str(year), year % 2) for year in range(2015, 2025)]
    found = {row["period_kind"]: row for row in judged(held, county, milestones=plan)[0]}
    assert (found["month"]["level_value"], found["month"]["assurance"]) == (None, None)
    assert found["flow"]["assurance"] == "consistently_fails"


def test_small_numbers_take_the_limits_of_a_share(county: Path) -> None:
    kpi = "plans_within_20_weeks_share"
    for size, standing in ((19, "small_denominators"), (20, "limits")):
        (series,), _ = judged([*months(kpi, FIRST, STEADY, denominator=size)], county)
        assert series["spc_standing"] == standing


def test_without_any_value_the_tables_are_empty(county: Path) -> None:
    assert judged([], county) == ([], [])
