"""Every filter of a page over the sample county, as its officers and its auditors have them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from dashboards.role import Role
from tests.browser.conftest import Visit, visiting
from tests.browser.filters import add_answers, assert_stands, use_filters
from tests.browser.states import constant, unfold
from tests.browser.test_accessibility import roles_of

pytestmark = pytest.mark.browser

# How many controls a page has at least.
LEAST = {
    ("timeliness", Role.OFFICER): 13,
    ("data_quality", Role.OFFICER): 4,
    ("compare", Role.OFFICER): 4,
    ("demand", Role.OFFICER): 3,
    ("evidence", Role.AUDITOR): 3,
}
# Pages that only officers have controls on; the other pages' are tried over the real release too.
SHORT = {"timeliness", "data_quality"}
ASKED = [
    pytest.param(
        name,
        role,
        id=f"{name}-{role}",
        marks=() if name in SHORT and role == Role.OFFICER.value else pytest.mark.long,
    )
    for name in constant("PAGES")
    for role in roles_of(name)
    if role != Role.CABINET.value
]


@pytest.mark.parametrize(("name", "role"), ASKED)
def test_each_control_of_a_page_gets_an_answer(
    browser: Browser, county_app: str, name: str, role: str
) -> None:
    with visiting(browser, county_app) as visit:
        visit.open(f"{'' if name == 'overview' else name}?role={role}")
        unfold(visit)
        assert_stands(visit)
        assert add_answers(visit) + use_filters(visit) >= LEAST.get((name, Role(role)), 0)


@pytest.mark.parametrize(
    "wrong",
    [
        "<h2>Bare</h2>",
        "<h2>Part</h2><h3>Bare</h3>",
        "<h2>Bare</h2><h2>Next</h2><p>Words.</p>",
        "<div data-testid='stException'>KeyError</div>",
    ],
)
def test_a_bare_part_and_an_error_are_refused(browser: Browser, wrong: str) -> None:
    with visiting(browser, "http://127.0.0.1") as visit:
        filled(visit, "<h2>Part</h2><h3>Within</h3><p>No case is among those asked for.</p>")
        assert_stands(visit)
        filled(visit, wrong)
        with pytest.raises(AssertionError):
            assert_stands(visit)


def filled(visit: Visit, parts: str) -> Page:
    """A page of an app, made of these parts."""
    visit.page.set_content(
        f"<main data-testid='stMain'>{parts}<div class='sm-footer'>Release 1.</div></main>"
    )
    return visit.page
