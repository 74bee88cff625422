"""A fault of the program itself, told by its kind and place.

Its words may quote a cell of a child's row, and whatever prints or keeps them would keep the cell.
"""

from __future__ import annotations

import errno
import os
import traceback
from pathlib import Path

from pipelines.errors import InputError, ProgramFaultError, SendError
from pipelines.settings import PROJECT_ROOT

# What the system says where no more can be written: a full disk, a used-up quota, a limit of size.
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# What the engine raises then, with the system's words in its own.
OF_ENGINE = frozenset({"IOException", "FatalException", "TransactionException"})


def fault_of(error: Exception) -> SendError:
    """The error itself where it was written for a reader; its kind and places otherwise.

    That a disk is full is no fault of ours, and is told as what it is.
    """
    if isinstance(error, SendError):
        return error
    if is_no_room(error):
        return InputError(
            "there is no room left on the disk",
            where="the workspace, or the folder for temporary files",
            remedy="Make room, then give the same command again: it begins anew, or goes on.",
        )
    lines = [type(error).__name__, *(f"  at {place}" for place in places(error))]
    return ProgramFaultError(
        "a fault of the program itself: " + "\n".join(lines),
        remedy="Report these lines. Nothing of a file stands in them.",
    )


def is_no_room(error: Exception) -> bool:
    """Whether it says that nothing more can be written to the disk."""
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    said = str(error) if type(error).__name__ in OF_ENGINE else ""
    return any(os.strerror(number) in said for number in NO_ROOM)


def places(error: BaseException) -> list[str]:
    """File and line of each step in this repository, the deepest last."""
    steps = traceback.extract_tb(error.__traceback__)
    paths = ((Path(step.filename), step.lineno) for step in steps)
    return [
        f"{path.relative_to(PROJECT_ROOT)}:{line}"
        for path, line in paths
        if path.is_relative_to(PROJECT_ROOT) and ".venv" not in path.parts
    ]
