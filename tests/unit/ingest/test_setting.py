"""What was said of a return when it came is said again when it is read again."""

from __future__ import annotations

import pytest

from pipelines.ingest.setting import Asked, said_of


@pytest.mark.parametrize(
    ("record", "otherwise", "said"),
    [
        (("sen2", "2025"), None, Asked(return_year=2025)),
        (("sen2", "2025"), 2026, Asked(return_year=2025)),
        (("sen2_in_year", "2025-09"), 2026, Asked(is_in_year=True, return_year=2026)),
        (("sen2_in_year", "2025-01"), None, Asked(is_in_year=True)),
        (("place", None), None, Asked()),
        (None, 2026, Asked(return_year=2026, is_any_year=True)),
        (None, None, Asked()),
    ],
    ids=[
        "a return",
        "its own year first",
        "an extract",
        "of January",
        "no release",
        "not landed",
        "nothing",
    ],
)
def test_what_was_said_of_a_landed_return_is_said_again(
    record: tuple[str, str | None] | None, otherwise: int | None, said: Asked
) -> None:
    landed = None if record is None else dict(zip(("kind", "release"), record, strict=True))
    assert said_of(landed, otherwise) == said


def test_what_is_said_now_comes_before_what_was_said() -> None:
    before = Asked(is_in_year=True, return_year=2025)
    assert Asked(return_year=2026).or_else(before) == Asked(is_in_year=True, return_year=2026)
    assert Asked().or_else(before) == before


def test_who_says_that_it_is_no_extract_is_believed_over_what_was_said() -> None:
    before = Asked(is_in_year=True, return_year=2025)
    said = Asked(is_in_year=False, reason="a mistake").or_else(before)
    assert said == Asked(is_in_year=False, return_year=2025, reason="a mistake")


@pytest.mark.parametrize(
    ("kind", "is_in_year", "is_contradiction"),
    [
        ("sen2", None, False),
        ("sen2", True, True),
        ("sen2", False, False),
        ("sen2_in_year", None, False),
        ("sen2_in_year", True, False),
        ("sen2_in_year", False, True),
        ("census", True, False),
    ],
)
def test_only_what_is_said_and_differs_contradicts_what_landed(
    kind: str, is_in_year: bool | None, is_contradiction: bool
) -> None:
    assert Asked(is_in_year=is_in_year).contradicts({"kind": kind}) is is_contradiction
