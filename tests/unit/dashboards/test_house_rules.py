"""Pages are short, charts and words are pure, one module reads, and nothing is fetched."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from pipelines.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "dashboards"
FILES = sorted(FOLDER.rglob("*.py"))
VIEWS = sorted((FOLDER / "views").glob("*.py"))
QUERIES = sorted((FOLDER / "queries").glob("*.py"))
PURE = sorted([*(FOLDER / "charts").glob("*.py"), *(FOLDER / "words").glob("*.py")])
LONGEST_PAGE = 100

# Where a link may lead; nothing is loaded from them.
LINKS = {
    "https://www.nationalarchives.gov.uk",
    "http://www.w3.org",
    "https://w3id.org",
    "https://www.equalityadvisoryservice.com",
    "https://www.legislation.gov.uk",
}


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{name.name}" for name in node.names}
    return found


def test_there_are_pages_and_charts_to_look_at() -> None:
    assert {path.stem for path in VIEWS} >= {
        "overview",
        "compare",
        "statements",
        "data_quality",
        "about",
    }
    assert len(PURE) > 6


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.stem)
def test_a_page_is_a_short_script(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < LONGEST_PAGE


@pytest.mark.parametrize("path", PURE, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_charts_and_words_know_nothing_of_streamlit_or_releases(path: Path) -> None:
    known = imports(path)
    assert not any(name.startswith(("streamlit", "duckdb", "pipelines")) for name in known)
    assert "dashboards.queries" not in known


def test_only_queries_and_context_read_a_release() -> None:
    readers = {
        path.relative_to(FOLDER).as_posix()
        for path in FILES
        if any(name.startswith("pipelines.release") for name in imports(path))
    }
    assert readers == {"queries/frozen.py", "context.py"}
    select = re.compile(r"\bfrom marts\.|\bselect\b.*\bfrom\b", re.IGNORECASE | re.DOTALL)
    holders = {path for path in FILES if "marts." in path.read_text(encoding="utf-8")}
    assert holders <= set(QUERIES)
    assert all(select.search(path.read_text(encoding="utf-8")) for path in holders)
    assert len(holders) > 2


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_no_cached_function_looks_at_who_is_asking(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"st\.(user|session_state|context|query_params)", text)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            assert [decorator.id for decorator in node.decorator_list] == ["cached"], node.name  # type: ignore[attr-defined]
            assert node.args.args[0].arg == "key", node.name


def test_nothing_is_loaded_from_elsewhere() -> None:
    files = [*FILES, *FOLDER.rglob("*.css"), *FOLDER.rglob("*.svg"), *FOLDER.rglob("*.toml")]
    addresses = {
        match
        for path in files
        for match in re.findall(r"https?://[^/\"'\s]+", path.read_text(encoding="utf-8"))
    }
    assert addresses <= LINKS
    assert not [path for path in FILES if ":material/" in path.read_text(encoding="utf-8")]


def test_nothing_knows_the_home_council() -> None:
    known = re.compile(r"staffordshire|E10000028|\b860\b", re.IGNORECASE)
    assert not [path for path in FILES if known.search(path.read_text(encoding="utf-8"))]
