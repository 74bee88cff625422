"""A path that someone names -> the files in it: a zip, a folder, or one file, gzipped or not.

Hostile archives are refused before anything in them is unpacked. Nothing is written here, and no
file is recognised here. Files are given as streams: a return may be larger than memory should hold
twice.
"""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from pipelines.errors import InputError
from pipelines.ingest.unpacking import (
    FROM_PUBLISHER,
    MEMBER_BYTES_MAX,
    RATIO_FREE_BYTES,
    RATIO_MAX,
    Unpacking,
    gunzip,
    gunzipped_head,
)

# The COLLECT table of England's nine million pupils has about 1.5 GB.
FILE_BYTES_MAX = 4_000_000_000
MEMBERS_MAX = 500
UNPACKED_BYTES_MAX = 8_000_000_000
# What a kind of file is told by.
HEAD_BYTES = 1 << 20
PIECE_BYTES = 1 << 20
GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
# A workbook is a zip too, but one file to whoever sends it.
WORKBOOK_MEMBER = "[Content_Types].xml"
ENCRYPTED_FLAG = 0x1
READ_SUFFIXES = frozenset(
    {".csv", ".gz", ".geojson", ".json", ".txt", ".xml", ".xlsx", ".xlsm", ".xls"}
)


@dataclass(frozen=True)
class Member:
    """One file to be read.

    Attributes:
        name: its own name, without the folders of the user's machine.
        archive_name: the zip or folder it came in.
        opening: opens its bytes as they arrived in the archive or folder, from the beginning.
        size_bytes: how many they are.
        folder: the folder of the archive that it lies in; '' at the top.
    """

    name: str
    archive_name: str | None
    opening: Callable[[], BinaryIO]
    size_bytes: int
    folder: str = ""

    def head(self) -> bytes:
        """The first mebibyte, unpacked where it is gzipped, up to the end of its last line.

        Raises:
            InputError: as `content`.
        """
        with self.opening() as stream:
            start = stream.read(HEAD_BYTES)
        if start[:2] == GZIP_MAGIC:
            start = gunzipped_head(start, self.name, HEAD_BYTES)
        if start[:4] == ZIP_MAGIC:
            return self.content()
        end = start.rfind(b"\n") + 1
        return start[:end] if len(start) >= HEAD_BYTES and end else start

    def content(self) -> bytes:
        """All of its bytes, unpacked where it is gzipped.

        Raises:
            InputError: not a whole gzip file, one that unpacks beyond reason, or another archive.
        """
        with self.opening() as stream:
            # Room for all of it at once: what grows piece by piece is copied over and over.
            packed = stream.read(self.size_bytes + 1)
            rest = stream.read()
        return unpacked(packed + rest if rest else packed, self.name)


@contextmanager
def unpacking(member: Member) -> Iterator[BinaryIO]:
    """Its bytes as a stream, unpacked where it is gzipped; those of a plain file never all at once.

    Raises:
        InputError: as `Member.content`.
    """
    with member.opening() as stream:
        is_packed = stream.read(2) == GZIP_MAGIC
    if is_packed:
        yield io.BytesIO(member.content())
        return
    with member.opening() as stream:
        yield stream


def unpacked(packed: bytes, name: str) -> bytes:
    """The bytes of a file as a reader wants them: out of gzip, and no archive but a workbook.

    Raises:
        InputError: not a whole gzip file, one that unpacks beyond reason, or another archive.
    """
    content = gunzip(packed, name) if packed[:2] == GZIP_MAGIC else packed
    if content[:4] == ZIP_MAGIC:
        _require_workbook(content, name)
    return content


