"""The ground floor as assets: what the door has taken in, and the facts kept with the product."""

from collections.abc import Iterator

import dagster as dg

from pipelines.assets.house import House
from pipelines.ingest.reference import land_reference, take_inbox
from pipelines.registry.landing import landing_tables
from pipelines.release.inputs import take_stock
from pipelines.settings import PROJECT_ROOT

TABLES = landing_tables(PROJECT_ROOT / "sql")


def _specs() -> list[dg.AssetSpec]:
    return [
        dg.AssetSpec(["landing", name], group_name="landing", kinds={"parquet"}) for name in TABLES
    ]


@dg.multi_asset(name="landing_floor", specs=_specs())
def landing_floor(
    house: House,
) -> Iterator[dg.MaterializeResult[None]]:
    """Take in what lies in the inbox, land the reference facts, and take stock of the files."""
    settings = house.settings()
    take_inbox(settings)
    land_reference(settings)
    files = take_stock(settings).landing_files
    for name in TABLES:
        yield dg.MaterializeResult(
            asset_key=["landing", name], metadata={"file_count": len(files[name])}
        )
