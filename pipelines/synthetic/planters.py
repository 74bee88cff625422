"""The faults one by one: how each is written into a return, and how often.

A planter takes records in which its fault moves no total that binds, and says in which module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pipelines.ingest.modules import PARENT, RECORD
from pipelines.synthetic.draw import Flags, Places, iso
from pipelines.synthetic.fault_pages import Pages
from pipelines.synthetic.people import ALPHABET, UPN_PLACES
from pipelines.synthetic.schools import OWN_LA

Planter = Callable[[np.random.Generator, Pages, float], tuple[str, Places]]


def _set(pages: Pages, module: str, column: str, places: Places, value: Any) -> None:
    pages.column(module, column)[places] = value


# ---- the child ---------------------------------------------------------------------------------


def _birth_date_unreadable(
    rng: np.random.Generator, pages: Pages, share: float
) -> tuple[str, Places]:
    places = pages.take(rng, "person", pages.texts("person", "uln") == "", share)
    dates = pages.texts("person", "birth_date")[places]
    _set(
        pages,
        "person",
        "birth_date",
        places,
        np.char.add(np.array([d[:4] for d in dates]), "-13-45"),
    )
    return "person", places


def _ethnicity_missing(rng: np.random.Generator, pages: Pages, share: float) -> tuple[str, Places]:
    places = pages.take(rng, "person", pages.texts("person", "ethnicity") != "", share)
    _set(pages, "person", "ethnicity", places, None)
    return "person", places


def _postcode_malformed(rng: np.random.Generator, pages: Pages, share: float) -> tuple[str, Places]:
    places = pages.take(rng, "person", pages.texts("person", "postcode") != "", share)
    codes = pages.texts("person", "postcode")[places]
    _set(pages, "person", "postcode", places, np.array([code[:-2] for code in codes]))
    return "person", places


def _upn_letter_wrong(rng: np.random.Generator, pages: Pages, share: float) -> tuple[str, Places]:
    places = pages.take(rng, "person", pages.texts("person", "upn") != "", share)
    upns = pages.texts("person", "upn")[places]
    at = np.searchsorted(ALPHABET, np.array([upn[0] for upn in upns]))
    letters = ALPHABET[(at + 1) % len(ALPHABET)]
    _set(pages, "person", "upn", places, np.char.add(letters, np.array([upn[1:] for upn in upns])))
    return "person", places


def _upn_temporary(rng: np.random.Generator, pages: Pages, share: float) -> tuple[str, Places]:
    """A letter in the last place, which counts by its number like a digit."""
    places = pages.take(rng, "person", pages.texts("person", "upn") != "", share)
    upns = pages.texts("person", "upn")[places]
    body = np.array([[int(digit) for digit in upn[1:12]] for upn in upns]).reshape(len(upns), 11)
    last = rng.integers(0, len(ALPHABET), len(upns))
    total = (body * UPN_PLACES[:-1]).sum(axis=1) + last * UPN_PLACES[-1]
    first = ALPHABET[total % len(ALPHABET)]
    middle = np.array([upn[1:12] for upn in upns], dtype="U11")
    _set(pages, "person", "upn", places, np.char.add(np.char.add(first, middle), ALPHABET[last]))
    return "person", places


def _upn_twice(rng: np.random.Generator, pages: Pages, share: float) -> tuple[str, Places]:
    """A child that has another child's number; both records show it."""
    places = pages.take(rng, "person", pages.texts("person", "upn") != "", share)
    places = places[: len(places) // 2 * 2]
    half = len(places) // 2
    upns = pages.texts("person", "upn")
    _set(pages, "person", "upn", places[half:], upns[places[:half]])
    return "person", places


def _no_number(rng: np.random.Generator, pages: Pages, share: float) -> tuple[str, Places]:
    young = pages.texts("person", "upn_unknown") != ""
    places = pages.take(rng, "person", young, share)
    _set(pages, "person", "upn_unknown", places, None)
    return "person", places


def _number_and_reason(rng: np.random.Generator, pages: Pages, share: float) -> tuple[str, Places]:
    places = pages.take(rng, "person", pages.texts("person", "upn") != "", share)
    _set(pages, "person", "upn_unknown", places, "UN5")
    return "person", places


# ---- request and assessment --------------------------------------------------------------------


def _uncounted(pages: Pages) -> Flags:
    """Requests decided before the period whose dates no total counts.

    Their assessment goes on or was withdrawn, or there was mediation or a tribunal about them.
    """
    assessments = pages.tables["assessment"]
    without_plan = np.isin(pages.texts("assessment", "assessment_outcome"), ["A", "W"])
    marked = np.zeros(len(pages.tables["request"][RECORD]), dtype=np.bool_)
    marked[assessments[PARENT][without_plan] - 1] = True
    for flag in ("has_request_mediation", "has_request_tribunal"):
        marked |= pages.texts("request", flag) == "1"
    begins = f"{pages.year - 1}-01-01"
    agreed = np.isin(pages.texts("request", "request_outcome"), ["Y", "N"])
    decided = pages.texts("request", "request_outcome_date")
    found: Flags = marked & agreed & (decided != "") & (decided < begins)
    return found


def _received_missing(rng: np.random.Generator, pages: Pages, share: float) -> tuple[str, Places]:
    places = pages.take(rng, "request", _uncounted(pages), share)
    _set(pages, "request", "received_date", places, None)
    return "request", places


def _decision_missing(rng: np.random.Generator, pages: Pages, share: float) -> tuple[str, Places]:
    places = pages.take(rng, "request", _uncounted(pages), share)
    _set(pages, "request", "request_outcome_date", places, None)
    return "request", places


def _decision_before(rng: np.random.Generator, pages: Pages, share: float) -> tuple[str, Places]:
    places = pages.take(rng, "request", _uncounted(pages), share)
    received = pages.texts("request", "received_date")[places].astype("datetime64[D]")
    _set(pages, "request", "request_outcome_date", places, iso(received - 3))
    return "request", places


# ---- the plan ----------------------------------------------------------------------------------


def _start_of_a_statement(
    rng: np.random.Generator, pages: Pages, share: float
) -> tuple[str, Places]:
    old = pages.texts("named_plan", "start_date") < "2016-01-01"
    places = pages.take(rng, "named_plan", old, share)
    _set(pages, "named_plan", "start_date", places, "2014-06-16")
    return "named_plan", places


def _cease_reason_missing(
    rng: np.random.Generator, pages: Pages, share: float
) -> tuple[str, Places]:
    ceased = pages.texts("named_plan", "cease_date") != ""
    places = pages.take(rng, "named_plan", ceased, share)
    _set(pages, "named_plan", "cease_reason", places, None)
    return "named_plan", places


def _arrangement_without_budget(
    rng: np.random.Generator, pages: Pages, share: float
) -> tuple[str, Places]:
    without = pages.texts("named_plan", "has_personal_budget") == "0"
    places = pages.take(rng, "named_plan", without, share)
    _set(pages, "named_plan", "has_organised_arrangement", places, "1")
    return "named_plan", places


def _named_setting_empty(
    rng: np.random.Generator, pages: Pages, share: float
) -> tuple[str, Places]:
    with_urn = pages.texts("plan_detail", "urn") != ""
    places = pages.take(rng, "plan_detail", with_urn, share)
    _set(pages, "plan_detail", "urn", places, None)
    return "plan_detail", places


def _named_setting_twice(
    rng: np.random.Generator, pages: Pages, share: float
) -> tuple[str, Places]:
    with_urn = pages.texts("plan_detail", "urn") != ""
    places = pages.take(rng, "plan_detail", with_urn, share)
    _set(pages, "plan_detail", "sen_setting", places, "OLA")
    return "plan_detail", places


# ---- placement, need, review -------------------------------------------------------------------


def _indicator_missing(rng: np.random.Generator, pages: Pages, share: float) -> tuple[str, Places]:
    plain = pages.texts("placement_detail", "is_sen_unit") == "0"
    plain &= pages.texts("placement_detail", "is_resourced_provision") == "0"
    places = pages.take(rng, "placement_detail", plain, share)
    _set(pages, "placement_detail", "is_sen_unit", places, None)
    return "placement_detail", places


def _other_text_missing(rng: np.random.Generator, pages: Pages, share: float) -> tuple[str, Places]:
    other = pages.texts("placement_detail", "sen_setting_other") != ""
    places = pages.take(rng, "placement_detail", other, share)
    _set(pages, "placement_detail", "sen_setting_other", places, None)
    return "placement_detail", places


def _entry_before_birth(rng: np.random.Generator, pages: Pages, share: float) -> tuple[str, Places]:
    entered = pages.texts("placement_detail", "entry_date") != ""
    places = pages.take(rng, "placement_detail", entered, share)
    dates = pages.texts("placement_detail", "entry_date")[places]
    years = np.array([str(int(date[:4]) - 30) + date[4:] for date in dates])
    _set(pages, "placement_detail", "entry_date", places, years)
    return "placement_detail", places


def need_missing(rng: np.random.Generator, pages: Pages, share: float) -> tuple[str, Places]:
    """Needs that stand alone; taking them out leaves the plan without any."""
    parents = pages.tables["sen_need"][PARENT]
    _, inverse, counts = np.unique(parents, return_inverse=True, return_counts=True)
    return "sen_need", pages.take(rng, "sen_need", counts[inverse] == 1, share)


def _need_unknown(rng: np.random.Generator, pages: Pages, share: float) -> tuple[str, Places]:
    second = pages.texts("sen_need", "sen_type_rank") == "2"
    places = pages.take(rng, "sen_need", second, share)
    _set(pages, "sen_need", "sen_type", places, "ADHD")
    return "sen_need", places


def _review_equals_meeting(
    rng: np.random.Generator, pages: Pages, share: float
) -> tuple[str, Places]:
    """Only where the decision was in time, so that it stays in time."""
    meeting = pages.texts("active_plan", "review_meeting_date")
    decision = pages.texts("active_plan", "last_review_date")
    both = (meeting != "") & (decision != "")
    days = np.full(len(both), 10**6)
    apart = decision[both].astype("datetime64[D]") - meeting[both].astype("datetime64[D]")
    days[both] = apart.astype(np.int64)
    draft = pages.texts("active_plan", "review_draft_date")
    places = pages.take(rng, "active_plan", both & (days <= 28) & (draft == ""), share)
    _set(pages, "active_plan", "last_review_date", places, meeting[places])
    return "active_plan", places


def _own_authority(rng: np.random.Generator, pages: Pages, share: float) -> tuple[str, Places]:
    moved = pages.texts("active_plan", "transfer_la_code") != ""
    places = pages.take(rng, "active_plan", moved, share)
    _set(pages, "active_plan", "transfer_la_code", places, OWN_LA)
    return "active_plan", places


def _due_on_another_day(rng: np.random.Generator, pages: Pages, share: float) -> tuple[str, Places]:
    due = pages.texts("active_plan", "phase_transfer_due_date")
    final = pages.texts("active_plan", "phase_transfer_final_date")
    places = pages.take(rng, "active_plan", (due != "") & (final == ""), share)
    _set(
        pages,
        "active_plan",
        "phase_transfer_due_date",
        places,
        iso(due[places].astype("datetime64[D]") + 1),
    )
    return "active_plan", places


# Rule -> first return year, share of the module's records, planter.
PLANTERS: Mapping[str, tuple[int, float, Planter]] = {
    "PER-02": (2023, 0.0002, _birth_date_unreadable),
    "PER-04": (2023, 0.0015, _ethnicity_missing),
    "PER-06": (2023, 0.003, _postcode_malformed),
    "PER-07": (2023, 0.002, _upn_letter_wrong),
    "PER-08": (2023, 0.002, _upn_temporary),
    "PER-14": (2023, 0.0008, _upn_twice),
    "PER-10": (2023, 0.0005, _no_number),
    "PER-11": (2023, 0.0005, _number_and_reason),
    "REQ-02": (2023, 0.0007, _received_missing),
    "REQ-04": (2023, 0.0007, _decision_missing),
    "REQ-06": (2023, 0.0007, _decision_before),
    "PLN-15": (2023, 0.0005, _start_of_a_statement),
    "PLN-03": (2023, 0.0003, _cease_reason_missing),
    "PLN-10": (2023, 0.0005, _arrangement_without_budget),
    "SET-01": (2023, 0.001, _named_setting_empty),
    "SET-02": (2023, 0.001, _named_setting_twice),
    "SET-07": (2023, 0.01, _indicator_missing),
    "SET-15": (2023, 0.001, _other_text_missing),
    "ACT-06": (2023, 0.001, _entry_before_birth),
    "ACT-08": (2023, 0.0005, _need_unknown),
    "ACT-13": (2024, 0.004, _review_equals_meeting),
    "ACT-09": (2023, 0.0002, _own_authority),
    "ACT-18": (2025, 0.0006, _due_on_another_day),
}
