"""Adding a year is editing one table: an element of 2027 goes through every form and both writers.

In a copy of the programme, whose sen2.yml has one line more and whose code is as it is here.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import PROJECT_ROOT

HELD = ("pipelines", "commands", "sql", "expectations", "data/reference", "data/councils")
HELPER = "tests/unit/ingest/sen2/returns.py"
EXAMPLE = "tests/fixtures/sen2_example_2026.xml"
LAST = "      - {column: upn_unknown, "
NEW = (
    "      - {column: left_care_date, element: LeftCareDate, type: date, years: [2027], "
    'collect: leftcaredate, labels: ["Date left care"]}'
)
WALK = """
import io, json, sys, tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
import pyarrow as pa
from pipelines.ingest.desk import Setting, desk, held_reference
from pipelines.ingest.sen2.collect import read_collect
from pipelines.ingest.sen2.presubmission import read_presubmission
from pipelines.ingest.sen2.template import read_template
from pipelines.ingest.sen2.write_collect import write_collect
from pipelines.ingest.sen2.write_xml import write_xml
from pipelines.ingest.sen2.xml import read_xml
from pipelines.registry.sen2 import sen2
from pipelines.settings import PROJECT_ROOT, Settings
from tests.unit.ingest.sen2.returns import EXAMPLE, five_files_of, template_of, workbook_of
from pipelines.ingest.sen2.five_file import read_five_file

year = int(sys.argv[1])
described = sen2(PROJECT_ROOT)
raw = EXAMPLE.read_bytes().replace(b"<Year>2026<", b"<Year>%d<" % year)
modules = read_xml(raw, described)
people = modules.tables["person"]
days = pa.array([f"2025-03-{1 + number:02d}" for number in range(people.num_rows)])
place = people.column_names.index("left_care_date")
filled = people.set_column(place, "left_care_date", days)
modules = replace(modules, tables={**modules.tables, "person": filled})

kept = io.BytesIO()
write_xml(modules, year, kept)
Path(sys.argv[2]).write_bytes(kept.getvalue())
with tempfile.TemporaryDirectory() as folder:
    paths = write_collect(modules, year, Path(folder), date(2027, 2, 3))
    blades = {path.name: path.read_bytes() for path in paths}
read = {
    "xml": read_xml(kept.getvalue(), described),
    "collect": read_collect(blades, described),
    "template": read_template(template_of(modules, year), described, year),
    "workbook": read_presubmission(workbook_of(modules, year), described, year),
    "five files": read_five_file(five_files_of(modules), described),
}
told = {
    form: {
        "days": found.tables["person"].column("left_care_date").to_pylist(),
        "rules": sorted({item.rule for item in found.findings}),
    }
    for form, found in read.items()
}
setting = Setting("999", "f" * 16, year, date(year, 1, 15), False)
reference = held_reference(Settings(workspace=Path(sys.argv[2]).parent / "ws"))
with desk(read["xml"], described.modules, described.patterns, reference, setting) as connection:
    typed = connection.sql("select typeof(left_care_date), count(*) from parsed.person group by 1")
    told["desk"] = typed.fetchall()
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the programme in which the return of 2027 asks for one day more of each person."""
    root = tmp_path_factory.mktemp("house")
    bare = shutil.ignore_patterns("__pycache__")
    for name in HELD:
        shutil.copytree(PROJECT_ROOT / name, root / name, ignore=bare)
    for name in (HELPER, EXAMPLE):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT_ROOT / name, root / name)
    table = root / "data" / "reference" / "sources" / "sen2.yml"
    text = table.read_text(encoding="utf-8")
    (line,) = (line for line in text.splitlines() if line.startswith(LAST))
    table.write_text(text.replace(line, f"{line}\n{NEW}"), encoding="utf-8")
    return root


def run(house: Path, *words: str) -> str:
    """The output of Python in the copy."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=house,
        env=os.environ | {"PYTHONPATH": str(house), "SEND_WORKSPACE": str(house / "workspace")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    assert done.stdout, done.stderr
    return done.stdout


def walked(house: Path, year: int) -> dict[str, Any]:
    """What every form says of the new element after a return of a year was written in it."""
    return dict(json.loads(run(house, "-c", WALK, str(year), str(written(house, year)))))


def written(house: Path, year: int) -> Path:
    """The XML that a walk leaves."""
    return house / f"return-{year}.xml"


@pytest.fixture(scope="module")
def told(house: Path) -> dict[str, Any]:
    """What every form says of a return of 2027."""
    return walked(house, 2027)


def rules_of(house: Path, file: Path, year: int) -> set[str]:
    """What `send validate` finds in a file."""
    words = ("-m", "commands.cli", "validate", str(file), "--return-year", str(year), "--json")
    return {item["rule"] for item in json.loads(run(house, *words))["findings"]}


def test_one_line_of_the_table_takes_an_element_through_all_forms_and_both_writers(
    house: Path, told: dict[str, Any]
) -> None:
    days = [f"2025-03-{1 + number:02d}" for number in range(9)]
    assert list(told) == ["xml", "collect", "template", "workbook", "five files", "desk"]
    assert told["desk"] == [["DATE", 9]]
    for form, found in list(told.items())[:-1]:
        assert found["days"] == days, form
        assert not {"unknown_column", "element_of_another_year"} & set(found["rules"]), form
    text = written(house, 2027).read_text(encoding="utf-8")
    assert text.count("<LeftCareDate>2025-03-") == 9
    assert "element_of_another_year" not in rules_of(house, written(house, 2027), 2027)


def test_the_element_is_no_part_of_a_return_of_the_year_before(house: Path) -> None:
    earlier = walked(house, 2026)
    assert "LeftCareDate" not in written(house, 2026).read_text(encoding="utf-8")
    for form in ("xml", "collect", "template", "workbook"):
        assert earlier[form]["days"] == [None] * 9, form


@pytest.mark.usefixtures("told")
def test_without_the_line_the_element_is_unknown_and_too_early_it_is_told(house: Path) -> None:
    later = written(house, 2027)
    assert "unknown_element" in rules_of(PROJECT_ROOT, later, 2027)
    early = house / "early.xml"
    text = later.read_text(encoding="utf-8").replace("<Year>2027<", "<Year>2026<")
    early.write_text(text, encoding="utf-8")
    assert "element_of_another_year" in rules_of(house, early, 2026)
