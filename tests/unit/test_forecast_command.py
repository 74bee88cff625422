"""What `send forecast` says below its tables: each sentence once, and of every row that has one."""

from __future__ import annotations

from typing import Any

import pytest

from commands.forecast import _print_backlog, _print_values

NOTE = "The scenario shows the difference that an action makes."


def answer(order: str, note: str) -> dict[str, Any]:
    """A row of the backlog's document, as far as the table needs it."""
    return {
        "scenario_title": "As in the past year",
        "is_being_done": True,
        "work_order": order,
        "clear_date": {"p10": None, "p50": None, "p90": None},
        "never_share": 1.0,
        "chance": None,
        "needed_capacity": None,
        "queue_load": 1.0,
        "forecast_note": note,
    }


def test_each_order_of_work_has_its_record_below_the_table_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    notes = {"oldest_first": "Oldest first, it held 85%.", "newest_first": "Newest first, 29%."}
    inputs = {
        "overdue_count": 3,
        "open_count": 9,
        "queue_date": "2026-01-31",
        "history_weeks": 52,
        "history_from": "2025-02-03",
    }
    answers = [answer(order, note) for order, note in notes.items() for _ in range(2)]
    _print_backlog({"inputs": inputs, "answers": answers})
    said = capsys.readouterr().err
    assert [said.count(note) for note in notes.values()] == [1, 1]


def test_the_caseload_says_of_which_measure_the_scenarios_are_no_forecast(
    capsys: pytest.CaptureFixture[str],
) -> None:
    forecasts = [
        {
            "kpi": "plans_maintained",
            "forecast_basis": "matched_returns",
            "why_not": None,
            "values": [
                {
                    "period": "2027-01",
                    "value_p10": 1.0,
                    "value_p50": 2.0,
                    "value_p90": 3.0,
                    "forecast_model": "same as last year",
                }
            ],
        }
    ]
    scenarios = [
        {"kpi": kpi, "forecast_note": note}
        for kpi, note in [("plans_maintained", NOTE), ("mainstream_share", None)]
        for _ in range(3)
    ]
    _print_values({"forecasts": forecasts, "scenarios": scenarios})
    said = capsys.readouterr().err
    assert said.count(NOTE) == 1
    assert "Scenarios of plans_maintained" in said
    assert "mainstream_share" not in said
    _print_values({"forecasts": forecasts})
    assert "Scenarios" not in capsys.readouterr().err
