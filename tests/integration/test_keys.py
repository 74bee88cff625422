"""The keys: made once, kept apart from the workspace, and never replaced by others unnoticed."""

from __future__ import annotations

import hmac
import stat
from pathlib import Path

import pytest

from pipelines.errors import InputError
from pipelines.ingest import keys
from pipelines.ingest.keys import NAMES, Key, keys_of
from pipelines.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(workspace=tmp_path / "workspace")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    return tmp_path / "keys"


def test_keys_are_made_once_and_their_loss_is_spoken_of(settings: Settings, folder: Path) -> None:
    told: list[str] = []
    first = keys_of(settings, told.append)
    again = keys_of(settings, told.append)
    assert first == again
    (said,) = told
    assert str(folder) in said
    assert "lost keys mean lost raw files" in said
    assert "apart from the backup of the workspace" in said
    assert len({first.raw.secret, first.pseudonym.secret, first.audit.secret}) == 3


def test_keys_are_their_owners_alone(settings: Settings, folder: Path) -> None:
    keys_of(settings)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == dict.fromkeys(NAMES, 0o600)


def test_without_a_named_folder_they_lie_in_the_users_configuration(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SEND_KEYS", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    keys_of(settings)
    place = tmp_path / "configuration" / "send-monitor" / "keys"
    assert {path.name for path in place.iterdir()} == set(NAMES)
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert keys.folder() == tmp_path / "home" / ".config" / "send-monitor" / "keys"


@pytest.mark.parametrize("inside", ["", "keys", "deep/er"])
def test_a_folder_inside_the_workspace_is_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    monkeypatch.setenv("SEND_KEYS", str(settings.workspace / inside))
    with pytest.raises(InputError, match="may not lie inside the workspace"):
        keys_of(settings)
    assert not (settings.workspace / inside / "raw").exists()


def test_a_link_into_the_workspace_is_inside_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.workspace / "k").mkdir(parents=True)
    (tmp_path / "link").symlink_to(settings.workspace / "k")
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "link"))
    with pytest.raises(InputError, match="may not lie inside"):
        keys_of(settings)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_can_read_is_refused(settings: Settings, folder: Path, mode: int) -> None:
    keys_of(settings)
    (folder / "pseudonym").chmod(mode)
    with pytest.raises(InputError, match="can be read by others") as error:
        keys_of(settings)
    assert "chmod 600" in error.value.remedy


@pytest.mark.parametrize("mode", [0o777, 0o750, 0o702])
def test_a_folder_of_keys_that_is_open_to_others_is_refused(
    settings: Settings, folder: Path, mode: int
) -> None:
    keys_of(settings)
    folder.chmod(mode)
    with pytest.raises(InputError, match="folder of the keys can be read or written") as error:
        keys_of(settings)
    assert "chmod 700" in error.value.remedy
    folder.chmod(0o700)
    keys_of(settings)


def test_each_council_has_a_key_of_its_own_for_pseudonyms(settings: Settings, folder: Path) -> None:
    key = keys_of(settings).pseudonym
    assert key.of_council("860") == key.of_council("860")
    assert len({each.secret for each in (key, key.of_council("860"), key.of_council("861"))}) == 3
    # HKDF-SHA256 of RFC 5869, by hand: extract without salt, then one block for the council.
    extracted = hmac.digest(bytes(32), key.secret, "sha256")
    assert key.of_council("860").secret == hmac.digest(extracted, b"860\x01", "sha256")


@pytest.mark.parametrize("name", NAMES)
def test_a_lost_key_is_not_made_again(settings: Settings, folder: Path, name: str) -> None:
    keys_of(settings)
    (folder / name).unlink()
    with pytest.raises(InputError, match=f"the key '{name}' is missing"):
        keys_of(settings)
    assert not (folder / name).exists()


def test_all_keys_lost_are_not_made_again_either(settings: Settings, folder: Path) -> None:
    keys_of(settings)
    for name in NAMES:
        (folder / name).unlink()
    with pytest.raises(InputError, match="is missing"):
        keys_of(settings)


def test_the_keys_of_another_workspace_are_told_apart(
    settings: Settings, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = keys_of(settings)
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "others"))
    keys_of(Settings(workspace=tmp_path / "another"))
    with pytest.raises(InputError, match=f"made with {mine.raw.id}"):
        keys_of(settings)


@pytest.mark.parametrize("text", ["", "abc", "z" * 64, "00" * 33])
def test_what_is_no_key_is_refused(settings: Settings, folder: Path, text: str) -> None:
    keys_of(settings)
    (folder / "raw").write_text(text)
    with pytest.raises(InputError, match="no key of 64 hexadecimal digits"):
        keys_of(settings)


def test_keys_whose_making_was_interrupted_are_made_whole(settings: Settings, folder: Path) -> None:
    keys_of(settings)
    whole = {name: (folder / name).read_text() for name in NAMES}
    (settings.workspace / "log" / "keys.json").unlink()
    for name in NAMES[1:]:
        (folder / name).replace(folder / f".{name}.new")
    keys_of(settings)
    assert {name: (folder / name).read_text() for name in NAMES} == whole


def test_the_id_of_a_key_is_short_steady_and_not_its_hash() -> None:
    import hashlib

    key = Key("raw", b"\1" * 32)
    assert len(key.id) == 8
    assert key.id == Key("audit", b"\1" * 32).id
    assert key.id != hashlib.sha256(key.secret).hexdigest()[:8]
    assert "\\x01" not in repr(key)
