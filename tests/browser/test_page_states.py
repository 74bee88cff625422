"""What a reader meets where there is no release, a damaged one, an empty one, or an old one.

One app is served over a workspace whose pointer each test sets; each state is held against axe.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser

from pipelines.release.reader import APPROVAL, POINTER
from tests.browser.conftest import Visit, serve, visiting
from tests.browser.test_pages import faults_on, sheets, text_of

pytestmark = pytest.mark.browser

# What each state leaves of a release's figures.
CHANGES = {
    "without-figures": "delete from marts.kpi_value",
    "of-long-ago": "delete from marts.kpi_value where period >= '2024'",
    "all-changed": """
        update marts.kpi_value set value = value + 1 where value is not null;
        update marts.plan_milestone set current_due_date = current_due_date + interval 1 year;
        update marts.plan_status set plan_status = 'missed' where plan_version = 'current';
        update marts.claim set verdict = 'not_borne_out'
    """,
}


@dataclass(frozen=True)
class Served:
    """An app and the releases it reads."""

    base: str
    releases: Path

    def point_at(self, name: str) -> None:
        """Let the app read a release, whether or not there is one of that name."""
        self.releases.mkdir(exist_ok=True)
        (self.releases / POINTER).write_text(f"{name}\n", encoding="utf-8")

    def changed(self, whole: Path, name: str) -> None:
        """A copy of a release with fewer figures, and let the app read it."""
        shutil.copytree(whole, self.releases / name)
        (self.releases / name).chmod(0o700)
        for path in (self.releases / name).glob("*.duckdb"):
            path.chmod(0o600)
        with closing(duckdb.connect(str(self.releases / name / "public.duckdb"))) as connection:
            connection.execute(CHANGES[name])
        self.point_at(name)

    def after(self, whole: Path, name: str) -> None:
        """The changed copy again, as the one that followed the release it was made of."""
        self.changed(whole, name)
        shutil.copytree(whole, self.releases / whole.name)
        approval = self.releases / name / APPROVAL
        told = json.loads(approval.read_text(encoding="utf-8")) | {"before": whole.name}
        approval.chmod(0o600)
        approval.write_text(json.dumps(told), encoding="utf-8")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    workspace = tmp_path_factory.mktemp("states")
    with serve(workspace, workspace / "app.log") as base:
        yield Served(base, workspace / "releases")


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Visit]:
    """A reader of that app, on whose page nothing may be wrong in the end."""
    with visiting(browser, served.base) as found:
        yield found
        assert faults_on(found.page) == set()
        assert found.errors == []


def test_a_workspace_without_a_release_says_which_command_to_run(
    served: Served, visit: Visit
) -> None:
    (served.releases / POINTER).unlink(missing_ok=True)
    visit.page.goto(served.base)
    visit.page.get_by_role("heading", name="Nothing has been published yet").wait_for()
    # The block of commands is loaded after the words around it.
    visit.page.get_by_test_id("stCode").wait_for()
    shown = text_of(visit.page)
    assert "send build" in shown
    assert "send publish" in shown


def test_a_release_that_is_not_there_is_a_fault_with_a_remedy(served: Served, visit: Visit) -> None:
    served.point_at("2026-11-23-00000000")
    visit.page.goto(served.base)
    visit.page.get_by_role("heading", name="The figures cannot be shown").wait_for()
    visit.page.get_by_text("What to do:").wait_for()
    shown = text_of(visit.page)
    assert "there is no release '2026-11-23-00000000'" in shown
    assert "send releases list" in shown


def test_a_release_without_figures_says_so(
    served: Served, visit: Visit, sample_release: Path
) -> None:
    served.changed(sample_release, "without-figures")
    visit.page.goto(served.base)
    visit.page.get_by_role("heading", name="This release holds no figures").wait_for()
    assert "send releases rollback" in text_of(visit.page)


def test_a_release_of_long_ago_says_that_newer_figures_should_be_there(
    served: Served, visit: Visit, sample_release: Path
) -> None:
    served.changed(sample_release, "of-long-ago")
    page = visit.open("compare")
    said = page.get_by_test_id("stAlert").inner_text()
    assert "Department for Education in this release are of 2023." in said
    assert "were due by " in said
    assert "2024" not in page.locator(".st-key-sm-lead").inner_text()


def test_what_changed_in_everything_still_prints_on_one_sheet(
    served: Served, visit: Visit, sample_release: Path
) -> None:
    served.after(sample_release, "all-changed")
    page = visit.open("")
    told = page.locator("li", has_text="; it was ").or_(page.locator("li", has_text="[r]; it"))
    assert told.count() == page.locator(".sm-card").count() > 5
    assert page.locator("li", has_text=", is now missed.").count() == 3
    assert page.locator("li", has_text="it is now “not borne out”.").count() == 3
    page.get_by_role("link", name="And 6 more; the page Delivery plan").wait_for()
    assert sheets(page) == 1


@pytest.fixture
def sample_release(sample_workspace: Path) -> Path:
    """The folder of the release of the facts that come with the product."""
    releases = sample_workspace / "releases"
    return releases / (releases / POINTER).read_text(encoding="utf-8").strip()
