"""A thousand planted children: what the product writes holds no name, UPN, ULN or postcode.

Searched is every file below the user's home, the temporary folder, the working folder and the
workspace, after all the commands have run, fallen or been killed. Only the files that were handed
in may hold them, and they lie elsewhere. What a browser keeps is searched in tests/browser.
"""

from __future__ import annotations

import gzip
import io
import os
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipelines.ingest import keys, raw_store, sealed
from pipelines.release.rebuild import CLEAN
from pipelines.settings import PROJECT_ROOT, Settings
from tests.integration.person_level_files import collect, marks, uln, upn, xml
from tests.integration.serving import served
from tests.integration.test_census_lands import SCHOOLS
from tests.integration.test_person_level_door import written
from tests.leaks import found_in, planted

PEOPLE = 1000
CHOSEN = 3
WORDS = planted(range(PEOPLE))
APPROVAL = ("--approved-by", "Head of data", "--reason", "Searched by a test")
EARLY = "la_code,upn,uln,support_kind,referral_date\n"
PUPIL = "{0},{0},{0},1,11,{upn},{uln},{surname},{forename},2012-Nov-23 00:00:00,F,WBRI,C,8,K\n"
PUPILS = (
    "pupilonrolltableid,NativeId,pupilonrollorderseqcolumn,sourceid,schoolcensustableid,upn,"
    "uniquelearnernumber,surname,forename,dob,gender,ethnicity,enrolstatus,ncyearactual,senprovision\n"
)
# More than any file here needs, less than the packages take once they are loaded.
LITTLE_MEMORY, SMALL_DISK = 800_000_000, 60_000
PAGE_BYTES_MIN = 2_000
# Where memory ends in a library, that may end the process itself, or let it stand still.
PATIENCE = 60
FALLEN = (1, 2, 127, -signal.SIGABRT, -signal.SIGSEGV)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A user's home with all that programs write into."""
    folder = tmp_path / "home"
    for name in ("tmp", "dagster", "here"):
        (folder / name).mkdir(parents=True)
    return folder


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """What a council hands in, each form of it with planted children."""
    folder = tmp_path / "handed in"
    folder.mkdir()
    whole = xml(PEOPLE)
    collect(xml(200, first=300), folder / "export")
    (folder / "census").mkdir()
    pupils = "".join(PUPIL.format(700 + each, **marks(each)) for each in range(200))
    written(folder / "census" / "schools.csv", SCHOOLS.encode())
    written(folder / "census" / "pupils.csv", (PUPILS + pupils).encode())
    early = EARLY + "".join(f"860,{upn(each)},{uln(each)},APDR,2025-09-15\n" for each in range(200))
    return {
        "whole": written(folder / "return.xml", whole),
        "spoiled": written(folder / "spoiled.xml", whole.replace(b"</Surname>", b"</Sur>", 1)),
        "extract": written(folder / "extract.xml", xml(PEOPLE // 2)),
        "export": folder / "export",
        "census": folder / "census",
        "early": written(folder / "early.csv", early.encode()),
        "unknown": written(folder / "unknown.csv", b"a,b\n" + marks(9)["surname"].encode()),
        "ragged": written(folder / "ragged.csv", (early + f"860,{upn(8)},APDR\n").encode()),
    }


def environment(home: Path) -> dict[str, str]:
    return os.environ | {
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "XDG_CONFIG_HOME": str(home / "configuration"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "DAGSTER_HOME": str(home / "dagster"),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "SEND_WORKSPACE": str(home / "workspace"),
        "SEND_KEYS": str(home / "keys"),
        "PYTHONPATH": str(PROJECT_ROOT),
    }


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "commands.cli", *words]


def send(
    home: Path,
    *words: str,
    told: str = "",
    ends: tuple[int, ...] = (0,),
    limits: Callable[[], None] | None = None,
) -> None:
    """Run the command in that home; what it prints is kept there too."""
    run(home, command(*words), told=told, ends=ends, limits=limits)


def run(
    home: Path,
    words: list[str],
    *,
    told: str = "",
    ends: tuple[int, ...] = (0,),
    limits: Callable[[], None] | None = None,
) -> None:
    process = subprocess.Popen(
        words,
        cwd=home / "here",
        env=environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limits,
    )
    try:
        out, errors = process.communicate(told, timeout=None if limits is None else PATIENCE)
    except subprocess.TimeoutExpired:
        # Without memory the engine's threads may wait for each other for ever: somebody ends it.
        process.send_signal(signal.SIGABRT)
        out, errors = process.communicate()
    assert process.returncode in ends, f"{words}\n{out[-2000:]}\n{errors[-2000:]}"
    with (home / "printed.txt").open("a", encoding="utf-8") as kept:
        kept.write(out + errors)


def fall(home: Path, words: tuple[str, ...], workspace: Path, number: int, once: str) -> None:
    """End a command, and what it has started, by a signal as soon as such a file stands there."""
    with (home / "printed.txt").open("ab") as out:
        process = subprocess.Popen(
            command(*words),
            cwd=home / "here",
            env=environment(home) | {"SEND_WORKSPACE": str(workspace)},
            stdout=out,
            stderr=out,
            preexec_fn=_cores_allowed,
            start_new_session=True,
        )
        while process.poll() is None and not list(workspace.glob(once)):
            time.sleep(0.01)
        os.killpg(process.pid, number)
    assert process.wait() == -number


def _cores_allowed() -> None:
    """A dump of all memory into the working folder, unless the product switches it off."""
    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


def _little_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (LITTLE_MEMORY, LITTLE_MEMORY))


def _small_disk() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_DISK, SMALL_DISK))


