"""The chance of each milestone if its queue goes on as in the past year, for every reader."""

from __future__ import annotations

from dashboards.queries.frozen import Key, cached, frame_of, records


@cached
def chances_as_now(key: Key, la_code: str) -> dict[str, float]:
    """By milestone as it stands, where its chance takes a declared course of action to hold.

    Empty for a release from before it was kept: it never changes, and shows the rest of its plan.
    """
    found = records(
        frame_of(
            key,
            # Every column, because an older release has one less.
            "select * from marts.plan_status where la_code = ? and plan_version = 'current'",
            (la_code,),
        )
    )
    stated = {row["milestone"]: row.get("chance_as_now") for row in found}
    return {name: float(chance) for name, chance in stated.items() if chance is not None}