def _require_workbook(content: bytes, name: str) -> None:
    with _opened(io.BytesIO(content), name) as archive:
        if not is_workbook(archive):
            raise InputError(
                "it is a zip inside another archive",
                where=name,
                remedy="Unpack the outer archive and ingest the zip that is in it.",
            )
        _check(archive.infolist(), name)


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether a zip is a workbook or another document rather than an archive of files."""
    return WORKBOOK_MEMBER in archive.namelist()


def opened(path: Path) -> BinaryIO:
    """One file that someone named, to be read.

    Raises:
        InputError: it is no regular file (a pipe, a device), is too large, or cannot be opened.
    """
    try:
        # Without waiting: to open a pipe that nobody writes to would never end.
        handle = open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb")  # noqa: PTH123, SIM115
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror})",
            where=path.name,
            remedy="Look whether you may open it, and whether it lies where you think.",
        ) from error
    try:
        _require_regular(os.fstat(handle.fileno()), path.name)
    except InputError:
        handle.close()
        raise
    return handle


def _require_regular(status: os.stat_result, name: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise InputError(
            "it is not a regular file but a pipe, a device or the like",
            where=name,
            remedy="Save the data to a file and name that file.",
        )
    if status.st_size > FILE_BYTES_MAX:
        raise _too_large(name)


def _too_large(name: str) -> InputError:
    return InputError(
        f"the file is larger than {FILE_BYTES_MAX:,} bytes",
        where=name,
        remedy="Look whether it is the right file; otherwise split it, each part with its header.",
    )


@contextmanager
def members(path: Path, archive_name: str | None = None) -> Iterator[list[Member]]:
    """The files of one path: the members of a zip, otherwise the file itself.

    They can be opened until the block ends.

    Raises:
        InputError: as `opened`, or a zip that is damaged, encrypted, too large, or names places
            outside itself.
    """
    with opened(path) as handle:
        size_bytes = os.fstat(handle.fileno()).st_size
        alone = Member(path.name, archive_name, lambda: opened(path), size_bytes)
        if handle.read(4) != ZIP_MAGIC:
            yield [alone]
            return
        handle.seek(0)
        with _opened(handle, path.name) as archive:
            if is_workbook(archive):
                _check(archive.infolist(), path.name)
                yield [alone]
                return
            chosen = [info for info in archive.infolist() if not info.is_dir()]
            _check(chosen, path.name)
            if not chosen:
                raise InputError(
                    "there is no file in the zip, only folders",
                    where=path.name,
                    remedy="Pack it again, with the files in it.",
                )
            yield [_member(archive, info, path.name) for info in chosen]


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Member:
    place = PurePosixPath(info.filename)
    parent = str(place.parent) if place.parent != PurePosixPath(".") else ""
    return Member(place.name, name, lambda: _unpacking(archive, info, name), info.file_size, parent)


def _unpacking(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> BinaryIO:
    return io.BufferedReader(Unpacking(archive, info, name), PIECE_BYTES)


def folder_files(folder: Path) -> list[Path]:
    """The files of a folder that could be data, in order, hidden ones left out."""
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix.lower() in READ_SUFFIXES
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    if not found:
        raise InputError(
            "the folder holds no CSV, XML, workbook, GeoJSON or gzipped CSV",
            where=folder.name,
            remedy="Name the folder that holds the unzipped release.",
        )
    return found


def _opened(handle: BinaryIO, name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(handle)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InputError(
            f"the zip is damaged ({error})", where=name, remedy=FROM_PUBLISHER
        ) from error


def _check(infos: list[zipfile.ZipInfo], name: str) -> None:
    """Refuse what no publisher sends, by the archive's own directory."""
    for fault in _faults(infos):
        raise InputError(fault, where=name, remedy=FROM_PUBLISHER)


def _faults(infos: list[zipfile.ZipInfo]) -> Iterator[str]:
    if len(infos) > MEMBERS_MAX:
        yield f"the zip holds {len(infos):,} files, more than {MEMBERS_MAX}"
    if sum(info.file_size for info in infos) > UNPACKED_BYTES_MAX:
        yield f"the zip unpacks to more than {UNPACKED_BYTES_MAX:,} bytes"
    names = [info.filename for info in infos]
    if len(set(names)) < len(names):
        yield "the zip holds two files of one name"
    for info in infos:
        yield from _member_faults(info)


def _member_faults(info: zipfile.ZipInfo) -> Iterator[str]:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if not path.parts:
        yield f"the zip holds a file without a name ('{info.filename}')"
        return
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        yield f"the zip names a place outside itself ('{info.filename}')"
    if info.flag_bits & ENCRYPTED_FLAG:
        yield f"'{info.filename}' is locked with a password"
    if info.file_size > MEMBER_BYTES_MAX:
        yield f"'{info.filename}' unpacks to {info.file_size:,} bytes"
    if info.file_size > max(RATIO_FREE_BYTES, RATIO_MAX * info.compress_size):
        yield f"'{info.filename}' unpacks to more than {RATIO_MAX} times its size"
