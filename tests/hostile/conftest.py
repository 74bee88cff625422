"""The door under attack: take a file in, and hold what comes back to the promises P9 and P10.

`attack` runs in this process and is for files that are merely wrong. `besieged` runs in a process
of its own that may take 1 GiB more than it needs to start, and is for files made to exhaust it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.settings import Settings
from tests.hostile.outcome import (
    Landed,
    Outcome,
    assert_promises,
    besiege,
    landed_rows,
    through,
)


@pytest.fixture(scope="module", autouse=True)
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keys of one module of tests, never in somebody's home: the same child, the same pseudonym."""
    folder = tmp_path_factory.mktemp("keys")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEND_KEYS", str(folder))
        yield folder


@pytest.fixture(scope="module")
def landed_soundly(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes | str], Landed]:
    """Take in a file without a fault, in a workspace of its own, once for each file."""
    held: dict[bytes | str, Landed] = {}

    def take(content: bytes | str) -> Landed:
        if content not in held:
            folder = tmp_path_factory.mktemp("sound")
            settings = Settings(workspace=folder / "workspace")
            outcome = through([written(folder / "sound.dat", content)], settings)
            assert outcome.is_landed, outcome.words
            held[content] = Landed(outcome, landed_rows(settings))
        return held[content]

    return take


@pytest.fixture
def workspace(tmp_path: Path) -> Settings:
    return Settings(workspace=tmp_path / "workspace")


@pytest.fixture
def attack(workspace: Settings, tmp_path: Path) -> Callable[..., Outcome]:
    """Write bytes (or files of a folder), take them in, check the promises, give the outcome."""

    def take(content: bytes | str | dict[str, bytes], name: str = "file.dat") -> Outcome:
        path = written(tmp_path / name, content)
        outcome = through([path], workspace)
        assert_promises(outcome, workspace.workspace)
        return outcome

    return take


@pytest.fixture
def besieged(workspace: Settings, tmp_path: Path, keys: Path) -> Callable[..., Outcome]:
    """The same in a process of its own with little memory."""

    def take(content: bytes | str | dict[str, bytes], name: str = "file.dat") -> Outcome:
        path = written(tmp_path / name, content)
        outcome = besiege([path], workspace.workspace, keys)
        assert_promises(outcome, workspace.workspace)
        return outcome

    return take


def written(path: Path, content: bytes | str | dict[str, bytes]) -> Path:
    """A file, or a folder of files."""
    if isinstance(content, dict):
        path.mkdir()
        for name, raw in content.items():
            (path / name).write_bytes(raw)
    else:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
