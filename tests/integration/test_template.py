"""`send template` writes an empty return that, once filled in, goes through the door."""

from __future__ import annotations

import stat
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from commands.cli import app
from pipelines.errors import InputError
from pipelines.ingest.door import ingest
from pipelines.registry.council_docs import all_returns, example_line, returns_page
from pipelines.settings import PROJECT_ROOT, Settings

RETURNS = all_returns(PROJECT_ROOT)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    return Settings(workspace=tmp_path / "workspace", council="999")


def test_without_a_name_the_returns_are_listed() -> None:
    printed = CliRunner().invoke(app, ["template"]).stdout
    assert [line.split()[0] for line in printed.splitlines()] == list(RETURNS)


def test_without_a_file_the_header_alone_goes_to_standard_output() -> None:
    result = CliRunner().invoke(app, ["template", "spend"])
    columns = "la_code,plan_action,budget_line,period,planned_gbp,actual_gbp,reference_date"
    assert result.stdout == f"{columns}\n"
    assert "A month" not in result.stdout


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    result = CliRunner().invoke(app, ["template", "early_suport"])
    assert isinstance(result.exception, InputError)
    assert "did you mean 'early_support'" in result.exception.what


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    out = tmp_path / "spend.csv"
    out.write_text("somebody's work", encoding="utf-8")
    result = CliRunner().invoke(app, ["template", "spend", "--out", str(out)])
    assert isinstance(result.exception, InputError)
    assert out.read_text(encoding="utf-8") == "somebody's work"


def test_every_template_filled_with_its_example_lands(tmp_path: Path, workspace: Settings) -> None:
    for name, (layout, _) in RETURNS.items():
        out = tmp_path / f"{name}.csv"
        assert CliRunner().invoke(app, ["template", name, "--out", str(out)]).exit_code == 0
        explained = out.with_name(f"{name}.columns.md").read_text(encoding="utf-8")
        assert all(f"`{column}`" in explained for column in layout.header)
        with out.open("a", encoding="utf-8") as handle:
            handle.write(example_line(layout))
    receipts = ingest([tmp_path / f"{name}.csv" for name in RETURNS], workspace)
    assert {receipt.kind for receipt in receipts} == set(RETURNS)
    for receipt in receipts:
        assert (receipt.status, receipt.row_count_in, receipt.row_count_accepted) == (
            *("landed", 1),
            1,
        )
        assert [item for item in receipt.findings if item.severity != "info"] == []


def test_one_child_bears_one_pseudonym_in_every_return(tmp_path: Path, workspace: Settings) -> None:
    personal = [name for name, (layout, _) in RETURNS.items() if layout.is_personal]
    paths = []
    for name in personal:
        layout = RETURNS[name][0]
        path = tmp_path / f"{name}.csv"
        path.write_text(f"{','.join(layout.header)}\n{example_line(layout)}", encoding="utf-8")
        paths.append(path)
    ingest(paths, workspace)
    rows = [
        row
        for table in (
            "ap_census_pupil",
            "early_support",
            "ep_advice",
            "amended_plan",
            "case_correction",
        )
        for path in (workspace.landing / table).glob("*.parquet")
        for row in pq.read_table(path).to_pylist()
    ]
    assert len(rows) == len(personal) == 5
    assert len({row["pseudonym"] for row in rows}) == 1
    assert "L999400122101" not in repr(rows)


def test_what_landed_is_for_its_owner_only(tmp_path: Path, workspace: Settings) -> None:
    layout = RETURNS["place"][0]
    path = tmp_path / "place.csv"
    path.write_text(f"{','.join(layout.header)}\n{example_line(layout)}", encoding="utf-8")
    ingest([path], workspace)
    (landed,) = (workspace.landing / "place").glob("*.parquet")
    assert stat.S_IMODE(landed.stat().st_mode) == 0o600


def test_the_page_of_all_returns_is_current() -> None:
    page = (PROJECT_ROOT / "docs" / "council-returns.md").read_text(encoding="utf-8")
    assert page == returns_page(PROJECT_ROOT), "run: make docs"