@pytest.mark.parametrize(
    "word",
    [
        marks(7)["surname"],
        marks(7)["surname"].upper(),
        marks(7)["uln"],
        marks(7)["postcode"].replace(" ", ""),
    ],
)
def test_the_search_finds_a_mark_wherever_it_hides(home: Path, word: str) -> None:
    with duckdb.connect(str(home / "rows.duckdb")) as connection:
        connection.execute("create table t as select ? as name from range(5000)", [word])
    inner = io.BytesIO()
    for target in (home / "pack.zip", inner):
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inner.txt", word * 50)
    with zipfile.ZipFile(home / "outer.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pack.zip", inner.getvalue())
    (home / "log.txt").write_text(f"refused {word}")
    (home / "old.gz").write_bytes(gzip.compress(word.encode() * 50))
    (home / f"{word}.txt").write_text("")
    assert {name for name, _ in found_in(home, WORDS)} == {
        *("rows.duckdb", "pack.zip", "outer.zip", "log.txt", "old.gz", f"{word}.txt")
    }


@pytest.mark.parametrize(
    "is_whole",
    [
        pytest.param(False, id="a rebuild is killed"),
        pytest.param(True, id="and another ends", marks=pytest.mark.long),
    ],
)
def test_nothing_that_is_written_holds_a_planted_identifier(
    home: Path, files: dict[str, Path], is_whole: bool
) -> None:
    offered = {name: str(path) for name, path in files.items()}
    send(home, "validate", offered["whole"], "--out", str(home / "findings.csv"), ends=(0, 1))
    for name in ("spoiled", "unknown", "ragged"):
        send(home, "ingest", offered[name], ends=(1, 2))
    send(home, "ingest", offered["whole"], "--json", ends=(0, 1))
    send(home, "ingest", offered["extract"], "--in-year", ends=(0, 1))
    send(home, "ingest", offered["export"], ends=(0, 1))
    send(home, "ingest", offered["census"], "--return-year", "2025", ends=(0, 1))
    by_dagster(home, files["early"])
    send(home, "publish", *APPROVAL, "--yes")
    rebuilt(home, is_whole=is_whole)
    send(home, "kpi", "--source", "council", "--json")
    send(home, "claims", "--json")
    send(home, "forecast", "mainstream_share", "--area", "860", "--json")
    pages_are_read(home)
    for kind, ending in (("one-page", "pdf"), ("workbook", "xlsx"), ("audit", "zip")):
        send(home, "report", "--kind", kind, "--out", str(home / f"report.{ending}"))
    send(home, "backup", str(home / "kept.sealed"))
    send(home, "restore", str(home / "kept.sealed"), "--workspace", str(home / "restored"))
    assert found_in(home, WORDS) == set()
    shutil.rmtree(home / "workspace" / "inbox")
    send(home, "keys", "rotate", *APPROVAL, "--yes")
    assert not (home / "workspace" / CLEAN).exists()
    send(home, "forget", told=f"{upn(CHOSEN)}\n")
    send(home, "backup", str(home / "later.sealed"))
    assert found_in(home, WORDS) == set()
    nobody_chosen_is_kept(home)


