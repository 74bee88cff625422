"""What no kind fits is refused without a cell of it: a first line may be a child's record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.errors import InputError
from pipelines.ingest import nearest, recognise
from pipelines.ingest.council.reader import read_return
from pipelines.ingest.desk_reference import held_reference
from pipelines.ingest.door import ingest
from pipelines.ingest.setting import Asked, require_own_year, setting_of
from pipelines.registry.council_returns import council_returns
from pipelines.registry.sources import sources
from pipelines.settings import PROJECT_ROOT, Settings
from tests.unit.ingest.test_gias import register

SOURCES = sources(PROJECT_ROOT)
CHILD = "Qsurname,Qforename,2012-05-11,QX1 1QZ,Z999400119045"


def refusal(raw: bytes) -> str:
    with pytest.raises(InputError) as error:
        recognise.recognised(raw, SOURCES)
    assert error.value.remedy
    return str(error.value)


@pytest.mark.parametrize(
    "line",
    [
        CHILD,
        f"{CHILD},urn,upn,surname",
        f"time_period,la_name,{CHILD},Qmore,Qfurther",
        CHILD.replace(",", ";"),
        CHILD.replace(",", "\t"),
    ],
    ids=["cells alone", "few names", "names of a release", "semicolons", "tabs"],
)
def test_cells_of_a_file_without_a_header_are_not_repeated(line: str) -> None:
    words = refusal(f"{line}\n{line}\n".encode())
    assert [
        cell for cell in (*CHILD.split(","), "Qmore", "Qfurther") if cell.lower() in words.lower()
    ] == []


def test_of_a_header_that_is_plainly_one_the_strange_column_is_named() -> None:
    marks = {name.lower() for name in SOURCES.ees.files["caseload"].recognised_by}
    names = [*sorted(nearest.all_columns(SOURCES)["caseload"] - marks), "brand_new"]
    words = refusal((",".join(names) + "\n").encode())
    assert "nearest is 'caseload'" in words
    assert "unexpected: brand_new" in words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param(
            "la,unique_pupil_number,date_of_referral,dob,brand_new",
            ["nearest is 'early_support'", "missing: support_kind", "unexpected: brand_new"],
            id="council",
        ),
        pytest.param(
            "LA Code,Rule ID,File,Record,Role,Date Decided",
            ["nearest is 'finding_explanation'; missing: explanation"],
            id="council, other headings",
        ),
        pytest.param(
            "la,year,census_date,unique_pupil_number,dob,gender,brand_new",
            ["nearest is 'ap_census'; missing: attendance_pattern, placement_reason"],
            id="alternative provision",
        ),
        pytest.param(
            "collection,term,year,lea,estab,brand_new",
            ["nearest is 'school census, table schoolcensus'", "schoolcensustableid", "brand_new"],
            id="census",
        ),
    ],
)
def test_what_is_like_a_return_or_a_census_is_told_so(line: str, words: list[str]) -> None:
    told = refusal(f"{line}\n".encode())
    assert [each for each in words if each not in told] == []
    assert "la_code" not in told, "the heading 'la' means it"


def test_cells_beside_a_few_headings_of_a_return_are_not_repeated() -> None:
    cells = ("qa", "qb", "qc", "qd", "qe")
    told = refusal(f"la_code,upn,referral_date,{','.join(cells)}\n".encode())
    assert "nearest is 'early_support'" in told
    assert "5 of the 8 names" in told
    assert not any(cell in told.split() for cell in cells)


def test_headings_of_a_return_are_named_only_beside_those_that_it_has() -> None:
    returns = council_returns(PROJECT_ROOT)
    sound = "la_code,upn,support_kind,referral_date"
    plain = read_return(f"{sound},shoesize\n".encode(), "early_support", returns)
    assert "shoesize" in str(plain.findings)
    many = ",".join(f"Qcell{number}" for number in range(9))
    hidden = read_return(f"{sound},{many}\n".encode(), "early_support", returns)
    assert "9 headings" in str(hidden.findings)
    assert "Qcell" not in str(hidden.findings)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_long_doctype_is_called_by_its_name(encoding: str) -> None:
    entities = "".join(f'<!ENTITY e{number} "{"x" * 900}">' for number in range(120))
    text = f"<?xml version='1.0'?>\n<!DOCTYPE Message [{entities}]>\n<Message/>"
    words = refusal(text.encode(encoding))
    assert "DOCTYPE" in words
    assert "line 2" in words


def test_a_web_page_is_not_called_a_return_with_a_doctype() -> None:
    assert "whose root is 'html'" in refusal(b"<!DOCTYPE html>\n<html><p>Not found</p></html>")


# ---- what is known of a file besides its rows ---------------------------------------------------


class Header:
    """Modules with a header alone."""

    def __init__(self, **cells: str) -> None:
        import pyarrow as pa

        self.tables = {"header": pa.table({name: [text] for name, text in cells.items()})}


@pytest.mark.parametrize(("printed", "own"), [("861", "860"), ("860", "860"), ("999", "999")])
def test_a_file_is_held_against_the_council_and_not_against_itself(printed: str, own: str) -> None:
    header = Header(la_code=printed, return_year="2026", reference_date="2026-01-15")
    assert setting_of(header, "860", "file", Asked()).la_code == own  # type: ignore[arg-type]


def test_a_return_without_year_and_day_is_read_where_its_year_is_said() -> None:
    header = Header(la_code="860")
    with pytest.raises(InputError, match="for which year") as error:
        setting_of(header, "860", "file", Asked())  # type: ignore[arg-type]
    assert "--return-year" in error.value.remedy
    setting = setting_of(header, "860", "file", Asked(return_year=2026))  # type: ignore[arg-type]
    assert (setting.return_year, setting.reference_date) == (2026, None)


def test_the_year_that_is_said_comes_before_that_of_the_header_which_is_not_filed_under_it() -> (
    None
):
    header = Header(la_code="860", return_year="2025", reference_date="2025-01-16")
    asked = Asked(return_year=2026)
    setting = setting_of(header, "860", "file", asked)  # type: ignore[arg-type]
    assert setting.return_year == 2026
    with pytest.raises(InputError, match="its header says 2025, and --return-year says 2026"):
        require_own_year(header, setting)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "day", "year"),
    [
        (Asked(), "2025-01-16", 2025),
        (Asked(return_year=2025), "2025-01-16", 2025),
        (Asked(return_year=2026, is_any_year=True), "2025-01-16", 2025),
        # An extract is of the year after its day, whatever its header and the user say.
        (Asked(return_year=2026), "2026-09-30", 2027),
    ],
    ids=["of the header", "both alike", "any will do", "an extract"],
)
def test_a_year_that_is_not_denied_is_filed(asked: Asked, day: str, year: int) -> None:
    header = Header(la_code="860", return_year="2025", reference_date=day)
    setting = setting_of(header, "860", "file", asked)  # type: ignore[arg-type]
    assert setting.return_year == year
    require_own_year(header, setting)  # type: ignore[arg-type]


def test_schools_are_those_of_the_newest_register_alone(
    workspace: Settings, tmp_path: Path, take_in: Callable[..., object]
) -> None:
    take_in(register({}, {"URN": "900002"}), "first.csv")
    take_in(register({}, {"URN": "900002"}, {"URN": "900003"}), "second.csv")
    held = held_reference(workspace).establishments
    assert sorted(held["urn"].to_pylist()) == ["900001", "900002", "900003"]


def test_two_registers_in_one_folder_do_not_double_a_school(
    workspace: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "registers"
    folder.mkdir()
    for name, urns in (("a.csv", ("900001", "900002")), ("b.csv", ("900001",))):
        (folder / name).write_bytes(register(*({"URN": urn} for urn in urns)))
    ingest([folder], workspace)
    assert held_reference(workspace).establishments["urn"].to_pylist() == ["900001"]
