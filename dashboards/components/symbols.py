"""The legend of the symbols, the same on every page that has one."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.components import html


def symbols_table() -> None:
    """Each symbol with its meaning."""
    rows = [(f"[{symbol}]", words) for symbol, words in formats.SYMBOLS.items()]
    frame = pd.DataFrame(rows, columns=["Symbol", "Meaning"])
    st.html(html.table(frame, "Symbols in the figures", is_caption_shown=False))
