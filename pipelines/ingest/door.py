"""The one way in: files that people name -> bytes kept, rows checked, Parquet landed, a receipt.

The order is the promise: a file is recognised by its head, its bytes are kept (sealed where they
are about people), then they are read, checked, landed whole, and written down in the log. Nothing
about a source's own layout belongs here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.errors import InputError, SendError
from pipelines.ingest import bundles, landing, person_level, published, raw_store, recognise
from pipelines.ingest import forget as erasure
from pipelines.ingest.archive import folder_files, members
from pipelines.ingest.bundles import Piece
from pipelines.ingest.intake import (
    HELD,
    NOT_DATA,
    Progress,
    Run,
    log,
    receipt,
    refused,
    silent,
)
from pipelines.ingest.looking import Found, group_of, looked_at
from pipelines.ingest.memory import enough_memory
from pipelines.ingest.parcel import Finding, Receipt
from pipelines.ingest.reading import version_of
from pipelines.ingest.recognise import PUBLISHED, Recognised
from pipelines.ingest.setting import Asked
from pipelines.locks import at_the_door
from pipelines.registry.sources import sources
from pipelines.settings import Settings

__all__ = ["Asked", "Finding", "Receipt", "forget", "ingest", "take_in"]

PRIVATE = 0o077


@dataclass
class _Waiting:
    """Pieces of bundles that are still being gathered, by group, family and form."""

    pieces: dict[tuple[str, str, str], list[Found]] = field(default_factory=dict)


def ingest(
    paths: Sequence[Path],
    settings: Settings,
    *,
    on_progress: Progress | None = None,
    on_notice: Progress | None = None,
    asked: Asked | None = None,
) -> list[Receipt]:
    """Take files in: zips, folders, CSVs (also gzipped), XML, workbooks, GeoJSON.

    One receipt a file, or for files that belong together. What cannot be read in a zip or a folder
    is reported in its receipt, and the rest is taken in. Bytes that are held already are passed
    over, unless a description of their source, a rule or the code has changed since: then they are
    read again and replace what had landed. on_progress is given each file's name beforehand;
    on_notice what a person must know at once: that keys were made, and where.

    Raises:
        InputError: a path does not exist, a zip is hostile or damaged, or a file that was named
            itself is of no known kind or lacks a key column; the other paths are taken in first.
    """
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise _nothing_there(missing[0])
    receipts, faults = take_in(
        paths, settings, on_progress=on_progress, on_notice=on_notice, asked=asked
    )
    if faults:
        raise _joined(faults)
    return receipts


def take_in(
    paths: Sequence[Path],
    settings: Settings,
    *,
    on_progress: Progress | None = None,
    on_notice: Progress | None = None,
    asked: Asked | None = None,
) -> tuple[list[Receipt], list[SendError]]:
    """As `ingest`, but gives the receipts and the faults of what was named, and raises neither."""
    faults: list[SendError] = []
    with (
        call(settings, on_progress=on_progress, on_notice=on_notice, asked=asked) as run,
        ExitStack() as stack,
    ):
        waiting = _Waiting()
        for path in paths:
            faults.extend(_take_path(run, path, waiting, stack))
        faults.extend(_take_waiting(run, waiting))
    return run.receipts, faults


@contextmanager
def call(
    settings: Settings,
    *,
    on_progress: Progress | None = None,
    on_notice: Progress | None = None,
    asked: Asked | None = None,
) -> Iterator[Run]:
    """One call of the door, with nobody else at it and what was interrupted before put in order."""
    with _one_at_a_time(settings):
        landing.sweep(settings)
        raw_store.sweep(settings)
        ended = erasure.finish(settings)
        if ended and on_notice:
            on_notice("An erasure that was interrupted has been ended.")
        root = settings.project_root
        yield Run(
            settings,
            sources(root),
            version_of(root),
            landing.received(settings),
            asked or Asked(),
            on_progress or silent,
            on_notice or silent,
        )


def forget(
    settings: Settings,
    line: str,
    confirm: erasure.Confirm | None = None,
    *,
    all_of_this_name: bool = False,
) -> erasure.Forgotten:
    """Erase the person whom a line names, with nobody else at the door; see `erasure.forget`.

    Raises:
        InputError: the line cannot be read, or names nobody here, or more than one person.
    """
    with _one_at_a_time(settings):
        return erasure.forget(settings, line, confirm, all_of_this_name=all_of_this_name)


def erase_marked(settings: Settings, marks: Sequence[str]) -> int:
    """Erase again whoever a log of erasures names, with nobody else at the door."""
    with _one_at_a_time(settings):
        return erasure.erase_marked(settings, marks)


def _nothing_there(path: Path) -> InputError:
    return InputError(
        "there is no such file or folder",
        where=str(path),
        remedy="Look at its name, and put it in quotation marks if there is a space in it.",
    )


def _joined(faults: list[SendError]) -> SendError:
    """The first fault, and the words of the others."""
    if len(faults) == 1:
        return faults[0]
    words = "; ".join(f"{fault.where}: {fault.what}" for fault in faults)
    return InputError(f"{len(faults)} files could not be read ({words})", remedy=faults[0].remedy)


@contextmanager
def _one_at_a_time(settings: Settings) -> Iterator[None]:
    """One door for one workspace; what it writes is for its owner only."""
    before = os.umask(PRIVATE)
    try:
        with at_the_door(settings):
            yield
    finally:
        os.umask(before)


# ---- one path --------------------------------------------------------------------------------


def _take_path(run: Run, path: Path, waiting: _Waiting, stack: ExitStack) -> list[SendError]:
    """Take in what a path stands for; gives the faults that its own name must answer for."""
    try:
        if not path.exists():
            raise _nothing_there(path)
        if not path.is_dir():
            return _take_file(run, path, None, waiting, stack)
        for inner in folder_files(path):
            _take_file(run, inner, path, waiting, stack)
    except InputError as fault:
        return [fault]
    return []


def _take_file(
    run: Run, path: Path, folder: Path | None, waiting: _Waiting, stack: ExitStack
) -> list[SendError]:
    """Take in what one file holds; tables that belong to others wait for them."""
    try:
        found_members = stack.enter_context(members(path, folder.name if folder else None))
    except InputError as fault:
        if folder is not None:
            refused(run, path.name, folder.name, fault)
        return [fault] if folder is None else []
    is_archive = bool(found_members) and found_members[0].archive_name == path.name
    found = []
    for member in found_members:
        run.progress(member.name)
        group = group_of(path, folder, member, is_archive=is_archive)
        found.append(
            looked_at(run.sources, member, group, is_named=folder is None and not is_archive)
        )
    kept = _keep_archive(run, path, found) if is_archive else None
    faults = [_take_or_wait(run, each, waiting, kept) for each in found]
    return [fault for fault in faults if fault is not None and folder is None and not is_archive]


def _keep_archive(run: Run, path: Path, found: Sequence[Found]) -> str | None:
    """Keep a zip of open data whole; one with a person-level file in it is kept file by file."""
    known = [each.recognised for each in found if each.recognised is not None]
    if not any(each.form != recognise.NOT_DATA for each in known):
        return None
    if any(each.family != PUBLISHED for each in known):
        return None
    return _keep_plain(run, path)


def _keep_plain(run: Run, path: Path) -> str:
    from pipelines.ingest.archive import opened

    with opened(path) as stream:
        sha256 = raw_store.digest_of(stream)
        stream.seek(0)
        raw_store.keep(run.settings, stream, sha256)
    return sha256


# ---- one file --------------------------------------------------------------------------------


def _take_or_wait(run: Run, found: Found, waiting: _Waiting, kept: str | None) -> SendError | None:
    """Take in a file that is whole by itself; gives its fault where it cannot be read."""
    what = found.recognised
    if what is not None and what.family != PUBLISHED and what.part:
        key = (found.group, what.family, what.form)
        waiting.pieces.setdefault(key, []).append(found)
        return None
    if what is not None and what.family != PUBLISHED:
        return _take_bundle(run, [found])
    return _take_published(run, found, kept)


def _take_published(run: Run, found: Found, archive: str | None) -> InputError | None:
    """Keep, read, land and log one file of open data."""
    member, fault, kept = found.member, found.fault, archive or found.sha256
    is_new = False
    try:
        if fault is not None or found.recognised is None:
            raise fault or InputError(
                "cannot be read", where=member.name, remedy=recognise.WHAT_IS_READ
            )
        kind = found.recognised.form
        rows = run.held(found.sha256)
        if rows and all(row.get("reading_version") == run.reading for row in rows):
            told = receipt(rows, member.name, member.archive_name, HELD)
            if any(row["kept_sha256"] == found.sha256 for row in rows):
                _keep_alone(run, found)  # what was lost of the kept bytes comes back
        elif kind == recognise.NOT_DATA:
            told = Receipt(member.name, member.archive_name, NOT_DATA, None, None, NOT_DATA)
        else:
            is_new = archive is None and _keep_alone(run, found)
            with enough_memory():
                told = published.take(run, member, kind, found.sha256, kept)
        run.receipts.append(told)
    except InputError as error:
        fault = refused(run, member.name, member.archive_name, error)
        if is_new:
            raw_store.drop(run.settings, found.sha256)
    log(run, run.receipts[-1], found.sha256, kept)
    return fault


def _keep_alone(run: Run, found: Found) -> bool:
    """Store a file that came in no zip; whether it is new."""
    with found.member.opening() as stream:
        return raw_store.keep(run.settings, stream, found.sha256)


def _take_waiting(run: Run, waiting: _Waiting) -> list[SendError]:
    """Take in the bundles that have come together."""
    faults = (_take_bundle(run, found) for found in waiting.pieces.values())
    return [fault for fault in faults if fault is not None]


def _take_bundle(run: Run, found: Sequence[Found]) -> InputError | None:
    """Keep, read, land and log files that belong together; the fault of those that were named."""
    first = found[0]
    what = first.recognised or Recognised(PUBLISHED, "")
    sha256 = bundles.sha256_of(each.sha256 for each in found)
    try:
        pieces = [Piece(each.member, _part(each), each.sha256) for each in found]
        run.receipts.append(person_level.take(run, bundles.bundle(what.family, what.form, pieces)))
        fault = None
    except InputError as error:
        fault = refused(run, first.member.name, first.member.archive_name, error)
    log(run, run.receipts[-1], sha256, sha256)
    return fault if first.is_named else None


def _part(found: Found) -> str:
    return found.recognised.part if found.recognised else ""
