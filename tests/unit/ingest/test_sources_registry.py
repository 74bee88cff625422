"""What data/reference says of the published files holds together."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipelines.errors import RegistryError
from pipelines.ingest.corrections import LOOKS
from pipelines.registry.sources import Corrections, sources
from pipelines.registry.strict import load
from pipelines.settings import PROJECT_ROOT

SOURCES = sources(PROJECT_ROOT)
ACTED_ON = {"codes_of_names", "identical_columns", "period_stamp", "symbol_with_zero_rate"}


def test_every_correction_names_kinds_that_exist() -> None:
    known = {*SOURCES.ees.files, SOURCES.tribunal.dataset, SOURCES.lait.dataset}
    items = SOURCES.corrections.corrections
    assert len(items) >= 10
    assert {kind for item in items for kind in item.kinds} <= known


def test_every_check_is_looked_for_and_every_action_has_an_expectation() -> None:
    for item in SOURCES.corrections.corrections:
        assert item.check in LOOKS.keys() | ACTED_ON, item.id
        assert item.expect, f"{item.id}: nothing says when it no longer holds"
        assert (item.action in {"none", "withdraw"}) == (item.check in LOOKS), item.id


def test_every_correction_names_columns_its_file_has() -> None:
    checked = 0
    for item in SOURCES.corrections.corrections:
        names = {item.arguments.get(key) for key in ("column", "total", "whole", "part")} - {None}
        for kind in item.kinds:
            spec = SOURCES.ees.files.get(kind)
            if spec and spec.shape == "breakdown":
                columns = {name for layout in spec.layouts for name in spec.columns_of(layout)}
                assert names <= columns, item.id
                checked += len(names)
    assert checked > 0


def test_settings_of_2022_have_one_name_each() -> None:
    settings = SOURCES.ees.files["sen2_estab_caseload"].settings
    names = [name for kinds in settings.values() for name in kinds.values()]
    assert len(names) > 40
    assert len(set(names)) == len(names)


def test_parts_of_2022_do_not_give_one_indicator_twice() -> None:
    for kind, spec in SOURCES.ees.files.items():
        for dataset, part in spec.parts.items():
            names = list(part.columns.values())
            assert len(set(names)) == len(names), f"{kind}: {dataset}"


def test_a_correction_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    page = PROJECT_ROOT / "data" / "reference" / "corrections.yml"
    content = yaml.safe_load(page.read_text(encoding="utf-8"))
    content["corrections"][0]["expects"] = {"rows": 1}
    path = tmp_path / "corrections.yml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(RegistryError, match="did you mean 'expect'"):
        load(Corrections, path)
