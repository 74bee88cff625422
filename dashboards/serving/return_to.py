"""The page on which somebody asked to sign in, kept by the browser until after it.

The provider gives the reader back to the root of the pages. What is kept is one of our own
addresses, and is judged again when it comes back: nothing that a browser says sends it elsewhere.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

COOKIE = "send_return"
# As long as a sign-in may take by hand.
SECONDS = 600
_LONGEST = 1500
_ROOT = "/"


def remember(response: Response, referer: str, origin: str | None) -> None:
    """Have the browser keep the page that its reader came from, where it is one of this origin.

    referer: the whole address of that page, as the browser names it to its own origin only.
    """
    address = referer.removeprefix(origin or referer)
    if address.startswith(_ROOT) and len(address) <= _LONGEST:
        kept = base64.urlsafe_b64encode(address.encode()).decode().rstrip("=")
        response.set_cookie(COOKIE, kept, max_age=SECONDS, httponly=True, samesite="lax")


def kept_address(cookies: Mapping[str, str], is_page: Callable[[str], bool]) -> str | None:
    """The address that the browser kept; None where there is none, or it is no page of ours."""
    text = str(cookies.get(COOKIE) or "")
    try:
        address = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    path, _, query = address.partition("?")
    if len(address) > _LONGEST or not is_page(path):
        return None
    return f"{path}?{quote(query, safe='=&%+,.~')}" if query else path


def back(address: str) -> Response:
    """Send the reader there, once."""
    answer = RedirectResponse(address, status_code=303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return answer


def is_root(scope: Scope) -> bool:
    """Whether nothing but the root of the pages was asked for."""
    return scope["path"] == _ROOT and not scope.get("query_string")
