"""A banner names what should be held and is not, and keeps silent about what is not yet due."""

from __future__ import annotations

from datetime import date

import pytest

from dashboards.words.stale import Own, Published, council_sentence, publisher_sentence

JUNE = ("June 2027",)
DFE = Published("dfe", "Department for Education", "2026-01", "2025", JUNE)
OLD_DFE = Published("dfe", "Department for Education", "2025-01", "2024", JUNE)
MOJ = Published("moj", "Ministry of Justice", "", "2024", JUNE)
LAIT = Published("lait", "DfE Local Authority Interactive Tool", "2025-01", "2025", ("Soon",))


@pytest.mark.parametrize(
    ("held", "today"),
    [
        pytest.param(DFE, date(2026, 11, 23), id="newest-year"),
        pytest.param(DFE, date(2027, 6, 30), id="next-is-due-this-month"),
        pytest.param(DFE, date(2027, 7, 31), id="next-is-some-weeks-late"),
        pytest.param(OLD_DFE, date(2026, 7, 31), id="built-before-the-files-were-fetched"),
        pytest.param(MOJ, date(2027, 7, 31), id="a-companion-one-edition-behind"),
        pytest.param(LAIT, date(2028, 1, 31), id="a-publisher-that-names-no-month"),
    ],
)
def test_a_publisher_is_not_missed_before_its_next_figures_are_some_weeks_late(
    held: Published, today: date
) -> None:
    assert publisher_sentence(held, today) == ""


@pytest.mark.parametrize(
    ("held", "today", "newest", "missing"),
    [
        pytest.param(
            DFE,
            date(2027, 8, 1),
            "Department for Education in this release are of January 2026.",
            "Those of January 2027 were due by June 2027.",
            id="some-weeks-over",
        ),
        pytest.param(
            OLD_DFE,
            date(2026, 11, 23),
            "Department for Education in this release are of January 2025.",
            "Those of January 2026 were due by June 2026.",
            id="without-the-newest-files",
        ),
        pytest.param(
            OLD_DFE,
            date(2028, 3, 1),
            "Department for Education in this release are of January 2025.",
            "Those of January 2027 were due by June 2027.",
            id="two-years-behind",
        ),
        pytest.param(
            MOJ,
            date(2027, 8, 1),
            "Ministry of Justice in this release are of 2024.",
            "Those of 2025 were due by June 2026.",
            id="years-only",
        ),
        pytest.param(
            LAIT,
            date(2029, 2, 1),
            "Tool in this release are of 2025.",
            "Those of 2026 were due by December 2027.",
            id="no-month-named",
        ),
    ],
)
def test_a_publisher_is_missed_by_period_and_month(
    held: Published, today: date, newest: str, missing: str
) -> None:
    said = publisher_sentence(held, today)
    assert said.startswith("The newest figures from the ")
    assert said.endswith(f"{newest} {missing}")


def test_files_of_the_year_end_the_banner_although_the_register_still_names_that_year() -> None:
    new = Published("dfe", "Department for Education", "2027-01", "2026", JUNE)
    assert publisher_sentence(new, date(2027, 12, 1)) == ""


@pytest.mark.parametrize(
    ("own", "today"),
    [
        pytest.param(Own("2026-01", "2026"), date(2026, 3, 31), id="two-months-without"),
        pytest.param(Own("2025-12", "2025"), date(2026, 2, 28), id="over-a-new-year"),
        pytest.param(Own("", "2026"), date(2027, 4, 30), id="next-return-not-yet-due"),
        pytest.param(Own("2024-03", "2026"), date(2027, 4, 30), id="extracts-given-up"),
        pytest.param(Own("", ""), date(2030, 1, 1), id="no-own-files"),
    ],
)
def test_a_council_is_not_missed_while_its_next_file_is_not_late(own: Own, today: date) -> None:
    assert council_sentence(own, "Ourshire", today) == ""


@pytest.mark.parametrize(
    ("own", "today", "expected"),
    [
        pytest.param(
            Own("2026-01", "2026"),
            date(2026, 4, 1),
            "end with January 2026: no later extract has come in, so nothing since then shows.",
            id="monthly",
        ),
        pytest.param(
            Own("2026-01", "2026", date(2026, 1, 31)),
            date(2026, 11, 23),
            "end on 31 January 2026: no later extract has come in, so nothing since then shows.",
            id="day-known",
        ),
        pytest.param(
            Own("2025-11", "2026"),
            date(2026, 4, 1),
            "end with January 2026: no later extract has come in, so nothing since then shows.",
            id="return-after-the-last-extract",
        ),
        pytest.param(
            Own("", "2026"),
            date(2027, 5, 1),
            "end with January 2026: the SEN2 return of January 2027 has not come in.",
            id="returns-only",
        ),
        pytest.param(
            Own("2026-02", ""),
            date(2026, 5, 1),
            "end with February 2026: no later extract has come in, so nothing since then shows.",
            id="extracts-only",
        ),
    ],
)
def test_a_council_s_own_figures_end_where_its_newest_file_does(
    own: Own, today: date, expected: str
) -> None:
    said = council_sentence(own, "Ourshire", today)
    assert said == f"Ourshire's own figures on plans and requests {expected}"
