"""What is kept: sealed and opened again, and every way in which a sealed object can be spoiled."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.errors import InputError
from pipelines.ingest import raw_store, sealed
from pipelines.ingest.keys import Key, keys_of
from pipelines.settings import Settings

KEY, OTHER = Key("raw", b"k" * 32), Key("raw", b"o" * 32)
CHUNK = sealed.CHUNK_BYTES


def seal(plain: bytes, key: Key = KEY) -> bytes:
    target = io.BytesIO()
    sealer = sealed.Sealer(target, key)
    for start in range(0, len(plain), 700_001):
        sealer.write(plain[start : start + 700_001])
    sealer.close()
    return target.getvalue()


def opened(raw: bytes, key: Key = KEY) -> bytes:
    return sealed.Opened(io.BytesIO(raw), key, "object").read()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17])
def test_what_is_sealed_opens_as_it_was(size: int) -> None:
    plain = bytes(number % 251 for number in range(1000)) * (size // 1000 + 1)
    plain = plain[:size]
    raw = seal(plain)
    assert opened(raw) == plain
    assert len(raw) == sealed.HEADER_BYTES + size + sealed.TAG_BYTES * max(1, -(-size // CHUNK))
    # A byte or two may stand in the sealed text by chance.
    assert size < 50 or plain[:50] not in raw


def test_two_seals_of_one_file_share_nothing() -> None:
    one, other = seal(b"x" * 100), seal(b"x" * 100)
    assert one[: len(sealed.MAGIC) + 4] == other[: len(sealed.MAGIC) + 4]
    assert one[sealed.HEADER_BYTES :] != other[sealed.HEADER_BYTES :]


def cut_at_chunk(raw: bytes) -> bytes:
    return raw[: sealed.HEADER_BYTES + sealed.SEALED_CHUNK_BYTES]


def swap_chunks(raw: bytes) -> bytes:
    first = sealed.HEADER_BYTES
    second, third = first + sealed.SEALED_CHUNK_BYTES, first + 2 * sealed.SEALED_CHUNK_BYTES
    return raw[:first] + raw[second:third] + raw[first:second] + raw[third:]


def flip(place: int) -> Callable[[bytes], bytes]:
    def change(raw: bytes) -> bytes:
        spoiled = bytearray(raw)
        spoiled[place] ^= 1
        return bytes(spoiled)

    return change


@pytest.mark.parametrize(
    "spoil",
    [
        cut_at_chunk,
        swap_chunks,
        lambda raw: raw[:-1],
        lambda raw: raw[: sealed.HEADER_BYTES],
        lambda raw: raw + b"\0",
        flip(-1),
        flip(sealed.HEADER_BYTES),
        flip(sealed.HEADER_BYTES - 1),
    ],
    ids=["cut between", "swapped", "cut", "header only", "longer", "tag", "first byte", "salt"],
)
def test_a_spoiled_object_does_not_open(spoil: Callable[[bytes], bytes]) -> None:
    raw = spoil(seal(b"y" * (2 * CHUNK + 5)))
    with pytest.raises(InputError, match="damaged"):
        opened(raw)


def test_another_key_is_named_and_does_not_open() -> None:
    with pytest.raises(InputError, match=f"the key {OTHER.id} does not open it") as error:
        opened(seal(b"x"), OTHER)
    assert KEY.id in error.value.what
    assert "SEND_KEYS" in error.value.remedy


def test_a_sealed_object_is_read_anywhere() -> None:
    plain = bytes(range(256)) * 10_000
    stream = io.BufferedReader(sealed.Opened(io.BytesIO(seal(plain)), KEY, "object"))
    stream.seek(CHUNK - 3)
    assert stream.read(10) == plain[CHUNK - 3 : CHUNK + 7]
    assert stream.seek(-5, io.SEEK_END) == len(plain) - 5
    assert stream.read() == plain[-5:]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    return Settings(workspace=tmp_path / "workspace")


def test_sealed_and_plain_objects_lie_under_the_hash_of_the_plain_bytes(
    workspace: Settings,
) -> None:
    secret, open_data = b"Surname,Forename\n" * 100, b"open"
    key = keys_of(workspace).raw
    for raw, used in ((secret, key), (open_data, None)):
        assert raw_store.keep(workspace, io.BytesIO(raw), raw_store.digest(raw), used)
        assert not raw_store.keep(workspace, io.BytesIO(raw), raw_store.digest(raw), used)
        assert raw_store.load(workspace, raw_store.digest(raw)) == raw
    path = raw_store.path_of(workspace, raw_store.digest(secret))
    assert b"Surname" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert raw_store.is_sealed(workspace, path.name)
    assert raw_store.path_of(workspace, raw_store.digest(open_data)).read_bytes() == open_data


def test_a_file_that_changes_while_it_is_read_is_not_kept(workspace: Settings) -> None:
    with pytest.raises(InputError, match="changed while it was read"):
        raw_store.keep(workspace, io.BytesIO(b"now"), raw_store.digest(b"before"))
    assert not [path for path in workspace.workspace.rglob("*") if path.is_file()]


def test_bytes_that_are_not_kept_are_named(workspace: Settings) -> None:
    with pytest.raises(InputError, match="not kept here"):
        raw_store.opened(workspace, "0" * 64)
