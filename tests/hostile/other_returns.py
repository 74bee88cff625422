"""A school census and a return of the council without a fault; see returns.py for the marks."""

from __future__ import annotations

from collections.abc import Mapping

from tests.hostile.returns import COUNCIL, Rows, birth_date, cells_of, csv_bytes, keyed


def census_tables(pupils: int = 3) -> dict[str, Rows]:
    """The tables of a spring census of one school, by name, as COLLECT exports them."""
    school = {
        "collection": "SC",
        "term": "SPR",
        "year": "2026",
        "referencedate": "2026-Jan-15 00:00:00",
        "sourcelevel": "L",
        "lea": COUNCIL,
        "estab": "4001",
        "urn": "124001",
        "serialno": "001",
    }
    named = {"schoolname": "School", "phase": "SS", "type": "01"}
    tables = {
        "schoolcensus": [keyed("schoolcensus", 1, "") | school],
        "school": [keyed("school", 1, "schoolcensus") | named],
    }
    for number in range(1, pupils + 1):
        for name, (parent, values) in _census_pupil(number).items():
            row = keyed(name, number, parent) | values
            tables.setdefault(name, []).append(row)
    for row in tables["pupilonroll"]:
        row["schoolcensustableid"] = "1"
    return tables


def _census_pupil(number: int) -> dict[str, tuple[str, dict[str, str]]]:
    cells = cells_of(number)
    pupil = {
        "upn": cells["upn"],
        "formerupn": "",
        "uniquelearnernumber": "",
        "surname": cells["surname"],
        "forename": cells["forename"],
        "dob": birth_date(number).strftime("%Y-%b-%d 00:00:00"),
        "sex": "M",
        "ethnicity": "WBRI",
        "enrolstatus": "C",
        "entrydate": "2023-Sep-04 00:00:00",
        "ncyearactual": "7",
        "senprovision": "E",
        "senunitindicator": "0",
        "resourcedprovisionindicator": "0",
        "topupfunding": "1",
    }
    return {
        "pupilonroll": ("schoolcensus", pupil),
        "senneeds": ("pupilonroll", {"sentype": "ASD", "sentyperank": "1"}),
        "addresses": ("pupilonroll", {"postcode": cells["postcode"]}),
    }


def census_files(tables: Mapping[str, Rows]) -> dict[str, bytes]:
    return {f"Census_SPR_{name}.csv": csv_bytes(rows) for name, rows in tables.items()}


def early_support(children: int = 3) -> Rows:
    """A return of the council that names children: referrals for support before a plan."""
    return [
        {
            "la_code": COUNCIL,
            "upn": cells_of(number)["upn"],
            "uln": "",
            "surname": cells_of(number)["surname"],
            "forename": cells_of(number)["forename"],
            "birth_date": cells_of(number)["birth_date"],
            "support_kind": "EAPDR",
            "urn": "124001",
            "referral_date": "2025-09-15",
            "support_start_date": "2025-10-06",
            "support_end_date": "",
            "support_outcome": "continuing",
            "outcome_date": "2025-12-12",
        }
        for number in range(1, children + 1)
    ]
