"""Whose figures a page shows: the home council's and, in a sample, the sample county's.

Outside a sample there is one council, and no control.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboards.components import view_state
from dashboards.context import Context
from dashboards.overview import councils
from pipelines.registry.council import Council

PARAMETER = "council"


def whose(
    page: Context,
    address: Mapping[str, str] | None,
    stem: str,
    *,
    is_published_first: bool = False,
) -> Council:
    """The council chosen; the one with case rows stands first. address: of a link just followed.

    stem: the page's name, which keeps its widget apart from other pages'.
    is_published_first: for the page that outsiders open: it opens with published figures. The
    order of the control is the same on every page.
    """
    offered = {council.la_code: council for council in reversed(councils(page))}
    if len(offered) == 1:
        return page.home
    first = page.home.la_code if is_published_first else next(iter(offered))
    key = f"{stem}_council"
    if address is not None:
        asked = view_state.one_of(address.get(PARAMETER), list(offered), first)
        view_state.preset(key, asked)
    chosen = st.segmented_control(
        "Figures of",
        list(offered),
        format_func=lambda code: offered[code].name,
        required=True,
        key=key,
    )
    return offered[chosen or first]


def in_address(page: Context, council: Council) -> dict[str, str]:
    """The choice as a parameter of the address; nothing where there is none."""
    return {PARAMETER: council.la_code} if len(councils(page)) > 1 else {}
