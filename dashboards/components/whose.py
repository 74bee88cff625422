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


def whose(page: Context, address: Mapping[str, str] | None, stem: str) -> Council:
    """The council chosen, the one with case rows first. address: of a link just followed.

    stem: the page's name, which keeps its widget apart from other pages'.
    """
    offered = {council.la_code: council for council in reversed(councils(page))}
    if len(offered) == 1:
        return page.home
    first, key = next(iter(offered)), f"{stem}_council"
    if address is not None:
        asked = view_state.one_of(address.get(PARAMETER), list(offered), first)
        view_state.preset(key, asked)
    chosen = st.segmented_control(
        "Figures of",
        list(offered),
        format_func=lambda code: _words(page, offered[code]),
        required=True,
        key=key,
    )
    return offered[chosen or first]


def in_address(page: Context, council: Council) -> dict[str, str]:
    """The choice as a parameter of the address; nothing where there is none."""
    return {PARAMETER: council.la_code} if len(councils(page)) > 1 else {}


def _words(page: Context, council: Council) -> str:
    is_published = council.la_code == page.home.la_code
    kind = "as published by the DfE" if is_published else "invented, with case rows"
    return f"{council.name} ({kind})"
