"""What comes out of a zip, and which zips are refused before anything does."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pipelines.errors import InputError
from pipelines.ingest import archive
from pipelines.ingest.archive import Member, folder_files
from tests.unit.ingest.conftest import zip_bytes


def members(raw: bytes, name: str) -> list[Member]:
    """The members of a zip, each read to its end."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(raw)
        with archive.members(path) as found:
            return [held(each.name, packed(each), each.archive_name) for each in found]


def packed(member: Member) -> bytes:
    with member.opening() as stream:
        return stream.read()


def held(name: str, raw: bytes, archive_name: str | None = None) -> Member:
    return Member(name, archive_name, lambda: io.BytesIO(raw), len(raw))


def test_members_carry_their_own_name_and_the_archives() -> None:
    (found,) = members(zip_bytes({"data/deep/caseload.csv": b"a,b\n"}), "release.zip")
    assert (found.name, found.archive_name, packed(found)) == (
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


def test_a_member_that_is_called_a_dot_is_refused() -> None:
    with pytest.raises(InputError, match="a file without a name") as error:
        list(members(zip_bytes({".": b"a\n"}), "bad.zip"))
    assert error.value.remedy


def test_a_zip_of_folders_only_is_refused() -> None:
    with pytest.raises(InputError, match="no file in the zip") as error:
        list(members(zip_bytes({"data/": b"", "data/deep/": b""}), "empty.zip"))
    assert error.value.remedy


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
    assert held("x.csv.gz", gzip.compress(b"a,b\n")).content() == b"a,b\n"


@pytest.mark.parametrize(
    "raw",
    [
        gzip.compress(b"0" * 30_000_000),
        gzip.compress(b"a,b\n" * 100)[:-9],
        b"\x1f\x8b nonsense",
    ],
    ids=["too large unpacked", "cut short", "not gzip"],
)
def test_a_hostile_or_damaged_gzip_is_refused(raw: bytes) -> None:
    with pytest.raises(InputError):
        held("x.csv.gz", raw).content()


def test_a_folder_gives_its_data_files_and_not_the_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.csv", "sub/a.geojson", ".hidden/c.csv", "readme.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [path.name for path in folder_files(tmp_path)] == ["b.csv", "a.geojson"]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no CSV"):
        folder_files(tmp_path)


def test_a_link_in_a_zip_is_data_not_a_link() -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as linked:
        info = zipfile.ZipInfo("link.csv")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        linked.writestr(info, "/etc/passwd")
    (found,) = members(raw.getvalue(), "linked.zip")
    assert packed(found) == b"/etc/passwd"
