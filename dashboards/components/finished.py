"""Finished pieces of pages, kept: a release never changes, so a chart is drawn once for all.

What is kept is shared by every reader of the same release, role and colours, so nobody may change
it, and nothing that is kept may look at the clock, at the reader or at the address. The day of
reading is part of every key, and so is the role: a piece that shows rows of cases is as safe as the
queries under it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import streamlit as st

from dashboards.context import Context

# A figure takes some tens of kilobytes: the charts that are looked at now.
_ENTRIES = 100

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def finished(make: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """Keep what a function makes of a release; its first argument is the context.

    An argument whose name begins with an underscore is no part of the key: the others must settle
    what it is. Not for a function that draws.
    """
    kept: Callable[_Given, _Made] = st.cache_resource(
        show_spinner=False, max_entries=_ENTRIES, hash_funcs={Context: Context.identity}
    )(make)
    return kept