def by_dagster(home: Path, file: Path) -> None:
    """A build by Dagster itself, from the inbox, with its runs and events kept in its home."""
    inbox = home / "workspace" / "inbox"
    inbox.mkdir()
    # What lies in the inbox may name children; its copy is compressed beyond the search.
    (inbox / "early.csv.gz").write_bytes(gzip.compress(file.read_bytes()))
    job = ["job", "execute", "-m", "pipelines.definitions", "-j", "build_everything"]
    run(home, [sys.executable, "-m", "dagster", *job])
    shutil.rmtree(inbox)
    inbox.mkdir()
    assert list((home / "dagster").rglob("*.db"))
    assert (home / "workspace" / "log" / "runs.jsonl").stat().st_size


def rebuilt(home: Path, *, is_whole: bool) -> None:
    """A rebuild that is killed once it has read a return again; then, if asked, one that ends."""
    workspace = home / "workspace"
    words = ("releases", "rebuild", (workspace / "releases" / "CURRENT").read_text().strip())
    fall(home, words, workspace, signal.SIGKILL, f"{CLEAN}/*/landing/sen2_person/*")
    assert list(workspace.glob(f"{CLEAN}/*/landing/*/*"))
    assert found_in(home, WORDS) == set()
    if is_whole:
        # That the cells are the same is tested elsewhere (test_rebuild.py).
        send(home, *words, ends=(0, 1))
        assert not (workspace / CLEAN).exists()


def pages_are_read(home: Path) -> None:
    """An officer reads pages with rows of children from a server that keeps a log of who read."""
    with pytest.MonkeyPatch.context() as patch:
        for name, text in environment(home).items():
            patch.setenv(name, text)
        with served(home / "workspace", home / "served", "860") as doors:
            cookies = doors.sign_in("officer")
            with doors.page(cookies) as page:
                for name in ("", "timeliness", "data_quality"):
                    (home / f"page-{name}").write_bytes(page.run(name, "cases=every"))
    assert (home / "page-timeliness").stat().st_size > PAGE_BYTES_MIN
    assert (home / "served" / "access.jsonl").stat().st_size


def nobody_chosen_is_kept(home: Path) -> None:
    """Opened with the keys, neither what is kept nor the newest backup knows the erased child."""
    workspace = Settings(workspace=home / "workspace")
    words = [word.encode() for word in planted([CHOSEN]) if not word.startswith("QX")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEND_KEYS", str(home / "keys"))
        names = [path.name for path in (workspace.workspace / "raw").glob("*/*")]
        kept = b"".join(raw_store.load(workspace, name) for name in names)
        with (home / "later.sealed").open("rb") as stream:
            raw = sealed.Opened(stream, keys.keys_at_hand().raw, "backup").read()
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        archive.extractall(home / "backup", filter="data")
    assert marks(CHOSEN + 1)["surname"].encode() in kept
    assert not [word for word in words if word in kept]
    assert found_in(home / "backup", WORDS) == set()
    hashes = {path.name for path in (home / "backup" / "raw").glob("*/*")}
    assert hashes == set(names)


def test_a_command_that_falls_or_is_killed_leaves_no_planted_identifier(
    home: Path, files: dict[str, Path]
) -> None:
    offered = str(files["whole"])
    send(home, "ingest", offered, ends=FALLEN, limits=_little_memory)
    send(home, "ingest", offered, ends=(1, 2), limits=_small_disk)
    fall(home, ("ingest", offered), home / "fallen", signal.SIGABRT, "raw/*/*")
    assert not list(home.rglob("core*"))
    fall(home, ("ingest", offered), home / "killed", signal.SIGKILL, "landing/*/*")
    assert (home / "printed.txt").stat().st_size
    assert found_in(home, WORDS) == set()
