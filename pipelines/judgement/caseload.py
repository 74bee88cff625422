"""How many plans, and in which kind of school: the coarse model over all authorities.

From published totals alone, so that every authority with a full series has a projection, and the
same in the public file. What rows add stands in cohort_of.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.analysis import coarse, simple_rules
from pipelines.analysis.panel import Panel, Rule
from pipelines.judgement.panel_of import gathered, with_known
from pipelines.judgement.tried import ETS, MODEL, Rules
from pipelines.judgement.yearly import Project

if TYPE_CHECKING:
    import duckdb

PLANS = "plans_maintained"
MAINSTREAM = "mainstream_share"
# The other setting groups of the DfE's table, largest first.
OTHER_GROUPS = (
    "special_share",
    "further_education_share",
    "educated_elsewhere_share",
    "alternative_provision_share",
    "early_years_share",
)
CASELOAD = (PLANS, MAINSTREAM, *OTHER_GROUPS)
PERIOD_KIND = "stock"


@dataclass(frozen=True)
class Caseload:
    """The projects of plans and of each setting group's share."""

    plans: Project
    shares: dict[str, Project]

    def __iter__(self) -> Iterator[Project]:
        """Plans first, then the shares."""
        yield self.plans
        yield from self.shares.values()


def caseload(connection: duckdb.DuckDBPyConnection) -> Caseload:
    """Test and choose for plans and for the share of each setting group."""
    measure = with_known(connection, gathered(connection, PLANS, "count", PERIOD_KIND))
    models: dict[str, Rule] = {MODEL: coarse.plans_ahead, ETS: simple_rules.ets}
    plans = Project.of(measure, Rules.of("relative", models), measure.panel)
    shares = {kpi: _share(connection, kpi, measure.panel) for kpi in (MAINSTREAM, *OTHER_GROUPS)}
    return Caseload(plans, shares)


def _share(connection: duckdb.DuckDBPyConnection, kpi: str, plans: Panel | None) -> Project:
    """Smoothing works on logarithms, which a group without any plan has not."""
    measure = gathered(connection, kpi, "percent", PERIOD_KIND)
    models: dict[str, Rule] = {MODEL: coarse.share_ahead}
    if kpi == MAINSTREAM:
        models[ETS] = simple_rules.ets
    return Project.of(measure, Rules.of("points", models), plans, has_gap=kpi == MAINSTREAM)
