"""The ground floor as assets: what the door has taken in, and the facts kept with the product.

Its tables are checked like those of the floors above: what lands wrong stops the build here.
"""

from collections.abc import Iterator

import dagster as dg

from pipelines.assets.checked import CHECK, results
from pipelines.assets.house import House
from pipelines.checks.floor import checked_tables
from pipelines.errors import InputError, SendError
from pipelines.ingest.parcel import Receipt
from pipelines.ingest.plan_entry import log_at_rest
from pipelines.ingest.reference import land_reference, take_inbox
from pipelines.registry.landing import landing_tables
from pipelines.release.audit_log import note_received
from pipelines.release.forecast_record import land_record
from pipelines.release.inputs import received_inputs, take_stock
from pipelines.run_log import logged
from pipelines.settings import PROJECT_ROOT, Settings

TABLES = landing_tables(PROJECT_ROOT / "sql")
FLOOR = "landing"


def _specs() -> list[dg.AssetSpec]:
    return [dg.AssetSpec([FLOOR, name], group_name=FLOOR, kinds={"parquet"}) for name in TABLES]


def _checks() -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(CHECK, asset=name.split("."), blocking=True)
        for name in checked_tables(FLOOR)
    ]


@dg.multi_asset(name="landing_floor", specs=_specs(), check_specs=_checks())
def landing_floor(
    context: dg.AssetExecutionContext, house: House
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Take in what lies in the inbox, land the reference facts, take stock of the files, check."""
    settings = house.settings()
    with logged(settings, FLOOR) as told:
        note_received(settings, _taken_in(settings, is_kept=not context.instance.is_ephemeral))
        with log_at_rest(settings):
            land_reference(settings)
            land_record(settings, received_inputs(settings))
            files = take_stock(settings).landing_files
        for name in TABLES:
            yield dg.MaterializeResult(
                asset_key=[FLOOR, name], metadata={"file_count": len(files[name])}
            )
        with house.open() as connection:
            yield from results(connection, FLOOR, told)


def _taken_in(settings: Settings, *, is_kept: bool) -> list[Receipt]:
    """What the inbox held.

    is_kept: Dagster keeps what a run says. A file may be named after a child, so that what the
        door says of one is then left to the command, which keeps nothing.
    """
    try:
        return take_inbox(settings)
    except SendError:
        if not is_kept:
            raise
        raise InputError(
            "the files of the inbox could not all be taken in",
            where="inbox",
            remedy="`send ingest` of the inbox names the files and says what is wrong.",
        ) from None
