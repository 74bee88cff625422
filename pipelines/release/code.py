"""With which code a release is made, and where that code is found again.

A checkout of git answers both. An image holds none: it is told its commit when it is made, and to
rebuild a release it needs the repository beside it.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from pipelines.errors import FailedCheckError

COMMIT = "SEND_CODE_VERSION"
REPOSITORY = "SEND_REPOSITORY"
COMMIT_TEXT = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})\+?")
UNCOMMITTED = "+"
UNKNOWN = (
    "It is not known with which commit this product was installed, so a release that is built by "
    "it can be rebuilt only as long as the product stays as it is: no longer after an upgrade. Run "
    f"the product from a checkout of git, or name the commit in {COMMIT}: docs/deployment.md."
)

CHANGED = (
    "Files of this installation are not committed: changed, or never added, as a council's own "
    "folder data/councils/CODE may be. A release that is built so can be rebuilt only as long as "
    "all of them stay as they are. Commit them on a branch of your own, with "
    "git add data/councils/CODE and git commit, and build again: docs/deployment.md."
)


def doubt(commit: str) -> str:
    """Why a release that is built with this code may not be rebuilt later; '' where it can be."""
    if not commit:
        return UNKNOWN
    return CHANGED if commit.endswith(UNCOMMITTED) else ""


def code_version(root: Path) -> str:
    """The commit that is checked out, '+' behind it where files differ.

    Outside a checkout what SEND_CODE_VERSION names; '' where that is no commit.
    """
    try:
        commit = _git(root, "rev-parse", "HEAD")
        is_changed = _git(root, "status", "--porcelain", "--", ".")
        return commit + (UNCOMMITTED if is_changed else "")
    except (OSError, subprocess.CalledProcessError):
        named = os.environ.get(COMMIT, "").strip()
        return named if COMMIT_TEXT.fullmatch(named) else ""


def check_out(root: Path, commit: str, target: Path) -> None:
    """Write all files of a commit into a tar; the repository is not touched.

    root: of the product; SEND_REPOSITORY names a repository elsewhere.

    Raises:
        FailedCheckError: there is no git or no repository here, or it has no such commit.
    """
    repository = Path(os.environ.get(REPOSITORY) or root)
    try:
        _git(repository, "archive", "--output", str(target), commit)
    except OSError as error:
        raise FailedCheckError(
            "git is not installed here, and only a repository gives back the code of an earlier "
            "release",
            where=f"commit {commit}",
            remedy="Rebuild where git and the repository are: docs/deployment.md.",
        ) from error
    except subprocess.CalledProcessError as error:
        raise FailedCheckError(
            f"commit {commit} is not in this repository",
            where=str(repository),
            remedy="Fetch the project's whole history with git, or name a repository that has it "
            f"in {REPOSITORY}, and rebuild again.",
        ) from error


def _git(root: Path, *words: str) -> str:
    """Ask git, whoever owns the files: an installation is often root's and runs as another."""
    owned = f"safe.directory={root.resolve()}"
    done = subprocess.run(  # noqa: S603
        ["git", "-c", owned, "-C", str(root), *words],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()
