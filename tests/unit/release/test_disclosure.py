"""Whatever the public reads of the council's rows has passed through the rule for small numbers."""

from __future__ import annotations

import random
import shutil
from contextlib import closing
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.engine.duckdb import warehouse
from pipelines.registry.measures import SCALE, measures
from pipelines.release import disclosure, rule_tables
from pipelines.release.attack.gate import attacked
from pipelines.release.build import copy_schemas
from pipelines.release.disclosure import public_marts, write_public_marts
from pipelines.settings import PROJECT_ROOT, Settings
from tests.case_rows import Return, build, land, land_schools

KEY = ("kpi", "vintage", "period", "area_code", "breakdown_topic", "breakdown")
SHOWN = ("numerator", "denominator", "value", "symbol")
Cell = dict[str, Any]
MEASURES = measures(PROJECT_ROOT / "sql")


def a_return(seed: int, children: int, year: int = 2026, vintage: str = "") -> Return:
    """Plans in force, half of them new, in settings and groups of very different sizes."""
    draw = random.Random(seed)  # noqa: S311
    made = Return(year=year, vintage=vintage or str(year), file_id=f"{seed:016x}")
    made.reference_date = date(year, 1, 15)
    for _ in range(children):
        is_new = draw.random() < 0.5
        received = date(year - 1, 1, 1) + timedelta(days=draw.randrange(150))
        issued = received + timedelta(days=draw.randrange(60, 210))
        start = issued if is_new else date(year - 4, 5, 1)
        urn = draw.choices(["900001", "900002", "900003", "900005"], [50, 30, 17, 3])[0]
        made.add(
            person={
                "sex": draw.choices("MFU", [70, 28, 2])[0],
                "ethnicity": draw.choices(["WBRI", "AIND", "BCRB"], [85, 12, 3])[0],
                "age_at_31_august": draw.randrange(4, 20),
                "district_code": draw.choice(["E07000192", "E07000193"]),
            },
            request=(
                {"request_outcome": "Y", "received_date": received, "request_outcome_date": issued}
                if is_new
                else None
            ),
            assessment=(
                {"assessment_outcome": "Y", "assessment_outcome_date": issued}
                if is_new
                else {"assessment_outcome": "H"}
            ),
            plan={"start_date": start, "age_at_start": draw.randrange(4, 18)},
            active={},
            placements=[{"urn": urn, "placement_rank": "1", "entry_date": date(2019, 9, 1)}],
            need=draw.choices(["ASD", "SEMH", "SLCN", "VI"], [50, 30, 17, 3])[0],
        )
    return made


def workspace_of(folder: Path, *returns: Return) -> Settings:
    for item in returns:
        land(folder, item.file_id, item.tables())
    land_schools(folder)
    return build(folder)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An authority with three Januaries, the last of them restated, which the DfE prints too."""
    return workspace_of(
        tmp_path_factory.mktemp("disclosure"),
        a_return(1, 300, year=2027),
        a_return(2, 310, year=2027, vintage="2027-r2"),
        a_return(3, 280, year=2028),
        a_return(4, 250, year=2026),
    )


@pytest.fixture(scope="module")
def exact(settings: Settings) -> dict[tuple[Any, ...], Cell]:
    with warehouse(settings.warehouse, PROJECT_ROOT / "sql") as connection:
        return cells(connection)


def cells(connection: duckdb.DuckDBPyConnection) -> dict[tuple[Any, ...], Cell]:
    """The council's cells by key."""
    relation = connection.sql("select * from marts.kpi_value where source = 'council'")
    rows = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    return {tuple(row[name] for name in KEY): row for row in rows}


def published(settings: Settings, target: Path) -> dict[tuple[Any, ...], Cell]:
    """The council's cells of a public file made now."""
    with warehouse(settings.warehouse, PROJECT_ROOT / "sql") as connection:
        write_public_marts(connection, target, PROJECT_ROOT)
    with closing(duckdb.connect(str(target), read_only=True)) as opened:
        return cells(opened)


