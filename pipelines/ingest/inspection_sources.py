"""What the lists of an inspection are made from: kept files, opened again in memory only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from pipelines.errors import InputError
from pipelines.ingest import bundles, landing
from pipelines.ingest.desk import Reference, Setting, desk, held_reference
from pipelines.ingest.families import family_of
from pipelines.ingest.intake import FILE_ID_DIGITS
from pipelines.ingest.setting import CENSUS_MONTH, IN_YEAR, YEARLY, said_of
from pipelines.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

CENSUS, AMENDED = "census", "amended_plan"
RETURN_TABLE = "sen2_return"
JANUARY = f"-{CENSUS_MONTH:02}"
# What the census of no term and the amended plans of no file look like.
NO_ROLL = (
    *("pupil_record", "upn", "uln", "birth_date", "gender", "ethnicity", "sen_provision"),
    *("enrolment_status", "urn", "school_phase", "primary_need"),
)
NO_AMENDED = ("upn", "uln", "review_meeting_date", "amended_plan_date")
NUMBERS, DATES = ("pupil_record",), ("birth_date", "review_meeting_date", "amended_plan_date")


@dataclass
class Sources:
    """What the lists are made from, in memory only.

    Attributes:
        tables: case_plan of the return, roll of the newest census, january_roll of the newest
            January census where that is another, amended of the council's own file.
        on: the day that the return describes; year: its return year.
        census, needs_census: which censuses say who has SEN support, and with which need.
    """

    tables: dict[str, pa.Table]
    reference: Reference
    on: date | None
    year: int | None
    file_ids: list[str] = field(default_factory=list)
    census: str | None = None
    needs_census: str | None = None


def opened(settings: Settings, year: int | None) -> Sources:
    """Open the newest return or extract, the censuses beside it and the plans amended since.

    Raises:
        InputError: no SEN2 return is held, or the bytes of a file are not here.
    """
    received = landing.received(settings)
    record = _newest_return(settings, received, year)
    if record is None:
        raise InputError(
            f"no SEN2 return{f' of {year}' if year else ''} is held",
            where=str(settings.workspace),
            remedy="Take it in: send ingest PATH",
        )
    reference = held_reference(settings)
    plans, setting = _on_desk(settings, record, reference, "case_plan")
    tables = {
        "case_plan": plans,
        "roll": _empty(NO_ROLL),
        "january_roll": _empty(NO_ROLL),
        "amended": _empty(NO_AMENDED),
    }
    sources = Sources(tables, reference, setting.reference_date, setting.return_year)
    sources.file_ids.append(setting.file_id)
    _open_censuses(settings, sources, received, None if year is None else f"{year}{JANUARY}")
    amended = _newest(row for row in received if row["kind"] == AMENDED)
    if amended is not None:
        _open(settings, sources, amended, "amended", "amended")
    return sources


def select_text(settings: Settings, name: str) -> str:
    """A select of sql/inspection."""
    path = settings.project_root / "sql" / "inspection" / f"{name}.sql"
    return path.read_text(encoding="utf-8")


# ---- which files ---------------------------------------------------------------------------------


def _newest_return(
    settings: Settings, received: Iterable[Mapping[str, Any]], year: int | None
) -> Mapping[str, Any] | None:
    """The yearly return of a year; without one, the return or extract of the latest day."""
    wanted = (YEARLY,) if year else (YEARLY, IN_YEAR)
    # A file has a row for each of its modules.
    files = {
        row["sha256"]: row
        for row in received
        if row["kind"] in wanted and (year is None or row["release"] == str(year))
    }
    return max(
        files.values(),
        key=lambda row: (_day(settings, row), row["vintage_order"], row["file_id"]),
        default=None,
    )


def _day(settings: Settings, record: Mapping[str, Any]) -> str:
    """'2025-09-30', and '2025-09' or '2026-01' of a return that says no day."""
    import pyarrow.parquet as pq

    name = f"{record['file_id'][:FILE_ID_DIGITS]}{landing.LANDED}"
    path = settings.landing / RETURN_TABLE / name
    said = pq.read_table(path, columns=["reference_date"])[0].to_pylist() if path.is_file() else []
    release = record["release"] or ""
    month = f"{release}{JANUARY}" if record["kind"] == YEARLY else release
    return next((str(day) for day in said if day is not None), month)


def _newest(received: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The last edition."""
    return max(received, key=lambda row: (row["vintage_order"], row["file_id"]), default=None)


def _open_censuses(
    settings: Settings,
    sources: Sources,
    received: Iterable[Mapping[str, Any]],
    release: str | None,
) -> None:
    """The roll of the newest census; needs and ethnicity stand in that of January only.

    release: the one census that is asked for, such as 2026-01.
    """
    recent = [
        row
        for row in received
        if row["kind"] == CENSUS
        and _is_recent(row["release"], sources)
        and release in (None, row["release"])
    ]
    census = _newest(recent)
    january = _newest(row for row in recent if (row["release"] or "").endswith(JANUARY))
    if census is not None:
        sources.census = census["release"]
        _open(settings, sources, census, "roll", "roll")
    if january is not None:
        sources.needs_census = january["release"]
        if census is None or january["sha256"] != census["sha256"]:
            _open(settings, sources, january, "roll", "january_roll")


def _is_recent(release: str | None, sources: Sources) -> bool:
    """Whether a census, such as that of 2025-10, is of the year of the lists or the one before."""
    year = sources.on.year if sources.on else sources.year
    return year is None or (release or "") >= str(year - 1)


# ---- their rows ----------------------------------------------------------------------------------


def _open(
    settings: Settings, sources: Sources, record: Mapping[str, Any], select: str, name: str
) -> None:
    sources.tables[name], setting = _on_desk(settings, record, sources.reference, select)
    sources.file_ids.append(setting.file_id)


def _on_desk(
    settings: Settings, record: Mapping[str, Any], reference: Reference, select: str
) -> tuple[pa.Table, Setting]:
    """One select over a kept file, read again from its sealed bytes."""
    kept = bundles.as_kept(settings, record["sha256"])
    if kept is None:
        raise InputError(
            "the bytes of the file are not kept here",
            where=record["file_name"] or "",
            remedy="Ingest it again.",
        )
    family = family_of(kept.family, settings.project_root)
    said = said_of(record)
    modules = family.read(kept.form, kept.pieces, said.return_year)
    setting = family.setting(modules, settings.council, kept.file_id, said)
    with desk(modules, family.modules, family.patterns, reference, setting) as connection:
        return connection.execute(select_text(settings, select)).to_arrow_table(), setting


def _empty(columns: Iterable[str]) -> pa.Table:
    import pyarrow as pa

    kinds = dict.fromkeys(NUMBERS, pa.int64()) | dict.fromkeys(DATES, pa.date32())
    return pa.table({name: pa.array([], kinds.get(name, pa.string())) for name in columns})
