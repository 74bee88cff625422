"""Zips and gzips made to harm: bombs, escapes, links, locks, damage. The published kinds of file
and the person-level ones go through the same archive, so both are attacked here."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.settings import Settings
from tests.hostile.outcome import Outcome, assert_promises, through
from tests.hostile.returns import collect_files, collect_tables, sen2_xml, zip_bytes
from tests.unit.ingest.conftest import csv_bytes, row

Attack = Callable[..., Outcome]
MEGABYTE = 1_000_000
SMALL = 200 * MEGABYTE


def nothing_landed(workspace: Settings) -> bool:
    return not list(workspace.landing.glob("*/*.parquet"))


def zip_of(
    *members: tuple[zipfile.ZipInfo | str, bytes], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content, compress_type=method)
    return packed.getvalue()


# ---- bombs -------------------------------------------------------------------------------------


def nested_zip(levels: int) -> bytes:
    """A zip in a zip in a zip, each of sixteen copies of the one within."""
    content = zip_bytes({"zeros.csv": b"0" * MEGABYTE})
    for _ in range(levels):
        content = zip_bytes({f"{number}.zip": content for number in range(16)})
    return content


def quoted_bomb(copies: int = 200) -> bytes:
    """Many directory entries that all point at one packed member (overlapping members)."""
    raw = zip_bytes({"a.csv": b"a,b\n" + b"1,2\n" * MEGABYTE})
    place = raw.index(b"PK\x01\x02")
    end = raw.rindex(b"PK\x05\x06")
    entry = raw[place:end]
    entries = b"".join(
        entry.replace(b"a.csv", bytes([97 + number // 20]) + bytes([97 + number % 20]) + b"csv")
        for number in range(copies)
    )
    tail = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, copies, copies, len(entries), place, 0)
    return raw[:place] + entries + tail


BOMBS: dict[str, Callable[[], bytes]] = {
    "one member packed 1000 to 1": lambda: zip_bytes({"zeros.csv": b"0" * 300 * MEGABYTE}),
    "a gzip packed 1000 to 1": lambda: gzip.compress(b"0" * 300 * MEGABYTE),
    "a gzip in a zip": lambda: zip_bytes({"z.csv.gz": gzip.compress(b"0" * 300 * MEGABYTE)}),
    "a bomb by bzip2": lambda: zip_of(
        ("zeros.csv", b"0" * 300 * MEGABYTE), method=zipfile.ZIP_BZIP2
    ),
    "a bomb by lzma": lambda: zip_of(("zeros.csv", b"0" * 300 * MEGABYTE), method=zipfile.ZIP_LZMA),
    "zips in zips": lambda: nested_zip(4),
    "many members": lambda: zip_bytes({f"{number}.csv": b"a,b\n1,2\n" for number in range(5000)}),
    "members that overlap": quoted_bomb,
    "xml packed 1000 to 1": lambda: zip_bytes(
        {
            "return.xml": sen2_xml(1)
            .replace("<Persons>", "<Persons>" + " " * 300 * MEGABYTE)
            .encode()
        }
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_does_not_go_off(besieged: Attack, workspace: Settings, name: str) -> None:
    outcome = besieged(BOMBS[name](), "bomb.bin")
    assert not outcome.is_landed
    assert nothing_landed(workspace)


def test_bombs_are_refused_by_their_directory_alone(besieged: Attack) -> None:
    """Nothing is unpacked that declares itself a bomb, so little memory is touched."""
    raw = BOMBS["one member packed 1000 to 1"]()
    assert besieged(raw, "bomb.zip").peak_bytes < SMALL + 2 * len(raw)


def test_a_size_declared_as_eight_exabytes_is_refused(attack: Attack) -> None:
    raw = bytearray(zip_bytes({"a.csv": b"a,b\n1,2\n"}))
    place = raw.index(b"PK\x01\x02") + 24
    raw[place : place + 4] = b"\xfe\xff\xff\xff"
    assert not attack(bytes(raw), "huge.zip").is_landed


# ---- names that lead elsewhere -----------------------------------------------------------------

ELSEWHERE = [
    "../up.csv",
    "a/../../up.csv",
    "/etc/up.csv",
    "//server/share/up.csv",
    "C:/up.csv",
    "C:up.csv",
    "..\\up.csv",
    "\\\\server\\up.csv",
    "a/..\\..\\up.csv",
]


@pytest.mark.parametrize("name", ELSEWHERE)
@pytest.mark.parametrize("kind", ["published", "person-level"])
def test_a_member_that_names_a_place_outside_is_refused(
    attack: Attack, workspace: Settings, tmp_path: Path, name: str, kind: str
) -> None:
    content = csv_bytes([row()]) if kind == "published" else sen2_xml().encode()
    outcome = attack(zip_bytes({name: content}), "escape.zip")
    assert not outcome.is_landed
    assert "outside itself" in outcome.words
    assert not list(tmp_path.rglob("up.csv"))
    assert nothing_landed(workspace)


STRANGE = [" ", ".", "./", "a\nb.csv", "a\x1b[31mred.csv", "x" * 5000, "\u202evsc.exe", "nul"]


@pytest.mark.parametrize("name", STRANGE, ids=[f"name {number}" for number in range(len(STRANGE))])
def test_strange_names_break_nothing_and_do_not_reach_the_terminal(
    attack: Attack, name: str
) -> None:
    outcome = attack(zip_of((name, csv_bytes([row()]))), "strange.zip")
    assert not [mark for mark in outcome.words if mark == "\x1b"]


def test_a_member_whose_name_ends_in_nul_is_no_other_file(attack: Attack) -> None:
    raw = zip_bytes({"aXcsv": csv_bytes([row()])}).replace(b"aXcsv", b"a\0csv")
    attack(raw, "nul.zip")


# ---- links, locks, damage ----------------------------------------------------------------------


@pytest.mark.parametrize("target", ["/etc/passwd", "../../keys/raw", "return.xml"])
def test_a_link_in_a_zip_is_not_followed(attack: Attack, target: str) -> None:
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    outcome = attack(zip_of((link, target.encode())), "linked.zip")
    assert not outcome.is_landed
    assert "root:" not in outcome.words


def test_a_locked_zip_is_refused_and_says_so(attack: Attack) -> None:
    raw = bytearray(zip_bytes({"return.xml": sen2_xml().encode()}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + offset] |= 1
    outcome = attack(bytes(raw), "locked.zip")
    assert not outcome.is_landed
    assert "password" in outcome.words


PACKED: dict[str, Callable[[], bytes]] = {
    "zip of a published file": lambda: zip_bytes({"a.csv": csv_bytes([row()] * 3)}),
    "zip of an XML return": lambda: zip_bytes({"return.xml": sen2_xml().encode()}),
    "zip of a COLLECT export": lambda: zip_bytes(collect_files(collect_tables())),
    "gzip of a published file": lambda: gzip.compress(csv_bytes([row()] * 3), mtime=0),
    "gzip of an XML return": lambda: gzip.compress(sen2_xml().encode(), mtime=0),
}


@pytest.mark.parametrize("name", PACKED)
def test_a_packed_file_that_was_cut_short_lands_nothing(
    workspace: Settings, tmp_path: Path, name: str
) -> None:
    raw = PACKED[name]()
    path = tmp_path / "cut.bin"
    for size in sorted(
        {1, 2, 3, 4, 10, 18, 30, *range(40, len(raw), len(raw) // 12), len(raw) - 1}
    ):
        path.write_bytes(raw[:size])
        outcome = through([path], workspace)
        assert_promises(outcome, workspace.workspace)
        assert not outcome.is_landed, size
    assert nothing_landed(workspace)


@pytest.mark.parametrize("name", PACKED)
def test_a_flipped_bit_is_found_or_changes_nothing(
    workspace: Settings, tmp_path: Path, name: str
) -> None:
    """CRCs see damage; a bit of a file name, date or attribute may pass, a bit of content not."""
    raw = PACKED[name]()
    path = tmp_path / "bit.bin"
    path.write_bytes(raw)
    whole = through([path], Settings(workspace=tmp_path / "untouched"))
    for place in range(5, len(raw), max(1, len(raw) // 24)):
        damaged = bytearray(raw)
        damaged[place] ^= 0x10
        path.write_bytes(bytes(damaged))
        inner = Settings(workspace=tmp_path / f"workspace {place}")
        outcome = through([path], inner)
        assert_promises(outcome, inner.workspace)
        is_whole = outcome.total("row_count_in") == whole.total("row_count_in")
        assert not outcome.is_landed or is_whole or "refused" in outcome.rules, place


def test_several_gzips_in_one_file_are_read_whole_or_refused(attack: Attack) -> None:
    """A reader that stops at the end of the first member would lose the rest silently."""
    raw = csv_bytes([row(), row("202324")])
    cut = raw.index(b"\n", len(raw) // 2) + 1
    outcome = attack(gzip.compress(raw[:cut]) + gzip.compress(raw[cut:]), "two.csv.gz")
    assert not outcome.is_landed or outcome.total("row_count_in") == 2


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress], ids=["bzip2", "xz"])
def test_other_packings_are_refused_plainly(attack: Attack, pack: Callable[[bytes], bytes]) -> None:
    assert not attack(pack(csv_bytes([row()])), "other.csv").is_landed


def test_words_before_a_zip_do_not_hide_it(attack: Attack) -> None:
    """As a program that unpacks itself has; the zip in it is not read as something else."""
    outcome = attack(b"MZ" + b"\0" * 200 + zip_bytes({"a.csv": csv_bytes([row()])}), "setup.exe")
    assert not outcome.is_landed


@pytest.mark.parametrize("raw", [b"PK\x05\x06" + b"\0" * 18, b"PK\x03\x04", b"", b"\x1f\x8b"])
def test_an_archive_of_nothing_is_refused(attack: Attack, raw: bytes) -> None:
    assert not attack(raw, "empty.zip").is_landed


def test_bytes_beyond_the_end_of_a_gzip_are_not_dropped(attack: Attack) -> None:
    outcome = attack(gzip.compress(csv_bytes([row()])) + b"860,more\n", "tail.csv.gz")
    assert not outcome.is_landed


# ---- paths -------------------------------------------------------------------------------------


def test_a_pipe_is_refused_at_once(workspace: Settings, tmp_path: Path) -> None:
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    outcome = through([path], workspace)
    assert_promises(outcome, workspace.workspace)
    assert not outcome.is_landed


def test_a_folder_that_links_to_itself_ends(workspace: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "again").symlink_to(folder, target_is_directory=True)
    (folder / "a.csv").write_bytes(csv_bytes([row()]))
    outcome = through([folder], workspace)
    assert_promises(outcome, workspace.workspace)
    assert outcome.total("row_count_in") == 1
