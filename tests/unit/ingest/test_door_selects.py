"""What the selects of sql/door may not be, since their rows are fetched as they come."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.ingest import identity
from pipelines.ingest.door_tables import IDENTIFIER
from pipelines.settings import PROJECT_ROOT

DOOR = PROJECT_ROOT / "sql" / "door"
# Made into tables on the desk before anything of them is fetched.
MADE = {*identity.STEPS, IDENTIFIER, "landed_as"} - {identity.TABLE}
FETCHED = [path for path in sorted(DOOR.glob("*/*.sql")) if path.stem not in MADE]


@pytest.mark.parametrize("path", FETCHED, ids=lambda path: path.stem)
def test_no_select_that_is_fetched_is_a_union(path: Path) -> None:
    # docs/guide-developer.md, "A trap of the engine": it may stand still for ever.
    assert "union all" not in path.read_text(encoding="utf-8").lower()
