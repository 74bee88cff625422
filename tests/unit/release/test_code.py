"""With which code a release is made: of a checkout, whoever owns it, or as an image was told."""

from __future__ import annotations

import re
import subprocess
import tarfile
from pathlib import Path

import pytest

from pipelines.errors import FailedCheckError
from pipelines.release.code import COMMIT, REPOSITORY, check_out, code_version, doubt
from pipelines.settings import PROJECT_ROOT

NAMED = "0123456789abcdef0123456789abcdef01234567"
# What git's own tests set, so that every repository counts as somebody else's.
OF_ANOTHER = "GIT_TEST_ASSUME_DIFFERENT_OWNER"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A checkout with one commit."""
    folder = tmp_path / "product"
    folder.mkdir()
    (folder / "rule.yml").write_text("id: one", encoding="utf-8")
    words = ("-c", "user.name=test", "-c", "user.email=test@example.org")
    for command in (("init", "-q"), ("add", "."), (*words, "commit", "-q", "-m", "One")):
        subprocess.run(["git", "-C", str(folder), *command], check=True)
    return folder


def head(repository: Path) -> str:
    words = ["git", "-C", str(repository), "rev-parse", "HEAD"]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


def test_a_checkout_is_its_commit_with_a_plus_where_files_differ(repository: Path) -> None:
    commit = head(repository)
    assert code_version(repository) == commit
    (repository / "rule.yml").write_text("id: two", encoding="utf-8")
    assert code_version(repository) == f"{commit}+"


def test_a_councils_folder_that_was_never_added_is_told_with_the_remedy(repository: Path) -> None:
    assert doubt(code_version(repository)) == ""
    folder = repository / "data" / "councils" / "861"
    folder.mkdir(parents=True)
    (folder / "settings.yml").write_text("la_code: '861'", encoding="utf-8")
    assert code_version(repository) == f"{head(repository)}+"
    assert "Commit them on a branch of your own" in doubt(code_version(repository))
    assert "It is not known with which commit" in doubt("")


@pytest.mark.parametrize("document", ["docs/deployment.md", "deploy/Dockerfile"])
def test_an_image_is_told_of_files_that_were_never_added(repository: Path, document: str) -> None:
    """By the very words that stand in the document."""
    text = (PROJECT_ROOT / document).read_text(encoding="utf-8")
    found = re.search(r'SEND_CODE_VERSION="(\$\(git .*\))"', text)
    assert found is not None

    def told() -> str:
        words = ["sh", "-c", f'printf %s "{found[1]}"']
        return subprocess.run(
            words, check=True, capture_output=True, text=True, cwd=repository
        ).stdout

    assert told() == head(repository)
    (repository / "settings.yml").write_text("la_code: '861'", encoding="utf-8")
    (repository / "plan.yml").write_text("la_code: '861'", encoding="utf-8")
    assert told() == code_version(repository) == f"{head(repository)}+"


def test_a_checkout_that_another_account_owns_is_known_too(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As installed: root's, and the builds run as the pipeline's account."""
    commit = head(repository)
    monkeypatch.setenv(OF_ANOTHER, "1")
    refused = subprocess.run(["git", "-C", str(repository), "rev-parse", "HEAD"], check=False)
    assert refused.returncode, "git refuses it without being told"
    assert code_version(repository) == commit
    check_out(repository, commit, tmp_path / "code.tar")
    with tarfile.open(tmp_path / "code.tar") as archive:
        assert archive.getnames() == ["rule.yml"]


@pytest.mark.parametrize("named", [NAMED, f"{NAMED}+", "v1.2", "", "$(id)"])
def test_where_there_is_no_repository_the_commit_is_what_the_image_was_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv(COMMIT, named)
    assert code_version(tmp_path) == (named if named.startswith(NAMED) else "")
    monkeypatch.delenv(COMMIT)
    assert code_version(tmp_path) == ""


def test_a_checkout_says_itself_what_it_is(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(COMMIT, NAMED)
    assert code_version(repository) == head(repository)


def test_the_code_of_an_image_comes_from_a_repository_beside_it(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, commit = tmp_path / "image", head(repository)
    root.mkdir()
    with pytest.raises(FailedCheckError, match="is not in this repository") as raised:
        check_out(root, commit, tmp_path / "code.tar")
    assert REPOSITORY in raised.value.remedy
    monkeypatch.setenv(REPOSITORY, str(repository))
    check_out(root, commit, tmp_path / "code.tar")
    assert (tmp_path / "code.tar").is_file()


def test_without_git_it_is_said_where_a_rebuild_can_be_made(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = head(repository)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(COMMIT, NAMED)
    assert code_version(repository) == NAMED
    with pytest.raises(FailedCheckError, match="git is not installed here"):
        check_out(repository, commit, tmp_path / "code.tar")
