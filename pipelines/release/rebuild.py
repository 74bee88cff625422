"""A past release made once more, in a clean folder, from what is stored of it, and compared.

Its files come from the raw store, its code from the commit that the manifest names, and each is
held against its hash there. What is compared is every cell that anybody may read. The clean folder
lies in the workspace, because it holds what the workspace holds, and is taken away at the end.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import FailedCheckError, InputError
from pipelines.ingest import bundles, raw_store
from pipelines.ingest.key_memory import REMEMBERED
from pipelines.registry.plan_log import log_path
from pipelines.release import audit_log
from pipelines.release.build import libraries
from pipelines.release.code import COMMIT, UNCOMMITTED, check_out
from pipelines.release.diff_why import product_inputs_of
from pipelines.release.earlier import lay_beside
from pipelines.release.inputs import product_inputs
from pipelines.release.reader import Release, all_releases
from pipelines.release.replay import lay, write_listing
from pipelines.release.same_cells import Compared, compare
from pipelines.release.stored import Stored, pieces_of, stored_of
from pipelines.settings import Settings

CLEAN = ".rebuild"
# The command, in code of the release's own version, that takes the files in and builds.
REMAKE = ("releases", "remake")
NAMED = 5


@dataclass(frozen=True)
class Rebuilt:
    """How a rebuild went.

    Attributes:
        tables: every public table of the release beside its twin.
        code: the commit that it was made with.
        notes: what differs from then without being an input: the libraries.
    """

    tables: tuple[Compared, ...]
    code: str
    notes: tuple[str, ...]

    @property
    def is_identical(self) -> bool:
        """Whether every published cell is, to the byte, what it was."""
        return all(table.is_same for table in self.tables)


def rebuild(settings: Settings, release: Release) -> Rebuilt:
    """Make a release once more and compare what anybody may read.

    Raises:
        FailedCheckError: a file or the code is no longer there, and which and why; or the build
            did not end.
        InputError: it is another council's.
    """
    _require_council(settings, release)
    stored = stored_of(settings, release)
    if stored.lost:
        raise FailedCheckError(
            "it can no longer be rebuilt: " + "; ".join(stored.lost),
            where=f"release {release.id}",
            remedy="Its published figures are kept as they were approved; see that they are "
            f"unchanged with: send releases verify {release.id}",
        )
    with _clean_folder(settings) as folder:
        root = _code_of(settings, release, folder)
        workspace = _laid_out(settings, stored, folder / "workspace")
        lay_beside(release, workspace)
        _remake(settings, root, workspace)
        (made,) = all_releases(workspace)
        tables = tuple(compare(release.public_path, made.public_path))
        notes = tuple(_notes(root, release, made))
    done = Rebuilt(tables, release.manifest["code_version"], notes)
    audit_log.note(settings, "rebuild", release=release.id, is_identical=done.is_identical)
    return done


def sweep(settings: Settings) -> None:
    """Take away what an interrupted rebuild left: it holds files under a second name."""
    shutil.rmtree(settings.workspace / CLEAN, ignore_errors=True)


def _require_council(settings: Settings, release: Release) -> None:
    built_for = release.manifest["council"]
    if built_for != settings.council:
        raise InputError(
            f"the release is of authority {built_for}, and this installation is that of "
            f"{settings.council}",
            where=f"release {release.id}",
            remedy=f"Say whose it is: SEND_COUNCIL={built_for}.",
        )


@contextmanager
def _clean_folder(settings: Settings) -> Iterator[Path]:
    """An empty folder of our own; what an interrupted rebuild left in it goes first."""
    sweep(settings)
    folder = settings.workspace / CLEAN
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        sweep(settings)


# ---- the code ----------------------------------------------------------------------------------


def _code_of(settings: Settings, release: Release, folder: Path) -> Path:
    """Where the release's own code lies: here, where nothing has changed, or a clean copy.

    Raises:
        FailedCheckError: it was never committed, or its commit is not here.
    """
    wanted = product_inputs_of(release)
    if product_inputs(settings) == wanted:
        return settings.project_root
    commit = release.manifest["code_version"]
    if not commit:
        raise FailedCheckError(
            "its code is of no commit that is known, and the code here has changed since",
            where=f"release {release.id}",
            remedy="Its figures are kept as they were approved. So that later releases can be "
            f"rebuilt, run the product from a checkout of git or name the commit in {COMMIT}.",
        )
    root = folder / "code"
    _unpack(settings.project_root, commit.removesuffix(UNCOMMITTED), root)
    found = product_inputs(Settings(settings.workspace, settings.council, root))
    apart = sorted(name for name in wanted.keys() | found if wanted.get(name) != found.get(name))
    if apart:
        raise FailedCheckError(
            "it was built with files that were not committed, and they have changed since: "
            f"{', '.join(apart[:NAMED])}" + (" and others" if len(apart) > NAMED else ""),
            where=f"release {release.id}, code {commit}",
            remedy="Commit before you build, so that later releases can be rebuilt.",
        )
    return root


def _unpack(repository: Path, commit: str, root: Path) -> None:
    """All files of a commit in a folder of their own."""
    packed = root.with_suffix(".tar")
    check_out(repository, commit, packed)
    with tarfile.open(packed) as archive:
        archive.extractall(root, filter="data")
    packed.unlink()


# ---- the clean workspace -----------------------------------------------------------------------


def _laid_out(settings: Settings, stored: Stored, workspace: Path) -> Path:
    """A workspace that holds what the release was made of, and nothing else."""
    clean = Settings(workspace, settings.council, settings.project_root)
    (workspace / "log").mkdir(parents=True, mode=0o700)
    write_listing(workspace, stored.files)
    remembered = settings.workspace / "log" / REMEMBERED
    if remembered.is_file():
        shutil.copyfile(remembered, workspace / "log" / REMEMBERED)
    lines = [pieces_of(settings, file) for file in stored.files if file.is_person_level]
    text = "".join(json.dumps(line) + "\n" for line in lines if line)
    (workspace / "log" / bundles.LOG).write_text(text, encoding="utf-8")
    objects = {name for file in stored.files for name in file.kept}
    objects |= {piece["kept_sha256"] for line in lines if line for piece in line["pieces"]}
    for name in objects:
        _place(raw_store.path_of(settings, name), raw_store.path_of(clean, name))
    for name in stored.forecasts:
        _place(settings.workspace / name, workspace / name)
    if stored.plan_log:
        log_path(clean).parent.mkdir(parents=True, mode=0o700)
        log_path(clean).write_bytes(stored.plan_log)
    return workspace


def _place(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lay(source, target)


# ---- the work ----------------------------------------------------------------------------------


def _remake(settings: Settings, root: Path, workspace: Path) -> None:
    """Take the files in and build, in a process that runs the release's own code."""
    environment = os.environ | {
        "SEND_WORKSPACE": str(workspace),
        "SEND_COUNCIL": settings.council,
    }
    command: Sequence[str] = (sys.executable, "-m", "commands.cli", *REMAKE)
    done = subprocess.run(  # noqa: S603
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise FailedCheckError(
            f"the build did not end: {' '.join(lines[-2:]) or 'it said nothing'}",
            where=f"code in {'this folder' if root == settings.project_root else 'a clean copy'}",
            remedy="A release from before `send releases rebuild` cannot be rebuilt by its own "
            "code. Otherwise look whether a library it needs is no longer installed.",
        )


def _notes(root: Path, release: Release, made: Release) -> Iterator[str]:
    """What may make cells differ although inputs and code are the same."""
    engines = [each.manifest["engine"] for each in (release, made)]
    if engines[0] != engines[1]:
        yield f"The engine was {engines[0]} and is {engines[1]} now."
    stated = release.manifest.get("libraries_sha256")
    if stated and stated != libraries(root):
        yield "The list of libraries in the code is not the one that the release names."
