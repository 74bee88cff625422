"""Every measure of the specification is held under an id, or said not to be held."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.registry.measures import measures
from pipelines.registry.not_held import not_held
from pipelines.settings import PROJECT_ROOT

SQL = PROJECT_ROOT / "sql"
# Tribunal rates and attainment: no row of a council tells of them.
OPEN_DATA_ONLY = {"K38", "K41"}


def _held(source: str | None = None) -> Iterator[str]:
    for measure in measures(SQL).values():
        if source is None or source in measure.sources:
            ids = measure.spec_id or ()
            yield from [ids] if isinstance(ids, str) else ids


def test_k01_to_k41_are_held_or_named_as_not_held() -> None:
    missing = {item.spec_id for item in not_held(SQL)}
    assert {*_held()} | missing == {f"K{number:02d}" for number in range(1, 42)}


def test_all_but_the_tribunal_and_attainment_come_from_the_councils_own_rows() -> None:
    assert {*_held()} - {*_held("council")} == OPEN_DATA_ONLY
