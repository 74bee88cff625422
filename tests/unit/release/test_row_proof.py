"""A file of a release that lost rows after they were written is refused, and so is a torn one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import FailedCheckError
from pipelines.json_lines import append
from pipelines.release import as_built
from pipelines.release.erased import NOTE
from pipelines.release.files import sha256
from pipelines.release.reader import EVIDENCE, OFFICER, PUBLIC, Release
from pipelines.release.row_proof import in_manifest, require_rows, rows_of
from pipelines.settings import PROJECT_ROOT

FILES = (PUBLIC, OFFICER, EVIDENCE)
WRITTEN = {name: {"evidence.file": 400, "evidence.finding": 0} for name in FILES}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three closed files, each with a table of 400 rows and an empty one."""
    for name in FILES:
        run(
            tmp_path / name,
            "create schema made.evidence",
            "create table made.evidence.file as select range as number from range(400)",
            "create table made.evidence.finding (number integer)",
        )
    return tmp_path


def run(path: Path, *statements: str) -> None:
    """Run statements on a closed file, which they know as `made`."""
    with closing(duckdb.connect()) as connection:
        connection.execute(f"attach '{path}' as made")
        for statement in statements:
            connection.execute(statement)


def release(folder: Path, **manifest: object) -> Release:
    files = {name: {"sha256": sha256(folder / name)} for name in FILES}
    return Release("r", folder, {"files": files, **manifest})


def test_files_that_hold_what_was_written_pass_and_are_counted(folder: Path) -> None:
    with closing(duckdb.connect(str(folder / EVIDENCE), read_only=True)) as connection:
        assert rows_of(connection, "evidence") == WRITTEN[EVIDENCE]
    require_rows(folder, WRITTEN)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("lost", "said"),
    [
        ("delete from made.evidence.file where number = 7", "file holds 399 rows, and 400 were"),
        ("drop table made.evidence.file", "evidence.file is not there, and 400 were written"),
        ("drop table made.evidence.finding", "evidence.finding is not there, and 0 were written"),
        ("insert into made.evidence.finding values (1)", "finding holds 1 row, and 0 were"),
    ],
)
def test_a_table_that_is_short_stops_the_release(
    folder: Path, name: str, lost: str, said: str
) -> None:
    run(folder / name, lost)
    with pytest.raises(FailedCheckError) as refused:
        require_rows(folder, WRITTEN)
    assert said in str(refused.value)
    assert name in str(refused.value)
    assert [other for other in FILES if other != name and other in str(refused.value)] == []


def test_rows_in_the_torn_end_of_a_log_are_missed(folder: Path) -> None:
    """DuckDB reads such a file without a word; what it then holds is held against what was told."""
    path, torn = folder / OFFICER, folder / "torn"
    log = f"{OFFICER}.wal"
    with closing(duckdb.connect()) as connection:
        connection.execute(f"attach '{path}' as made")
        connection.execute("insert into made.evidence.finding values (1)")
        torn.mkdir()
        for name in (OFFICER, log):
            shutil.copy(folder / name, torn / name)
    whole = (torn / log).read_bytes()
    (torn / log).write_bytes(whole[:-3])
    run(torn / OFFICER, "select 1")
    rows = WRITTEN[OFFICER] | {"evidence.finding": 1}
    with pytest.raises(FailedCheckError, match="finding holds 0 rows, and 1 were written"):
        require_rows(torn, {OFFICER: rows})
    require_rows(folder, {OFFICER: rows})


def test_a_log_that_was_left_beside_a_file_stops_the_release(folder: Path) -> None:
    (folder / f"{EVIDENCE}.wal").touch()
    with pytest.raises(FailedCheckError, match=r"evidence\.duckdb: changes that are not in the"):
        require_rows(folder, WRITTEN)


def test_verification_counts_all_three_files_and_what_older_manifests_have(folder: Path) -> None:
    stated = in_manifest(WRITTEN)
    older = {"row_counts": WRITTEN[PUBLIC]}
    assert as_built.verify(release(folder, **stated)) == []
    run(folder / EVIDENCE, "delete from made.evidence.file where number = 7")
    (fault,) = as_built.verify(release(folder, **stated))
    assert fault == "evidence.file holds 399 rows, the manifest says 400"
    assert as_built.verify(release(folder, **older)) == []
    run(folder / PUBLIC, "delete from made.evidence.file where number = 7")
    assert len(as_built.verify(release(folder, **older))) == 1


def test_of_officers_rows_that_were_erased_since_verification_asks_no_more(folder: Path) -> None:
    built = release(folder, **in_manifest(WRITTEN))
    run(folder / OFFICER, "delete from made.evidence.file where number = 7")
    line = {
        "file": OFFICER,
        "sha256_before": built.manifest["files"][OFFICER]["sha256"],
        "sha256": sha256(folder / OFFICER),
        "why": "a person was erased",
    }
    append(folder / NOTE, line)
    assert as_built.verify(built) == []


# What whoever goes back to an earlier release waits for, in a process of its own.
COUNTS = """
import sys
from pathlib import Path
from pipelines.release.row_proof import apart
assert apart(Path(sys.argv[1]), {"evidence.file": 400, "evidence.finding": 0}) == []
print("pandas" in sys.modules)
"""


def test_rows_are_counted_without_the_library_of_frames(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", COUNTS, str(folder / PUBLIC)],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"
