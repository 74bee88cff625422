"""What is kept of a page: once for all readers of one release, role and colours, and no further."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dashboards.components.finished import finished
from dashboards.context import Context
from dashboards.queries.frozen import Key
from dashboards.role import Role
from dashboards.theme import DARK, LIGHT
from pipelines.registry.council import council
from pipelines.settings import PROJECT_ROOT, Settings

# Names by which a function would look at the reader, the address or the day.
OF_THE_READER = {"st", "view_state", "chosen", "choice", "today", "now", "address"}


@pytest.fixture
def page(tmp_path: Path) -> Context:
    key = Key("2026-01-01-aaaaaaaa", Role.CABINET, str(tmp_path / "public.duckdb"))
    return Context(
        settings=Settings(tmp_path),
        home=council(PROJECT_ROOT / "data" / "councils" / "860"),
        role=Role.CABINET,
        key=key,
        evidence=None,
        facts={"approved_by": "Head of data"},
        palette=LIGHT,
        measures={},
        areas=pd.DataFrame(),
    )


def test_a_piece_is_made_once_for_the_same_release_role_and_colours(page: Context) -> None:
    made: list[str] = []

    @finished
    def once(page: Context, name: str) -> str:
        made.append(name)
        return f"{page.key.role} {name}"

    shown = [once(page, "a"), once(replace(page), "a"), once(page, "b")]
    assert (shown, made) == (["cabinet a", "cabinet a", "cabinet b"], ["a", "b"])


def test_another_release_role_colour_or_approval_has_pieces_of_its_own(page: Context) -> None:
    made: list[str] = []

    @finished
    def apart(page: Context) -> int:
        made.append(page.key.release)
        return len(made)

    officer = replace(page.key, role=Role.OFFICER, path=page.key.path.replace("public", "officer"))
    others = [
        replace(page, key=officer, role=Role.OFFICER),
        replace(page, key=replace(page.key, release="2026-01-02-bbbbbbbb")),
        replace(page, palette=DARK),
        replace(page, previous=officer),
        replace(page, evidence=officer),
        replace(page, facts={"approved_by": "Director"}),
        replace(page, settings=replace(page.settings, council="999")),
        replace(page, home=page.home.model_copy(update={"neighbour_average": "median"})),
    ]
    assert [apart(each) for each in (page, *others)] == list(range(1, len(others) + 2))
    assert [apart(each) for each in others] == list(range(2, len(others) + 2))


def kept_functions() -> list[tuple[str, ast.FunctionDef]]:
    """Every function of the pages that is kept, with its module."""
    return [
        (path.stem, node)
        for path in sorted((PROJECT_ROOT / "dashboards").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and any(
            isinstance(mark, ast.Name) and mark.id == "finished" for mark in node.decorator_list
        )
    ]


def test_nothing_that_is_kept_looks_at_the_reader_the_address_or_the_day() -> None:
    found = kept_functions()
    assert len(found) > 10
    looked = {
        (stem, function.name, name)
        for stem, function in found
        for part in function.body
        for node in ast.walk(part)
        for name in (getattr(node, "id", ""), getattr(node, "attr", ""))
        if name in OF_THE_READER and name not in {one.arg for one in function.args.args}
    }
    assert looked == set()


def test_whatever_is_kept_is_told_for_whom_first() -> None:
    first = {function.args.args[0].arg for _, function in kept_functions()}
    assert first <= {"page", "context"}
