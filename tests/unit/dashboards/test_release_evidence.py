"""What the page Evidence says of a release: true for any release, with a record and without."""

from __future__ import annotations

from typing import Any

import pytest

from dashboards.words import release_evidence as words
from pipelines.release.diff_why import Why

APPROVAL = {
    "approved_by": "strategy officer",
    "at": "2026-11-20T10:00:00+00:00",
    "reason": "Checked with the service.",
    "gates": [{"name": "files", "passed": True, "found": ""}] * 6,
}
INPUTS: dict[str, Any] = {
    "files_added": [],
    "files_gone": [],
    "files_erased_from": 0,
    "product_changed": [],
}
VERDICT = {"sought": 17673, "block_count": 1197, "largest_block": 7251, "rounds": 3}


def measure(**changed: Any) -> dict[str, Any]:
    return {"kpi": "a", "changed": 0, "added": 0, "gone": 0, "why": {}} | changed


def found(*measures: dict[str, Any], before: str | None = "earlier") -> dict[str, Any]:
    return {"before": before, "measures": list(measures), "rules": []}


def test_the_lead_says_who_when_why_and_that_all_gates_were_passed() -> None:
    assert words.lead(APPROVAL) == (
        "Strategy officer approved this release on 20 November 2026: “Checked with the service”. "
        "It passed all 6 gates."
    )


def test_where_no_person_approved_the_lead_says_so() -> None:
    said = words.lead(APPROVAL | {"approved_by": "sample data (automatic)", "gates": []})
    assert said.startswith(
        "This release was approved automatically, as sample data, on 20 November 2026: "
    )


@pytest.mark.parametrize(
    ("at_the_door", "every", "end"),
    [
        (59, 61, "The other 2 are published files, judged by the rules for those"),
        (1, 2, "The other is a published file, judged by the rules for those"),
        (3, 3, "of 3 files, the council's and the register of schools."),
    ],
)
def test_the_files_with_rules_of_their_own_are_told_from_the_others(
    at_the_door: int, every: int, end: str
) -> None:
    said = words.judged_sentence(at_the_door, every)
    assert f"when last read: {at_the_door} of {every} file" in said
    assert end in said
    assert words.judged_sentence(0, every) == ""


def test_the_rule_for_small_numbers_names_its_exception() -> None:
    assert "totals of the whole authority" in words.disclosure_sentences(VERDICT, 0, 0)[0]


def test_a_release_without_a_record_is_not_said_to_have_passed_anything() -> None:
    older = {name: text for name, text in APPROVAL.items() if name != "gates"}
    assert "gates" not in words.lead(older)
    assert words.lead({}) == "It is not on record who approved this release."


def test_a_gate_that_was_not_passed_is_named() -> None:
    gates = [{"name": "rows", "passed": False, "found": ""}, {"name": "files", "passed": True}]
    assert words.gates_sentence(gates) == "It did not pass every row accounted for."


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        ({}, words.NOT_KEPT),
        (found(before=None), words.FIRST),
        (found(measure()), "No published figure differs from release earlier."),
        (
            found(measure(changed=3, added=1200, why={"restated": 3, "new_data": 1200})),
            "Against release earlier, figures of 1 measure differ: 3 changed and 1,200 new.",
        ),
        (
            found(measure(gone=1, why={"code": 1}), measure(kpi="b", gone=2, why={"code": 2})),
            "Against release earlier, figures of 2 measures differ: 3 gone.",
        ),
    ],
    ids=["not kept", "first", "same", "changed and new", "gone"],
)
def test_what_a_release_changed_in_one_sentence(difference: dict[str, Any], said: str) -> None:
    assert words.difference_sentence(difference) == said


