"""Where `send dashboard` starts: navigation, the state of the release, the page, the footer."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import streamlit as st

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:
    # Streamlit puts this file's folder on the path; the packages lie one folder up.
    sys.path.insert(0, str(HERE.parent))

from dashboards import context, role  # noqa: E402
from dashboards.components import states, view_state  # noqa: E402
from dashboards.components.footer import footer  # noqa: E402
from dashboards.serving.rules import ONLY_FOR  # noqa: E402
from pipelines.errors import SendError  # noqa: E402

# In the order of the list; the address of a page is its name.
PAGES = {
    "overview": "Overview",
    "delivery_plan": "Delivery plan",
    "demand": "Demand",
    "timeliness": "Timeliness and backlog",
    "placements": "Placements and inclusion",
    "early_support": "Early support",
    "compare": "Compare",
    "statements": "Statements checked",
    "data_quality": "Data quality",
    "evidence": "Evidence",
    "about": "About the measures",
}


def navigation(reader: role.Role) -> st.Page:
    """The pages that the reader's role may open; the first one opens.

    One plain list: sections would put a heading inside the list of links, which a screen reader
    cannot make sense of.
    """
    pages = [
        st.Page(
            HERE / "views" / f"{name}.py", title=title, url_path=name, default=name == "overview"
        )
        for name, title in PAGES.items()
        if reader in ONLY_FOR.get(name, frozenset(role.Role))
    ]
    return st.navigation(pages)


def show(page: st.Page) -> None:
    """The page over the current release, or what stands in its way."""
    found = context.load()
    if found is None:
        states.empty()
        return
    states.sample_banner(found)
    if not found.measures:
        states.without_figures()
        return
    states.stale_banner(found)
    page.run()
    view_state.keep_role()
    footer(found)


@st.cache_resource(show_spinner=False)
def settle_memory(page: str) -> None:
    """Once a page, after its first run: what it imported is never looked through for garbage again.

    While garbage is collected nothing else goes on, not even the sending of a page, and nearly all
    that is looked through is modules that live for ever.

    page: the name, because each page brings modules of its own.
    """
    gc.collect()
    gc.freeze()


st.set_page_config(page_icon=str(HERE / "assets" / "mark.svg"), layout="wide")
st.logo(str(HERE / "assets" / "wordmark.svg"), size="large")
st.html(HERE / "style.css")
if st.context.theme.type == "dark":
    st.html(HERE / "style_dark.css")
chosen = navigation(role.choice())
st.set_page_config(page_title=f"{chosen.title} - SEND Monitor")
try:
    show(chosen)
    settle_memory(chosen.title)
except SendError as error:
    states.problem(error)
