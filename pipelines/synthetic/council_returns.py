"""What the county writes itself: early support, places, posts, training, advice and spend.

The columns are those of data/reference/sources/council.yml, the sizes those of services.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.settings import PROJECT_ROOT
from pipelines.synthetic.collect import TableFile
from pipelines.synthetic.county import County
from pipelines.synthetic.draw import Days, between, day, iso, no_days, working_day
from pipelines.synthetic.early_support import child, early_support
from pipelines.synthetic.margins import shares
from pipelines.synthetic.people import People
from pipelines.synthetic.schools import OWN_LA
from pipelines.synthetic.services import Services, services

Columns = dict[str, Any]

ADVICE_DAYS = 42
# Part of the advice that comes in six weeks: before the team of September 2025 came, and since.
ADVICE_IN_TIME_SHARE, WITH_TEAM_SHARE = 0.45, 0.8
TEAM_SINCE = "2025-09-01"
FILLED_SHARE = 0.84
# From the decision after a review to the final amended plan: eight weeks by law.
AMENDING_DAYS, AMENDED_YEARS, NEVER_AMENDED_SHARE = (20, 80), 2, 0.06


@dataclass(frozen=True)
class Told:
    """What the returns are written from. supported: pupils with SEN support and no plan."""

    county: County
    services: Services
    supported: People
    on: np.datetime64


def write_returns(county: County, supported: People, folder: Path, on: np.datetime64) -> list[Path]:
    """One CSV for each return, as on a day. supported: pupils with SEN support and no plan."""
    rng = np.random.default_rng((county.seed, 5))
    paths = []
    for name, make in RETURNS.items():
        columns = make(rng, Told(county, services(PROJECT_ROOT), supported, on))
        count = len(next(iter(columns.values())))
        path = folder / f"{name}.csv"
        target = TableFile(path)
        shared = {"la_code": np.full(count, OWN_LA), "reference_date": np.full(count, str(on))}
        target.write(shared | _printed(columns))
        target.close()
        paths.append(path)
    return paths


def _printed(columns: Columns) -> Columns:
    return {
        name: iso(values) if values.dtype.kind == "M" else values.astype(str)
        for name, values in columns.items()
    }


def _years_before(on: np.datetime64, years: int) -> np.datetime64:
    found: np.datetime64 = on - 365 * years
    return found


def _early_support(rng: np.random.Generator, of: Told) -> Columns:
    """Support before a request; the columns in the order of the template."""
    return early_support(rng, of.county, of.supported, of.on)


def _place(_: np.random.Generator, of: Told) -> Columns:
    """Places by scheme: open, funded, planned, given up."""
    schemes = of.services.schemes
    planned = np.array([item.day for item in schemes], dtype="datetime64[D]")
    states = np.array([item.status for item in schemes])
    return {
        "place_scheme": np.array([item.name for item in schemes]),
        "urn": np.array([_urn(of.county, item.setting) for item in schemes]),
        "provision_kind": np.array([item.kind for item in schemes]),
        "school_phase": np.array([item.phase for item in schemes]),
        "place_status": states,
        "place_count": np.array([item.places for item in schemes]),
        "planned_open_date": planned,
        "open_date": np.where(states == "delivered", planned, no_days(len(schemes))),
        "plan_action": np.array([item.action for item in schemes]),
    }


def _urn(county: County, placement: str) -> str:
    """The first setting of the county under this column of the caseload."""
    known = county.schools
    found = np.flatnonzero((known.placement == placement) & (known.la_code == OWN_LA))
    return str(known.urn[found[0]]) if len(found) else ""


def _workforce_post(rng: np.random.Generator, of: Told) -> Columns:
    """Posts by role, some not filled; those of the team are whole, and end with its work."""
    posts = [item for item in of.services.posts for _ in range(item.count)]
    count = len(posts)
    first = np.array([item.first for item in posts], dtype="datetime64[D]")
    in_team = ~np.isnat(first)
    share = np.array(["1", "0.8", "0.6"])[rng.integers(0, 3, count)]
    began = _any_days(rng, count, _years_before(of.on, 5), day(TEAM_SINCE) - 30)
    return {
        "post_code": np.array([f"P-{number:03d}" for number in range(1, count + 1)]),
        "staff_role": np.array([item.role for item in posts]),
        "staff_team": np.array([item.team for item in posts]),
        "full_time_equivalent": np.where(in_team, "1", share),
        "post_start_date": np.where(in_team, first, began),
        "post_end_date": np.array([item.last for item in posts], dtype="datetime64[D]"),
        "is_filled": (in_team | (rng.random(count) < FILLED_SHARE)).astype(np.int64),
    }


def _training(rng: np.random.Generator, of: Told) -> Columns:
    """The sessions before the enhanced approach began, then courses over two years."""
    known, held = of.services.enhanced_training, of.services.courses_held
    weights = dict(enumerate(rng.integers(5, 9, known.sessions).tolist()))
    came = [list(shares(weights, total).values()) for total in known.people.values()]
    first = _days(rng, np.datetime64(known.first), np.datetime64(known.last), known.sessions)
    courses = np.repeat(list(of.services.courses), held)
    days = rng.permutation(_days(rng, _years_before(of.on, 2), of.on, len(courses)))
    sessions = known.sessions * len(known.people)
    roles = np.repeat(list(known.people), known.sessions)
    return {
        "course": np.concatenate([np.full(sessions, known.course), courses]),
        "staff_role": np.concatenate([roles, np.repeat(list(of.services.courses.values()), held)]),
        "held_date": np.concatenate([np.tile(first, len(known.people)), days]),
        "people_count": np.concatenate([np.ravel(came), rng.integers(8, 45, len(courses))]),
        "plan_action": np.full(sessions + len(courses), "train-staff"),
    }


def _days(rng: np.random.Generator, first: np.datetime64, last: np.datetime64, count: int) -> Days:
    """So many different working days, in order."""
    days = np.arange(first, last)
    return np.sort(rng.choice(days[working_day(days) == days], count, replace=False))


def _ep_advice(rng: np.random.Generator, of: Told) -> Columns:
    """A psychologist's advice for every assessment since two years; late for many until autumn."""
    county, on = of.county, of.on
    decided = county.requests.decided
    agreed = (county.requests.decision == "Y") & (decided > _years_before(on, 2)) & (decided < on)
    places = np.flatnonzero(agreed)
    count = len(places)
    asked = working_day(np.minimum(decided[places] + rng.integers(1, 8, count), on))
    due = asked + ADVICE_DAYS
    share = np.where(asked >= day(TEAM_SINCE), WITH_TEAM_SHARE, ADVICE_IN_TIME_SHARE)
    in_time = rng.random(count) < share
    waited = np.where(in_time, rng.integers(20, 43, count), rng.integers(45, 130, count))
    came: Days = working_day(asked + waited)
    # No plan is issued without the advice.
    ended = county.assessed.ended[places]
    before = np.where(np.isnat(ended), came, np.maximum(np.minimum(came, ended - 10), asked))
    return child(county.people, county.person_of_request[places], on) | {
        "advice_kind": np.full(count, "educational_psychology"),
        "requested_date": asked,
        "due_date": due,
        "received_date": np.where(before <= on, before, no_days(count)),
    }


