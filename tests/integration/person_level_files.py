"""Returns made in the test: any number of children who never were, each with marks of its own."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

from pipelines.ingest.sen2.write_collect import write_collect
from pipelines.ingest.sen2.write_xml import write_xml
from pipelines.ingest.sen2.xml import read_xml
from pipelines.registry.sen2 import sen2
from pipelines.settings import PROJECT_ROOT

EXAMPLE = PROJECT_ROOT / "tests" / "fixtures" / "sen2_example_2026.xml"
HEAD, FOOT = "<Persons>", "  </Persons>\n</Message>\n"
LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
PERSON = """    <Person>
      <Surname>{surname}</Surname><Forename>{forename}</Forename>
      <PersonBirthDate>{born}</PersonBirthDate><Sex>F</Sex><Ethnicity>{ethnicity}</Ethnicity>
      <PostCode>{postcode}</PostCode><UPN>{upn}</UPN>
      <UniqueLearnerNumber>{uln}</UniqueLearnerNumber>
      <Requests>
        <ReceivedDate>2025-02-03</ReceivedDate><RequestSource>2</RequestSource><RYA>0</RYA>
        <RequestOutcomeDate>2025-03-14</RequestOutcomeDate><RequestOutcome>Y</RequestOutcome>
        <RequestMediation>0</RequestMediation><RequestTribunal>0</RequestTribunal>
        <Assessment>
          <AssessmentOutcome>Y</AssessmentOutcome>
          <AssessmentOutcomeDate>2025-06-20</AssessmentOutcomeDate>
          <NamedPlan>
            <StartDate>2025-06-20</StartDate>
            <PlanDetail><SENSetting>OTH</SENSetting><SENSettingOther>{forename}</SENSettingOther>
              <PlacementRank>1</PlacementRank></PlanDetail>
          </NamedPlan>
        </Assessment>
      </Requests>
    </Person>
"""


def upn(number: int) -> str:
    """A unique pupil number whose check letter is right."""
    digits = f"860400{number:06d}"
    total = sum(int(digit) * place for place, digit in enumerate(digits, start=2))
    return LETTERS[total % 23] + digits


def uln(number: int) -> str:
    """A unique learner number whose check digit is right; some numbers can have none."""
    body = 960_400_000 + 2 * number
    weighted = [
        sum(int(d) * w for d, w in zip(str(it), range(10, 1, -1), strict=True)) % 11
        for it in (body, body + 1)
    ]
    place = 0 if weighted[0] else 1
    return f"{body + place}{10 - weighted[place]}"


def marks(number: int) -> dict[str, str]:
    """What identifies one child, each found nowhere else."""
    return {
        "surname": f"Qsur{number:05d}",
        "forename": f"Qfore{number:05d}",
        "upn": upn(number),
        "postcode": f"QX{number % 10} {number // 1000 % 10}QZ",
        "uln": uln(number),
        "born": f"20{8 + number % 9:02d}-0{1 + number % 9}-1{number % 7}",
    }


def xml(count: int, *, la_code: str = "860", ethnicity: str = "WBRI", first: int = 0) -> bytes:
    """A return of 2026 with so many children."""
    head = EXAMPLE.read_text(encoding="utf-8").split(HEAD, 1)[0]
    head = head.replace("<LEA>999</LEA>", f"<LEA>{la_code}</LEA>")
    people = "".join(
        PERSON.format(**marks(number), ethnicity=ethnicity)
        for number in range(first, first + count)
    )
    return f"{head}{HEAD}\n{people}{FOOT}".encode()


def collect(raw: bytes, folder: Path) -> list[Path]:
    """The same return as the nine tables of a COLLECT export."""
    folder.mkdir(parents=True)
    modules = read_xml(io.BytesIO(raw), sen2(PROJECT_ROOT))
    return write_collect(modules, 2026, folder, date(2026, 2, 2))


def rewritten(raw: bytes) -> bytes:
    """The same return in other bytes."""
    target = io.BytesIO()
    write_xml(read_xml(io.BytesIO(raw), sen2(PROJECT_ROOT)), 2026, target)
    return target.getvalue()
