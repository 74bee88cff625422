"""The floors above landing as assets: one per SQL file, one step per floor.

A step runs its floor's models in order and then its checks. One step a floor, and not one a model,
because Dagster's cost of a step is greater than that of most measures. A blocking check that fails
stops the floors above.
"""

from collections.abc import Iterator

import dagster as dg

from pipelines.assets.checked import CHECK, results
from pipelines.assets.house import House
from pipelines.checks.floor import checked_tables
from pipelines.engine.duckdb import make_table
from pipelines.registry.house import house_models
from pipelines.registry.models import Model
from pipelines.run_log import logged
from pipelines.settings import PROJECT_ROOT


def floor_assets(floor: str) -> dg.AssetsDefinition:
    """All models of one floor, with a blocking check for each table that has a suite."""
    own = [model for model in house_models(PROJECT_ROOT).values() if model.floor == floor]

    @dg.multi_asset(
        name=f"{floor}_floor",
        specs=[_spec(model) for model in own],
        check_specs=[
            dg.AssetCheckSpec(CHECK, asset=_key(name), blocking=True)
            for name in checked_tables(floor)
        ],
    )
    def build_floor(
        house: House,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        with logged(house.settings(), floor) as told, house.open() as connection:
            for model in own:
                count = make_table(connection, model)
                yield dg.MaterializeResult(
                    asset_key=_key(model.name), metadata={"row_count": count}
                )
            yield from results(connection, floor, told)

    return build_floor


def _spec(model: Model) -> dg.AssetSpec:
    return dg.AssetSpec(
        _key(model.name),
        deps=[_key(name) for name in sorted(model.reads)],
        group_name=model.floor,
        kinds={"duckdb", "sql"},
        description=_description(model.sql),
    )


def _key(name: str) -> list[str]:
    return name.split(".")


def _description(sql: str) -> str:
    """The comment at the head of a model."""
    lines = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines) or "All measures as one table; generated from the files of sql/kpi."
