"""The accessibility statement speaks of the pages that there are, as they are now."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest

from dashboards import accessibility
from dashboards.accessibility import FOLDER, fingerprint, results
from dashboards.role import Role
from dashboards.words import accessibility as words


def pages() -> dict[str, str]:
    """The list of pages; app.py is a running page and cannot be imported."""
    tree = ast.parse((FOLDER / "app.py").read_text(encoding="utf-8"))
    found = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "PAGES"
    ]
    listed: dict[str, str] = ast.literal_eval(found[0])
    return listed


def test_the_record_names_exactly_the_pages_of_the_list() -> None:
    named = {name: page.title for name, page in results().pages.items()}
    assert named == pages(), "run `make accessibility`"
    assert len(named) > 5


def test_no_page_has_changed_since_it_was_tested() -> None:
    found = results().pages
    changed = [name for name in found if fingerprint(name) != found[name].fingerprint]
    assert not changed, f"run `make accessibility`: {', '.join(changed)}"


def test_the_record_is_of_a_real_run() -> None:
    found = results()
    assert found.tested_on <= date.today()
    assert found.axe[0].isdigit()
    assert all(page.checks_passed > 15 for page in found.pages.values())
    assert all(page.narrowest <= 320 for page in found.pages.values())
    assert all(set(page.read_as) <= {role.value for role in Role} for page in found.pages.values())
    assert {"wcag2aa", "wcag22aa"} <= set(found.rules)
    assert all(page.controls > 12 for page in found.pages.values()), "run `make accessibility`"
    assert all(page.is_still for page in found.pages.values())
    assert sum(page.charts for page in found.pages.values()) > 20


# The page itself, and a file of each kind that pages are made of.
MADE_OF = (
    "views/one.py",
    "app.py",
    "context.py",
    "formats.py",
    "latest.py",
    "changed.py",
    "overview.py",
    "theme.py",
    "style.css",
    "style_dark.css",
    "../.streamlit/config.toml",
    "charts/lines.py",
    "components/chart_panel.py",
    "words/titles.py",
    "assets/wordmark.svg",
)


def test_whatever_a_page_is_made_of_changes_its_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "dashboards"
    for name in MADE_OF:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("before")
    monkeypatch.setattr(accessibility, "FOLDER", folder)
    seen = {fingerprint("one")}
    for name in MADE_OF:
        (folder / name).write_text("after")
        seen.add(fingerprint("one"))
    (folder / "words/new.py").write_text("")
    seen.add(fingerprint("one"))
    assert len(seen) == len(MADE_OF) + 2


def test_what_a_fingerprint_is_made_of_lies_where_it_is_looked_for() -> None:
    assert [name for name in MADE_OF[1:] if not (FOLDER / name).is_file()] == []


def test_the_statement_says_when_by_what_and_what_it_cannot_find() -> None:
    said = words.tested(date(2026, 11, 22), "4.10.3", "Chromium 140", "Streamlit 1.67.0", 11)
    assert said == (
        "Last tested on 22 November 2026: 11 pages, in light and in dark mode, with axe-core "
        "4.10.3 in Chromium 140, on Streamlit 1.67.0."
    )
    assert "no fault was found on any of the 11 pages" in words.outcome([], 11, 30).lower()
    assert words.outcome(["A menu has no name"], 11, 30).startswith("1 fault that the tests know")
    assert "not yet been tested by people" in words.LIMITS
    assert "1,280 pixels at 400% zoom" in words.width(320)


def test_the_statement_says_of_keyboard_charts_and_motion_only_what_was_counted() -> None:
    assert words.keyboard(0) == words.charts(0) == words.motion(is_still=False) == ""
    assert "reached 240 controls on the pages" in words.keyboard(240)
    assert words.charts(31).startswith("Of 31 charts, each had a text")
    assert "does not claim that the pages meet" in words.AIM
    for claim in ("Everything", "No meaning"):
        assert claim not in words.AIM


def test_the_statement_names_whom_to_tell_and_who_helps_after_that() -> None:
    assert words.contact(is_named=True) == words.REPORT
    assert "has not yet named a contact" in words.contact(is_named=False)
    said = words.enforcement(words.ADVICE, words.REGULATIONS)
    assert "Equality Advisory and Support Service" in said
    assert "Equality and Human Rights Commission enforces" in said
    assert "(No. 2) Accessibility Regulations 2018" in said
