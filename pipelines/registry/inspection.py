"""The two lists of an area SEND inspection as data: data/reference/sources/inspection.yml.

Which columns a list has and which sector rules it is held against. Nothing is made here; that is
the work of pipelines/ingest/inspection.py.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pipelines.registry.council_returns import EVERY_YEAR, CouncilReturns
from pipelines.registry.record_rules import RuleBook, read_rules
from pipelines.registry.strict import load

PLAN_LIST, SUPPORT_LIST = "plan_list", "support_list"


@cache
def inspection(project_root: Path) -> CouncilReturns:
    """The lists, described like the council's returns.

    Raises:
        RegistryError: a key is unknown, or a type does not exist.
    """
    return load(CouncilReturns, project_root / "data" / "reference" / "sources" / "inspection.yml")


@cache
def sector_rules(project_root: Path) -> RuleBook:
    """The sector's rules over the lists; they exist under their own numbers."""
    known = inspection(project_root)
    codes = {EVERY_YEAR: known.codes}
    return read_rules(project_root, "annex_a", known.modules, known.patterns, codes)
