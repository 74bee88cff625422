"""Bytes of a person-level file <-> the same bytes under AES-256-GCM, in chunks of 1 MiB.

    header   8 bytes 'SENDRAW' and the version, 4 bytes key id, 16 bytes salt
    chunk    1 MiB of the file (the last one less) and a tag of 16 bytes, one after the other

Each object has its own key (HKDF of the raw key and the salt), so that the counter of chunks can
be the nonce. A chunk is bound to the header, to its place and to whether it is the last one:
chunks that are moved, left out or cut off do not open. Any size needs the memory of two chunks.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, BinaryIO

from pipelines.errors import InputError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from pipelines.ingest.keys import Key

MAGIC = b"SENDRAW\x01"
KEY_ID_BYTES, SALT_BYTES = 4, 16
HEADER_BYTES = len(MAGIC) + KEY_ID_BYTES + SALT_BYTES
CHUNK_BYTES = 1 << 20
TAG_BYTES = 16
SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
FROM_BACKUP = "Put back the object from a backup of the workspace, or offer the file again."


class Sealer:
    """Takes plain bytes piece by piece and writes them sealed; `close` writes the last chunk."""

    def __init__(self, target: BinaryIO, key: Key) -> None:
        self._target = target
        self._header = MAGIC + bytes.fromhex(key.id) + os.urandom(SALT_BYTES)
        self._cipher = _cipher(key, self._header)
        self._waiting = bytearray()
        self._place = 0
        target.write(self._header)

    def write(self, plain: bytes) -> None:
        """Add bytes. The last chunk is held back until it is known to be the last."""
        self._waiting += plain
        while len(self._waiting) > CHUNK_BYTES:
            self._seal(bytes(self._waiting[:CHUNK_BYTES]), is_last=False)
            del self._waiting[:CHUNK_BYTES]

    def close(self) -> None:
        """Write what is left as the last chunk; an empty file has one empty chunk."""
        self._seal(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._place, is_last=is_last)
        self._target.write(self._cipher.encrypt(nonce, chunk, self._header))
        self._place += 1


class Opened(io.RawIOBase):
    """The plain bytes of a sealed object, read where they are wanted; one chunk in memory."""

    def __init__(self, source: BinaryIO, key: Key, name: str) -> None:
        super().__init__()
        self._source, self._name = source, name
        self._header = source.read(HEADER_BYTES)
        _require_key(self._header, key, name)
        self._cipher = _cipher(key, self._header)
        body = source.seek(0, io.SEEK_END) - HEADER_BYTES
        self._count = max(1, -(-body // SEALED_CHUNK_BYTES))
        self._size = body - self._count * TAG_BYTES
        self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes: chunks have a fixed size."""
        return True

    def tell(self) -> int:
        """Place in the plain bytes."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move in the plain bytes."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Bytes up to the end of the chunk; none at the end of the file."""
        place, start = divmod(self._at, CHUNK_BYTES)
        # Also an empty file is opened once: its only chunk says that it is whole.
        if place >= self._count or (self._at >= self._size and self._held[0] >= 0):
            return 0
        piece = self._chunk(place)[start : start + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        """Forget the plain bytes and close the object."""
        self._held = (-1, b"")
        self._source.close()
        super().close()

    def _chunk(self, place: int) -> bytes:
        if self._held[0] != place:
            self._held = (place, self._open(place))
        return self._held[1]

    def _open(self, place: int) -> bytes:
        from cryptography.exceptions import InvalidTag

        self._source.seek(HEADER_BYTES + place * SEALED_CHUNK_BYTES)
        sealed = self._source.read(SEALED_CHUNK_BYTES)
        nonce = _nonce(place, is_last=place == self._count - 1)
        try:
            return self._cipher.decrypt(nonce, sealed, self._header)
        except (InvalidTag, ValueError) as error:
            raise InputError(
                f"the kept object is damaged: its part {place + 1} of {self._count} does not open",
                where=self._name,
                remedy=FROM_BACKUP,
            ) from error


def is_sealed(head: bytes) -> bool:
    """Whether an object that begins so is sealed."""
    return head.startswith(MAGIC)


def key_id_of(head: bytes) -> str:
    """Id of the key with which an object was sealed."""
    return head[len(MAGIC) : len(MAGIC) + KEY_ID_BYTES].hex()


def _require_key(header: bytes, key: Key, name: str) -> None:
    if len(header) < HEADER_BYTES or not is_sealed(header):
        raise InputError("the kept object is damaged at its head", where=name, remedy=FROM_BACKUP)
    if key_id_of(header) != key.id:
        raise InputError(
            f"the key {key.id} does not open it: it was sealed with the key {key_id_of(header)}",
            where=name,
            remedy="Name the folder that holds that key with SEND_KEYS.",
        )


def _cipher(key: Key, header: bytes) -> AESGCM:
    """The cipher of one object: its key is derived from the raw key and the object's salt."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    salt = header[-SALT_BYTES:]
    derived = HKDF(SHA256(), length=32, salt=salt, info=MAGIC).derive(key.secret)
    return AESGCM(derived)


def _nonce(place: int, *, is_last: bool) -> bytes:
    """11 bytes of the chunk's place, and whether it is the last: never used twice under a key."""
    return place.to_bytes(11, "big") + bytes([is_last])
