"""Numbers of children are well formed, different from one another, and nobody's."""

from __future__ import annotations

import numpy as np

from pipelines.settings import PROJECT_ROOT
from pipelines.synthetic.county import County
from pipelines.synthetic.draw import ages, census_day, day
from pipelines.synthetic.margins import published
from pipelines.synthetic.people import postcodes, ulns, upns

ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"


def letter(upn: str) -> str:
    total = sum(int(digit) * place for place, digit in enumerate(upn[1:], start=2))
    return ALPHABET[total % 23]


def test_pupil_numbers_have_the_letter_that_their_digits_ask_for() -> None:
    numbers = upns(np.arange(5_000)).tolist()
    assert len(set(numbers)) == 5_000
    assert {len(number) for number in numbers} == {13}
    assert all(number[0] == letter(number) for number in numbers)
    # A number known to be right, so that the check is not made of the same mistake.
    assert letter("B801200005001") == "B"


def test_learner_numbers_have_ten_digits_and_are_all_different() -> None:
    numbers = ulns(np.arange(200_000)).tolist()
    assert len(set(numbers)) == 200_000
    assert {len(number) for number in numbers} == {10}
    assert all(number.isdigit() for number in numbers)


def test_postcodes_are_of_no_post_office() -> None:
    codes = postcodes().tolist()
    assert len(set(codes)) == 3_200
    assert all(code.startswith("ZZ9") for code in codes)


def test_ages_count_birthdays() -> None:
    births = np.array([day("2010-08-31"), day("2010-09-01"), day("2012-02-29")])
    assert ages(births, day("2025-08-31")).tolist() == [15, 14, 13]


def test_the_census_day_is_the_third_thursday_of_january() -> None:
    found = [str(census_day(year)) for year in (2023, 2024, 2025, 2026, 2027)]
    assert found == ["2023-01-19", "2024-01-18", "2025-01-16", "2026-01-15", "2027-01-21"]


def test_nobody_with_a_plan_is_too_old_for_one(county: County) -> None:
    for year in county.years:
        active = county.plans.in_place(census_day(year))
        birth = county.people.birth[county.plans.person[active]]
        assert ages(birth, census_day(year)).max() < 26
        assert ages(birth, day(f"{year - 1}-08-31")).min() >= 1


def test_names_come_from_the_lists_of_syllables(county: County) -> None:
    assert len(set(county.people.surname.tolist())) > 400
    assert published(PROJECT_ROOT).invented
