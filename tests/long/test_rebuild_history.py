"""Every release of a scripted history is made again; after an erasure it says which cannot be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.history import CHILDREN, History

pytestmark = pytest.mark.long

STEPS = ("first load", "restated return", "rule change", "correction", "erasure")
BEFORE_THE_ERASURE = STEPS[:-1]


class Told:
    """A history with its releases by step, and how each was rebuilt before anybody was erased."""

    def __init__(self, folder: Path) -> None:
        self.history = History(folder)
        self.releases: dict[str, str] = {}
        self.rebuilt: dict[str, Any] = {}
        self._go()

    def _go(self) -> None:
        steps = {
            "first load": lambda: self.history.take_in_first(CHILDREN),
            "restated return": lambda: self.history.restate(CHILDREN + 6),
            "rule change": self.history.change_a_rule,
            "correction": self.history.correct,
        }
        for step, do in steps.items():
            do()
            self.releases[step] = self.history.publish()
        for step, name in self.releases.items():
            self.rebuilt[step] = self.history.document("releases", "rebuild", name)
        self.history.erase(5)
        self.releases["erasure"] = self.history.publish()

    def difference(self, step: str) -> dict[str, Any]:
        """What the release of a step changed, by measure."""
        shown = self.history.document("releases", "show", self.releases[step])
        return {item["kpi"]: item for item in shown["difference"]["measures"] if item["why"]}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return Told(tmp_path_factory.mktemp("history"))


def test_every_step_made_a_release_of_its_own(told: Told) -> None:
    assert tuple(told.releases) == STEPS
    assert len(set(told.releases.values())) == len(STEPS)


@pytest.mark.parametrize("step", BEFORE_THE_ERASURE)
def test_a_release_is_made_again_cell_by_cell(told: Told, step: str) -> None:
    found = told.rebuilt[step]
    assert found["is_identical"] is True
    assert sum(table["row_count"] for table in found["tables"]) > 10_000


def test_the_restated_return_is_told_as_such(told: Told) -> None:
    item = told.difference("restated return")["plans_issued"]
    assert (item["old"]["value"], item["new"]["value"]) == (CHILDREN, CHILDREN + 6)
    assert set(item["why"]) == {"restated"}


def test_a_changed_query_is_told_as_code(told: Told) -> None:
    item = told.difference("rule change")["weeks_to_issue_mean"]
    assert item["new"]["value"] == item["old"]["value"] + 1
    assert set(item["why"]) == {"code"}


def test_a_correction_is_told_as_such(told: Told) -> None:
    item = told.difference("correction")["requests_received"]
    assert item["new"]["value"] == item["old"]["value"] - 1
    assert "corrected" in item["why"]


def test_an_erasure_is_told_as_such(told: Told) -> None:
    item = told.difference("erasure")["plans_issued"]
    assert item["new"]["value"] == item["old"]["value"] - 1
    assert "erased" in item["why"]


@pytest.mark.parametrize("step", BEFORE_THE_ERASURE)
def test_a_release_that_counts_somebody_erased_says_that_it_cannot_be_rebuilt(
    told: Told, step: str
) -> None:
    done = told.history.send("releases", "rebuild", told.releases[step])
    assert done.returncode == 1
    assert "a person was erased from it after this release was built" in done.stderr


def test_the_release_after_the_erasure_is_made_again(told: Told) -> None:
    found = told.history.document("releases", "rebuild", told.releases["erasure"])
    assert found["is_identical"] is True


@pytest.mark.parametrize("step", STEPS[1:])
def test_each_was_attacked_beside_the_one_before(told: Told, step: str) -> None:
    """A figure that is counted otherwise since does not hold; a restated return is an edition."""
    shown = told.history.document("releases", "show", told.releases[step])
    (gate,) = [gate for gate in shown["approval"]["gates"] if gate["name"] == "disclosure"]
    before = told.releases[STEPS[STEPS.index(step) - 1]]
    assert {"name": "beside", "sha256": before} in shown["inputs"]
    assert gate["passed"] is True
    is_counted_anew = step in ("rule change", "correction", "erasure")
    assert ("All its others were read beside the new ones." in gate["found"]) is is_counted_anew


def test_all_releases_and_the_audit_log_are_as_they_were(told: Told) -> None:
    found = told.history.document("releases", "verify")
    assert [release["faults"] for release in found["releases"]] == [[]] * len(STEPS)
    assert found["audit_log"]["faults"] == []
