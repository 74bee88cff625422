"""Files of 100 MB through the door: under 1 GiB, every row accounted for, and how long it took."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.other_returns import census_files, census_tables
from tests.hostile.outcome import MEMORY_BYTES, Outcome, assert_promises, besiege
from tests.hostile.returns import (
    FOOTER,
    HEADER,
    PERSON,
    cells_of,
    collect_files,
    collect_tables,
)

pytestmark = pytest.mark.long

LARGE = 100_000_000
HANG_SECONDS = 1200


@pytest.fixture
def weighed(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> Callable[..., Outcome]:
    """Take a path in with little memory, check the promises, note time and memory."""

    def take(path: Path) -> Outcome:
        outcome = besiege(
            [path],
            tmp_path / "workspace",
            tmp_path / "keys",
            hang_seconds=HANG_SECONDS,
            room_bytes=4 * MEMORY_BYTES,
        )
        record_property("seconds", round(outcome.seconds, 1))
        record_property("peak_megabytes", outcome.peak_bytes // 1_000_000)
        assert_promises(outcome, tmp_path / "workspace")
        assert outcome.peak_bytes < MEMORY_BYTES, f"{outcome.peak_bytes:,} bytes"
        return outcome

    return take


def test_an_xml_of_100_mb(weighed: Callable[..., Outcome], tmp_path: Path) -> None:
    people = LARGE // len(PERSON.format(**cells_of(1)))
    path = tmp_path / "return.xml"
    with path.open("w", encoding="utf-8") as handle:
        handle.write(HEADER)
        handle.writelines(PERSON.format(**cells_of(number)) for number in range(1, people + 1))
        handle.write(FOOTER)
    assert path.stat().st_size > LARGE * 0.98
    outcome = weighed(path)
    assert outcome.is_landed
    # A header and eight records of each person.
    assert outcome.total("row_count_in") in {people, 1 + 8 * people}


@pytest.mark.parametrize("kind", ["a COLLECT export", "a census"])
def test_csv_files_of_100_mb(weighed: Callable[..., Outcome], tmp_path: Path, kind: str) -> None:
    make = (
        (collect_tables, collect_files)
        if kind == "a COLLECT export"
        else (census_tables, census_files)
    )
    tables, files = make
    each = sum(map(len, files(tables(1000)).values())) / 1000
    people = int(LARGE / each)
    folder = tmp_path / "export"
    folder.mkdir()
    for name, raw in files(tables(people)).items():
        (folder / name).write_bytes(raw)
    assert sum(path.stat().st_size for path in folder.iterdir()) > LARGE * 0.95
    outcome = weighed(folder)
    assert outcome.is_landed
    assert outcome.total("row_count_in") >= people
