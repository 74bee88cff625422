"""Files spoiled at random: no crash, every row accounted for, no cell of a child let out."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.ingest import csv_structure, strict_csv
from pipelines.ingest.door import Asked
from pipelines.settings import Settings
from tests.hostile.forms import FORMS
from tests.hostile.mutations import FILES
from tests.hostile.outcome import assert_promises, through

EXAMPLES = 25
FORM_EXAMPLES = 8
KINDS = FILES | FORMS
# Most of these forms do not say their year themselves.
ASKED = Asked(return_year=2026)
# A round of so few draws may be refused whole; so many rounds are not.
MOST_ROUNDS = 5
SLOW_BY_NATURE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=EXAMPLES, suppress_health_check=SLOW_BY_NATURE)
@given(data=st.data())
def test_a_file_spoiled_at_random_keeps_the_promises(kind: str, data: st.DataObject) -> None:
    keep_promises(data.draw(FILES[kind]))


@pytest.mark.parametrize("kind", FORMS)
def test_the_other_forms_keep_them_too_and_some_are_read_all_the_same(kind: str) -> None:
    """Were all of them refused, nothing would be known of what is read."""
    landed = []

    @settings(max_examples=FORM_EXAMPLES, suppress_health_check=SLOW_BY_NATURE)
    @given(raw=FORMS[kind])
    def keep(raw: bytes) -> None:
        landed.append(keep_promises(raw))

    for _ in range(MOST_ROUNDS):
        keep()
        if any(landed):
            break
    assert len(landed) >= FORM_EXAMPLES
    assert any(landed)


def keep_promises(raw: bytes) -> bool:
    """Take the bytes in, in a workspace of their own; whether any of it landed."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "spoiled.bin")
        path.write_bytes(raw)
        workspace = Settings(workspace=Path(folder, "workspace"))
        outcome = through([path], workspace, ASKED)
        assert_promises(outcome, workspace.workspace)
        return outcome.is_landed


@pytest.mark.parametrize("scan_bytes", [1, 3, 1 << 25])
def test_the_quick_way_through_a_csv_reads_as_the_careful_one(
    monkeypatch: pytest.MonkeyPatch, scan_bytes: int
) -> None:
    """On every text of up to five of the letters that matter, wherever the scan is divided."""
    monkeypatch.setattr(csv_structure, "SCAN_BYTES", scan_bytes)
    quick = {body: strict_csv.read(body) for body in short_texts()}
    is_regular = strict_csv.is_regular
    taken = []

    def careful(*arguments: Any) -> bool:
        taken.append(is_regular(*arguments))
        return False

    monkeypatch.setattr(strict_csv, "is_regular", careful)
    for body, table in quick.items():
        again = strict_csv.read(body)
        assert table.columns == again.columns, body
        assert table.row_numbers.tolist() == again.row_numbers.tolist(), body
        assert table.quarantined == again.quarantined, body
    assert sum(taken) > 200


def short_texts() -> Iterator[bytes]:
    for length in range(1, 6):
        for letters in itertools.product('a,"\n\r ', repeat=length):
            yield ("h,i\n" + "".join(letters)).encode()