def test_what_came_in_is_named_by_kind_and_edition() -> None:
    files = [{"source": "council", "kind": "sen2_in_year", "vintage": f"2025-0{n}"} for n in (1, 2)]
    assert words.inputs_sentences(INPUTS | {"files_added": files}) == [
        "2 files came in: sen2 in year 2025-01, sen2 in year 2025-02."
    ]
    assert words.inputs_sentences(INPUTS | {"files_erased_from": 1}) == [
        "A person was erased from 1 file."
    ]
    names = [f"pipelines/{n}.py" for n in range(8)]
    (said,) = words.inputs_sentences(INPUTS | {"product_changed": names})
    assert said.startswith("8 parts of the product changed: pipelines/0.py,")
    assert said.endswith(" and 2 more.")
    assert words.inputs_sentences(INPUTS) == [
        "No file came in or went, and nothing in the product changed."
    ]


def test_every_reason_has_words() -> None:
    assert set(words.WHY) == {why.value for why in Why}


def test_several_reasons_have_their_counts_and_one_has_none() -> None:
    assert words.why_words({"code": 3}) == words.WHY["code"]
    assert words.why_words({"code": 3, "erased": 1200}) == (
        f"{words.WHY['code']} (3) and {words.WHY['erased']} (1,200)"
    )


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (None, "none"),
        ({"value": 38.04, "symbol": None, "period": "2026-01"}, "38.0% (2026-01)"),
        ({"value": None, "symbol": "c", "period": "2025"}, "[c] (2025)"),
        ({"value": 12, "symbol": None}, "12.0%"),
    ],
    ids=["none", "value", "symbol", "no period"],
)
def test_a_figure_of_the_difference_is_printed_as_on_the_pages(
    told: dict[str, Any] | None, said: str
) -> None:
    assert words.figure(told, "percent", 1) == said


@pytest.mark.parametrize(
    ("withheld", "tables", "said"),
    [
        (0, 0, "Nothing had to be withheld besides."),
        (1, 0, "1 figure is withheld besides"),
        (59, 0, "59 figures are withheld besides"),
        (2, 1, "2 figures and 1 whole table are withheld besides"),
    ],
)
def test_what_is_withheld_is_counted(withheld: int, tables: int, said: str) -> None:
    told = words.disclosure_sentences(VERDICT, withheld, tables)
    assert said in told[-1]
    assert "17,673 counts were sought, in 1,197 groups" in told[1]


def test_a_release_without_rows_of_the_council_has_nothing_to_protect() -> None:
    (said,) = words.disclosure_sentences(None, 0, 0)
    assert "published figures only" in said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            {"file_name": "caseload.csv", "archive_name": "ehcp.zip", "row_number": 1234},
            "It was read from the DfE, edition 2026: caseload.csv in ehcp.zip, row 1,234.",
        ),
        ({"file_name": "lait.csv"}, "It was read from the DfE, edition 2026: lait.csv."),
        ({}, "It was counted from the DfE, edition 2026."),
    ],
    ids=["in a zip", "by itself", "the council's own"],
)
def test_a_figure_is_led_back_to_its_file(row: dict[str, Any], said: str) -> None:
    whole = {"period_label": "January 2026", "vintage": "2026"} | row
    told = words.trace_sentence(whole, "Plans", "9,979", "Staffordshire", "the DfE")
    assert told.startswith("Plans, Staffordshire, January 2026: 9,979. ")
    assert said in told


@pytest.mark.parametrize(
    ("approval", "said"),
    [
        ({}, ""),
        ({"before": None, "officers_only": []}, ""),
        ({"before": "earlier"}, words.OFFICERS_NOT_KEPT),
        ({"before": "earlier", "officers_only": []}, "No other figure differs for officers."),
        (
            {
                "before": "earlier",
                "officers_only": [
                    {"kpi": "a", "changed": 1200, "new": 0, "gone": 1},
                    {"kpi": "b", "changed": 3, "new": 0, "gone": 0},
                ],
            },
            "Figures that only officers read differ too, of 2 measures: 1,203 changed and 1 gone. "
            "No value of them is kept with the approval.",
        ),
    ],
    ids=["nothing_known", "first", "before_it_was_kept", "none", "two_measures"],
)
def test_figures_of_officers_are_told_by_their_number(approval: dict[str, Any], said: str) -> None:
    assert words.officers_sentence(approval) == said
