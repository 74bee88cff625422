"""The types of establishment -> landing table `establishment_type`, with a council's own choices.

What a type means stands in data/reference/establishment_type.csv.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.errors import RegistryError
from pipelines.registry.gias import GiasSource
from pipelines.registry.strict import nearest


def establishment_types(
    project_root: Path, choices: Mapping[str, str], source: GiasSource
) -> list[dict[str, Any]]:
    """Rows of landing table `establishment_type`, with a council's choices put in.

    choices: open question -> placement setting, from the council's settings.

    Raises:
        RegistryError: a choice is of no open question, or of a setting that is not offered for it.
    """
    for question, setting in choices.items():
        _check(question, setting, source)
    path = project_root / "data" / "reference" / "establishment_type.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return [_chosen(row, choices, source) for row in csv.DictReader(handle, strict=True)]


def _check(question: str, setting: str, source: GiasSource) -> None:
    offered = source.placement_choices.get(question)
    if offered is None:
        raise RegistryError(
            f"no open question '{question}'{nearest(question, source.placement_choices)}",
            where="placement_choices",
            remedy="The open questions stand in data/reference/sources/gias.yml.",
        )
    if setting not in offered:
        raise RegistryError(
            f"'{setting}' is not offered for {question}{nearest(setting, offered)}",
            where="placement_choices",
            remedy="What may be chosen stands in data/reference/sources/gias.yml.",
        )


def _chosen(row: dict[str, str], choices: Mapping[str, str], source: GiasSource) -> dict[str, Any]:
    setting = choices.get(row["open_question"], row["placement_setting"])
    return row | {"placement_setting": setting, "placement_group": source.group_of[setting]}
