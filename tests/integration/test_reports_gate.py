"""`send publish` makes the reports of a release, reads them back, and refuses one other number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from commands import publishing
from dashboards import context
from dashboards.overview import councils
from dashboards.reports import agreement, cells
from dashboards.reports.agreement import Figure, compared, figures_of
from dashboards.reports.kinds import Kind, make
from dashboards.role import Role
from pipelines.errors import FailedCheckError, InputError
from pipelines.registry.council import Council
from pipelines.release.reader import Release, current_release
from pipelines.settings import SAMPLE_COUNTY, Settings, load_settings

Change = Callable[[Figure], Figure]


@dataclass(frozen=True)
class Made:
    """A release with its two reports, and the figures that they must say."""

    settings: Settings
    release: Release
    whose: Council
    wanted: tuple[Figure, ...]
    book: bytes
    sheet: bytes

    def told(self, wanted: Sequence[Figure]) -> str:
        """What the gate says where it does not hold; '' where it does."""
        asked = compared(wanted, self.whose, self.book, self.sheet)
        return "" if asked.holds else asked.found


def made(workspace: Path) -> Made:
    settings = load_settings(workspace)
    release = current_release(settings.workspace)
    assert release is not None
    page = context.over(settings, release, Role.CABINET)
    whose = councils(page)[-1]
    files = (make(page, kind, whose) for kind in (Kind.WORKBOOK, Kind.ONE_PAGE))
    return Made(settings, release, whose, tuple(figures_of(page, whose)), *files)


@pytest.fixture(scope="module")
def facts(sample_workspace: Path) -> Made:
    return made(sample_workspace)


@pytest.fixture(scope="module")
def county(county_workspace: Path) -> Made:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEND_COUNCIL", SAMPLE_COUNTY)
        return made(county_workspace)


@pytest.fixture(params=["facts", "county"])
def each(request: pytest.FixtureRequest) -> Made:
    found: Made = request.getfixturevalue(request.param)
    return found


def test_both_reports_say_the_figures_of_every_measure_of_the_first_page(each: Made) -> None:
    own = [figure for figure in each.wanted if figure.area_code == each.whose.area_code]
    asked = compared(each.wanted, each.whose, each.book, each.sheet)
    assert asked.holds, asked.found
    assert f"{len(own)} figures of 8 measures" in asked.found
    assert {figure.kpi for figure in own} == set(each.whose.overview_measures)


def test_a_measure_without_a_figure_is_in_no_report_and_stops_nothing(facts: Made) -> None:
    kpi = facts.wanted[0].kpi
    without = [figure for figure in facts.wanted if figure.kpi != kpi]
    assert facts.told(without) == ""


def place_of(found: Made, kind: str) -> int:
    """Where among the figures one stands that is printed in a place of its own."""
    is_own = [figure.area_code == found.whose.area_code for figure in found.wanted]
    held = enumerate(zip(found.wanted, is_own, strict=True))
    shares = [
        (at, figure, own) for at, (figure, own) in held if figure.denominator and figure.value
    ]
    newest = max(figure.period_label for _, figure, own in shares if own)
    wanted = {
        "newest": lambda figure, own: own and figure.period_label == newest,
        "earlier": lambda figure, own: own and figure.period_label != newest,
        "England": lambda figure, own: not own and figure.period_label == newest,
    }[kind]
    return next(at for at, figure, own in shares if wanted(figure, own))


OTHER: list[tuple[str, str, Change]] = [
    ("newest", "value", lambda f: replace(f, value=(f.value or 0) + 1)),
    ("earlier", "value", lambda f: replace(f, value=(f.value or 0) + 1)),
    ("earlier", "hidden", lambda f: replace(f, value=None)),
    ("earlier", "numerator", lambda f: replace(f, numerator=(f.numerator or 0) + 1)),
    ("earlier", "denominator", lambda f: replace(f, denominator=(f.denominator or 0) + 1)),
    ("earlier", "period", lambda f: replace(f, period_label="1999")),
    ("England", "value", lambda f: replace(f, value=(f.value or 0) + 1)),
]


@pytest.mark.parametrize(
    ("kind", "change"),
    [pytest.param(kind, change, id=f"{kind}-{what}") for kind, what, change in OTHER],
)
def test_one_other_number_in_the_workbook_is_found(each: Made, kind: str, change: Change) -> None:
    at = place_of(each, kind)
    figure = each.wanted[at]
    told = each.told([*each.wanted[:at], change(figure), *each.wanted[at + 1 :]])
    assert figure.title in told
    assert "workbook" in told


def test_one_other_number_in_the_one_page_report_is_found(each: Made) -> None:
    at = place_of(each, "newest")
    figure = each.wanted[at]
    other = (replace(figure, value=(figure.value or 0) + 1), replace(figure, period_label="1999"))
    for changed in other:
        wanted = [*each.wanted[:at], changed, *each.wanted[at + 1 :]]
        own = [[f] for f in wanted if f is changed]
        told = list(agreement._of_sheet(own, each.sheet))
        assert len(told) == 1
        assert "one-page report" in told[0]
    gone = replace(figure, title="A measure that nobody printed")
    assert "has no A measure" in next(iter(agreement._of_sheet([[gone]], each.sheet)))


def test_a_sheet_without_the_councils_own_column_is_refused(
    facts: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = f"{facts.whose.name} ("
    sheets = [
        replace(sheet, heads=tuple(head.replace(named, "Nobody (") for head in sheet.heads))
        for sheet in agreement.sheets_of(facts.book)
    ]
    monkeypatch.setattr(agreement, "sheets_of", lambda _: sheets)
    assert "8 differences" in facts.told(facts.wanted)
    assert f"no column of {facts.whose.name}" in facts.told(facts.wanted)


def test_a_fault_in_how_cells_are_written_stops_the_publication(
    facts: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = cells.number

    def one_more(value: float, *rest: object) -> object:
        found = written(value, *rest)
        return found if isinstance(found, str) else found + 1

    monkeypatch.setattr(cells, "number", one_more)
    with pytest.raises(FailedCheckError, match="reports: not as the public file"):
        publishing.review(facts.settings, facts.release)


def test_a_report_that_cannot_be_made_stops_the_publication(
    facts: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise InputError("the one-page report does not fit", where="settings.yml")

    monkeypatch.setattr(agreement, "make", refuse)
    gate = publishing.reports(facts.settings, facts.release)
    assert (gate.passed, gate.name) == (False, "reports")
    assert "does not fit" in gate.found
