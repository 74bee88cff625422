"""What the county's officers answer to findings: explanations, and corrections of records.

Both are CSVs that come back after a return was taken in, and so they name its file by the digits
that the door gives it, and its records as the findings print them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.ingest.intake import FILE_ID_DIGITS
from pipelines.ingest.modules import PARENT, Modules
from pipelines.synthetic.collect import TableFile
from pipelines.synthetic.faults import Planted
from pipelines.synthetic.people import upns as upns_of
from pipelines.synthetic.schools import OWN_LA

EXPLANATIONS, CORRECTIONS = "finding_explanation", "case_correction"
# Rule -> why its findings may stand, who says so, and when.
EXPLAINED = {
    "PER-08": ("The school has asked for a permanent number", "Data officer", "2026-01-27"),
    "ACT-13": (
        "The decision was given at the meeting and written that day",
        "Review officer",
        "2026-01-28",
    ),
    "PLN-15": (
        "Statement turned into a plan, start kept on legal advice",
        "Case manager",
        "2026-01-28",
    ),
}
# Explained for the whole file, in one line.
EXPLAINED_AT_ONCE = {
    "SET-15": (
        "A setting is being sought; the case system says which",
        "Case manager",
        "2026-01-29",
    ),
}
CORRECTED, CORRECTED_COLUMN = "PER-04", "ethnicity"
REASON = "Taken from the school's record, confirmed by the family"
ROLE, DAY = "Data officer", "2026-01-28"
# Counted on from the last child by far: nobody has this number.
NO_CHILD = 900_000_000


def write_answers(
    folder: Path, sent: Path, clean: Modules, modules: Modules, planted: Sequence[Planted]
) -> list[Path]:
    """Explanations and corrections of a return. sent: its file; clean: before the faults."""
    file_id = hashlib.sha256(sent.read_bytes()).hexdigest()[:FILE_ID_DIGITS]
    written = []
    for name, rows in (
        (EXPLANATIONS, [*_explained(file_id, modules, planted)]),
        (CORRECTIONS, [*_corrected(file_id, clean, modules, planted)]),
    ):
        written.append(folder / f"{name}.csv")
        target = TableFile(written[-1])
        target.write({column: np.array([row[column] for row in rows]) for column in rows[0]})
        target.close()
    return written


def _explained(
    file_id: str, modules: Modules, planted: Sequence[Planted]
) -> Iterator[dict[str, str]]:
    for rule, words in EXPLAINED_AT_ONCE.items():
        yield _explanation(file_id, rule, "", words)
    for fault in planted:
        if fault.rule in EXPLAINED:
            yield _explanation(file_id, fault.rule, _key(modules, fault), EXPLAINED[fault.rule])


def _explanation(file_id: str, rule: str, key: str, words: tuple[str, str, str]) -> dict[str, str]:
    explanation, role, on = words
    return {
        "la_code": OWN_LA,
        "rule": rule,
        "explained_file_id": file_id,
        "record_key": key,
        "explanation": explanation,
        "decided_by_role": role,
        "decided_date": on,
    }


def _key(modules: Modules, fault: Planted) -> str:
    """A record as the findings call it: 'person 3, request 2'."""
    if fault.module == "person":
        return f"person {fault.record}"
    request = _parents(modules, fault.module)[fault.record - 1]
    if fault.module == "named_plan":
        request = _parents(modules, "assessment")[request - 1]
    of = _parents(modules, "request")
    person = of[request - 1]
    return f"person {person}, request {int((of[:request] == person).sum())}"


def _parents(modules: Modules, module: str) -> Any:
    return modules.tables[module].column(PARENT).to_numpy()


def _corrected(
    file_id: str, clean: Modules, modules: Modules, planted: Sequence[Planted]
) -> Iterator[dict[str, str]]:
    """Children whose ethnicity the return lacks, and what the school knows; one is in none."""
    known = clean.tables["person"].column(CORRECTED_COLUMN)
    upns = modules.tables["person"].column("upn")
    upn = upns_of(np.array([NO_CHILD]))[0]
    yield _correction(file_id, str(upn), "WBRI")
    for fault in planted:
        # The records of other rules are not people.
        upn = upns[fault.record - 1].as_py() if fault.rule == CORRECTED else None
        if upn:
            yield _correction(file_id, upn, known[fault.record - 1].as_py())


def _correction(file_id: str, upn: str, corrected: str) -> dict[str, str]:
    return {
        "la_code": OWN_LA,
        "upn": upn,
        "corrected_file_id": file_id,
        "module": "person",
        "column_name": CORRECTED_COLUMN,
        "printed_text": "",
        "corrected_text": corrected,
        "reason": REASON,
        "decided_by_role": ROLE,
        "decided_date": DAY,
    }
