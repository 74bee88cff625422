"""Files of any size for measuring: a SEN2 return of many people, a census of many pupils.

They are written in pieces, so that memory stays small and time grows with the size. The return
repeats the sample county, each time with other numbers of pupils and learners; a county of any
size with its own history is make_county(scale=...).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pipelines.ingest.sen2.write_xml import write_xml
from pipelines.settings import PROJECT_ROOT
from pipelines.synthetic.collect import TableFile, keys, stamps, write_table
from pipelines.synthetic.county import make_county
from pipelines.synthetic.draw import Texts, ages, day_of, spread
from pipelines.synthetic.margins import Margins, published
from pipelines.synthetic.people import people, ulns, upns
from pipelines.synthetic.pupils import SUPPORT_NEEDS
from pipelines.synthetic.returns import annual_return
from pipelines.synthetic.rolls import NC_YEARS, census_date
from pipelines.synthetic.schools import OWN_LA

YEAR = 2026
PERSON = b"<Person>"
PERSON_END = b"</Person>"
NUMBER = re.compile(rb"(?<=<UPN>)[^<]*(?=</UPN>)|(?<=<UniqueLearnerNumber>)\d{10}(?=<)")
PUPILS_AT_ONCE = 250_000
PUPILS_IN_SCHOOL = 390
PROVISION = {"N": 0.815, "K": 0.135, "E": 0.05}
EXPORTED = "04-02-2026"


def write_load_xml(path: Path, people: int, seed: int = 1) -> None:
    """A SEN2 return of 2026 with so many people, the sample county over and over.

    people: at least 1. Some 1 KB each.
    """
    county = make_county(seed=seed)
    text = io.BytesIO()
    write_xml(annual_return(county, YEAR), YEAR, text)
    head, body, tail = _parts(text.getvalue())
    each = body.count(PERSON)
    with path.open("wb") as target:
        target.write(head)
        for copy, count in enumerate(_shares(people, each)):
            piece = body if count == each else _first(body, count)
            target.write(_renumbered(piece, first=copy * each * 2))
        target.write(tail)


def _parts(text: bytes) -> tuple[bytes, bytes, bytes]:
    """What stands before the people, the people, and what stands behind them."""
    start = text.index(PERSON)
    end = text.rindex(PERSON_END) + len(PERSON_END)
    return text[:start], text[start:end], text[end:]


def _shares(total: int, each: int) -> Iterator[int]:
    """`each` as often as it goes into the total, then the rest."""
    for start in range(0, total, each):
        yield min(each, total - start)


def _first(body: bytes, count: int) -> bytes:
    """The first people of a body."""
    place = -1
    for _ in range(count):
        place = body.index(PERSON_END, place + 1)
    return body[: place + len(PERSON_END)]


def _renumbered(body: bytes, first: int) -> bytes:
    """The same people under other numbers, counted on from first."""
    pieces = NUMBER.split(body)
    count = len(pieces) - 1
    found = NUMBER.findall(body)
    serial = first + np.arange(count)
    # A learner's number is ten digits; a pupil's begins with a letter.
    learner = [number.isdigit() for number in found]
    new = np.where(learner, ulns(serial), upns(serial)).tolist()
    filled = [pieces[0]]
    for number, piece in zip(new, pieces[1:], strict=True):
        filled += (number.encode(), piece)
    return b"".join(filled)


def write_load_census(folder: Path, pupils: int, seed: int = 1) -> list[Path]:
    """The tables of a spring census of so many pupils: schools, pupils on roll, needs.

    folder: is made. pupils: at least 1. Some 150 bytes each.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    margins = published(PROJECT_ROOT)
    schools = max(1, pupils // PUPILS_IN_SCHOOL)
    paths = [_schoolcensus(folder, schools), _school(folder, schools)]
    names = ("pupilonroll", "senneeds")
    tables = [folder / f"Blade-Export_{EXPORTED}_{name}.csv" for name in names]
    on_roll, needs = map(TableFile, tables)
    needs_so_far = 0
    for start in range(0, pupils, PUPILS_AT_ONCE):
        count = min(PUPILS_AT_ONCE, pupils - start)
        provision = spread(rng, PROVISION, count)
        on_roll.write(_pupils(rng, margins, start, provision, schools))
        with_need = np.flatnonzero(provision != "N")
        owner = ("pupilonroll", start + with_need + 1)
        needs.write(
            keys("senneeds", len(with_need), owner, first=needs_so_far + 1)
            | {
                "sentype": spread(rng, SUPPORT_NEEDS, len(with_need)),
                "sentyperank": np.full(len(with_need), "1"),
            }
        )
        needs_so_far += len(with_need)
    on_roll.close()
    needs.close()
    return [*paths, *tables]


def _pupils(
    rng: np.random.Generator, margins: Margins, start: int, provision: Texts, schools: int
) -> dict[str, object]:
    """A batch of pupils on roll, numbered on from start."""
    count = len(provision)
    on = census_date(YEAR, "SPR")
    oldest = day_of(YEAR - 17, 9, 1)
    birth = oldest + rng.integers(0, 13 * 365, count)
    who = people(rng, PROJECT_ROOT, margins, birth, first_serial=start)
    age = ages(birth, day_of(YEAR - 1, 8, 31))
    none = np.full(count, "")
    return keys(
        "pupilonroll", count, ("schoolcensus", rng.integers(1, schools + 1, count)), start + 1
    ) | {
        "upn": who.upn,
        "formerupn": none,
        "uniquelearnernumber": np.where(ages(birth, on) >= 14, who.uln, ""),
        "surname": who.surname,
        "forename": who.forename,
        "dob": stamps(birth),
        "sex": who.sex,
        "ethnicity": who.ethnicity,
        "enrolstatus": np.full(count, "C"),
        "entrydate": stamps(np.full(count, day_of(YEAR - 1, 9, 4))),
        "ncyearactual": NC_YEARS[np.clip(age, 0, len(NC_YEARS) - 1)],
        "senprovision": provision,
        "senunitindicator": np.full(count, "0"),
        "resourcedprovisionindicator": np.full(count, "0"),
        "topupfunding": np.where(provision == "E", "1", "0"),
    }


def _schoolcensus(folder: Path, schools: int) -> Path:
    numbers = np.arange(schools)
    columns = keys("schoolcensus", schools) | {
        "collection": np.full(schools, "SC"),
        "term": np.full(schools, "SPR"),
        "year": np.full(schools, str(YEAR)),
        "referencedate": stamps(np.full(schools, census_date(YEAR, "SPR"))),
        "sourcelevel": np.full(schools, "S"),
        "lea": np.full(schools, OWN_LA),
        "estab": np.char.zfill((numbers % 9000 + 1000).astype("U4"), 4),
        "urn": (900_001 + numbers).astype("U6"),
        "serialno": np.full(schools, "001"),
    }
    return write_table(folder, EXPORTED, "schoolcensus", columns)


def _school(folder: Path, schools: int) -> Path:
    columns = keys("school", schools, ("schoolcensus", np.arange(1, schools + 1))) | {
        "schoolname": np.char.add("School ", np.arange(1, schools + 1).astype("U6")),
        "phase": np.full(schools, "AT"),
        "type": np.full(schools, "34"),
    }
    return write_table(folder, EXPORTED, "school", columns)
