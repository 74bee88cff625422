"""The finding of Compare: a whole sentence for every choice that its filters allow."""

from __future__ import annotations

from dataclasses import replace

from dashboards.words.compared import Standing, finding, nothing

STANDING = Standing(
    area="Ourshire",
    subject="Share in mainstream",
    unit="percent",
    decimals=1,
    period_label="January 2026",
    text="32.8%",
    has_value=True,
    change=0.7,
    since="January 2025",
    is_apart=False,
    pending=("", ""),
    beside=(("England", "45.5%"), ("Mean of neighbours", "41.0%")),
)


def test_a_figure_is_given_with_its_change_and_what_stands_beside_it() -> None:
    assert finding(STANDING) == (
        "Ourshire: share in mainstream, 32.8% in January 2026, up 0.7 percentage points since "
        "January 2025. In the same period: England 45.5%; Mean of neighbours 41.0%."
    )


def test_nothing_is_said_of_a_change_that_is_none() -> None:
    assert ", no change since January 2025." in finding(replace(STANDING, change=0.0))
    assert ", no figure for January 2025 to compare with." in finding(
        replace(STANDING, change=None)
    )
    broken = finding(replace(STANDING, change=None, is_apart=True))
    assert broken.startswith(
        "Ourshire: share in mainstream, 32.8% in January 2026, not comparable with the figure for "
        "January 2025. "
    )


def test_a_symbol_is_no_figure_and_a_newer_period_without_one_is_named() -> None:
    hidden = finding(replace(STANDING, text="[c]", has_value=False, change=None, beside=()))
    assert hidden == "Ourshire has no figure for January 2026 [c]: share in mainstream."
    waiting = finding(replace(STANDING, pending=("January 2027", "x"), beside=()))
    assert waiting.endswith(" January 2027 has no figure [x].")


def test_an_area_without_any_row_is_said_to_have_none() -> None:
    assert nothing("Ourshire") == "This release has no figure of this measure for Ourshire."
