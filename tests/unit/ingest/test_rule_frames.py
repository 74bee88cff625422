"""What the frames of the door's rules may not be, since their rows are fetched as they come."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.settings import PROJECT_ROOT

FRAMES = sorted((PROJECT_ROOT / "expectations" / "rules").glob("*/frames/*.sql"))
# Unions that cannot stand still, and why: of each the large part that the trap needs is missing.
SMALL_UNIONS = {
    "sen2/repeated_block": "every part is an aggregate: its rows are as few as the faults",
    "census/pupil_on_roll": "the codes of authorities, which a row is looked up in",
}


def name_of(path: Path) -> str:
    return f"{path.parent.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", FRAMES, ids=name_of)
def test_no_frame_is_a_union_of_rows(path: Path) -> None:
    # docs/guide-developer.md, "A trap of the engine": it may stand still for ever.
    is_union = "union all" in path.read_text(encoding="utf-8").lower()
    assert is_union == (name_of(path) in SMALL_UNIONS)


def test_every_union_that_is_let_pass_is_there() -> None:
    assert SMALL_UNIONS.keys() <= {name_of(path) for path in FRAMES}
