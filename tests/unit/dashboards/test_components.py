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


def test_a_revised_figure_is_named_by_its_line_and_period() -> None:
    frame = pd.DataFrame(
        {
            "line": ["Ourshire", "Ourshire", "England", "England"],
            "period": ["2024", "2025", "2024", "2025"],
            "period_label": ["2024", "2025", "2024", "2025"],
            "symbol": [None, "c", None, None],
            "is_revised": [False, False, True, None],
        }
    )
    missing, revised = states.symbols_of(frame)
    assert missing.startswith("[c] confidential")
    assert revised.startswith("[r] revised (England 2024): a later release")
    whole = frame.assign(is_revised=[True, False, True, False])
    assert states.symbols_of(whole)[1].startswith("[r] revised (2024): ")
    assert states.symbols_of(frame.assign(is_revised=False)) == (missing,)


def test_many_revised_periods_are_counted_between_their_ends() -> None:
    years = [str(year) for year in range(2019, 2024)]
    frame = pd.DataFrame(
        {"line": "A", "period": years, "period_label": years, "symbol": None, "is_revised": True}
    )
    assert "(5 periods from 2019 to 2023)" in states.symbols_of(frame)[1]
