"""The children: traits, and the numbers by which a council knows them. All of it is invented."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipelines.synthetic.draw import Days, Places, Texts, spread
from pipelines.synthetic.margins import Margins
from pipelines.synthetic.schools import DISTRICTS, OWN_LA, names

ALPHABET = np.array(list("ABCDEFGHJKLMNPQRTUVWXYZ"))
POSTCODES_IN_DISTRICT = 400
POSTCODE_LETTERS = np.array(list("ABDEFGHJLNPQRSTUWXYZ"))
UPN_PLACES = np.arange(2, 14)
ULN_PLACES = np.arange(10, 1, -1)
# 999 of the authority, then nine digits; multiplying by a unit modulo 10^9 shuffles them.
SERIALS = 10**9
SHUFFLE = 387_420_489


@dataclass(frozen=True)
class People:
    """One place for each child.

    Attributes:
        postcode: place in `postcodes()`; district: place of the district.
        upn: right by its check letter; uln: ten digits.
    """

    birth: Days
    sex: Texts
    ethnicity: Texts
    postcode: Places
    district: Places
    surname: Texts
    forename: Texts
    upn: Texts
    uln: Texts

    def __len__(self) -> int:
        return len(self.birth)


def people(
    rng: np.random.Generator,
    project_root: Path,
    margins: Margins,
    birth: Days,
    first_serial: int = 0,
) -> People:
    """Children with these birth dates; first_serial keeps the numbers of two groups apart."""
    count = len(birth)
    postcode = rng.integers(0, DISTRICTS * POSTCODES_IN_DISTRICT, count)
    surnames, forenames = _name_lists(project_root)
    serial = first_serial + np.arange(count)
    return People(
        birth=birth,
        sex=spread(rng, margins.weights.sex, count),
        ethnicity=spread(rng, margins.weights.ethnicity, count),
        postcode=postcode,
        district=postcode // POSTCODES_IN_DISTRICT,
        surname=surnames[rng.integers(0, len(surnames), count)],
        forename=forenames[rng.integers(0, len(forenames), count)],
        upn=upns(serial),
        uln=ulns(serial),
    )


def _name_lists(project_root: Path) -> tuple[Texts, Texts]:
    known = names(project_root)
    surnames = [a + b for a in known.surname_beginnings for b in known.surname_ends]
    forenames = [a + b for a in known.forename_beginnings for b in known.forename_ends]
    return np.array(surnames), np.array(forenames)


def upns(serial: Places) -> Texts:
    """Unique pupil numbers with the check letter that their digits ask for.

    Each of the 12 digits counts by its place, 2 to 13; the sum modulo 23 is the letter.
    """
    mixed = (serial * SHUFFLE + 7) % SERIALS
    digits = _digits(mixed + int(OWN_LA) * SERIALS, 12)
    letters = ALPHABET[(digits * UPN_PLACES).sum(axis=1) % len(ALPHABET)]
    return np.char.add(letters, (mixed + int(OWN_LA) * SERIALS).astype("U12"))


def ulns(serial: Places) -> Texts:
    """Unique learner numbers: nine digits and a check digit.

    The remainder of the weighted sum by 11 may not be 0; such numbers are moved on to the next.
    """
    body = 100_000_000 + (serial * 2 * 8_191 + 12_345) % 899_999_990
    remainder = (_digits(body, 9) * ULN_PLACES).sum(axis=1) % 11
    body = np.where(remainder == 0, body + 1 - 10 * (body % 10 == 9), body)
    remainder = (_digits(body, 9) * ULN_PLACES).sum(axis=1) % 11
    return np.char.add(body.astype("U9"), (10 - remainder).astype("U2"))


def _digits(numbers: Places, count: int) -> Places:
    powers = 10 ** np.arange(count - 1, -1, -1, dtype=np.int64)
    digits: Places = numbers[:, None] // powers % 10
    return digits


def postcodes() -> Texts:
    """Every postcode of the county, by district: 'ZZ91 1AA'. No post office uses ZZ."""
    district = np.arange(DISTRICTS).repeat(POSTCODES_IN_DISTRICT)
    within = np.tile(np.arange(POSTCODES_IN_DISTRICT), DISTRICTS)
    letters = len(POSTCODE_LETTERS)
    area = np.char.add("ZZ9", (district + 1).astype("U1"))
    sector = np.char.add(" ", (within // 100 + 1).astype("U1"))
    unit = np.char.add(
        POSTCODE_LETTERS[within % 100 // letters], POSTCODE_LETTERS[within % letters]
    )
    return np.char.add(np.char.add(area, sector), unit)
