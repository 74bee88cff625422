"""What the documents say must exist: make's words, the command's verbs, links, decisions."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import pytest
import yaml

from pipelines.registry.house import house_models
from pipelines.registry.measures import measures
from pipelines.registry.record_rules import read_rules, sen2_rules
from pipelines.registry.sen2 import sen2
from pipelines.registry.sources import Correction, sources
from tests.examples import test_worked_examples as worked
from tests.examples.test_record_rule_examples import empty_desk, fires

__all__ = ["empty_desk"]

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "data/**/*.md", "expectations/**/*.md")
    for path in ROOT.glob(pattern)
)
ADR_SECTIONS = ["Context", "Decision", "Measured", "Consequences"]


def code_in(text: str) -> str:
    """The fenced blocks and the inline code of a Markdown text, one piece a line."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return "\n".join(fenced + inline)


def words_after(command: str) -> set[str]:
    """The words that the documents' code puts after a command at the start of a line."""
    code = "\n".join(code_in(path.read_text(encoding="utf-8")) for path in DOCUMENTS)
    pattern = rf"^\s*(?:\$ )?(?:\.venv/bin/)?{command} ([a-z][a-z-]*)"
    return set(re.findall(pattern, code, flags=re.MULTILINE))


def make_targets() -> set[str]:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", text, flags=re.MULTILINE))


def test_make_words_in_the_documents_are_targets() -> None:
    words = words_after("make")
    assert {"run", "test", "check"} <= words
    assert words <= make_targets()


def test_every_target_is_phony_and_explained() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(" ".join(re.findall(r"^\.PHONY: ([a-z -]+)$", text, flags=re.MULTILINE)).split())
    explained = set(re.findall(r"^([a-z-]+):.*## \w", text, flags=re.MULTILINE))
    assert make_targets() == phony
    assert phony - explained == {"browser"}


def test_send_verbs_in_the_documents_exist() -> None:
    from typer.main import get_command

    from commands.cli import app

    verbs = set(get_command(app).commands)
    words = words_after("send")
    assert {"ingest", "build", "publish", "kpi"} <= words
    assert words <= verbs


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_inside_the_repository_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    local = [target for target in targets if "://" not in target and "mailto:" not in target]
    assert [target for target in local if not (path.parent / target).exists()] == []


def guide_blocks() -> list[str]:
    """The SQL and YAML of the developer's guide: a measure, its example, a correction, a rule."""
    guide = (ROOT / "docs" / "guide-developer.md").read_text(encoding="utf-8")
    return re.findall(r"^```(?:sql|yaml)\n(.*?)^```", guide, flags=re.MULTILINE | re.DOTALL)


def test_the_measure_in_the_guide_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a reader copies from the guide is a measure, and does what its example says."""
    sql, words, example, *_ = guide_blocks()
    name = yaml.safe_load(words)["id"]
    for folder in ("sql", "expectations"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    kpi = tmp_path / "sql" / "kpi"
    (kpi / f"{name}.sql").write_text(sql, encoding="utf-8")
    (kpi / f"{name}.yml").write_text(words, encoding="utf-8")

    assert name in measures(tmp_path / "sql")
    assert f"kpi.{name}" in house_models(tmp_path)["kpi.measure_row"].reads

    monkeypatch.setattr(worked, "MODELS", kpi)
    content = yaml.safe_load(example)
    assert content["measure"] == name
    assert len(content["examples"]) == 2
    for item in content["examples"]:
        made = worked._rows(name, worked._given(item, content["usual"]))
        assert worked._bag(made) == worked._bag(worked._expected(item, content["usual"]))


def test_the_correction_in_the_guide_is_one_of_ours() -> None:
    shown = Correction.model_validate(yaml.safe_load(guide_blocks()[3]))
    assert shown in sources(ROOT).corrections.corrections


def test_the_rule_in_the_guide_works(empty_desk: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """What a reader copies from the guide is a rule of its family, and does what its rows say."""
    family = Path("expectations") / "rules" / "sen2"
    shutil.copytree(ROOT / family, tmp_path / family)
    (shown,) = yaml.safe_load(guide_blocks()[4])
    topic = tmp_path / family / "request.yml"
    content = yaml.safe_load(topic.read_text(encoding="utf-8"))
    topic.write_text(yaml.safe_dump(content | {"rules": [*content["rules"], shown]}))

    described = sen2(ROOT)
    codes = dict.fromkeys(described.census_dates, described.codes)
    book = read_rules(tmp_path, "sen2", described.modules, described.patterns, codes)
    assert len(book.rules) == len(sen2_rules(ROOT).rules) + 1
    rule = book.topics["request"][-1]
    for row in rule.examples.faulty:
        assert fires(empty_desk, rule, rule.frame[0], row), f"silent on {row}"
    for row in rule.examples.sound:
        assert not fires(empty_desk, rule, rule.frame[0], row), f"fires on {row}"


def test_folders_and_files_in_the_tree_of_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (tree,) = re.findall(r"^```\n(README\.md .*?)^```", readme, re.MULTILINE | re.DOTALL)
    folder = ""
    paths = []
    for line in tree.splitlines():
        name = line.split()[0]
        paths.append(name if not line.startswith(" ") else folder + name)
        folder = name if not line.startswith(" ") else folder
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []


def decisions() -> list[Path]:
    return sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in decisions()]
    assert len(numbers) >= 10
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("path", decisions(), ids=lambda path: path.stem)
def test_a_decision_has_its_parts_and_stands_in_the_list(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {path.name[:4]}. ")
    assert re.search(r"^Status: (accepted|replaced by \d{4})", text, flags=re.MULTILINE)
    assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == ADR_SECTIONS
    assert f"({path.name})" in (path.parent / "README.md").read_text(encoding="utf-8")
