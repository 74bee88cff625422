"""The roof as an asset: the candidate release that a person may then publish."""

import dagster as dg

from pipelines.assets.house import House
from pipelines.registry.house import house_models
from pipelines.registry.judgement import judged_tables
from pipelines.release.build import make_release
from pipelines.run_log import logged
from pipelines.settings import PROJECT_ROOT

MARTS = [name for name in house_models(PROJECT_ROOT) if name.startswith("marts.")]


@dg.asset(
    key=["release", "candidate"],
    deps=[name.split(".") for name in (*MARTS, *judged_tables())],
    group_name="release",
)
def candidate(house: House) -> dg.MaterializeResult[None]:
    """Freeze the marts and the evidence beside the releases that people read."""
    settings = house.settings()
    with logged(settings, "release") as told:
        release = make_release(settings)
        told["release"] = release.id
    return dg.MaterializeResult(metadata={"release": release.id})
