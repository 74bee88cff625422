"""A code of the census that is in no list does not land, and somebody is told of each one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from pipelines.settings import PROJECT_ROOT
from tests.integration.test_census_lands import NEEDS, PUPILS, SCHOOLS, Rows, take

__all__ = ["take"]

SCHOOL = "schooltableid,NativeId,sourceid,schoolcensustableid,schoolname,phase\n1,1,1,11,Qs,PS\n"
# The fourth pupil of these tables has odd codes already.
SOUND = PUPILS.replace("Q free text,Z,", "WBRI,C,").replace(",99,X,maybe,0", ",8,K,0,0")
TABLES = {"a": SCHOOLS, "b": SOUND, "d": NEEDS, "e": SCHOOL}
# Column -> table, where a sound code stands in it, the same place with a code of no list.
ODD = {
    "census_term": ("a", "1,1,1,SPR,2026", "1,1,1,QQ,2026"),
    "school_phase": ("e", ",Qs,PS", ",Qs,QQ"),
    "enrolment_status": ("b", "M,WBRI,M,", "M,WBRI,QQ,"),
    "sen_provision": ("b", "05 00:00:00,2,E,1,1", "05 00:00:00,2,QQ,1,1"),
    "sen_type": ("d", "701,1,ASD", "701,1,QQ"),
    "sen_type_rank": ("d", "701,1,ASD", "701,QQ,ASD"),
}
# Term, year and day have to agree, and are told of together.
SAID_OF = {"census_term": "referencedate"}


def test_every_code_column_that_leaves_the_door_is_tried_here() -> None:
    folder = PROJECT_ROOT / "sql" / "door" / "census"
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.sql")))
    assert set(re.findall(r"known_code\('\w+', \w+\.(\w+)\)", text)) == set(ODD)


@pytest.mark.parametrize("column", list(ODD))
def test_a_code_of_no_list_is_reported(column: str, take: Callable[..., dict[str, Rows]]) -> None:
    table, sound, odd = ODD[column]
    assert sound in TABLES[table], "or the test would change nothing"
    changed = TABLES | {table: TABLES[table].replace(sound, odd, 1)}
    landed = take(**changed)
    assert SAID_OF.get(column, column) in _told(landed)
    assert "QQ" not in repr(landed)


def test_sound_codes_are_not_reported(take: Callable[..., dict[str, Rows]]) -> None:
    assert not _told(take(**TABLES)) & {SAID_OF.get(column, column) for column in ODD}


def _told(landed: dict[str, Rows]) -> set[str]:
    """The columns that findings name, of the rules and of the reader."""
    of_rules = [row["column_names"] for row in landed.get("record_finding", [])]
    of_reader = [row["column_name"] or "" for row in landed.get("finding", [])]
    return {name for names in (*of_rules, *of_reader) for name in names.split(", ")}
