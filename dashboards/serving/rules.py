"""What may be asked for, and by whom. Whatever is not named here is not there.

Streamlit answers many paths: uploads, its own metrics, components, an interface for programs, and
its shell under any name. The pages need few of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from dashboards.serving.config import ROLES

STREAM = "/_stcore/stream"
METRICS = "/metrics"
HEALTH = "/healthz"
SIGN_IN = "/sign-in"
SIGN_OUT = "/auth/logout"
MEDIA = "/media/"
FILES = "/files/"
STATIC = "/static/"
HAS_ROLE = "/access/"

# Pages that only some roles find in the list; every other page is for all.
ONLY_FOR = {"evidence": frozenset({"auditor"})}

# A file's name in the framework's folders: no hidden file, no way up.
_STATIC = re.compile(r"/static/(?:[A-Za-z0-9_-][\w.@~+-]*/)*[A-Za-z0-9_-][\w.@~+-]*")
_MEDIA = re.compile(r"/media/([0-9a-f]{32,128}(?:\.\w{1,8})?)")
_FILE = re.compile(r"/files/[a-z-]+\.csv")
_PROBES = re.compile(r"/(?:([a-z_]+)/)?_stcore/(?:health|host-config)")
_SIGNING_IN = frozenset({SIGN_IN, "/auth/login", "/oauth2callback", SIGN_OUT})
_SHELL = frozenset({"/", "/index.html", "/favicon.png", "/manifest.json"})


class Kind(Enum):
    """What a path is."""

    OPEN = "open"
    METRICS = "metrics"
    PAGE = "page"
    STATIC = "static"
    MEDIA = "media"
    FILE = "file"
    ROLE = "role"
    STREAM = "stream"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Rule:
    """What a path is, and which roles may have it: any one of them will do.

    Attributes:
        name: for the access log, without what a reader put into the path.
        media: id of the file, for a file that a page showed.
    """

    kind: Kind
    name: str
    roles: frozenset[str] = frozenset(ROLES)
    media: str = ""


def rule_of(path: str, pages: frozenset[str], mode: str) -> Rule:
    """The rule of a path that has been decoded once, as ASGI gives it.

    pages: the names of the pages.
    """
    if path == HEALTH or (path in _SIGNING_IN and mode == "oidc"):
        return Rule(Kind.OPEN, path)
    if path == METRICS:
        return Rule(Kind.METRICS, path, frozenset({"auditor"}))
    if path in _SHELL or path[1:] in pages:
        return Rule(Kind.PAGE, path, ONLY_FOR.get(path[1:], frozenset(ROLES)))
    return _rule_of_part(path, pages)


def _rule_of_part(path: str, pages: frozenset[str]) -> Rule:
    if _STATIC.fullmatch(path):
        return Rule(Kind.STATIC, STATIC)
    if found := _MEDIA.fullmatch(path):
        return Rule(Kind.MEDIA, MEDIA, media=found[1])
    if _FILE.fullmatch(path):
        return Rule(Kind.FILE, path, frozenset({"officer"}))
    if (found := _PROBES.fullmatch(path)) and (found[1] or "overview") in pages:
        return Rule(Kind.STATIC, "/_stcore/")
    if path.startswith(HAS_ROLE) and path[len(HAS_ROLE) :] in ROLES:
        return Rule(Kind.ROLE, path, frozenset({path[len(HAS_ROLE) :]}))
    return Rule(Kind.NOTHING, "unknown")
