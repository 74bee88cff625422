"""The same seed gives the same county; another seed another one."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipelines.settings import PROJECT_ROOT
from pipelines.synthetic.county import County, make_county
from pipelines.synthetic.draw import day
from pipelines.synthetic.files import EXTRACTS, fingerprint, month_ends, write_county
from pipelines.synthetic.returns import annual_return, extract


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first = write_county(make_county(seed=7, scale=0.01), tmp_path / "a", extracts=2)
    write_county(make_county(seed=7, scale=0.01), tmp_path / "b", extracts=2)
    write_county(make_county(seed=8, scale=0.01), tmp_path / "c", extracts=2)
    assert [path.stem for path in first.returns] == [
        *("sen2-2023", "sen2-2024", "sen2-2025", "sen2-2025-restated", "sen2-2026")
    ]
    assert len(first.extracts) == 2
    assert len(first.rolls) == 8
    made = digests(tmp_path / "a")
    assert len(made) == 27
    assert made == digests(tmp_path / "b")
    other = digests(tmp_path / "c")
    alike = {name for name in made if made[name] == other[name]}
    assert alike <= {"postcodes.csv", "place.csv"}


def test_what_the_files_are_made_from_is_known_by_seed_and_code() -> None:
    first = fingerprint(PROJECT_ROOT, 1, 1.0)
    assert first == fingerprint(PROJECT_ROOT, 1, 1.0)
    assert len({first, fingerprint(PROJECT_ROOT, 2, 1.0), fingerprint(PROJECT_ROOT, 1, 0.5)}) == 3


def test_extracts_are_of_the_last_days_of_36_months() -> None:
    days = [str(on) for on in month_ends()]
    assert len(days) == EXTRACTS == 36
    assert (days[0], days[12], days[-1]) == ("2023-02-28", "2024-02-29", "2026-01-31")


def test_an_extract_holds_plans_in_place_and_the_activity_of_its_year(county: County) -> None:
    on = day("2025-06-30")
    modules = extract(county, on)
    (header,) = modules.tables["header"].to_pylist()
    assert (header["reference_date"], header["return_year"]) == ("2025-06-30", "2026")
    active = county.plans.in_place(on)
    assert modules.tables["active_plan"].num_rows == int(active.sum())
    received = modules.tables["request"].column("received_date").to_pylist()
    assert max(filter(None, received)) <= "2025-06-30"


def test_every_record_has_its_parent(small_county: County) -> None:
    parents = {
        "request": "person",
        "assessment": "request",
        "named_plan": "assessment",
        "plan_detail": "named_plan",
        "active_plan": "request",
        "placement_detail": "active_plan",
        "sen_need": "active_plan",
    }
    tables = annual_return(small_county, 2026).tables
    for module, parent in parents.items():
        known = set(tables[parent].column("record").to_pylist())
        found = tables[module].column("parent").to_pylist()
        assert found
        assert set(found) <= known
    assert sorted(set(tables["request"].column("parent").to_pylist())) == (
        tables["person"].column("record").to_pylist()
    )


def test_some_children_ask_twice_and_some_move(county: County) -> None:
    tables = annual_return(county, 2026).tables
    assert tables["request"].num_rows > tables["person"].num_rows
    moved = tables["active_plan"].column("transfer_la_code").drop_null().to_pylist()
    assert set(moved) == {"997", "998"}
