"""School rolls on a census day, in the tables of a COLLECT export.

Children with a plan in a state school of the county stand in it under the same number as in the
SEN2 return; the other pupils are made here, and are the same from census to census.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.synthetic.collect import keys, stamps, write_table
from pipelines.synthetic.county import County
from pipelines.synthetic.draw import (
    Flags,
    Places,
    ages,
    day_of,
    pick,
    working_day,
)
from pipelines.synthetic.people import People, postcodes
from pipelines.synthetic.placements import KINDS
from pipelines.synthetic.pupils import (
    NURSERY_SHARE,
    OLDEST,
    SIXTH_FORM_SHARE,
    YOUNGEST,
    Roll,
    pupils,
    schools_of,
)
from pipelines.synthetic.schools import OWN_LA, Schools
from pipelines.synthetic.second_places import SecondPlaces, second_places
from pipelines.synthetic.snapshot import placed, school_year_end

# Autumn: first Thursday of October; spring: third of January; summer: third of May.
TERMS = {"AUT": (10, 1), "SPR": (1, 3), "SUM": (5, 3)}
PHASES = {"Nursery": "NS", "Primary": "PS", "Middle": "MS", "Secondary": "SS", "All-through": "AT"}
NC_YEARS = np.array(["E2", "E2", "N1", "N2", "R", *map(str, range(1, 15))])
DUAL_SHARE = 0.002
WRONG_LETTER_SHARE = 0.0004


def census_date(year: int, term: str) -> np.datetime64:
    """The day of a census."""
    month, week = TERMS[term]
    first = day_of(year, month, 1)
    thursday = first + (3 - (first.astype(np.int64) + 3) % 7) % 7
    found: np.datetime64 = thursday + 7 * (week - 1)
    return found


class Rolls:
    """The rolls of a county, census by census."""

    def __init__(self, county: County) -> None:
        self._county = county
        self._rng = np.random.default_rng((county.seed, 3))
        first, last = county.years[0] - 1, county.years[-1]
        margins = county.margins
        self._pupils = pupils(self._rng, margins, first, last, len(county.people))

    def supported(self, on: np.datetime64) -> People:
        """Pupils on roll on a day with SEN support and no plan."""
        places, _, _ = self._without_plan(on)
        places = places[self._pupils.support[places] < self._support_share(on)]
        who = self._pupils.people
        names = who.__dataclass_fields__
        return People(**{name: getattr(who, name)[places] for name in names})

    def _support_share(self, on: np.datetime64) -> float:
        shares = self._county.margins.census.support_pct
        return shares.get(min(school_year_end(on), max(shares)), 11.8) / 100

    @cached_property
    def _open(self) -> Flags:
        """Schools that take part in the census."""
        schools = self._county.schools
        found: Flags = (schools.roll >= 0) & (schools.la_code == OWN_LA)
        return found

    def write(self, folder: Path, year: int, term: str) -> list[Path]:
        """The tables of one census, all schools together."""
        on = census_date(year, term)
        roll = self._roll(on)
        exported = _printed_day(working_day(np.array([on + 20]))[0])
        schools = np.flatnonzero(self._open)
        number = np.zeros(len(self._open), dtype=np.int64)
        number[schools] = np.arange(1, len(schools) + 1)
        of = number[roll.school]
        tables = {
            "schoolcensus": self._census(schools, on, year, term),
            "school": self._school(schools),
            "pupilonroll": self._on_roll(roll, of, on),
            ("addressesonroll" if term == "AUT" else "addresses"): self._addresses(roll, term),
            ("fsmperiodsonroll" if term == "AUT" else "fsmperiod"): self._meals(roll, term, on),
        }
        if term == "SPR":
            tables["senneeds"] = self._needs(roll)
        return [write_table(folder, exported, name, columns) for name, columns in tables.items()]

    def _roll(self, on: np.datetime64) -> Roll:
        """Who is where on a day."""
        plans, at = self._with_plan(on)
        pupils, school, age = self._without_plan(on)
        supported = self._pupils.support[pupils] < self._support_share(on)
        kinds = np.array(KINDS)[at.kind]
        need = self._county.plans.need[plans]
        none = np.zeros(len(pupils), dtype=np.bool_)
        birth = self._county.people.birth[self._county.plans.person[plans]]
        return self._with_dual(
            Roll(
                with_plan=len(plans),
                school=np.concatenate([at.school, school]),
                who=np.concatenate([self._county.plans.person[plans], pupils]),
                age=np.concatenate([ages(birth, _last_august(on)), age]),
                provision=np.concatenate([np.full(len(plans), "E"), np.where(supported, "K", "N")]),
                need=np.concatenate([need, np.where(supported, self._pupils.need[pupils], "")]),
                is_unit=np.concatenate([np.char.endswith(kinds, "senunit"), none]),
                is_resourced=np.concatenate([np.char.endswith(kinds, "resourced_provision"), none]),
                status=np.full(len(plans) + len(pupils), "C"),
            ),
            second_places(self._county, plans, at, on),
        )

    def _with_dual(self, roll: Roll, second: SecondPlaces) -> Roll:
        """Some pupils are also, and secondly, on the roll of a learning centre.

        Those of children with a plan stand behind the children with a plan.
        """
        known = self._county.schools
        centres = np.flatnonzero(self._open & np.char.startswith(known.placement, "ap_pru"))
        able = np.arange(len(roll.who)) >= roll.with_plan
        able &= (roll.age >= 6) & (roll.age <= 15)
        rng = np.random.default_rng((self._county.seed, len(roll.who)))
        dual = pick(rng, able, round(DUAL_SHARE * len(roll.who)))
        at_centre = second.school >= 0
        with_plan, own = second.at[at_centre], np.arange(roll.with_plan)
        others = np.arange(roll.with_plan, len(roll.who))
        found = roll.rows(np.concatenate([own, with_plan, others, dual]))
        shift, last = len(with_plan), len(roll.who) + len(with_plan)
        found.status[np.concatenate([with_plan, dual + shift])] = "M"
        found.status[roll.with_plan : roll.with_plan + shift] = "S"
        found.school[roll.with_plan : roll.with_plan + shift] = second.school[at_centre]
        found.status[last:] = "S"
        found.school[last:] = centres[rng.integers(0, len(centres), len(dual))]
        return replace(found, with_plan=roll.with_plan + shift)

    def _with_plan(self, on: np.datetime64) -> tuple[Places, Any]:
        county = self._county
        active = np.flatnonzero(county.plans.in_place(on))
        at = placed(county, active, on)
        on_roll = (at.school >= 0) & self._open[at.school]
        active = active[on_roll]
        return active, placed(county, active, on)

    def _without_plan(self, on: np.datetime64) -> tuple[Places, Places, Places]:
        """Pupils of school age, each at a school of the own district where there is one."""
        who = self._pupils.people
        age = ages(who.birth, _last_august(on))
        there = (age > YOUNGEST) & (age < OLDEST - 1)
        there |= (age == YOUNGEST) & (self._pupils.path < NURSERY_SHARE)
        there |= (age >= OLDEST - 1) & (age <= OLDEST) & (self._pupils.path < SIXTH_FORM_SHARE)
        places = np.flatnonzero(there)
        school = schools_of(
            self._county.schools,
            self._open,
            age[places],
            who.district[places],
            self._pupils.path[places],
        )
        return places, school, age[places]

    def _traits(self, roll: Roll, name: str) -> Any:
        """A trait of everybody on the roll: children with a plan first, then the others."""
        own = getattr(self._county.people, name)[roll.who[: roll.with_plan]]
        return np.concatenate([own, getattr(self._pupils.people, name)[roll.who[roll.with_plan :]]])

    def _census(self, schools: Places, on: np.datetime64, year: int, term: str) -> dict[str, Any]:
        known, count = self._county.schools, len(schools)
        return keys("schoolcensus", count) | {
            "collection": np.full(count, "SC"),
            "term": np.full(count, term),
            "year": np.full(count, str(year)),
            "referencedate": stamps(np.full(count, on)),
            "sourcelevel": np.full(count, "S"),
            "lea": known.la_code[schools],
            "estab": known.number[schools],
            "urn": known.urn[schools],
            "serialno": np.full(count, "001"),
        }

    def _school(self, schools: Places) -> dict[str, Any]:
        known, count = self._county.schools, len(schools)
        numbers = np.arange(1, count + 1)
        return keys("school", count, ("schoolcensus", numbers)) | {
            "schoolname": known.name[schools],
            "phase": np.array([_phase(known, int(place)) for place in schools]),
            "type": known.type_code[schools],
        }

    def _on_roll(self, roll: Roll, school: Places, on: np.datetime64) -> dict[str, Any]:
        count = len(school)
        upn = self._traits(roll, "upn")
        rng = np.random.default_rng((self._county.seed, int(on.astype(np.int64))))
        wrong = pick(rng, np.arange(count), round(WRONG_LETTER_SHARE * count))
        upn[wrong] = np.char.add(
            np.where(np.char.startswith(upn[wrong], "A"), "B", "A"),
            np.array([text[1:] for text in upn[wrong].tolist()], dtype="U12"),
        )
        # On roll since reception, or since the first September after moving to secondary.
        since = np.select([roll.age >= 11, roll.age >= 4], [11, 4], roll.age)
        years = school_year_end(on) - 1 - (roll.age - since)
        entry = (years - 1970).astype("datetime64[Y]").astype("datetime64[D]") + 246
        return keys("pupilonroll", count, ("schoolcensus", school)) | {
            "upn": upn,
            "formerupn": np.full(count, ""),
            "uniquelearnernumber": np.where(roll.age >= 13, self._traits(roll, "uln"), ""),
            "surname": self._traits(roll, "surname"),
            "forename": self._traits(roll, "forename"),
            "dob": stamps(self._traits(roll, "birth")),
            "sex": self._traits(roll, "sex"),
            "ethnicity": self._traits(roll, "ethnicity"),
            "enrolstatus": roll.status,
            "entrydate": stamps(entry),
            "ncyearactual": NC_YEARS[np.clip(roll.age, 0, len(NC_YEARS) - 1)],
            "senprovision": roll.provision,
            "senunitindicator": np.where(roll.is_unit, "1", "0"),
            "resourcedprovisionindicator": np.where(roll.is_resourced, "1", "0"),
            "topupfunding": np.where(roll.provision == "E", "1", "0"),
        }

    def _addresses(self, roll: Roll, term: str) -> dict[str, Any]:
        count = len(roll.school)
        table = "addressesonroll" if term == "AUT" else "addresses"
        return keys(table, count, ("pupilonroll", np.arange(1, count + 1))) | {
            "postcode": postcodes()[self._traits(roll, "postcode")]
        }

    def _meals(self, roll: Roll, term: str, on: np.datetime64) -> dict[str, Any]:
        own = np.arange(roll.with_plan) % 5 < 2
        has = np.concatenate([own, self._pupils.meals[roll.who[roll.with_plan :]]])
        places = np.flatnonzero(has)
        table = "fsmperiodsonroll" if term == "AUT" else "fsmperiod"
        return keys(table, len(places), ("pupilonroll", places + 1)) | {
            "fsmstartdate": stamps(np.full(len(places), _last_august(on) + 5)),
            "fsmenddate": np.full(len(places), ""),
        }

    def _needs(self, roll: Roll) -> dict[str, Any]:
        places = np.flatnonzero(roll.need != "")
        return keys("senneeds", len(places), ("pupilonroll", places + 1)) | {
            "sentype": np.where(roll.need[places] == "DS", "MLD", roll.need[places]),
            "sentyperank": np.full(len(places), "1"),
        }


def _last_august(on: np.datetime64) -> np.datetime64:
    return day_of(school_year_end(on) - 1, 8, 31)


def _printed_day(on: np.datetime64) -> str:
    year, month, number = str(on).split("-")
    return f"{number}-{month}-{year}"


def _phase(schools: Schools, place: int) -> str:
    kind = str(schools.placement[place])
    if kind.startswith("special"):
        return "SP"
    if kind.startswith("ap_pru"):
        return "PR"
    return PHASES[str(schools.phase[place]).split()[0]]
