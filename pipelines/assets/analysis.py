"""Between the marts and the candidate: the judged tables, one step, with their checks."""

from collections.abc import Iterator

import dagster as dg

from pipelines.assets.checked import CHECK, results
from pipelines.assets.house import House
from pipelines.checks.floor import JUDGEMENT, checked_tables
from pipelines.judgement.make import Inputs, make_judgements
from pipelines.registry.judgement import JUDGEMENTS
from pipelines.run_log import logged


def _specs() -> list[dg.AssetSpec]:
    return [
        dg.AssetSpec(
            name.split("."),
            deps=[read.split(".") for read in sorted(item.reads | item.officer_reads)],
            group_name=JUDGEMENT,
            kinds={"duckdb", "python"},
        )
        for item in JUDGEMENTS
        for name in item.tables
    ]


def _checks() -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(CHECK, asset=name.split("."), blocking=True)
        for name in checked_tables(JUDGEMENT)
    ]


@dg.multi_asset(name="analysis_floor", specs=_specs(), check_specs=_checks())
def analysis_floor(
    house: House,
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Make every judgement of pipelines/judgement and check what it gave."""
    settings = house.settings()
    inputs = Inputs(settings.project_root, settings.council_folder)
    with logged(settings, JUDGEMENT) as told, house.open() as connection:
        for name, count in make_judgements(connection, inputs):
            yield dg.MaterializeResult(asset_key=name.split("."), metadata={"row_count": count})
        yield from results(connection, JUDGEMENT, told)
