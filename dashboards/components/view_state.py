"""Filters that live in the address: a link restores the view, a change of filter changes the link.

Streamlit can bind a widget to the address by itself, but then writes the option's label; ours
writes codes that stay the same when a name changes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from dashboards import role

FIRST_PAGE = "overview"
_WRITTEN = "view_state_written"


def arrived(page: str) -> Mapping[str, str] | None:
    """The address's parameters when a link has just been followed, None on our own reruns.

    page: a name, so that two pages with the same parameter do not mix.
    """
    address = dict(st.query_params)
    if st.session_state.get(_WRITTEN) == (page, address):
        return None
    return address


def write(page: str, values: Mapping[str, str]) -> None:
    """Put the filters and the reader's role into the address; empty ones are left out."""
    kept = {name: value for name, value in values.items() if value} | role.in_address()
    if dict(st.query_params) != kept:
        st.query_params.from_dict(kept)
    st.session_state[_WRITTEN] = (page, kept)


def write_part(page: str, names: Collection[str], values: Mapping[str, str]) -> None:
    """Put the filters of one part of a page into the address; the other parts' stay as they are.

    names: of all parameters of the part.
    """
    asked = dict(st.query_params)
    write(page, {name: asked[name] for name in asked if name not in names} | dict(values))


def address(page: str, **values: str) -> str:
    """The address of a page for this reader's role, with filters: a link's href, to be escaped.

    The first page is the root and has no name of its own.
    """
    place = "./" if page == FIRST_PAGE else page
    asked = urlencode({name: value for name, value in values.items() if value} | role.in_address())
    return f"{place}?{asked}" if asked else place


def keep_role() -> None:
    """Put the reader's role into the address of a page that has no filter of its own."""
    asked = dict(st.query_params)
    others = {name: value for name, value in asked.items() if name != role.PARAMETER}
    if asked != others | role.in_address():
        st.query_params.from_dict(others | role.in_address())


def preset(key: str, value: object) -> None:
    """The state of a widget before it is drawn."""
    st.session_state[key] = value


def keep_valid(key: str, options: Sequence[object], fallback: object) -> None:
    """Make sure that a widget's state is one of its options."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = fallback


def one_of(value: str | None, options: Sequence[str], fallback: str) -> str:
    """A parameter that may be wrong, or old: the fallback where it is no option."""
    return value if value is not None and value in options else fallback


def several_of(value: str | None, options: Sequence[str], most: int) -> list[str]:
    """A comma-separated parameter, its unknown parts left out."""
    known = [part for part in (value or "").split(",") if part in options]
    return list(dict.fromkeys(known))[:most]
