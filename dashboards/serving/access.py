"""Who asks: a signed cookie becomes a subject and roles, or the reason why there are none.

Streamlit signs its cookie for 30 days and knows no removed user. Here a sign-in holds for hours, by
our own signing time, and every use of it is held against the list of the removed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashboards.serving.config import ROLES, RoleMap, Secrets, Serving
from dashboards.serving.ended import Ended

COOKIE = "_streamlit_user"
# Claims by which a person may be named in the list of the removed.
NAMING = ("sub", "oid", "email", "preferred_username", "upn")
SUBJECT_DIGITS = 16
# A signature from the future is forged, or a clock is wrong by more than this.
CLOCK_SECONDS = 60

SIGNED_OUT, EXPIRED, REMOVED, NO_ROLE = "signed out", "expired", "removed", "no role"


@dataclass(frozen=True)
class Access:
    """What one reader may do now.

    Attributes:
        subject: keyed hash of the person; the same for all who did not sign in.
        roles: of ROLES; none where there is a refusal.
        until: when the sign-in ends, in seconds since 1970.
        refusal: why there is no sign-in to go by; also said of readers of public pages.
        sign_in: hash of the claims and of when they were signed; ends with a sign-out.
        names: what the list of the removed may say of this person; never shown or logged.
    """

    subject: str
    roles: frozenset[str] = frozenset()
    until: float = float("inf")
    refusal: str = ""
    sign_in: str = field(default="", repr=False)
    names: frozenset[str] = field(default=frozenset(), repr=False)


HERE = Access("local", frozenset(ROLES))


class Removed:
    """The list of people who are out: one subject, object id or address a line, # for notes.

    A list that cannot be read lets nobody in.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._state: tuple[int, ...] = ()
        self._names: frozenset[str] | None = frozenset()

    def holds(self, names: frozenset[str]) -> bool:
        """Whether one of a person's names stands in the list as it is now."""
        if self._path is None:
            return False
        try:
            self._read(self._path)
        except (OSError, ValueError):
            self._state, self._names = (), None
        return self._names is None or not names.isdisjoint(self._names)

    def _read(self, path: Path) -> None:
        found = path.stat()
        state = (found.st_ino, found.st_mtime_ns, found.st_size)
        if state != self._state:
            lines = (line.split("#")[0] for line in path.read_text(encoding="utf-8").splitlines())
            self._names = frozenset(_folded(line) for line in lines if line.strip())
            self._state = state


class Doorkeeper:
    """Turns cookies into access, and says later whether that access still holds.

    Args:
        clock: seconds since 1970.
    """

    def __init__(
        self, serving: Serving, secrets: Secrets, clock: Callable[[], float] = time.time
    ) -> None:
        self._serving = serving
        self._secrets = secrets
        self._clock = clock
        self._removed = Removed(serving.removed)
        self._ended = Ended(serving.signed_out)

    def access(self, cookies: Mapping[str, str]) -> Access:
        """What the bearer of these cookies may do."""
        if self._serving.mode == "local":
            return HERE
        found = self._signed_in(cookies)
        public = frozenset({"cabinet"} if self._serving.public_pages else ())
        return found if found.roles else Access("anonymous", public, refusal=found.refusal)

    def still(self, access: Access) -> bool:
        """Whether it holds now: not ended, not run out, its bearer not removed since."""
        return bool(access.roles) and not self._lapse(access)

    def end(self, access: Access) -> None:
        """Sign out: the cookie is worth nothing from now on, in any tab.

        Raises:
            OSError: it is so in this process, and the others could not be told.
        """
        if access.sign_in:
            self._ended.add(access.sign_in, access.until, self._clock())

    def _signed_in(self, cookies: Mapping[str, str]) -> Access:
        claims, signed_at = _opened(cookies, self._secrets.cookie)
        is_ours = claims.get("origin") == self._serving.address and claims.get("is_logged_in")
        if not is_ours or signed_at > self._clock() + CLOCK_SECONDS:
            return Access("anonymous", refusal=SIGNED_OUT)
        access = self._of_claims(claims, signed_at)
        lapse = self._lapse(access)
        return Access(access.subject, refusal=lapse) if lapse else access

    def _of_claims(self, claims: Mapping[str, Any], signed_at: float) -> Access:
        sign_in = json.dumps([signed_at, claims], sort_keys=True)
        roles = roles_of(claims, self._serving.roles)
        names = (claims.get(name) for name in NAMING)
        return Access(
            subject=self._subject(claims),
            roles=roles,
            until=signed_at + self._serving.sign_in_hours * 3600,
            refusal="" if roles else NO_ROLE,
            sign_in=hashlib.sha256(sign_in.encode()).hexdigest(),
            names=frozenset(_folded(name) for name in names if isinstance(name, str)),
        )

    def _lapse(self, access: Access) -> str:
        if access.until <= self._clock():
            return EXPIRED
        if self._ended.holds(access.sign_in):
            return SIGNED_OUT
        return REMOVED if access.names and self._removed.holds(access.names) else ""

    def _subject(self, claims: Mapping[str, Any]) -> str:
        who = f"{claims.get('iss', '')}|{claims.get('sub', '')}".encode()
        key = self._secrets.cookie.encode()
        return hmac.new(key, b"subject|" + who, hashlib.sha256).hexdigest()[:SUBJECT_DIGITS]


def roles_of(claims: Mapping[str, Any], role_map: RoleMap | None) -> frozenset[str]:
    """The roles that the claims give; none unless the map names one of their values."""
    if role_map is None:
        return frozenset()
    held = _texts(_at(claims, role_map.claim))
    return frozenset(role for role in ROLES if not held.isdisjoint(getattr(role_map, role)))


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """The claim of that name, else what lies at the end of the dotted path."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _texts(value: Any) -> frozenset[str]:
    listed = value if isinstance(value, list) else [value]
    return frozenset(item for item in listed if isinstance(item, str))


def _folded(name: str) -> str:
    return name.strip().casefold()


def _opened(cookies: Mapping[str, str], key: str) -> tuple[dict[str, Any], float]:
    """The claims of the cookie and the second in which its oldest part was signed."""
    from streamlit.auth_util import get_cookie_with_chunks

    times: list[float] = []
    whole = get_cookie_with_chunks(lambda name: _part(cookies.get(name), name, key, times), COOKIE)
    try:
        claims = json.loads(whole) if whole else None
    except ValueError:
        claims = None
    return (claims, min(times)) if isinstance(claims, dict) else ({}, 0.0)


def _part(value: str | None, name: str, key: str, times: list[float]) -> bytes | None:
    from itsdangerous import BadData, URLSafeTimedSerializer

    if not value:
        return None
    try:
        text, signed = URLSafeTimedSerializer(key, salt=name).loads(value, return_timestamp=True)
    except BadData:
        return None
    times.append(signed.timestamp())
    return text.encode() if isinstance(text, str) else None
