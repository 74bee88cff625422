"""The ASGI application of `send serve`: Streamlit's, with our routes, inside the guard."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit
import uvicorn
from starlette.types import ASGIApp

from dashboards.serving import connections
from dashboards.serving.access import Doorkeeper
from dashboards.serving.config import LOOPBACK, Secrets, Serving, load_serving, read_secrets
from dashboards.serving.guard import Door, Guard
from dashboards.serving.log import AccessLog, keep_words_out
from dashboards.serving.routes import routes_of
from pipelines.errors import InputError
from pipelines.settings import Settings

SHELL = Path(streamlit.__file__).parent / "static" / "index.html"
# Until open pages have ended, when the server is told to stop.
GRACE_SECONDS = 5


@dataclass(frozen=True)
class Listening:
    """Where the server listens: host and port of this machine, behind the proxy."""

    host: str
    port: int


def serve(settings: Settings, settings_file: Path | None, at: Listening) -> None:
    """Serve the pages until the process is told to stop.

    settings_file: the settings of docs/serving.md; without it the local mode.

    Raises:
        InputError: settings or secrets are wrong, or local mode would listen to other machines.
    """
    serving = load_serving(settings_file) if settings_file else Serving(mode="local")
    secrets = read_secrets(serving)
    _require_fitting(serving, at)
    _configure(settings, serving, secrets, at)
    keep_words_out()
    door = _door(serving, secrets, pages_of(settings))
    try:
        uvicorn.run(
            application(settings, door),
            host=at.host,
            port=at.port,
            access_log=False,
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    finally:
        door.log.close()


def application(settings: Settings, door: Door) -> ASGIApp:
    """The whole application; from here on every page needs the guard."""
    connections.stand_guard(door.connections)
    inner = streamlit.App(
        settings.project_root / "dashboards" / "app.py",
        routes=routes_of(settings, door),
        secrets=_for_sign_in(door.serving, door.secrets),
        on_script_error=door.log.fault,
    )
    return Guard(inner, door)


def options(settings: Settings) -> dict[str, Any]:
    """What .streamlit/config.toml says, by the framework's names of options."""
    text = (settings.project_root / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    sections = tomllib.loads(text)
    return {
        f"{section}.{name}": value
        for section, names in sections.items()
        for name, value in names.items()
    }


def pages_of(settings: Settings) -> frozenset[str]:
    """The names of the pages: what lies in the folder of views."""
    views = settings.project_root / "dashboards" / "views"
    return frozenset(path.stem for path in views.glob("*.py") if path.stem != "__init__")


def _door(serving: Serving, secrets: Secrets, pages: frozenset[str]) -> Door:
    keeper = Doorkeeper(serving, secrets)
    return Door(
        serving=serving,
        secrets=secrets,
        keeper=keeper,
        connections=connections.Connections(keeper.still),
        log=AccessLog(serving.access_log),
        pages=pages,
        shell=SHELL.read_bytes(),
    )


def _require_fitting(serving: Serving, at: Listening) -> None:
    if serving.mode == "local" and at.host not in LOOPBACK:
        raise InputError(
            "without sign-in the pages are for this machine alone",
            where=f"--host {at.host}",
            remedy="Leave --host out, or set up sign-in: docs/serving.md",
        )
    if serving.removed is not None and not serving.removed.is_file():
        raise InputError(
            "the list of removed people is not there, and without it nobody is let in",
            where=str(serving.removed),
            remedy="Make an empty file of that name.",
        )
    folder = serving.signed_out
    if folder is not None and not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise InputError(
            "the folder of sign-outs cannot be written, and the other process would not know them",
            where=str(folder),
            remedy="Make the folder, with mode 0700, for the user that serves the pages.",
        )


def _configure(settings: Settings, serving: Serving, secrets: Secrets, at: Listening) -> None:
    """The framework's options, as given by us: not by the environment, nor by files elsewhere."""
    from streamlit import config

    os.environ["SEND_WORKSPACE"] = str(settings.workspace)
    os.environ["SEND_COUNCIL"] = settings.council
    given = options(settings) | {"server.address": at.host, "server.port": at.port}
    if serving.address is not None:
        # Both processes behind one proxy must read what either has signed.
        given |= {
            "server.allowedHosts": [urlsplit(serving.address).hostname],
            "server.cookieSecret": secrets.cookie,
            "secrets.files": [],
        }
    config.get_config_options(force_reparse=True, options_from_flags=given)


def _for_sign_in(serving: Serving, secrets: Secrets) -> dict[str, Any] | None:
    """What the framework's sign-in wants to know."""
    if serving.provider is None:
        return None
    return {
        "auth": {
            "redirect_uri": f"{serving.address}/oauth2callback",
            "cookie_secret": secrets.cookie,
            "client_id": serving.provider.client_id,
            "client_secret": secrets.client,
            "server_metadata_url": serving.provider.metadata_url,
            "client_kwargs": {"scope": serving.provider.scope, "prompt": "select_account"},
        }
    }
