"""How the pages are served: one YAML file, and secrets that never stand in it.

docs/serving.md describes every key. The file is named by SEND_SERVING or `send serve --settings`.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from pipelines.errors import InputError
from pipelines.registry.strict import Strict, load

ROLES = ("cabinet", "officer", "auditor")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SHORTEST_SECRET = 32
# Read, write or execute, for the group or for everybody.
OTHERS = 0o077
OTHERS_WRITE = 0o022
# Where systemd lays the secrets of a service (LoadCredential=), for its account alone.
CREDENTIALS = "CREDENTIALS_DIRECTORY"
GROUP_READS = 0o040


class RoleMap(Strict):
    """Which values of which claim give which role; whoever has none of them has no role.

    Attributes:
        claim: name of the claim, or its path. Good: roles, groups, realm_access.roles.
        cabinet: values that give the role. Good: [SEND.Cabinet]. Bad: ["*"].
    """

    claim: str = "roles"
    cabinet: tuple[str, ...] = ()
    officer: tuple[str, ...] = ()
    auditor: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_someone(self) -> Self:
        if not any(getattr(self, role) for role in ROLES):
            raise ValueError("no value of the claim gives a role: nobody could sign in")
        return self


class Provider(Strict):
    """The OpenID Connect provider, as it was told of this application.

    Attributes:
        metadata_url: the discovery document, as docs/serving.md gives it for each provider.
        client_secret_file: file of the client's secret; otherwise SEND_CLIENT_SECRET.
    """

    metadata_url: str
    client_id: str = Field(min_length=1)
    client_secret_file: Path | None = None
    scope: str = "openid profile email"

    @field_validator("metadata_url")
    @classmethod
    def _is_private(cls, url: str) -> str:
        return _private(url)


class Serving(Strict):
    """The settings of `send serve`.

    Attributes:
        mode: local for one person on this machine, oidc for people who sign in.
        address: what readers type: scheme, host and port, without a path. In oidc mode.
        public_pages: whether anybody may read what the public may see, without signing in.
        sign_in_hours: how long a sign-in holds.
        removed: file with one person a line who is out at once; read again when it changes.
        cookie_secret_file: file of the key that signs cookies; otherwise SEND_COOKIE_SECRET.
        metrics_token_file: file of the token for /metrics; otherwise SEND_METRICS_TOKEN.
        access_log: file for one line a request; otherwise standard output.
        signed_out: folder of sign-outs that several processes share; otherwise each knows its own.
    """

    mode: Literal["local", "oidc"]
    address: str | None = None
    public_pages: bool = False
    sign_in_hours: float = Field(default=8, gt=0, le=24)
    removed: Path | None = None
    provider: Provider | None = None
    roles: RoleMap | None = None
    cookie_secret_file: Path | None = None
    metrics_token_file: Path | None = None
    access_log: Path | None = None
    signed_out: Path | None = None

    @field_validator("address")
    @classmethod
    def _is_origin(cls, address: str | None) -> str | None:
        if address is None:
            return None
        parts = urlsplit(_private(address))
        if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
            raise ValueError("only scheme, host and port, without a path")
        return f"{parts.scheme}://{parts.netloc.lower()}"

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        wanted = ("address", "provider", "roles", "removed")
        missing = [name for name in wanted if getattr(self, name) is None]
        if self.mode == "oidc" and missing:
            raise ValueError(f"mode oidc needs {', '.join(missing)}")
        if self.mode == "local" and self.public_pages:
            raise ValueError("public_pages needs mode oidc")
        return self

    @property
    def is_tls(self) -> bool:
        """Whether readers reach the pages by TLS; nothing else is allowed beyond this machine."""
        return (self.address or "").startswith("https:")


@dataclass(frozen=True)
class Secrets:
    """What is known to the server alone. Empty where it is not needed."""

    cookie: str = field(default="", repr=False)
    client: str = field(default="", repr=False)
    metrics: str = field(default="", repr=False)


def load_serving(path: Path) -> Serving:
    """The settings in a file, its own file names taken from its folder.

    A secret that is handed to the service is taken before one of its name in the folder.

    Raises:
        InputError: the file is wrong, or others may write to it and give themselves a role.
    """
    serving = load(Serving, path)
    if stat.S_IMODE(path.stat().st_mode) & OTHERS_WRITE:
        raise InputError(
            "others may write to the settings, and could give themselves a role",
            where=str(path),
            remedy=f"chmod go-w '{path}'",
        )
    return _beside(serving, path.resolve().parent)


def read_secrets(serving: Serving) -> Secrets:
    """The secrets that the mode needs, from files or the environment.

    Raises:
        InputError: one is missing or short, or its file is open to others.
    """
    metrics = _secret("SEND_METRICS_TOKEN", serving.metrics_token_file)
    if serving.mode == "local" or serving.provider is None:
        return Secrets(metrics=metrics)
    cookie = _secret("SEND_COOKIE_SECRET", serving.cookie_secret_file)
    client = _secret("SEND_CLIENT_SECRET", serving.provider.client_secret_file)
    for name, text, least in (
        ("SEND_COOKIE_SECRET", cookie, SHORTEST_SECRET),
        ("SEND_CLIENT_SECRET", client, 1),
        ("SEND_METRICS_TOKEN", metrics or "-" * SHORTEST_SECRET, SHORTEST_SECRET),
    ):
        if len(text) < least:
            raise InputError(
                f"the secret has {len(text)} characters, and needs {least} or more",
                where=name,
                remedy="Set it in the environment, or name its file in the settings: "
                "docs/serving.md.",
            )
    return Secrets(cookie, client, metrics)


def _secret(name: str, path: Path | None) -> str:
    if path is None:
        return os.environ.get(name, "").strip()
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise InputError("the secret cannot be read", where=str(path)) from error
    if mode & _closed_to(path):
        raise InputError(
            "the secret can be read by others",
            where=str(path),
            remedy=f"Make a new one, then: chmod 600 '{path}'",
        )
    return text


def _closed_to(path: Path) -> int:
    """The bits that a secret's file may not have.

    From systemd 254 on a handed secret is root's, with mode 0440 and a list that lets the one
    account in: what stands at the group's place is the mask of that list, and opens it to no group.
    """
    folder = os.environ.get(CREDENTIALS)
    return OTHERS & ~GROUP_READS if folder and path.parent == Path(folder) else OTHERS


def _beside(serving: Serving, folder: Path) -> Serving:
    names = ("removed", "access_log", "signed_out")
    found = {name: folder / path for name in names if (path := getattr(serving, name))}
    for name in ("cookie_secret_file", "metrics_token_file"):
        if path := getattr(serving, name):
            found[name] = _handed(path, folder)
    provider = serving.provider
    if provider and provider.client_secret_file:
        kept = _handed(provider.client_secret_file, folder)
        found["provider"] = provider.model_copy(update={"client_secret_file": kept})
    return serving.model_copy(update=found)


def _handed(path: Path, folder: Path) -> Path:
    """Where a secret lies: by its name among those handed to the service, or in the folder."""
    credentials = os.environ.get(CREDENTIALS)
    if credentials and (Path(credentials) / path.name).is_file() and path.name == str(path):
        return Path(credentials) / path
    return folder / path


def _private(url: str) -> str:
    parts = urlsplit(url)
    is_here = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or is_here):
        raise ValueError("an https address; http only on this machine")
    return url
