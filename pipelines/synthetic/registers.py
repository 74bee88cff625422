"""Two lists that a council gets from elsewhere: the register of schools and a postcode lookup.

Both are in the layouts of the publishers (Get Information about Schools, the ONS Postcode
Directory) and list nothing that exists.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from pipelines.settings import PROJECT_ROOT
from pipelines.synthetic.county import County
from pipelines.synthetic.people import POSTCODES_IN_DISTRICT, postcodes
from pipelines.synthetic.schools import OWN_LA, district_code

GIAS_ENCODING = "cp1252"
UNITS = {
    (True, False): "SEN unit",
    (False, True): "Resourced provision",
    (False, False): "Not applicable",
}
PLACES_IN_UNIT = 20
LOOKUP_COLUMNS = ["pcd", "pcd2", "pcds", "dointr", "doterm", "oscty", "oslaua", "ctry", "usertype"]


def write_schools(county: County, path: Path) -> None:
    """The settings that have a URN, one row each, in the 140 columns of the register."""
    folder = PROJECT_ROOT / "data"
    columns = (folder / "sample" / "gias_columns.txt").read_text(encoding="utf-8").splitlines()
    types = _types(folder / "reference" / "establishment_type.csv")
    with path.open("w", encoding=GIAS_ENCODING, newline="") as handle:
        writer = csv.DictWriter(handle, columns, restval="")
        writer.writeheader()
        for place in np.flatnonzero(county.schools.urn != ""):
            writer.writerow(_school(county, int(place), types))


def _types(path: Path) -> Mapping[str, str]:
    with path.open(encoding="utf-8", newline="") as handle:
        return {
            row["establishment_type_code"]: row["establishment_type"]
            for row in csv.DictReader(handle)
        }


def _school(county: County, place: int, types: Mapping[str, str]) -> dict[str, str]:
    schools, names = county.schools, county.names
    la_code, district = str(schools.la_code[place]), int(schools.district[place])
    unit, resourced = bool(schools.has_unit[place]), bool(schools.has_resourced[place])
    is_own = la_code == OWN_LA
    code = str(schools.type_code[place])
    return {
        "URN": str(schools.urn[place]),
        "LA (code)": la_code,
        "LA (name)": names.county if is_own else names.neighbours[la_code],
        "EstablishmentNumber": str(schools.number[place]),
        "EstablishmentName": str(schools.name[place]),
        "TypeOfEstablishment (code)": code,
        "TypeOfEstablishment (name)": types[code],
        "EstablishmentStatus (code)": "1",
        "EstablishmentStatus (name)": "Open",
        "OpenDate": "01-09-2008",
        "PhaseOfEducation (name)": str(schools.phase[place]),
        "StatutoryLowAge": str(schools.low[place]),
        "StatutoryHighAge": str(schools.high[place]),
        "UKPRN": str(schools.ukprn[place]),
        "TypeOfResourcedProvision (name)": UNITS[(unit, resourced)],
        "SenUnitCapacity": str(PLACES_IN_UNIT) if unit else "",
        "ResourcedProvisionCapacity": str(PLACES_IN_UNIT) if resourced else "",
        "DistrictAdministrative (code)": district_code(district) if is_own else "",
        "DistrictAdministrative (name)": names.districts[district] if is_own else "",
        "Country (name)": "",
    }


def write_postcodes(path: Path) -> None:
    """Every postcode of the county with its district."""
    codes = postcodes()
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(LOOKUP_COLUMNS)
        for place, code in enumerate(codes.tolist()):
            district = district_code(place // POSTCODES_IN_DISTRICT)
            outward, inward = code.split(" ")
            packed = f"{outward:<4}{inward}"
            row = (packed, f"{outward:<4} {inward}", code, "198001", "", "X99000999", district)
            writer.writerow((*row, "X99999999", "0"))
