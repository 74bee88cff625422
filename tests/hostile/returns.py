"""Small person-level files without a fault, made in the test, for the attacks to spoil.

Every personal cell is a mark that is found again wherever it leaks: nobody is meant by it.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

COUNCIL = "860"
CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
FIRST_BIRTH = date(2011, 3, 17)
FREE_TEXT = "MARKEDTEXT"

HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<Message>
  <Header>
    <CollectionDetails>
      <Collection>SEN2</Collection><Year>2026</Year><ReferenceDate>2026-01-15</ReferenceDate>
    </CollectionDetails>
    <Source>
      <SourceLevel>L</SourceLevel><LEA>860</LEA><SoftwareCode>Attack</SoftwareCode>
      <Release>1</Release><SerialNo>001</SerialNo><DateTime>2026-02-02T09:30:00</DateTime>
      <DMO>Y</DMO><DCO>N</DCO><DSCO>Y</DSCO>
    </Source>
  </Header>
  <Persons>
"""
PERSON = """    <Person>
      <Surname>{surname}</Surname><Forename>{forename}</Forename>
      <PersonBirthDate>{birth_date}</PersonBirthDate><Sex>F</Sex><Ethnicity>WBRI</Ethnicity>
      <PostCode>{postcode}</PostCode><UPN>{upn}</UPN>
      <Requests>
        <ReceivedDate>2025-02-03</ReceivedDate><RequestSource>2</RequestSource><RYA>0</RYA>
        <RequestOutcomeDate>2025-03-14</RequestOutcomeDate><RequestOutcome>Y</RequestOutcome>
        <RequestMediation>0</RequestMediation><RequestTribunal>0</RequestTribunal>
        <Assessment>
          <AssessmentOutcome>Y</AssessmentOutcome>
          <AssessmentOutcomeDate>2025-06-20</AssessmentOutcomeDate>
          <AssessmentMediation>0</AssessmentMediation><AssessmentTribunal>0</AssessmentTribunal>
          <OtherMediation>0</OtherMediation><OtherTribunal>0</OtherTribunal><Week20>0</Week20>
          <NamedPlan>
            <StartDate>2025-06-20</StartDate>
            <PlanDetail><SENSetting>OTH</SENSetting><SENSettingOther>{text}</SENSettingOther>
              <PlacementRank>1</PlacementRank><SENunitIndicator>0</SENunitIndicator>
              <ResourcedProvisionIndicator>0</ResourcedProvisionIndicator></PlanDetail>
            <PB>0</PB>
          </NamedPlan>
        </Assessment>
        <ActivePlans>
          <PlacementDetail><SENSetting>OTH</SENSetting><SENSettingOther>{text}</SENSettingOther>
            <PlacementRank>1</PlacementRank><EntryDate>2022-09-05</EntryDate>
            <SENunitIndicator>0</SENunitIndicator>
            <ResourcedProvisionIndicator>0</ResourcedProvisionIndicator></PlacementDetail>
          <SENneed><SENtype>SLCN</SENtype><SENtypeRank>1</SENtypeRank></SENneed>
        </ActivePlans>
      </Requests>
    </Person>
"""
FOOTER = "  </Persons>\n</Message>\n"


def upn(number: int, la_code: str = COUNCIL) -> str:
    """A unique pupil number whose check letter is right."""
    digits = f"{la_code}400{number:06d}"
    total = sum(int(digit) * place for place, digit in enumerate(digits, start=2))
    return CHECK_LETTERS[total % 23] + digits


def birth_date(number: int) -> date:
    return FIRST_BIRTH + timedelta(days=number % 2000)


def cells_of(number: int) -> dict[str, str]:
    """The personal cells of one record."""
    return {
        "surname": f"MARKEDSURNAME{number}X",
        "forename": f"MARKEDFORENAME{number}X",
        "birth_date": birth_date(number).isoformat(),
        "postcode": f"ZE{number % 9 + 1} {number % 10}QJ",
        "upn": upn(number),
        "text": f"{FREE_TEXT}{number}X",
    }


def marks(people: int = 3) -> list[str]:
    """What may be found nowhere outside the encrypted store: cells of children, in every form."""
    found = ["MARKEDSURNAME", "MARKEDFORENAME", FREE_TEXT]
    for number in range(1, people + 1):
        born = birth_date(number)
        cells = cells_of(number)
        found += [cells["upn"], cells["postcode"], born.isoformat()]
        found += [born.strftime("%d/%m/%Y"), born.strftime("%Y-%b-%d")]
    return found


# ---- SEN2 as XML -------------------------------------------------------------------------------


def sen2_xml(people: int = 3, *, header: str = HEADER) -> str:
    """A SEN2 return of 2026: each person with a request, an assessment, a plan and a placement."""
    persons = (PERSON.format(**cells_of(number)) for number in range(1, people + 1))
    return header + "".join(persons) + FOOTER


