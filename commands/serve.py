"""The verb that opens the dashboard on this machine, loopback only."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Annotated

import typer

from commands.options import Workspace, settings_of

LOOPBACK = "127.0.0.1"


def dashboard(
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8501,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    workspace: Workspace = None,
) -> None:
    """Open the dashboard at http://127.0.0.1:8501; nothing outside this machine can reach it."""
    settings = settings_of(workspace)
    words = {
        "server.address": LOOPBACK,
        "server.port": str(port),
        "server.headless": str(not browser).lower(),
        "server.fileWatcherType": "none",
        # A fresh machine would otherwise be asked for an address before the page opens.
        "server.showEmailPrompt": "false",
        "browser.gatherUsageStats": "false",
        "client.showErrorDetails": "none",
        "client.toolbarMode": "viewer",
    }
    flags = [f"--{name}={value}" for name, value in words.items()]
    page = settings.project_root / "dashboards" / "app.py"
    environment = os.environ | {"SEND_COUNCIL": settings.council}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "streamlit", "run", str(page), *flags],
        cwd=settings.project_root,
        env=environment,
        check=False,
    )
    raise typer.Exit(done.returncode)
