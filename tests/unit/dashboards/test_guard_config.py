"""The settings of `send serve`: what is refused before anybody can sign in."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from streamlit import config as streamlit_config

from dashboards.serving.config import Serving, load_serving, read_secrets
from dashboards.serving.server import Listening, options, serve
from pipelines.errors import InputError
from pipelines.settings import PROJECT_ROOT, Settings

WHOLE: dict[str, Any] = {
    "mode": "oidc",
    "address": "https://send.example.org",
    "removed": "removed.txt",
    "provider": {"metadata_url": "https://id.example.org/x", "client_id": "send"},
    "roles": {"claim": "roles", "officer": ["O"]},
}


def written(folder: Path, content: dict[str, Any]) -> Path:
    path = folder / "serving.yml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    path.chmod(0o600)
    return path


def test_whole_settings_are_read_and_their_files_stand_beside_them(tmp_path: Path) -> None:
    content = WHOLE | {"cookie_secret_file": "cookie"}
    content["provider"] = WHOLE["provider"] | {"client_secret_file": "client"}
    found = load_serving(written(tmp_path, content))
    assert (found.removed, found.cookie_secret_file) == (
        tmp_path / "removed.txt",
        tmp_path / "cookie",
    )
    assert found.provider
    assert found.provider.client_secret_file == tmp_path / "client"
    assert found.sign_in_hours == 8
    assert not found.public_pages
    assert found.is_tls


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mode": "open"}, "mode"),
        ({"address": None}, "needs address"),
        ({"roles": None}, "needs roles"),
        ({"removed": None}, "needs removed"),
        ({"provider": None}, "needs provider"),
        ({"roles": {"claim": "roles"}}, "nobody could sign in"),
        ({"roles": {"claim": "roles", "ofcer": ["O"]}}, "did you mean 'officer'"),
        ({"address": "http://send.example.org"}, "https"),
        ({"address": "https://send.example.org/pages"}, "only scheme"),
        ({"address": "send.example.org"}, "https"),
        ({"provider": {"metadata_url": "http://id.example.org", "client_id": "x"}}, "https"),
        ({"sign_in_hours": 0}, "greater than 0"),
        ({"sign_in_hours": 720}, "less than or equal to 24"),
        ({"mode": "local", "public_pages": True}, "needs mode oidc"),
        ({"cookie_secret": "in the file"}, "unknown key"),
    ],
    ids=lambda case: str(case)[:60],
)
def test_wrong_settings_are_refused_in_words(
    tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        load_serving(written(tmp_path, WHOLE | change))


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_settings_that_others_may_write_are_refused(tmp_path: Path, mode: int) -> None:
    path = written(tmp_path, WHOLE)
    path.chmod(mode)
    with pytest.raises(InputError, match="give themselves a role"):
        load_serving(path)


def secrets_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int = 0o600) -> Serving:
    for name in ("SEND_COOKIE_SECRET", "SEND_METRICS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SEND_CLIENT_SECRET", "given")
    path = tmp_path / "cookie"
    path.write_text("c" * 32 + "\n", encoding="utf-8")
    path.chmod(mode)
    return load_serving(written(tmp_path, WHOLE | {"cookie_secret_file": "cookie"}))


def test_secrets_come_from_files_and_the_environment_and_are_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = read_secrets(secrets_beside(tmp_path, monkeypatch))
    assert (found.cookie, found.client, found.metrics) == ("c" * 32, "given", "")
    assert "ccc" not in repr(found)
    assert "given" not in repr(found)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o610])
def test_a_secret_that_others_may_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    with pytest.raises(InputError, match="read by others"):
        read_secrets(secrets_beside(tmp_path, monkeypatch, mode))


def handed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int) -> Serving:
    """Settings whose secret systemd has handed to the service, and laid where it says."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    (folder / "cookie").write_text("h" * 32 + "\n", encoding="utf-8")
    (folder / "cookie").chmod(mode)
    return secrets_beside(tmp_path, monkeypatch)


@pytest.mark.parametrize("mode", [0o400, 0o440, 0o600])
def test_a_secret_handed_by_systemd_is_taken_with_the_mode_it_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    assert read_secrets(handed(tmp_path, monkeypatch, mode)).cookie == "h" * 32


@pytest.mark.parametrize("mode", [0o444, 0o460, 0o450])
def test_a_handed_secret_that_everybody_may_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    with pytest.raises(InputError, match="read by others"):
        read_secrets(handed(tmp_path, monkeypatch, mode))


def test_a_secret_elsewhere_gains_nothing_by_what_is_handed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed(tmp_path, monkeypatch, 0o440)
    (tmp_path / "credentials" / "cookie").unlink()
    with pytest.raises(InputError, match="read by others"):
        read_secrets(secrets_beside(tmp_path, monkeypatch, 0o440))


@pytest.mark.parametrize(
    ("name", "text"),
    [("SEND_CLIENT_SECRET", ""), ("SEND_METRICS_TOKEN", "short")],
)
def test_a_missing_or_short_secret_is_named_and_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    found = secrets_beside(tmp_path, monkeypatch)
    monkeypatch.setenv(name, text)
    with pytest.raises(InputError) as refused:
        read_secrets(found)
    assert refused.value.where == name
    assert "short" not in str(refused.value)


def test_a_short_cookie_secret_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = secrets_beside(tmp_path, monkeypatch)
    (tmp_path / "cookie").write_text("c" * 31, encoding="utf-8")
    with pytest.raises(InputError, match="31 characters"):
        read_secrets(found)


def test_without_sign_in_no_other_machine_is_listened_to(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="this machine alone"):
        serve(Settings(tmp_path), None, Listening("0.0.0.0", 1))  # noqa: S104


def test_without_the_list_of_the_removed_nothing_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets_beside(tmp_path, monkeypatch)
    with pytest.raises(InputError, match="list of removed people"):
        serve(Settings(tmp_path), tmp_path / "serving.yml", Listening("127.0.0.1", 1))


def test_the_frameworks_options_are_the_safe_ones() -> None:
    found = options(Settings(PROJECT_ROOT))
    assert found | SAFE == found
    text = (PROJECT_ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert len(found) == sum(len(names) for names in tomllib.loads(text).values())


def test_every_option_is_one_that_the_framework_knows() -> None:
    """It takes an unknown name in silence."""
    known = streamlit_config.get_config_options()
    for folder in (PROJECT_ROOT, PROJECT_ROOT / "dashboards"):
        text = (folder / ".streamlit" / "config.toml").read_text(encoding="utf-8")
        named = list(_options(tomllib.loads(text)))
        assert named
        assert [name for name in named if name not in known] == []


def _options(section: dict[str, Any], path: str = "") -> Iterator[str]:
    for name, value in section.items():
        if isinstance(value, dict):
            yield from _options(value, f"{path}{name}.")
        else:
            yield f"{path}{name}"


SAFE = {
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "logger.enableRich": False,
    "runner.postScriptGC": False,
    "server.address": "127.0.0.1",
    "server.allowedHosts": ["127.0.0.1", "localhost", "::1"],
    "server.enableStaticServing": False,
    "server.enableXsrfProtection": True,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": 1,
}
