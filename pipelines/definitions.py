"""The only Dagster Definitions: assets by floor with their checks, the build, when it runs."""

import hashlib
import os

import dagster as dg

from pipelines.assets.analysis import analysis_floor
from pipelines.assets.house import House
from pipelines.assets.landing import landing_floor
from pipelines.assets.models import floor_assets
from pipelines.assets.release import candidate
from pipelines.ingest.reference import inbox_files
from pipelines.settings import load_settings

build_everything = dg.define_asset_job("build_everything")

# Set to "on" by the services of deploy/. Otherwise nothing builds by itself: whoever opens Dagster
# to look at the lineage starts no build by it.
SCHEDULES = "SEND_SCHEDULES"
_IS_ON = os.environ.get(SCHEDULES) == "on"


@dg.sensor(
    job=build_everything,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING if _IS_ON else dg.DefaultSensorStatus.STOPPED,
)
def inbox(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Build when the inbox holds files that no earlier run has seen.

    Dagster keeps and shows the key: a file may be named after a child, so names go in as a hash.
    """
    files = inbox_files(load_settings())
    if not files:
        return dg.SkipReason("The inbox is empty.")
    stamps = (f"{path.name}:{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in files)
    return dg.RunRequest(run_key=hashlib.sha256("\0".join(stamps).encode()).hexdigest())


monthly = dg.ScheduleDefinition(
    job=build_everything,
    cron_schedule="0 6 1 * *",
    execution_timezone="Europe/London",
    default_status=dg.DefaultScheduleStatus.RUNNING if _IS_ON else dg.DefaultScheduleStatus.STOPPED,
)

defs = dg.Definitions(
    assets=[
        landing_floor,
        *(floor_assets(floor) for floor in ("staging", "core", "kpi", "marts")),
        analysis_floor,
        candidate,
    ],
    jobs=[build_everything],
    schedules=[monthly],
    sensors=[inbox],
    resources={"house": House()},
    executor=dg.in_process_executor,
)
