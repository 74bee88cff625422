"""Rules that were checked before are not checked at each start; changed ones are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.errors import RegistryError
from pipelines.registry import record_rules
from pipelines.registry.checked_rules import PLACE, checked_before
from pipelines.registry.docs_rules import checked_rules
from pipelines.registry.record_rules import RuleBook, read_rules, sen2_rules
from pipelines.registry.sen2 import sen2
from pipelines.settings import PROJECT_ROOT

SEN2 = sen2(PROJECT_ROOT)


def test_the_note_is_that_of_the_rules_as_they_stand() -> None:
    """Every family is checked in full here, whatever is noted."""
    text = (PROJECT_ROOT / PLACE).read_text(encoding="utf-8")
    assert text == checked_rules(PROJECT_ROOT), "run make docs"


def test_rules_that_were_checked_are_not_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("checked again")

    monkeypatch.setattr(record_rules, "require_sound", refuse)
    sen2_rules.cache_clear()
    try:
        assert sen2_rules(PROJECT_ROOT).telling_frames == {"repeated_block", "unreadable"}
    finally:
        sen2_rules.cache_clear()


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("person.yml", "surname is null or forename is null", "surname is null or forname is null"),
        ("frames/person.sql", "person.upn_unknown,", "person.upn_unknwn,"),
    ],
    ids=["a predicate", "a frame"],
)
def test_a_changed_rule_is_checked_whatever_is_noted(
    name: str, before: str, after: str, tmp_path: Path
) -> None:
    shutil.copytree(PROJECT_ROOT / "expectations" / "rules", tmp_path / PLACE.parent)
    path = tmp_path / PLACE.parent / "sen2" / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(RegistryError):
        _read(tmp_path)


def test_another_column_of_the_file_is_another_check() -> None:
    book: RuleBook = sen2_rules(PROJECT_ROOT)
    assert checked_before(PROJECT_ROOT, book, SEN2.modules) is not None
    person = SEN2.modules["person"]
    fewer = person.model_copy(update={"elements": person.elements[1:]})
    assert checked_before(PROJECT_ROOT, book, {**SEN2.modules, "person": fewer}) is None


def _read(root: Path) -> RuleBook:
    codes = {
        year: {
            name: (*SEN2.codes_of(name, year), *SEN2.rolls_up.get(name, {})) for name in SEN2.codes
        }
        for year in SEN2.census_dates
    }
    return read_rules(root, "sen2", SEN2.modules, SEN2.patterns, codes)
