"""The real commands in a process of their own that can be killed at any moment.

A fork server has the packages imported, so that a kill falls into the work and not into the start
of the interpreter.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

START = multiprocessing.get_context("forkserver")
START.set_forkserver_preload(
    ["commands.cli", "pipelines.assembly", "pipelines.definitions", "pipelines.ingest.door"]
)
LOOK_SECONDS = 0.005


def _send(
    words: tuple[str, ...], out: Path, environment: dict[str, str], largest: int | None, told: str
) -> None:
    """In the child: the command as from a terminal, its words into a file."""
    os.environ.clear()
    os.environ.update(environment)
    if told:
        reading, writing = os.pipe()
        os.write(writing, told.encode())
        os.close(writing)
        # A process of this kind has its own object for that, on nothing.
        sys.stdin = os.fdopen(reading, encoding="utf-8")
    with out.open("w") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    if largest is not None:
        # A write beyond it fails, as on a full disk, instead of ending the process.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    sys.argv = ["send", *words]
    from commands import cli

    cli.main()


@dataclass
class Run:
    """One call of `send` and what became of it."""

    process: ForkServerProcess
    out: Path
    seconds: float = 0.0
    is_killed: bool = False

    @property
    def said(self) -> str:
        return self.out.read_text(encoding="utf-8") if self.out.exists() else ""


def send(
    workspace: Path,
    *words: str,
    after: float | None = None,
    once: Callable[[], bool] | None = None,
    largest: int | None = None,
    told: str = "",
) -> Run:
    """Run `send` to its end, or kill it so many seconds after its start, or once something is so.

    largest: size in bytes that no file may pass, not that of what it says either. told: what it
        reads from standard input.
    """
    out = workspace.with_name(f"{workspace.name}.said")
    # The fork server's own environment is that of its start.
    asked = dict(os.environ) | {"SEND_WORKSPACE": str(workspace)}
    process = START.Process(target=_send, args=(words, out, asked, largest, told))
    begun = time.monotonic()
    process.start()
    while once and process.is_alive() and not once():
        time.sleep(LOOK_SECONDS)
    process.join(0 if once else after)
    is_killed = process.exitcode is None
    if is_killed:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
    return Run(process, out, time.monotonic() - begun, is_killed)