def _amended_plan(rng: np.random.Generator, of: Told) -> Columns:
    """Final amended plans of the last two years' reviews; those not sent yet are empty."""
    county, on = of.county, of.on
    parts = []
    for item in county.reviews[-AMENDED_YEARS:]:
        places = np.flatnonzero((item.outcome == "A") & (item.decision <= on))
        sent = item.decision[places] + rng.integers(*AMENDING_DAYS, len(places))
        parts.append((county.plans.person[places], item.meeting[places], working_day(sent)))
    who, meeting, final = (np.concatenate(values) for values in zip(*parts, strict=True))
    lost = rng.random(len(who)) < NEVER_AMENDED_SHARE
    return child(county.people, who, on) | {
        "review_meeting_date": meeting,
        "amended_plan_date": np.where((final <= on) & ~lost, final, no_days(len(who))),
    }


def _spend(rng: np.random.Generator, of: Told) -> Columns:
    """Planned by month to the end of the financial year, spent up to the last month."""
    rows = [
        (line.action, line.name, str(month), line.monthly_gbp)
        for line in of.services.budget
        for month in np.arange(line.first, np.datetime64(line.last) + 1, dtype="datetime64[M]")
    ]
    actions, names, months, planned = (np.array(values) for values in zip(*rows, strict=True))
    spent = np.char.mod("%.2f", planned.astype(np.float64) * rng.normal(1.02, 0.05, len(rows)))
    is_closed = months.astype("datetime64[M]") < of.on.astype("datetime64[M]")
    order = np.lexsort((names, months))
    columns = {
        "plan_action": actions,
        "budget_line": names,
        "period": months,
        "planned_gbp": planned,
        "actual_gbp": np.where(is_closed, spent, ""),
    }
    return {name: values[order] for name, values in columns.items()}


def _any_days(
    rng: np.random.Generator, count: int, first: np.datetime64, last: np.datetime64
) -> Days:
    return working_day(between(rng, np.full(count, first), np.full(count, last)))


RETURNS: Mapping[str, Callable[[np.random.Generator, Told], Columns]] = {
    "early_support": _early_support,
    "place": _place,
    "workforce_post": _workforce_post,
    "training": _training,
    "ep_advice": _ep_advice,
    "amended_plan": _amended_plan,
    "spend": _spend,
}
