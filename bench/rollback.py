"""Going back to an earlier release, as whoever types it waits, against the start of the command.

Both are whole processes, by turns. All is done in a copy of what a rollback reads of a workspace:
the release that people read and the log. The second release of the copy is the first under another
name, approved there. Nothing is written to the workspace, and its keys are only read.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from measured import processor_seconds

from pipelines.release import approve, audit_log, diff
from pipelines.release.files import sha256
from pipelines.release.reader import APPROVAL, DIFF, MANIFEST, Release, find_release
from pipelines.settings import PROJECT_ROOT, Settings

# As in analysis.py: what, product, bare tool, limit; here also in processor seconds.
Row = tuple[str, float, float, str]

SEND = str(Path(sys.executable).with_name("send"))
LIMIT = "5 s"
WHO, WHY = "The benchmark", "Goes back and forth in a copy"


def rollback_rows(home: Path, release: Release, rounds: int) -> Iterator[Row]:
    """By the clock and in processor seconds: medians, after one round that warms caches.

    home: the workspace; release: the one that people read there.
    """
    with TemporaryDirectory(prefix="send-bench-") as folder:
        settings = Settings(workspace=Path(folder), council=str(release.manifest["council"]))
        both = (second_release(settings, copied(settings, home, release)), release)
        pairs = [
            (timed(settings, *going_back(both[(number + 1) % 2].id)), timed(settings, "--help"))
            for number in range(rounds + 1)
        ][1:]
    clock, worked = (
        [median(times[unit] for times in side) for side in zip(*pairs, strict=True)]
        for unit in (0, 1)
    )
    yield "send releases rollback / send --help", clock[0], clock[1], LIMIT
    yield "the same, processor seconds", worked[0], worked[1], ""


def copied(settings: Settings, home: Path, release: Release) -> Release:
    """The release in a workspace of its own, with the log that knows it."""
    shutil.copytree(home / "log", settings.workspace / "log")
    shutil.copytree(release.folder, settings.releases / release.id)
    return find_release(settings.workspace, release.id)


def second_release(settings: Settings, first: Release) -> Release:
    """The same files under another name, built and approved as far as the log can tell."""
    name = f"{first.id}-again"
    folder = settings.releases / name
    shutil.copytree(first.folder, folder, ignore=shutil.ignore_patterns(APPROVAL, DIFF))
    manifest = folder / MANIFEST
    manifest.write_text(json.dumps(first.manifest | {"release": name}), encoding="utf-8")
    audit_log.note(settings, "build", release=name, manifest_sha256=sha256(manifest))
    release = find_release(settings.workspace, name)
    nothing_differs = diff.difference(release, None, settings.council)
    return approve.publish(settings, release, WHO, WHY, approve.Review(None, (), nothing_differs))


def going_back(release_id: str) -> tuple[str, ...]:
    """The words of the command."""
    said = ("--approved-by", WHO, "--reason", WHY, "--yes")
    return ("releases", "rollback", release_id, *said)


def timed(settings: Settings, *words: str) -> tuple[float, float]:
    """Seconds by the clock, and of the processors, of one run of the command."""
    named = {"SEND_WORKSPACE": str(settings.workspace), "SEND_COUNCIL": settings.council}
    start, worked = perf_counter(), processor_seconds()
    done = subprocess.run(
        [SEND, *words],
        cwd=PROJECT_ROOT,
        env=os.environ | named,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"send {' '.join(words[:2])} failed:\n{done.stderr[-2000:]}")
    return perf_counter() - start, processor_seconds() - worked
