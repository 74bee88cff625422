"""Sign-ins that ended before their time: known in this process, and in every other by a folder.

A cookie cannot be taken back from whoever copied it, so a sign-out is kept until the cookie would
have run out anyway. One empty file a sign-out, whose day of change is that end: two processes can
write at once, and nothing has to be read to look one up.
"""

from __future__ import annotations

import os
from pathlib import Path


class Ended:
    """The sign-outs of one installation.

    Args:
        folder: shared by its processes; None where there is one process, or nothing to end.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._here: dict[str, float] = {}

    def holds(self, sign_in: str) -> bool:
        """Whether this sign-in was ended, here or elsewhere; a folder out of reach ends all."""
        if sign_in in self._here:
            return True
        if self._folder is None or not sign_in:
            return False
        try:
            (self._folder / sign_in).lstat()
        except FileNotFoundError:
            return not self._folder.is_dir()
        except OSError:
            return True
        return True

    def add(self, sign_in: str, until: float, now: float) -> None:
        """From now on it is ended; what ran out meanwhile is forgotten.

        Raises:
            OSError: the other processes could not be told.
        """
        self._here = {name: end for name, end in self._here.items() if end > now}
        self._here[sign_in] = until
        if self._folder is None:
            return
        path = self._folder / sign_in
        path.touch(mode=0o600)
        os.utime(path, (until, until))
        for other in self._folder.iterdir():
            if other != path and other.lstat().st_mtime < now:
                other.unlink(missing_ok=True)
