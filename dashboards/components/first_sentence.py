"""What a page found, in its first sentence, drawn before anything else.

The framework fetches the code for HTML when a page first needs it, and then shows what waited for
it a third of a second later; a plain text is there with the heading.
"""

from __future__ import annotations

import streamlit as st

KEY = "sm-lead"


def first_sentence(said: str, then: str = "") -> None:
    """The leading sentence of a page, as plain text: nothing in it is read as markup.

    then: HTML that goes on from it; empty where there is none.
    """
    with st.container(key=KEY):
        st.text(said)
    if then:
        st.html(then)
