"""Whose position the first page shows: the home council's, or in a sample the sample county's.

Published figures come first here, because the first page is the one that outsiders open; the pages
about cases begin with the council that has them (components/whose.py).
"""

from __future__ import annotations

import streamlit as st

from dashboards.components import view_state
from dashboards.components.whose import PARAMETER
from dashboards.context import Context
from dashboards.overview import councils
from pipelines.registry.council import Council

PAGE = "overview"


def choose(page: Context) -> Council:
    """The council chosen; no control where there is one only."""
    known = {found.la_code: found for found in councils(page)}
    if len(known) == 1:
        return page.home
    address = view_state.arrived(PAGE)
    if address is not None:
        code = view_state.one_of(address.get(PARAMETER), list(known), page.home.la_code)
        view_state.preset("overview_council", code)
    picked = st.segmented_control(
        "Whose position",
        list(known),
        format_func=lambda code: known[code].name,
        required=True,
        key="overview_council",
    )
    chosen = known[str(picked)]
    is_home = chosen.la_code == page.home.la_code
    view_state.write(PAGE, {PARAMETER: "" if is_home else chosen.la_code})
    return chosen
