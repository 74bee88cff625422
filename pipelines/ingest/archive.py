"""A path that someone names -> the files in it: a zip, a folder, a CSV (also gzipped), a GeoJSON.

Hostile archives are refused before anything in them is unpacked. Nothing is written here, and no
file is recognised here.
"""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipelines.errors import InputError

# Everything that is ingested is read into memory at once; the largest release is under 5 MB.
FILE_BYTES_MAX = 1 << 30
MEMBERS_MAX = 500
MEMBER_BYTES_MAX = 4_000_000_000
UNPACKED_BYTES_MAX = 8_000_000_000
# The DfE's releases pack about 10 to 1 and never above 20 to 1; a bomb packs 1,000 to 1.
RATIO_MAX = 200
RATIO_FREE_BYTES = 1_000_000
GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
ENCRYPTED_FLAG = 0x1
READ_SUFFIXES = frozenset({".csv", ".gz", ".geojson", ".json", ".txt"})
FROM_PUBLISHER = "Download the file again from its publisher."


@dataclass(frozen=True)
class Member:
    """One file to be read.

    Attributes:
        name: its own name, without the folders of the user's machine.
        archive_name: the zip or folder it came in.
        packed: its bytes as they arrived in the archive or folder.
    """

    name: str
    archive_name: str | None
    packed: bytes

    def content(self) -> bytes:
        """Its bytes, unpacked where it is gzipped.

        Raises:
            InputError: not a whole gzip file, or one that unpacks beyond reason.
        """
        is_packed = self.packed[:2] == GZIP_MAGIC
        content = _gunzip(self.packed, self.name) if is_packed else self.packed
        if content[:4] == ZIP_MAGIC:
            raise InputError(
                "it is a zip inside another archive",
                where=self.name,
                remedy="Unpack the outer archive and ingest the zip that is in it.",
            )
        return content


def file_bytes(path: Path) -> bytes:
    """The whole of one file that someone named.

    Raises:
        InputError: it is no regular file (a pipe, a device), is too large, or cannot be read.
    """
    try:
        # Without waiting: to open a pipe that nobody writes to would never end.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as handle:  # noqa: PTH123
            _require_regular(os.fstat(handle.fileno()), path.name)
            raw = handle.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=path.name) from error
    if len(raw) > FILE_BYTES_MAX:
        raise _too_large(path.name)
    return raw


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


def members(raw: bytes, name: str) -> Iterator[Member]:
    """The files of one file's bytes: the members of a zip, otherwise the file itself.

    Raises:
        InputError: a zip that is damaged, encrypted, too large, or names places outside itself.
    """
    if raw[:4] != ZIP_MAGIC:
        yield Member(name, None, raw)
        return
    with _opened(raw, name) as archive:
        chosen = [info for info in archive.infolist() if not info.is_dir()]
        _check(chosen, name)
        for info in chosen:
            yield Member(PurePosixPath(info.filename).name, name, _unpacked(archive, info, name))


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
            "the folder holds no CSV, GeoJSON or gzipped CSV",
            where=folder.name,
            remedy="Name the folder that holds the unzipped release.",
        )
    return found


def _opened(raw: bytes, name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(raw))
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
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        yield f"the zip names a place outside itself ('{info.filename}')"
    if info.flag_bits & ENCRYPTED_FLAG:
        yield f"'{info.filename}' is locked with a password"
    if info.file_size > MEMBER_BYTES_MAX:
        yield f"'{info.filename}' unpacks to {info.file_size:,} bytes"
    if info.file_size > max(RATIO_FREE_BYTES, RATIO_MAX * info.compress_size):
        yield f"'{info.filename}' unpacks to more than {RATIO_MAX} times its size"


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """A member's bytes; its declared size and its CRC must be true."""
    try:
        with archive.open(info) as handle:
            raw = handle.read(info.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise InputError(
            f"'{info.filename}' is damaged ({error})", where=name, remedy=FROM_PUBLISHER
        ) from error
    if len(raw) != info.file_size:
        raise InputError(
            f"'{info.filename}' is not of the size that the zip declares",
            where=name,
            remedy=FROM_PUBLISHER,
        )
    return raw


def _gunzip(packed: bytes, name: str) -> bytes:
    """Bytes of a gzip file, counted while they come out."""
    most = min(MEMBER_BYTES_MAX, max(RATIO_FREE_BYTES, RATIO_MAX * len(packed)))
    engine = zlib.decompressobj(wbits=31)
    try:
        raw = engine.decompress(packed, most)
    except zlib.error as error:
        raise InputError(
            f"the gzip file is damaged ({error})", where=name, remedy=FROM_PUBLISHER
        ) from error
    if engine.eof and not engine.unused_data:
        return raw
    fault = (
        "unpacks beyond reason" if engine.unconsumed_tail else "does not end as a gzip file does"
    )
    raise InputError(f"the file {fault}", where=name, remedy=FROM_PUBLISHER)
