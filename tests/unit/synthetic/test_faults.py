"""Faults are planted where they are said to be, and the product's rules find just those."""

from __future__ import annotations

import pytest

from pipelines.synthetic.county import County
from pipelines.synthetic.faults import with_faults
from pipelines.synthetic.planters import PLANTERS
from pipelines.synthetic.returns import annual_return


@pytest.mark.parametrize("year", [2024, 2026])
def test_one_seed_plants_the_same_faults_at_a_realistic_rate(county: County, year: int) -> None:
    clean = annual_return(county, year)
    first, planted = with_faults(clean, year, seed=1)
    again, same = with_faults(clean, year, seed=1)
    assert planted == same
    assert all(first.tables[name].equals(again.tables[name]) for name in first.tables)
    people = clean.tables["person"].num_rows
    assert 0.01 < len(planted) / people < 0.04
    wanted = {rule for rule, (since, _, _) in PLANTERS.items() if year >= since} | {"ACT-07"}
    assert {fault.rule for fault in planted} == wanted


def test_a_fault_stands_where_it_is_said_to_be(county: County) -> None:
    modules, planted = with_faults(annual_return(county, 2026), 2026, county.seed)
    missing = [fault.record for fault in planted if fault.rule == "PER-04"]
    ethnicity = modules.tables["person"].column("ethnicity").to_pylist()
    assert missing
    assert [number for number, code in enumerate(ethnicity, start=1) if code is None] == sorted(
        missing
    )
