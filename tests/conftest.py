"""Fixtures shared by all tests: the real files, and workspaces built by the product itself."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from pipelines.settings import PROJECT_ROOT

# Processes that a test starts import its module again, and pytest puts no folder on the path.
if str(PROJECT_ROOT) not in sys.path:
    sys.path.insert(0, str(PROJECT_ROOT))

# A slow machine is not a fault of the code under test.
hypothesis_settings.register_profile("steady", deadline=None)
hypothesis_settings.load_profile("steady")

SMALL_COUNTY = ("demo", "--no-browser", "--scale", "0.03")
APPROVAL = ("--approved-by", "sample data (automatic)", "--reason", "Built by the tests", "--yes")


@pytest.fixture(scope="session", autouse=True)
def keys_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The keys of the workspaces that tests share: never the user's own, the same for all workers.

    A test that wants keys of its own sets SEND_KEYS over it.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    base = tmp_path_factory.getbasetemp()
    os.environ.setdefault("SEND_KEYS", str((base.parent if worker else base) / "keys-of-the-run"))


@pytest.fixture(autouse=True)
def main_module_of_the_run() -> Iterator[None]:
    """Streamlit's AppTest leaves the page it ran as `__main__`.

    A process started later by multiprocessing runs the file of that module before its own work.
    """
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of published files named by SEND_REAL_DATA; skips, and says so, without it."""
    named = os.environ.get("SEND_REAL_DATA")
    if not named:
        pytest.skip("SEND_REAL_DATA is not set: the published files are not at hand")
    folder = Path(named).resolve()
    assert folder.is_dir(), f"SEND_REAL_DATA names no folder: {folder}"
    return folder


@pytest.fixture(scope="session")
def run_send() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command `send` on a workspace and give what it printed."""

    def run(workspace: Path, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "commands.cli", *words],
            cwd=PROJECT_ROOT,
            env=os.environ | {"SEND_WORKSPACE": str(workspace)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def sample_workspace(
    tmp_path_factory: pytest.TempPathFactory,
    run_send: Callable[..., subprocess.CompletedProcess[str]],
) -> Path:
    """A published release of the facts that come with the product, without any file."""
    return _once(tmp_path_factory, "sample", lambda folder: _publish(run_send, folder))


@pytest.fixture(scope="session")
def sample_warehouse(sample_workspace: Path) -> Path:
    """The warehouse behind sample_workspace."""
    return sample_workspace / "warehouse" / "build.duckdb"


@pytest.fixture(scope="session")
def real_workspace(
    tmp_path_factory: pytest.TempPathFactory,
    run_send: Callable[..., subprocess.CompletedProcess[str]],
    real_data: Path,
) -> Path:
    """A published release of the real files: 2022, 2025 and 2026 releases and reference files."""
    return _once(
        tmp_path_factory, "real", lambda folder: _publish_real(run_send, folder, real_data)
    )


@pytest.fixture(scope="session")
def real_warehouse(real_workspace: Path) -> Path:
    """The warehouse behind real_workspace."""
    return real_workspace / "warehouse" / "build.duckdb"


@pytest.fixture(scope="session")
def county_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published release of the sample county, some 300 plans, as `send demo` makes it."""
    return _once(tmp_path_factory, "county", _publish_county)


REAL_FILES = (
    "ees/education-health-and-care-plans_2022.zip",
    "ees/education-health-and-care-plans_2025.zip",
    "ees/2026-extract",
    "reference/lait_sen_measures_long.csv.gz",
    "reference/ons_mid-year_population_estimates_2012_to_2024.csv",
    "reference/sn_model_2025_wide.csv",
)


def _publish_real(
    run: Callable[..., subprocess.CompletedProcess[str]], folder: Path, real_data: Path
) -> None:
    _expect_done(run(folder, "ingest", *(str(real_data / name) for name in REAL_FILES)))
    _publish(run, folder)


def _publish(run: Callable[..., subprocess.CompletedProcess[str]], folder: Path) -> None:
    _expect_done(run(folder, "build"))
    _expect_done(run(folder, "publish", *APPROVAL))


def _publish_county(folder: Path) -> None:
    words = (*SMALL_COUNTY, "--workspace", str(folder))
    done = subprocess.run(
        [sys.executable, "-m", "commands.cli", *words],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    _expect_done(done)


def _expect_done(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, f"{done.args}\n{done.stdout}\n{done.stderr}"


def _once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder made once for all workers of a test run, the others waiting for the first."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    base = factory.getbasetemp().parent if worker else factory.getbasetemp()
    folder, done = base / f"{name}-workspace", base / f"{name}-workspace.done"
    with (base / f"{name}-workspace.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            make(folder)
            done.touch()
    return folder
