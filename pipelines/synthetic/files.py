"""The county as the files that a council would hand in, in a folder.

Forms differ from year to year as they do in councils: the return of 2023 and of 2025 as COLLECT's
CSVs, those of 2024 and 2026 as XML; extracts as COLLECT's CSVs, and as XML since the council
changed its system. January's extract has to be named as one,
because a reference date in January is also that of a return; so extracts lie in a folder of their
own. The last day is fixed, so that the same seed always gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np

from pipelines.ingest.modules import Modules
from pipelines.ingest.sen2.write_collect import write_collect
from pipelines.ingest.sen2.write_xml import write_xml
from pipelines.synthetic.answers import CORRECTIONS, EXPLANATIONS, write_answers
from pipelines.synthetic.ap_census import write_ap_census
from pipelines.synthetic.council_returns import RETURNS, write_returns
from pipelines.synthetic.county import County
from pipelines.synthetic.draw import census_day, day
from pipelines.synthetic.faults import Planted, with_faults
from pipelines.synthetic.registers import write_postcodes, write_schools
from pipelines.synthetic.restated import RESTATED_YEAR, as_first_sent
from pipelines.synthetic.returns import annual_return, extract
from pipelines.synthetic.rolls import Rolls

LAST_DAY = "2026-01-31"
EXTRACTS = 36
XML_SINCE = "2025-02"
AS_COLLECT = (2023, 2025)
ROLLS = ((2023, "SPR"), (2024, "SPR"), (2025, "SPR"), (2025, "SUM"), (2025, "AUT"), (2026, "SPR"))
AP_CENSUS, AP_YEARS = "ap-census", (2025, 2026)
# Days after the census on which a return was exported.
RESTATED, SENT_AFTER, RESTATED_AFTER = "-restated", 18, 62
IN_YEAR, PLANTED = "in-year", "planted-faults.json"
SCHOOLS, POSTCODES = "schools.csv", "postcodes.csv"
MADE_FROM = (
    ("pipelines/synthetic", "*.py"),
    ("pipelines/ingest/sen2", "write_*.py"),
    ("data/sample", "*.*"),
    ("data/reference", "establishment_type.csv"),
    ("data/reference/sources", "sen2.yml"),
)
# The date that stands in a zip; without it, the same content would give other bytes each time.
ZIP_DATE = (2026, 2, 2, 9, 30, 0)


@dataclass(frozen=True)
class Written:
    """What stands in the folder, in the order in which it is to be taken in.

    Extracts have to be named as such, because one of January looks like a return.
    """

    registers: tuple[Path, ...]
    returns: tuple[Path, ...]
    extracts: tuple[Path, ...]
    rolls: tuple[Path, ...]
    council: tuple[Path, ...]


def month_ends(last: str = LAST_DAY, count: int = EXTRACTS) -> list[np.datetime64]:
    """The last days of so many months, oldest first."""
    month = day(last).astype("datetime64[M]")
    months = np.arange(month - count + 1, month + 1)
    ends = (months + 1).astype("datetime64[D]") - 1
    return list(ends)


def write_county(county: County, folder: Path, extracts: int = EXTRACTS) -> Written:
    """Write every file of the county; a folder of before is replaced.

    extracts: how many months before the last day have one.
    """
    shutil.rmtree(folder, ignore_errors=True)
    (folder / IN_YEAR).mkdir(parents=True)
    write_schools(county, folder / SCHOOLS)
    write_postcodes(folder / POSTCODES)
    _write_returns(county, folder)
    for on in month_ends(count=extracts):
        _write_extract(county, on, folder / IN_YEAR)
    rolls = Rolls(county)
    for year, term in ROLLS:
        _write_roll(rolls, folder, year, term)
    for year in AP_YEARS:
        write_ap_census(county, folder / f"{AP_CENSUS}-{year}.csv", year)
    write_returns(county, rolls.supported(day(LAST_DAY)), folder, day(LAST_DAY))
    return written(folder)


def written(folder: Path) -> Written:
    """The files that stand in a folder that `write_county` has filled."""
    return Written(
        registers=(folder / SCHOOLS, folder / POSTCODES),
        returns=tuple(sorted(folder.glob("sen2-*"), key=_sent)),
        extracts=tuple(sorted((folder / IN_YEAR).iterdir())),
        rolls=(
            *sorted(folder.glob("school-census-*.zip")),
            *sorted(folder.glob(f"{AP_CENSUS}-*.csv")),
        ),
        council=tuple(folder / f"{name}.csv" for name in (*RETURNS, EXPLANATIONS, CORRECTIONS)),
    )


def _sent(path: Path) -> tuple[str, bool]:
    """The order in which returns were sent: a restated one after the first of its year."""
    return path.stem.removesuffix(RESTATED), path.stem.endswith(RESTATED)


def fingerprint(project_root: Path, seed: int, scale: float) -> str:
    """SHA-256 over all that decides the files' bytes: seed, size, code and what the code reads."""
    digest = hashlib.sha256(f"{seed} {scale}".encode())
    for part, pattern in MADE_FROM:
        for path in sorted((project_root / part).glob(pattern)):
            digest.update(path.relative_to(project_root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _write_returns(county: County, folder: Path) -> None:
    """Every return with its faults, one also as it was first sent, and the answers to the last."""
    planted: dict[int, tuple[Planted, ...]] = {}
    for year in county.years:
        clean = annual_return(county, year)
        modules, planted[year] = with_faults(clean, year, county.seed)
        path = _write_return(modules, year, folder, name=RESTATED if year == RESTATED_YEAR else "")
        if year == county.years[-1]:
            write_answers(folder, path, clean, modules, planted[year])
    first = annual_return(as_first_sent(county, RESTATED_YEAR), RESTATED_YEAR)
    _write_return(with_faults(first, RESTATED_YEAR, county.seed)[0], RESTATED_YEAR, folder)
    _write_planted(planted, folder / PLANTED)


def _write_return(modules: Modules, year: int, folder: Path, name: str = "") -> Path:
    """One return; gives its path. name: what its file's name has more than the year."""
    if year not in AS_COLLECT:
        path = folder / f"sen2-{year}{name}.xml"
        with path.open("wb") as target:
            write_xml(modules, year, target)
        return path
    exported = date.fromisoformat(str(census_day(year) + (RESTATED_AFTER if name else SENT_AFTER)))

    def write(into: Path) -> None:
        write_collect(modules, year, into, exported)

    path = folder / f"sen2-{year}{name}.zip"
    _zipped(path, write)
    return path


def _write_extract(county: County, on: np.datetime64, folder: Path) -> None:
    """An extract, zipped: unpacked, those of three years would take half a gigabyte."""
    month, year = str(on)[:7], int(str(on)[:4]) + 1
    name, modules = f"extract-{month}", extract(county, on)

    def write(into: Path) -> None:
        if month < XML_SINCE:
            write_collect(modules, year, into, date.fromisoformat(str(on + 2)))
            return
        with (into / f"{name}.xml").open("wb") as target:
            write_xml(modules, year, target)

    _zipped(folder / f"{name}.zip", write)


def _write_roll(rolls: Rolls, folder: Path, year: int, term: str) -> None:
    def write(into: Path) -> None:
        rolls.write(into, year, term)

    _zipped(folder / f"school-census-{year}-{term.lower()}.zip", write)


def _zipped(path: Path, write: Callable[[Path], None]) -> None:
    """The files that `write` puts into a folder, as one zip whose bytes depend on them alone."""
    into = path.with_suffix(".files")
    into.mkdir()
    write(into)
    with zipfile.ZipFile(path, "w") as archive:
        for member in sorted(into.iterdir()):
            entry = zipfile.ZipInfo(member.name, ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, member.read_bytes(), compresslevel=1)
    shutil.rmtree(into)


def _write_planted(planted: dict[int, tuple[Planted, ...]], path: Path) -> None:
    """The faults by return, for whoever wants to compare what the rules find."""
    content = {str(year): [asdict(fault) for fault in faults] for year, faults in planted.items()}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
