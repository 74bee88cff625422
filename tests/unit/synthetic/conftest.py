"""The sample county at two sizes: its own, and small for what needs no totals."""

from __future__ import annotations

import pytest

from pipelines.synthetic.county import County, make_county


@pytest.fixture(scope="session")
def county() -> County:
    """The sample county."""
    return make_county()


@pytest.fixture(scope="session")
def small_county() -> County:
    """Some 300 plans."""
    return make_county(seed=7, scale=0.03)
