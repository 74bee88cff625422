"""Tables, states and links: what they say, and that nothing from data can become markup."""

from __future__ import annotations

import pandas as pd

from dashboards.components import html, states, view_state


def test_a_table_escapes_its_cells_and_heads_rows_and_columns() -> None:
    frame = pd.DataFrame({"Area": ["<script>x</script>"], "Value": [None]})
    text = html.table(frame, 'A "caption" & more', ("Value",))
    assert "<script>" not in text
    assert '<th scope="row">&lt;script&gt;' in text
    assert '<td class="sm-number"></td>' in text
    assert 'aria-label="A &quot;caption&quot; &amp; more"' in text


def test_paragraphs_leave_out_what_is_empty() -> None:
    assert html.paragraphs("a<b", "", css="note") == '<p class="note">a&lt;b</p>'


def test_symbols_are_explained_once_each() -> None:
    line = states.symbols_line(["x", "x", "c", "unheard-of"])
    assert line.count("[x]") == 1
    assert "[c] confidential" in line
    assert "unheard-of" not in line


def test_a_wrong_or_old_link_falls_back() -> None:
    assert view_state.one_of("gone", ["a", "b"], "a") == "a"
    assert view_state.one_of(None, ["a", "b"], "b") == "b"
    assert view_state.several_of("b,zz,a,b", ["a", "b"], 5) == ["b", "a"]
    assert view_state.several_of("a,b,c", ["a", "b", "c"], 2) == ["a", "b"]
    assert view_state.several_of("none", ["a"], 5) == []
