"""How much the desk may take: enough for what matching was measured to need, and not more."""

from __future__ import annotations

import pytest

from pipelines.ingest.memory import desk_bytes

# Text of a census, 98 bytes a pupil, and what the desk held of it at its highest
# (docs/performance.md).
PUPIL = 98


@pytest.mark.parametrize(
    ("pupils", "needed"),
    [(500_000, 460_000_000), (2_000_000, 1_420_000_000), (9_000_000, 6_100_000_000)],
)
def test_the_desk_has_room_for_a_census_of_any_size(pupils: int, needed: int) -> None:
    assert desk_bytes(PUPIL * pupils) > 1.1 * needed


def test_a_file_of_100_mb_may_not_take_more_for_that() -> None:
    assert desk_bytes(100_000_000) <= 1_100_000_000