def with_doctype(doctype: str, people: int = 3) -> str:
    """The return with a document type declaration before its root."""
    return sen2_xml(people).replace("<Message>", f"{doctype}\n<Message>", 1)


# ---- SEN2 as COLLECT CSV -----------------------------------------------------------------------

DAY = "2025-{} 00:00:00"
SETTING = {"sensetting": "OTH", "sensettingother": FREE_TEXT, "placementrank": "1"}
FLAGS = {"senunitindicator": "0", "resourcedprovisionindicator": "0"}
Rows = list[dict[str, str]]


def collect_tables(people: int = 3) -> dict[str, Rows]:
    """The nine tables of a COLLECT export of 2026, by name."""
    tables: dict[str, Rows] = {"sen2": [keyed("sen2", 1, "") | COLLECT_HEADER]}
    for number in range(1, people + 1):
        for name, (parent, values) in _collect_person(number).items():
            row = keyed(name, number, parent) | values
            tables.setdefault(name, []).append(row)
    for row in tables["person"]:
        row["sen2tableid"] = "1"
    return tables


COLLECT_HEADER = {
    "collection": "SEN2",
    "year": "2026",
    "referencedate": "2026-Jan-15 00:00:00",
    "sourcelevel": "L",
    "lea": COUNCIL,
    "softwarecode": "Attack",
    "release": "1",
    "serialno": "001",
    "datetime": "2026-Feb-02 09:30:00",
    "dmo": "Y",
    "dco": "N",
    "dsco": "Y",
}


def keyed(name: str, number: int, parent: str) -> dict[str, str]:
    keys = {
        f"{name}tableid": str(number),
        "NativeId": str(number),
        f"{name}orderseqcolumn": str(number),
        "sourceid": "1",
    }
    return keys | ({f"{parent}tableid": str(number)} if parent else {})


def _collect_person(number: int) -> dict[str, tuple[str, dict[str, str]]]:
    cells = cells_of(number)
    person = {
        "surname": cells["surname"],
        "forename": cells["forename"],
        "personbirthdate": birth_date(number).strftime("%Y-%b-%d 00:00:00"),
        "sex": "F",
        "ethnicity": "WBRI",
        "postcode": cells["postcode"],
        "upn": cells["upn"],
        "uniquelearnernumber": "",
        "upnunknown": "",
    }
    request = {
        "receiveddate": DAY.format("Feb-03"),
        "requestsource": "2",
        "rya": "0",
        "requestoutcomedate": DAY.format("Mar-14"),
        "requestoutcome": "Y",
        "requestmediation": "0",
        "requesttribunal": "0",
        "exported": "",
    }
    assessment = {
        "assessmentoutcome": "Y",
        "assessmentoutcomedate": DAY.format("Jun-20"),
        "assessmentmediation": "0",
        "assessmenttribunal": "0",
        "othermediation": "0",
        "othertribunal": "0",
        "week20": "0",
    }
    plan = {
        "startdate": DAY.format("Jun-20"),
        **dict.fromkeys(("planres", "planwbp"), ""),
        "pb": "0",
        **dict.fromkeys(("oa", "dp", "ceasedate", "ceasereason"), ""),
    }
    setting = {"urn": "", "ukprn": ""} | SETTING
    entry = {"entrydate": "2022-Sep-05 00:00:00", "leavingdate": ""}
    reviews = ("reviewmeeting", "reviewoutcome", "reviewdraft")
    phases = ("phasetransferduedate", "phasetransferfinaldate", "lastreview")
    return {
        "person": ("sen2", person),
        "requests": ("person", request),
        "assessment": ("requests", assessment),
        "namedplan": ("assessment", plan),
        "plandetail": ("namedplan", setting | FLAGS),
        "activeplans": ("requests", dict.fromkeys(("transferla", *reviews, *phases), "")),
        "placementdetail": ("activeplans", setting | entry | FLAGS | {"res": "", "wbp": ""}),
        "senneed": ("activeplans", {"sentype": "SLCN", "sentyperank": "1"}),
    }


def collect_files(tables: Mapping[str, Rows]) -> dict[str, bytes]:
    """File name -> bytes, named as COLLECT names them."""
    return {f"Blade-Export_02-02-2026_{name}.csv": csv_bytes(rows) for name, rows in tables.items()}


# ---- bytes -------------------------------------------------------------------------------------


def csv_bytes(rows: Sequence[Mapping[str, str]], encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def zip_bytes(files: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    pairs = files.items() if isinstance(files, Mapping) else files
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in pairs:
            archive.writestr(name, content)
    return packed.getvalue()