@pytest.fixture(scope="module")
def public_file(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public file of that authority; tests that spoil it take a copy."""
    target = tmp_path_factory.mktemp("release") / "public.duckdb"
    published(settings, target)
    return target


@pytest.fixture(scope="module")
def public(public_file: Path) -> Any:
    with closing(duckdb.connect(str(public_file), read_only=True)) as opened:
        return cells(opened)


def nearest_five(count: Decimal) -> Decimal | None:
    """The rule, written a second time: 0 to 7 are hidden, all else goes to the nearest 5."""
    if count <= 7:
        return None
    return 5 * (count / 5).quantize(Decimal(1), ROUND_HALF_UP)


def as_the_rule_says(cell: Cell) -> tuple[Any, ...]:
    """Numerator, denominator, value, symbol of a cell as anybody may read it."""
    measure = MEASURES[cell["kpi"]]
    top, bottom, value = cell["numerator"], cell["denominator"], cell["value"]
    near_bottom = None if bottom is None else nearest_five(bottom)
    hidden = (None, near_bottom, None, "c")
    if measure.unit in ("weeks", "score"):
        return (None, near_bottom, value, None) if bottom and bottom >= 8 else hidden
    if measure.unit == "count":
        if measure.disclosure == "exact_total" and cell["breakdown_topic"] == "All":
            return (top, None, top, None)
        near = nearest_five(top)
        return hidden if near is None else (near, None, near, None)
    near = nearest_five(top)
    if near is None or near_bottom is None or near_bottom < 20:
        return hidden
    share = (SCALE[measure.unit] * near / near_bottom).quantize(Decimal(1), ROUND_HALF_UP)
    return (near, near_bottom, share, None)


def faults(
    public: dict[tuple[Any, ...], Cell], exact: dict[tuple[Any, ...], Cell]
) -> list[tuple[Any, ...]]:
    """Keys of public cells that are not what the rule makes of the exact ones."""
    return [
        key
        for key, cell in public.items()
        if tuple(cell[name] for name in SHOWN) != as_the_rule_says(exact[key])
    ]


@pytest.fixture(scope="module")
def withheld(public: Any, settings: Settings) -> set[tuple[Any, ...]]:
    """Cells hidden beside the small ones, by measure, edition, period and group."""
    with closing(duckdb.connect(str(settings.warehouse), read_only=True)) as opened:
        rows = opened.sql("select * exclude (is_whole_table) from evidence.disclosure_withheld")
        return set(rows.fetchall())


def withheld_key(key: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*key[:3], *key[4:])


def test_every_public_number_is_the_rules_or_withheld_beside_it(
    public: dict[tuple[Any, ...], Cell],
    exact: dict[tuple[Any, ...], Cell],
    withheld: set[tuple[Any, ...]],
) -> None:
    assert len(public) > 2000
    shown = [cell for cell in public.values() if cell["symbol"] is None]
    assert len(shown) > 100
    assert {cell["symbol"] for cell in public.values()} == {None, "c"}
    wrong = faults(public, exact)
    assert {public[key]["symbol"] for key in wrong} == {"c"}
    assert {withheld_key(key) for key in wrong} <= withheld
    assert 0 < len(wrong) < len(shown) / 10


@pytest.mark.parametrize(
    "name", ["LARGEST_HIDDEN", "BASE", "LEAST_DENOMINATOR", "LEAST_OF_MEAN", "_protect"]
)
def test_a_way_around_the_rule_is_noticed(
    name: str,
    settings: Settings,
    exact: dict[tuple[Any, ...], Cell],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    where = disclosure if name == "_protect" else rule_tables
    monkeypatch.setattr(where, name, _raw_rows if name == "_protect" else 1)
    monkeypatch.setattr(disclosure, "withhold", _nothing_more)
    assert faults(published(settings, tmp_path / "public.duckdb"), exact)


def _nothing_more(*_: Any) -> None:
    """What is hidden beside the small numbers would hide that the rule itself is gone."""


def _raw_rows(connection: duckdb.DuckDBPyConnection, built: str, root: Path, *_: Any) -> None:
    """The mutation: the public marts stand on the exact rows."""
    parts = " union all ".join(
        f"select '{kpi}' as kpi, * from {built}.kpi.{kpi}"  # noqa: S608
        for kpi in measures(root / "sql")
    )
    connection.execute(f"create view kpi.measure_row as {parts}")


def test_change_and_earlier_values_are_of_public_numbers(
    public: dict[tuple[Any, ...], Cell],
) -> None:
    changed = [cell for cell in public.values() if cell["change"] is not None]
    assert len(changed) > 20
    for cell in changed:
        before = (cell["kpi"], *_edition_key(public, cell, _period_before(cell)))
        assert cell["change"] == cell["value"] - public[before]["value"]
    revised = [cell for cell in public.values() if cell["is_revised"]]
    assert revised
    for cell in revised:
        earlier = public[cell["kpi"], cell["previous_vintage"], *_rest(cell)]
        assert cell["previous_value"] == earlier["value"]
        assert cell["previous_symbol"] == earlier["symbol"]


def _rest(cell: Cell) -> tuple[Any, ...]:
    return tuple(cell[name] for name in KEY[2:])


def _period_before(cell: Cell) -> str:
    """A year earlier, and of a month the month before."""
    year, rest = int(cell["period"][:4]), cell["period"][4:]
    if cell["period_kind"] != "month":
        return f"{year - 1}{rest}"
    month = int(rest[1:])
    return f"{year}-{month - 1:02}" if month > 1 else f"{year - 1}-12"


def _edition_key(public: Any, cell: Cell, period: str) -> tuple[Any, ...]:
    """The newest edition of the cell's place in an earlier period."""
    place = (period, *_rest(cell)[1:])
    found = [key for key in public if key[0] == cell["kpi"] and key[2:] == place]
    return max(found)[1:]


def test_a_cell_that_the_dfe_has_published_is_left_to_it(
    public: dict[tuple[Any, ...], Cell], exact: dict[tuple[Any, ...], Cell]
) -> None:
    """Staffordshire's January 2026 came with the product; January 2027 is the council's alone."""
    whole = ("E10000028", "All", "All")
    assert ("mainstream_share", "2026", "2026-01", *whole) in exact
    assert ("mainstream_share", "2026", "2026-01", *whole) not in public
    assert ("mainstream_share", "2027", "2027-01", *whole) in public


def test_districts_and_undeclared_tables_are_for_officers(
    public: dict[tuple[Any, ...], Cell], exact: dict[tuple[Any, ...], Cell]
) -> None:
    for topic in ("District", "School", "Setting group"):
        assert topic in {key[4] for key in exact}
        assert topic not in {key[4] for key in public}


def test_of_months_the_public_reads_exact_totals_only(
    public: dict[tuple[Any, ...], Cell], exact: dict[tuple[Any, ...], Cell]
) -> None:
    """Two months beside each other would tell of single cases."""
    yearly = {"stock", "flow"}
    kinds = {cell["period_kind"] for cell in exact.values()}
    assert kinds == yearly | {"month", "rolling_year"}
    shown = [cell for cell in public.values() if cell["period_kind"] not in yearly]
    assert {cell["period_kind"] for cell in shown} == kinds - yearly
    assert {MEASURES[cell["kpi"]].disclosure for cell in shown} == {"exact_total"}
    assert {cell["breakdown_topic"] for cell in shown} == {"All"}
    assert all(cell["value"] is not None for cell in shown)


def test_which_cells_there_are_tells_nothing_of_the_children(
    settings: Settings, public: dict[tuple[Any, ...], Cell], tmp_path: Path
) -> None:
    """An authority with a single child has the same public cells, all hidden but the totals."""
    other = workspace_of(
        tmp_path / "one",
        *(
            a_return(seed, 1, year, vintage)
            for seed, year, vintage in (
                (1, 2027, ""),
                (2, 2027, "2027-r2"),
                (3, 2028, ""),
                (4, 2026, ""),
            )
        ),
    )
    assert set(published(other, tmp_path / "one.duckdb")) == set(public)


def test_the_public_file_has_marts_only_and_none_for_officers(public_file: Path) -> None:
    with closing(duckdb.connect(str(public_file), read_only=True)) as connection:
        tables = connection.sql("select schema_name, table_name from duckdb_tables()").fetchall()
        views = connection.sql("select * from duckdb_views() where not internal").fetchall()
        council = connection.sql(
            "select count(*) from marts.finding_summary where source = 'council'"
        ).fetchone()
    names = {f"{schema}.{table}" for schema, table in tables}
    assert names == {model.name for model in public_marts(PROJECT_ROOT)}
    assert "marts.kpi_value" in names
    assert "marts.record_finding_summary" not in names
    assert views == []
    assert council == (0,)


@pytest.fixture(scope="module")
def frozen(settings: Settings, public_file: Path) -> tuple[Path, Path]:
    """The public file and the evidence of a release, as a build freezes them."""
    folder = public_file.parent
    with warehouse(settings.warehouse, PROJECT_ROOT / "sql") as connection:
        copy_schemas(connection, folder / "officer.duckdb", {"marts": "marts"})
        copy_schemas(connection, folder / "evidence.duckdb", {"evidence": "evidence"})
    return public_file, folder / "evidence.duckdb"


def test_the_gate_lets_through_what_the_build_has_attacked(frozen: tuple[Path, Path]) -> None:
    public, evidence = frozen
    for before in (None, public):
        verdict = attacked(public, evidence, before, PROJECT_ROOT)
        assert verdict is not None
        assert verdict.narrow == ()


@pytest.fixture
def shown(frozen: tuple[Path, Path], exact: dict[tuple[Any, ...], Cell], tmp_path: Path) -> Path:
    """A public file in which what was withheld stands as the rule alone would print it."""
    public, evidence = frozen
    path = tmp_path / "public.duckdb"
    shutil.copy(public, path)
    shutil.copy(evidence, tmp_path / "evidence.duckdb")
    unhide(path, evidence, exact)
    return path


def test_withheld_cells_that_the_file_shows_are_refused(
    frozen: tuple[Path, Path], shown: Path
) -> None:
    verdict = attacked(shown, frozen[1], None, PROJECT_ROOT)
    assert verdict is not None
    assert verdict.narrow


@pytest.mark.long
def test_what_the_release_before_gives_away_by_itself_refuses_nothing_after_it(
    frozen: tuple[Path, Path], shown: Path
) -> None:
    """Decision 32; what both give away together does: tests/unit/release/test_two_releases.py."""
    public, evidence = frozen
    verdict = attacked(public, evidence, shown, PROJECT_ROOT)
    assert verdict is not None
    assert verdict.size.sought > 0
    assert verdict.narrow == ()


def test_what_only_the_earlier_release_withheld_is_no_contradiction(
    frozen: tuple[Path, Path], exact: dict[tuple[Any, ...], Cell], tmp_path: Path
) -> None:
    """It printed c for a cell that is not small, and this one prints the number."""
    public, evidence = frozen
    key = next(
        key
        for key, cell in exact.items()
        if key[0] == "plans_maintained" and key[4] == "Sex" and as_the_rule_says(cell)[3] is None
    )
    before = tmp_path / "public.duckdb"
    shutil.copy(public, before)
    shutil.copy(evidence, tmp_path / "evidence.duckdb")
    hide(before, tmp_path / "evidence.duckdb", key)
    verdict = attacked(public, evidence, before, PROJECT_ROOT)
    assert verdict is not None
    assert verdict.narrow == ()


def hide(before: Path, evidence: Path, key: tuple[Any, ...]) -> None:
    with closing(duckdb.connect(str(before))) as connection:
        connection.execute(
            "update marts.kpi_value set numerator = null, denominator = null, value = null, "
            "symbol = 'c' where kpi = ? and vintage = ? and period = ? and area_code = ? "
            "and breakdown_topic = ? and breakdown = ? and source = 'council'",
            list(key),
        )
    with closing(duckdb.connect(str(evidence))) as connection:
        connection.execute(
            "insert into evidence.evidence.disclosure_withheld values (?, ?, ?, ?, ?, false)",
            list(withheld_key(key)),
        )


def unhide(
    shown: Path,
    evidence: Path,
    exact: dict[tuple[Any, ...], Cell],
    only: tuple[str, ...] | None = None,
) -> None:
    """Print what is withheld, or one cell of it, as the rule alone would."""
    with closing(duckdb.connect(str(evidence), read_only=True)) as connection:
        rows = connection.execute(
            "select kpi, vintage, period, breakdown_topic, breakdown "
            "from evidence.evidence.disclosure_withheld where not is_whole_table"
        ).fetchall()
    withheld = {row for row in rows if only in (None, row)}
    printed = [
        (*as_the_rule_says(cell), *key)
        for key, cell in exact.items()
        if withheld_key(key) in withheld
    ]
    assert printed
    with closing(duckdb.connect(str(shown))) as connection:
        connection.executemany(
            "update marts.kpi_value set numerator = ?, denominator = ?, value = ?, symbol = ? "
            "where kpi = ? and vintage = ? and period = ? and area_code = ? "
            "and breakdown_topic = ? and breakdown = ? and source = 'council'",
            printed,
        )


def test_benchmarks_do_not_see_the_councils_own_rows(settings: Settings) -> None:
    with warehouse(settings.warehouse, PROJECT_ROOT / "sql") as connection:
        periods = connection.sql("select max(period) from marts.benchmark").fetchone()
    assert periods is not None
    assert periods[0] < "2027"


@pytest.mark.parametrize(
    ("count", "shown"), [(0, None), (7, None), (8, 10), (12, 10), (13, 15), (998, 1000)]
)
def test_the_rule_by_hand(count: int, shown: int | None) -> None:
    assert nearest_five(Decimal(count)) == shown
