"""The live connections of readers, and what each was shown: shared by the guard and the pages.

The guard opens a connection under a random token, which it hands to the page's run in a header that
it takes from everybody else. A run asks here which roles its reader holds now. Nothing here where
no guard stands: `send dashboard` is for whoever runs it.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from dashboards.serving.access import Access

HEADER = "X-Send-Connection"


@dataclass
class Connection:
    """One open page.

    Attributes:
        shown: ids of the files that were offered to it; nobody else may fetch them.
    """

    access: Access
    shown: set[str] = field(default_factory=set)


class Connections:
    """All open pages of this process.

    Args:
        still: whether an access holds now.
    """

    def __init__(self, still: Callable[[Access], bool]) -> None:
        self._still = still
        self._open: dict[str, Connection] = {}

    def open(self, access: Access) -> tuple[str, Connection]:
        """A new connection and the token that its runs carry."""
        token = secrets.token_urlsafe(24)
        self._open[token] = Connection(access)
        return token, self._open[token]

    def close(self, token: str) -> None:
        """Forget a connection: its runs have no role any more, its files are gone."""
        self._open.pop(token, None)

    def access(self, token: str | None) -> Access | None:
        """Who reads by this token, if it is open and its access still holds."""
        found = self._open.get(token or "")
        return found.access if found and self._still(found.access) else None

    def was_shown(self, access: Access, media: str) -> bool:
        """Whether the address of a file was sent to an open page of this reader."""
        return any(
            media in found.shown
            for found in list(self._open.values())
            if found.access.subject == access.subject and found.access.roles == access.roles
        )

    def counts(self) -> Counter[str]:
        """Open connections by the roles of their readers."""
        return Counter("+".join(sorted(found.access.roles)) for found in self._open.values())


_guarded: list[Connections] = []


def stand_guard(connections: Connections) -> None:
    """From now on every run of a page in this process needs an open connection."""
    _guarded[:] = [connections]


def is_guarded() -> bool:
    """Whether a guard stands before the pages of this process."""
    return bool(_guarded)


def reader(token: str | None) -> Access | None:
    """Who reads by this token; None where nobody does, or no guard stands."""
    return _guarded[0].access(token) if _guarded else None
