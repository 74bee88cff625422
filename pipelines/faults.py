"""A fault of the program itself, told by its kind and place.

Its words may quote a cell of a child's row, and whatever prints or keeps them would keep the cell.
"""

from __future__ import annotations

import traceback
from pathlib import Path

from pipelines.errors import ProgramFaultError, SendError
from pipelines.settings import PROJECT_ROOT


def fault_of(error: Exception) -> SendError:
    """The error itself where it was written for a reader; its kind and places otherwise."""
    if isinstance(error, SendError):
        return error
    lines = [type(error).__name__, *(f"  at {place}" for place in places(error))]
    return ProgramFaultError(
        "a fault of the program itself: " + "\n".join(lines),
        remedy="Report these lines. Nothing of a file stands in them.",
    )


def places(error: BaseException) -> list[str]:
    """File and line of each step in this repository, the deepest last."""
    steps = traceback.extract_tb(error.__traceback__)
    paths = ((Path(step.filename), step.lineno) for step in steps)
    return [
        f"{path.relative_to(PROJECT_ROOT)}:{line}"
        for path, line in paths
        if path.is_relative_to(PROJECT_ROOT) and ".venv" not in path.parts
    ]
