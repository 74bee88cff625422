"""Bytes out of zip members and gzip files, counted while they come out; nothing is written.

What a zip or a gzip file may hold is decided in archive.py; here it is made true.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from pipelines.errors import InputError

MEMBER_BYTES_MAX = 4_000_000_000
# The DfE's releases pack about 10 to 1 and never above 20 to 1; a bomb packs 1,000 to 1.
RATIO_MAX = 200
RATIO_FREE_BYTES = 1_000_000
FROM_PUBLISHER = "Download the file again from its publisher."


class Unpacking(io.RawIOBase):
    """A member's bytes; its declared size and its CRC must be true."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> None:
        super().__init__()
        self._info, self._name, self._count = info, name, 0
        self._handle = self._try(lambda: archive.open(info))

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Some bytes; none at the end, if it is where the zip says."""
        piece = self._try(lambda: self._handle.read(len(buffer)))
        self._count += len(piece)
        if not piece and self._count != self._info.file_size:
            raise self._fault("is not of the size that the zip declares")
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """Close the member."""
        if not self.closed:
            self._handle.close()
        super().close()

    def _try(self, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise self._fault(f"is damaged ({error})") from error

    def _fault(self, what: str) -> InputError:
        return InputError(
            f"'{self._info.filename}' {what}", where=self._name, remedy=FROM_PUBLISHER
        )


def gunzipped_head(packed: bytes, name: str, most: int) -> bytes:
    """The beginning of a gzip file that may be cut off."""
    try:
        return zlib.decompressobj(wbits=31).decompress(packed, most)
    except zlib.error as error:
        raise _damaged_gzip(name, error) from error


def _damaged_gzip(name: str, error: zlib.error) -> InputError:
    return InputError(f"the gzip file is damaged ({error})", where=name, remedy=FROM_PUBLISHER)


def gunzip(packed: bytes, name: str) -> bytes:
    """Bytes of a gzip file, counted while they come out."""
    most = min(MEMBER_BYTES_MAX, max(RATIO_FREE_BYTES, RATIO_MAX * len(packed)))
    engine = zlib.decompressobj(wbits=31)
    try:
        raw = engine.decompress(packed, most)
    except zlib.error as error:
        raise _damaged_gzip(name, error) from error
    if engine.eof and not engine.unused_data:
        return raw
    fault = (
        "unpacks beyond reason" if engine.unconsumed_tail else "does not end as a gzip file does"
    )
    raise InputError(f"the file {fault}", where=name, remedy=FROM_PUBLISHER)
