"""What comes out of a zip, and which zips are refused before anything does."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
from pathlib import Path

import pytest

from pipelines.errors import InputError
from pipelines.ingest import archive
from pipelines.ingest.archive import Member, folder_files, members
from tests.unit.ingest.conftest import zip_bytes


def test_members_carry_their_own_name_and_the_archives() -> None:
    (found,) = members(zip_bytes({"data/deep/caseload.csv": b"a,b\n"}), "release.zip")
    assert (found.name, found.archive_name, found.packed) == (
        "caseload.csv",
        "release.zip",
        b"a,b\n",
    )


@pytest.mark.parametrize(
    "name", ["../up.csv", "data/../../up.csv", "/etc/x.csv", "C:/x.csv", "..\\x"]
)
def test_a_name_outside_the_zip_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="a place outside itself"):
        list(members(zip_bytes({name: b"a\n"}), "bad.zip"))


def test_a_bomb_is_refused_by_its_ratio() -> None:
    bomb = zip_bytes({"data/zeros.csv": b"0" * 5_000_000})
    with pytest.raises(InputError, match="more than 200 times its size"):
        list(members(bomb, "bomb.zip"))


def test_too_many_members_are_refused() -> None:
    many = zip_bytes({f"{number}.csv": b"" for number in range(archive.MEMBERS_MAX + 1)})
    with pytest.raises(InputError, match="501 files"):
        list(members(many, "many.zip"))


@pytest.mark.parametrize("size", [5, 9_000])
def test_a_false_declared_size_is_found(size: int) -> None:
    raw = bytearray(zip_bytes({"a.csv": b"a,b\n1,2\n" * 40}))
    place = raw.rfind(b"PK\x01\x02") + 24
    raw[place : place + 4] = size.to_bytes(4, "little")
    with pytest.raises(InputError, match=r"a\.csv"):
        list(members(bytes(raw), "lying.zip"))


def test_damage_is_found_by_the_zips_own_sums() -> None:
    raw = bytearray(zip_bytes({"a.csv": b"a,b\n1,2\n" * 40}))
    raw[40] ^= 0xFF
    with pytest.raises(InputError, match="damaged"):
        list(members(bytes(raw), "torn.zip"))


def test_a_cut_zip_is_refused() -> None:
    raw = zip_bytes({"a.csv": b"a,b\n1,2\n" * 40})
    with pytest.raises(InputError, match="damaged"):
        list(members(raw[: len(raw) // 2], "cut.zip"))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as twice:
        twice.writestr("a.csv", "a\n")
        twice.writestr("a.csv", "b\n")
    with pytest.raises(InputError, match="two files of one name"):
        list(members(packed.getvalue(), "twice.zip"))


def test_a_gzipped_csv_is_unpacked() -> None:
    assert Member("x.csv.gz", None, gzip.compress(b"a,b\n")).content() == b"a,b\n"


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(b"0" * 30_000_000),
        gzip.compress(b"a,b\n" * 100)[:-9],
        b"\x1f\x8b nonsense",
    ],
    ids=["too large unpacked", "cut short", "not gzip"],
)
def test_a_hostile_or_damaged_gzip_is_refused(packed: bytes) -> None:
    with pytest.raises(InputError):
        Member("x.csv.gz", None, packed).content()


def test_a_folder_gives_its_data_files_and_not_the_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.csv", "sub/a.geojson", ".hidden/c.csv", "readme.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [path.name for path in folder_files(tmp_path)] == ["b.csv", "a.geojson"]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no CSV"):
        folder_files(tmp_path)


def test_a_link_in_a_zip_is_data_not_a_link() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as linked:
        info = zipfile.ZipInfo("link.csv")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        linked.writestr(info, "/etc/passwd")
    (found,) = members(packed.getvalue(), "linked.zip")
    assert found.packed == b"/etc/passwd"
