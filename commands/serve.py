"""The verbs that show the pages: on this machine alone, or behind sign-in for several readers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from commands.options import Workspace, settings_of

LOOPBACK = "127.0.0.1"
START_SECONDS = 60


def dashboard(
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8501,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    workspace: Workspace = None,
) -> None:
    """Open the dashboard at http://127.0.0.1:8501; nothing outside this machine can reach it."""
    settings = settings_of(workspace)
    page = settings.project_root / "dashboards" / "app.py"
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "streamlit", "run", str(page), *_flags(port)],
        cwd=settings.project_root,
        env=os.environ | {"SEND_COUNCIL": settings.council},
    ) as server:
        # Whoever ends the command ends the server too, and the port is free again.
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        try:
            if browser and _is_up(server, port):
                _open_browser(port)
            code = server.wait()
        except KeyboardInterrupt:
            server.terminate()
            code = 0
    raise typer.Exit(code)


def serve(
    host: Annotated[str, typer.Option(help="Where to listen.")] = LOOPBACK,
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8501,
    settings_file: Annotated[
        Path | None,
        typer.Option(
            "--settings",
            envvar="SEND_SERVING",
            help="YAML file of the sign-in (docs/serving.md). Without it: this machine alone.",
            show_default=False,
        ),
    ] = None,
    workspace: Workspace = None,
) -> None:
    """Serve the pages to several readers by role, behind sign-in and a guard."""
    from dashboards.serving.server import Listening
    from dashboards.serving.server import serve as run

    run(settings_of(workspace), settings_file, Listening(host, port))


def _flags(port: int) -> list[str]:
    """Always headless: Streamlit's own opening brings its prompts and advertisements along."""
    words = {
        "server.address": LOOPBACK,
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.showEmailPrompt": "false",
        "browser.gatherUsageStats": "false",
        "client.showErrorDetails": "none",
        "client.toolbarMode": "viewer",
    }
    return [f"--{name}={value}" for name, value in words.items()]


def _is_up(server: subprocess.Popen[bytes], port: int) -> bool:
    """Whether the server answers before it ends or the time is up."""
    import socket
    import time

    until = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex((LOOPBACK, port)) == 0:
                return True
        time.sleep(0.2)
    return False


def _open_browser(port: int) -> None:
    import webbrowser

    webbrowser.open(f"http://{LOOPBACK}:{port}")
