"""A published release of the sample county holds the report on small numbers and the list of parts.

What the report says is tested on a small county in tests/unit/release; here it is of a real build.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipelines.release.as_built import verify
from pipelines.release.reader import DISCLOSURE, PARTS, Release, connect, current_release


@pytest.fixture
def release(county_workspace: Path) -> Release:
    found = current_release(county_workspace)
    assert found is not None
    return found


def asked(release: Release, text: str) -> list[tuple[Any, ...]]:
    with closing(connect(release.evidence_path)) as connection:
        return connection.execute(text).fetchall()


def test_report_and_parts_are_files_of_the_release_that_are_verified(release: Release) -> None:
    assert {DISCLOSURE, PARTS} <= release.manifest["files"].keys()
    assert verify(release) == []


def test_the_report_is_of_the_attack_that_the_build_made(release: Release) -> None:
    ((sought, withheld, narrow, seconds),) = asked(
        release,
        "select sought, withheld, narrow, seconds from evidence.evidence.disclosure_verdict",
    )
    text = (release.folder / DISCLOSURE).read_text(encoding="utf-8")
    assert sought > 1000
    assert f"- {sought:,} counts sought" in text
    assert withheld > 0
    assert f"- {withheld} cells withheld beyond the rule" in text
    assert (narrow, "- 0 counts with fewer than 4" in text) == (0, True)
    assert seconds > 0
    closest = asked(
        release, "select least, most, possible from evidence.evidence.disclosure_closest"
    )
    assert len(closest) >= 25
    assert min(possible for *_, possible in closest) >= 4


def test_every_share_of_all_that_anybody_may_read_is_flagged(release: Release) -> None:
    with closing(connect(release.public_path)) as connection:
        shown = connection.execute(
            "select count(*) from marts.kpi_value inner join marts.measure using (kpi) "
            "where source = 'council' and unit = 'percent' and value = 100"
        ).fetchone()
    flagged = asked(release, "select count(*) from evidence.evidence.disclosure_attribute")
    assert shown is not None
    assert flagged == [shown]
