"""The files spoiled at random of tests/hostile, forty times as many."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile.test_fuzz import EXAMPLES, KINDS, SLOW_BY_NATURE, keep_promises

pytestmark = pytest.mark.long


@pytest.fixture(autouse=True)
def keys_of_this_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=EXAMPLES * 40, suppress_health_check=SLOW_BY_NATURE)
@given(data=st.data())
def test_a_file_spoiled_at_random_keeps_the_promises(kind: str, data: st.DataObject) -> None:
    keep_promises(data.draw(KINDS[kind]))
