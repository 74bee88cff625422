"""What the whole app shows of a release that is old, empty, damaged or not there.

Run by Streamlit, as on one's own machine and as behind the guard for somebody of the public.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboards import context, role
from dashboards.serving import connections
from dashboards.words.sources import SAMPLE
from pipelines.release.reader import current_release
from pipelines.settings import PROJECT_ROOT, SAMPLE_COUNTY

APP = PROJECT_ROOT / "dashboards" / "app.py"
Changed = Callable[[str], Path]


def opened() -> AppTest:
    """The first page of the app over the workspace that the settings name."""
    page = AppTest.from_file(str(APP), default_timeout=120).run()
    assert not page.exception, [item.value for item in page.exception]
    return page


def notices(page: AppTest) -> list[str]:
    return [str(item.value) for item in page.info]


def words_of(page: AppTest) -> str:
    blocks = [*page.title, *page.markdown, *page.error, *page.code, *page.text, *page.get("html")]
    return " ".join(str(block.value) for block in blocks)


@pytest.fixture
def facts(sample_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The facts that come with the product: newest edition of the DfE 2026, nothing of its own."""
    monkeypatch.setenv("SEND_WORKSPACE", str(sample_workspace))
    return sample_workspace


@pytest.fixture
def changed(sample_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Changed:
    """A copy of that workspace whose public file was changed by a statement; it is then read."""

    def change(statement: str) -> Path:
        shutil.copytree(sample_workspace / "releases", tmp_path / "releases")
        release = current_release(tmp_path)
        assert release is not None
        release.public_path.chmod(0o600)
        with duckdb.connect(str(release.public_path)) as connection:
            connection.execute(statement)
        monkeypatch.setenv("SEND_WORKSPACE", str(tmp_path))
        return tmp_path

    return change


@pytest.fixture
def public_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind the guard, as somebody who has not signed in (a run here has no connection)."""
    monkeypatch.setattr(connections, "_guarded", [connections.Connections(lambda _: True)])
    monkeypatch.setattr(role, "held", lambda: [role.Role.CABINET])


def on(day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "today", lambda: day)


@pytest.mark.usefixtures("facts")
def test_a_release_with_the_newest_year_has_no_banner_until_the_next_is_weeks_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on(date(2027, 7, 31), monkeypatch)
    assert notices(opened()) == []
    on(date(2027, 8, 1), monkeypatch)
    (said,) = notices(opened())
    assert "Department for Education in this release are of January 2026." in said
    assert "Those of January 2027 were due by June 2027." in said


def test_a_release_without_the_newest_files_has_a_banner_now(
    changed: Changed, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed("delete from marts.kpi_value where period >= '2025-02' or period = '2025'")
    on(date(2026, 11, 23), monkeypatch)
    (said,) = notices(opened())
    assert "Those of January 2026 were due by June 2026." in said


def test_a_council_s_figures_end_with_its_newest_extract(
    changed: Changed, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(
        "insert into marts.source_file by name select 'council' as source, 'sen2_in_year' as kind, "
        "'2026-08' as vintage, 202608000 as vintage_order"
    )
    on(date(2026, 10, 31), monkeypatch)
    assert notices(opened()) == []
    on(date(2026, 11, 1), monkeypatch)
    (said,) = notices(opened())
    assert "own figures on plans and requests end with August 2026" in said


def test_the_sample_county_is_told_as_such_with_the_end_of_its_time_and_is_never_stale(
    county_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEND_WORKSPACE", str(county_workspace))
    monkeypatch.setenv("SEND_COUNCIL", SAMPLE_COUNTY)
    on(date(2026, 11, 23), monkeypatch)
    page = opened()
    (warning,) = page.warning
    assert warning.value.startswith(SAMPLE)
    assert "The county's time ends with January 2026" in warning.value
    assert notices(page) == []


def test_whoever_holds_the_workspace_is_told_which_commands_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEND_WORKSPACE", str(tmp_path))
    page = opened()
    assert [item.value for item in page.title] == ["Nothing has been published yet"]
    assert "send publish" in page.code[0].value


@pytest.mark.usefixtures("public_reader")
def test_the_public_is_told_of_no_command_before_the_first_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEND_WORKSPACE", str(tmp_path))
    assert_plain(opened(), tmp_path)


NO_FIGURES = "delete from marts.kpi_value"


def test_a_release_without_figures_says_how_to_go_back(changed: Changed) -> None:
    changed(NO_FIGURES)
    page = opened()
    assert [item.value for item in page.title] == ["This release holds no figures"]
    assert "send releases rollback" in words_of(page)


@pytest.mark.usefixtures("public_reader")
def test_the_public_is_told_of_no_command_by_a_release_without_figures(changed: Changed) -> None:
    assert_plain(opened(), changed(NO_FIGURES))


@pytest.fixture
def lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose pointer names a release that is not there."""
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / "CURRENT").write_text("2026-01-01-gone", encoding="utf-8")
    monkeypatch.setenv("SEND_WORKSPACE", str(tmp_path))
    return tmp_path


def test_a_fault_is_told_with_its_place_and_remedy_to_who_can_mend_it(lost: Path) -> None:
    page = opened()
    assert "there is no release '2026-01-01-gone'" in page.error[0].value
    assert str(lost) in words_of(page)
    assert "send releases list" in words_of(page)


@pytest.mark.usefixtures("public_reader")
def test_the_public_is_told_of_no_place_on_the_server_by_a_fault(lost: Path) -> None:
    assert_plain(opened(), lost)


def assert_plain(page: AppTest, workspace: Path) -> None:
    assert [item.value for item in page.title] == ["The figures cannot be shown just now"]
    (said,) = [block.value for block in page.get("html") if "If this lasts" in str(block.value)]
    assert "tell the council" in str(said)
    shown = words_of(page)
    assert not page.error
    assert not page.code
    assert "send " not in shown.replace("<p>", " ")
    assert str(workspace) not in shown
