"""The columns of the tables about the backlog, in order; their meaning: sql/fields.yml."""

from __future__ import annotations

COLUMNS = {
    "marts.backlog_forecast": (
        *(
            "la_code",
            "scenario",
            "scenario_title",
            "is_being_done",
            "is_size_assumed",
            "work_order",
        ),
        *("queue_date", "open_count", "overdue_count"),
        *("history_from", "history_weeks", "ready_weeks", "is_estimated"),
        *("arrivals_a_week", "completions_a_week", "queue_load"),
        *("target_queue", "relief_weeks", "relief_capacity"),
        *("clear_date_p10", "clear_date_p50", "clear_date_p90", "never_share", "back_share"),
        *("goal", "milestone", "goal_date", "chance", "needed_capacity"),
        *("run_count", "horizon_weeks", "seed", "stray_a_week", "forecast_note"),
    ),
    "marts.backlog_week": (
        *("la_code", "scenario", "work_order", "week_number", "week_end", "goal_share"),
        *("overdue_p10", "overdue_p50", "overdue_p90"),
        *("open_p10", "open_p50", "open_p90"),
        *("on_time_pct_p10", "on_time_pct_p50", "on_time_pct_p90"),
        *("finished_p10", "finished_p50", "finished_p90"),
        *("late_finished_p10", "late_finished_p50", "late_finished_p90"),
    ),
    "marts.backlog_test": (
        *("la_code", "work_order", "queue_date", "target_date", "months_ahead"),
        *("overdue_count", "overdue_p10", "overdue_p50", "overdue_p90", "actual_count"),
        *("on_time_pct_p10", "on_time_pct_p50", "on_time_pct_p90", "actual_on_time_pct"),
    ),
}
