"""The release that people read when a build starts: what it prints is laid beside the new one.

Somebody may have kept its public file, so a build withholds with both in mind, and the release
stands among the build's inputs. Publishing the build changes nothing of that: as long as all other
inputs are those of the release that people read, what stood beside that one stands there still.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import InputError
from pipelines.release.reader import Release, current_release, find_release
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.release.attack.printed import Printed

# The name of the input, and of the file that a rebuild lays into its clean workspace.
BESIDE = "beside"
LAID = "beside.json"


def beside(settings: Settings, others: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The input, where the release that people read prints anything of the council's own.

    others: all other inputs, as they lie on disk now.
    """
    current = _current(settings)
    if current is None:
        return
    built_of = {item["name"]: item["sha256"] for item in current.manifest.get("inputs", ())}
    beside_it = built_of.pop(BESIDE, None)
    if built_of != others:
        yield BESIDE, current.id
    elif beside_it:
        yield BESIDE, beside_it


def numbers_beside(settings: Settings, inputs: Iterable[tuple[str, str]]) -> list[Printed]:
    """What the release beside a build prints, by the build's inputs; nothing where there is none.

    Raises:
        InputError: the release is no longer there.
    """
    from pipelines.release.attack.gate import told_before

    laid = settings.workspace / LAID
    if laid.is_file():
        return _read(laid)
    name = dict(inputs).get(BESIDE)
    if name is None:
        return []
    return told_before(find_release(settings.workspace, name).public_path, settings.project_root)


def lay_beside(release: Release, workspace: Path) -> None:
    """Give a clean workspace what the build of a release was told of the one before."""
    from pipelines.release.attack.knowledge import read_beside
    from pipelines.release.attack.printed import as_row

    rows = [as_row(number) for number in read_beside(release.evidence_path)]
    (workspace / LAID).write_text(json.dumps(rows), encoding="utf-8")


def _read(path: Path) -> list[Printed]:
    from pipelines.release.attack.printed import of_row

    return [of_row(row) for row in json.loads(path.read_text(encoding="utf-8"))]


def _current(settings: Settings) -> Release | None:
    """The release that people read, if it tells of the council's own rows."""
    from pipelines.release.attack.knowledge import is_known

    try:
        current = current_release(settings.workspace)
    except InputError:
        # The pointer is damaged: whoever publishes is told so.
        return None
    is_whole = current is not None and current.evidence_path.is_file()
    return current if current and is_whole and is_known(current.evidence_path) else None
