"""What must hold for the repository as a whole: what may be committed, and which way imports go.

Drift between the documents and the tools is in test_documents.py, versions in
test_dependency_floors.py.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Written so that the patterns, and their examples with a bar in them, do not themselves match.
FORBIDDEN = {
    "a machine's folder": re.compile(r"(?<![\w.~-])/(?:w[o]rk|r[o]ot|t[m]p|home/\w+|Users/\w+)/"),
    "a Windows user folder": re.compile(r"[A-Z]:\\+Users\\+\w"),
    "an index address": re.compile(r"(?:extra-|--)ind[e]x|find-l[i]nks|/s[i]mple/"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIV[A]TE KEY"),
    "a token": re.compile(
        r"\b(?:gh[pousr]_\w{20}|AKIA[0-9A-Z]{16}|xox[bp]-\w{10}|glpat-[\w-]{20})"
    ),
    "a password": re.compile(
        r"(?i)\b(?:password|passwd|secret|api_?key)\b\s*[=:]\s*[\"'][^\"'\s{}$]{6,}[\"']"
    ),
}
EXAMPLES = {
    "a machine's folder": "open('/r|oot/data')",
    "a Windows user folder": r"C:|\Users\someone",
    "an index address": "--ind|ex-url https://example.org",
    "a private key": "-----BEGIN RSA PRIV|ATE KEY-----",
    "a token": "gh|p_0123456789abcdefghij0123",
    "a password": "pass|word = 'correct-horse'",
}
NOT_TEXT = {".png", ".zip", ".gz", ".parquet", ".duckdb", ".ico", ".woff2"}

# Floors, top to bottom. An import goes down, or sideways where that makes no circle.
FLOORS = (
    ("commands",),
    ("pipelines.assembly",),
    ("pipelines.definitions",),
    ("pipelines.assets", "pipelines.upkeep", "dashboards"),
    (
        "pipelines.checks",
        "pipelines.release",
        "pipelines.ingest",
        "pipelines.judgement",
        "pipelines.synthetic",
    ),
    ("pipelines.engine", "pipelines.analysis", "pipelines.registry"),
    (
        *("pipelines.settings", "pipelines.errors", "pipelines.faults", "pipelines.json_lines"),
        *("pipelines.locks", "pipelines.run_log"),
    ),
)
HEIGHT = {room: -floor for floor, rooms in enumerate(FLOORS) for room in rooms}
DASHBOARDS_MAY_IMPORT = (
    "pipelines.release.reader",
    "pipelines.registry",
    "pipelines.analysis",
    "pipelines.settings",
    "pipelines.errors",
)
HEAVY = ("dagster", "duckdb", "great_expectations", "pandas", "plotly", "pyarrow", "streamlit")


def committed_files() -> list[Path]:
    """Files that are committed, or would be with the next `git add`."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    paths = (ROOT / name for name in listing.split("\0") if name)
    return [path for path in paths if path.is_file()]


def forbidden_in(text: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


def test_committed_files_hold_no_secret_and_no_address() -> None:
    read = 0
    found = {}
    for path in committed_files():
        if path.suffix in NOT_TEXT:
            continue
        read += 1
        if names := forbidden_in(path.read_text(encoding="utf-8", errors="replace")):
            found[str(path.relative_to(ROOT))] = names
    assert read > 50
    assert found == {}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_each_forbidden_pattern_finds_its_example(name: str) -> None:
    assert forbidden_in(EXAMPLES[name].replace("|", "")) == [name]


def test_committed_files_are_small() -> None:
    large = {
        str(path.relative_to(ROOT)): path.stat().st_size
        for path in committed_files()
        if path.stat().st_size > 1_500_000
    }
    assert large == {}


def modules() -> dict[str, Path]:
    """Every module of the three packages by its dotted name."""
    found = {}
    for package in ("commands", "pipelines", "dashboards"):
        for path in (ROOT / package).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported_names(tree: ast.AST) -> set[str]:
    """Dotted names that a module imports, wherever in it the import stands.

    An import for type checkers only is left out: it does not run.
    """
    names: set[str] = set()
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            pending.extend(node.orelse)
        else:
            pending.extend(ast.iter_child_nodes(node))
    return names


def edges(known: dict[str, Path]) -> set[tuple[str, str]]:
    """Pairs (module, module of ours that it imports)."""
    found = set()
    for module, path in known.items():
        for name in imported_names(ast.parse(path.read_text(encoding="utf-8"))):
            # "pipelines.errors.SendError" names the module "pipelines.errors".
            target = name if name in known else name.rpartition(".")[0]
            if target in known and target != module:
                found.add((module, target))
    return found


def room(module: str) -> str:
    """The room a module stands in: "pipelines.release.reader" is in "pipelines.release"."""
    parts = module.split(".")
    return parts[0] if parts[0] != "pipelines" else ".".join(parts[:2])


def upward(pairs: set[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted((a, b) for a, b in pairs if HEIGHT[room(b)] > HEIGHT[room(a)])


def circle(pairs: set[tuple[str, str]]) -> list[str]:
    """The first circle among the pairs, or nothing."""
    graph: dict[str, set[str]] = {}
    for source, target in pairs:
        graph.setdefault(source, set()).add(target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_every_module_stands_on_a_floor() -> None:
    rooms = {room(module) for module in modules()} - {"pipelines"}
    assert rooms
    assert rooms <= set(HEIGHT)


def test_imports_only_go_down() -> None:
    pairs = edges(modules())
    assert len(pairs) > 20
    assert upward(pairs) == []


def test_imports_make_no_circle_between_modules_or_rooms() -> None:
    pairs = edges(modules())
    assert circle(pairs) == []
    assert circle({(room(a), room(b)) for a, b in pairs if room(a) != room(b)}) == []


def test_the_import_tests_see_a_wrong_import() -> None:
    wrong = {("pipelines.errors", "pipelines.release.reader")}
    assert upward(wrong) == [("pipelines.errors", "pipelines.release.reader")]
    assert circle({("a", "b"), ("b", "c"), ("c", "a")}) != []
    assert imported_names(ast.parse("def f():\n    from pipelines import errors")) == {
        "pipelines.errors"
    }


def test_dashboards_read_releases_only() -> None:
    pairs = [(a, b) for a, b in edges(modules()) if room(a) == "dashboards" != room(b)]
    assert pairs
    outside = [
        (a, b)
        for a, b in pairs
        if not any(b == name or b.startswith(f"{name}.") for name in DASHBOARDS_MAY_IMPORT)
    ]
    assert outside == []


def test_the_command_starts_without_heavy_libraries() -> None:
    code = "import sys, commands.cli; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout.split()
    assert "commands.cli" in loaded
    assert sorted(set(HEAVY) & set(loaded)) == []
