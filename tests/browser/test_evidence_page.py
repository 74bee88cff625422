"""The page Evidence: for auditors only, and each thing on it is what the release's files say."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from dashboards.accessibility import FAULTS
from dashboards.words.release_evidence import FIRST, GATES
from tests.browser.conftest import Visit, visiting
from tests.browser.readings import download
from tests.browser.test_pages import faults_on, text_of

pytestmark = pytest.mark.browser

ADDRESS = "evidence?role=auditor"
FIGURE = "evidence?role=auditor&measure=mainstream_share&period=2025-01"


def release(workspace: Path, name: str) -> Any:
    """A document of the release that people read."""
    current = (workspace / "releases" / "CURRENT").read_text(encoding="utf-8").strip()
    return json.loads((workspace / "releases" / current / name).read_text(encoding="utf-8"))


@pytest.fixture(params=["light", "dark"])
def themed(browser: Browser, app: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    with visiting(browser, app, color_scheme=request.param) as found:
        yield found


def test_only_an_auditor_finds_the_page(visit: Visit) -> None:
    links = "[data-testid=stSidebarNavLink]"
    for role in ("", "?role=officer"):
        names = visit.open(role).locator(links).all_inner_texts()
        assert len(names) > 4
        assert "Evidence" not in names
    assert "Evidence" in visit.open("?role=auditor").locator(links).all_inner_texts()
    assert visit.open("evidence").locator("h1").inner_text() != "Evidence"


def test_approval_gates_and_history_are_those_on_record(
    visit: Visit, sample_workspace: Path
) -> None:
    page = visit.open(ADDRESS)
    approval = release(sample_workspace, "approval.json")
    assert page.locator("h1").inner_text() == "Evidence"
    lead = page.locator(".st-key-sm-lead").inner_text()
    assert approval["reason"] in lead
    assert "It passed all 7 gates." in lead
    shown = text_of(page)
    assert [name for name in GATES.values() if name not in shown] == []
    assert FIRST in shown
    manifest = release(sample_workspace, "manifest.json")
    assert f"{manifest['release']} (read now)" in shown
    assert f"send releases rebuild {manifest['release']}" in shown
    assert visit.errors == []


def test_a_link_leads_from_a_figure_to_its_file_row_and_query(
    visit: Visit,
    run_send: Callable[..., subprocess.CompletedProcess[str]],
    sample_workspace: Path,
) -> None:
    words = ("kpi", "mainstream_share", "--area", "860", "--period", "2025-01", "--json")
    (value,) = json.loads(run_send(sample_workspace, *words).stdout)["values"]
    page = visit.open(FIGURE)
    shown = text_of(page)
    assert f"January 2025: {value['value']:.1f}%." in shown
    row = re.search(r"headline_figures\.csv, row ([\d,]+)\.", shown)
    assert row
    (sha256,) = re.findall(r"SHA-256 of the file: ([0-9a-f]{64})", shown)
    assert sha256.startswith(value["file_id"])
    lines = Path("data/reference/headline_figures.csv").read_text(encoding="utf-8").splitlines()
    cell = lines[int(row.group(1).replace(",", "")) - 1]
    assert "Staffordshire" in cell
    assert "core.figure" in shown
    query = Path("sql/kpi/mainstream_share.sql").read_text(encoding="utf-8")
    assert query.splitlines()[-1] in page.locator("[data-testid=stCode]").first.inner_text()


def test_another_measure_and_query_stand_in_the_address(visit: Visit) -> None:
    page = visit.open(FIGURE)
    box = page.get_by_role("combobox", name=re.compile("Query of"))
    # The list closes while the page scrolls: a reader too scrolls first, and then opens it.
    top = box.bounding_box
    box.scroll_into_view_if_needed()
    before, now = None, top()
    while now != before:
        page.wait_for_timeout(200)
        before, now = now, top()
    box.click()
    page.get_by_role("option", name="core.figure", exact=True).click()
    page.wait_for_function("location.search.includes('table=core.figure')")
    visit.settle()
    assert "measure=mainstream_share" in page.url
    again = visit.open(page.url.split("/", 3)[3])
    assert "core.published_figure" in again.locator("[data-testid=stCode]").first.inner_text()


def test_the_pack_of_the_button_is_that_of_the_command(
    visit: Visit,
    run_send: Callable[..., subprocess.CompletedProcess[str]],
    sample_workspace: Path,
    tmp_path: Path,
) -> None:
    taken = download(visit.open(ADDRESS), "Evidence pack (zip)")
    out = tmp_path / "pack.zip"
    done = run_send(sample_workspace, "report", "--kind", "audit", "--out", str(out))
    assert done.returncode == 0, done.stderr
    by_button, by_command = contents(taken), contents(out.read_bytes())
    assert sorted(by_button) == sorted(by_command)
    assert json.loads(by_button["release/manifest.json"]) == release(
        sample_workspace, "manifest.json"
    )
    assert [name for name in by_button if by_button[name] != by_command[name]] == []


def contents(pack: bytes) -> dict[str, bytes]:
    """The files of a zip by their names."""
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_state_can_be_read_by_everyone(themed: Visit) -> None:
    page = themed.open(ADDRESS)
    for closed in page.locator("[data-testid=stExpander] summary").all():
        closed.click()
    themed.settle()
    ours = {
        fault
        for fault in faults_on(page)
        if not any(fault[0] == known.rule and known.target in fault[1] for known in FAULTS)
    }
    assert ours == set()


def test_the_page_fits_a_phone(browser: Browser, app: str) -> None:
    with visiting(browser, app, viewport={"width": 360, "height": 800}) as visit:
        page = visit.open(ADDRESS)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
