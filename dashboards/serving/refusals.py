"""The page that stands in place of the pages: why there is nothing to read, and what to do."""

from __future__ import annotations

from starlette.responses import HTMLResponse, Response

from dashboards.serving.access import EXPIRED, NO_ROLE, REMOVED, SIGNED_OUT
from dashboards.serving.rules import SIGN_IN, SIGN_OUT

NOT_YOURS, NOT_HERE, OTHER_HOST = "not yours", "not here", "other host"

HTML = "text/html"
_IN = (SIGN_IN, "Sign in")
_OUT = (SIGN_OUT, "Sign out, to sign in as somebody else")
_FIRST = ("/", "Go to the first page")
# Status, title, words, and what can be done about it: nothing where the address is not ours.
WORDS: dict[str, tuple[int, str, str, tuple[str, str] | None]] = {
    SIGNED_OUT: (
        401,
        "Sign in to read these pages",
        "Use the account that you use for your work at the council.",
        _IN,
    ),
    EXPIRED: (
        401,
        "Your sign-in has ended",
        "For safety a sign-in holds for a working day. Nothing you looked at is lost.",
        _IN,
    ),
    NO_ROLE: (
        403,
        "Your account may not read these pages yet",
        "You are signed in, but nobody has given your account a role. Ask the SEND data team.",
        _OUT,
    ),
    REMOVED: (
        403,
        "Your access has ended",
        "Your account was taken off the list of readers. If that is wrong, ask the SEND data team.",
        _OUT,
    ),
    NOT_YOURS: (
        403,
        "This page is not for your role",
        "You may read the other pages. If you need this one, ask the SEND data team.",
        _FIRST,
    ),
    NOT_HERE: (
        404,
        "There is no page at this address",
        "If you typed the address, check it. If you followed a link, it may be old.",
        _FIRST,
    ),
    OTHER_HOST: (
        400,
        "These pages have another address",
        "Use the address that you were given for them.",
        None,
    ),
}
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - SEND Monitor</title>
<link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.125rem/1.5 system-ui, sans-serif; margin: 0; padding: 2rem 1.5rem; }}
main {{ max-width: 38rem; margin: 10vh auto 0; }}
h1 {{ font-size: 1.75rem; line-height: 1.2; }}
a {{ display: inline-block; padding: .6rem 1.1rem; background: #12436d; color: #fff;
  border-radius: .25rem; text-decoration: none; font-weight: 600; }}
a:hover {{ text-decoration: underline; }}
a:focus-visible {{ outline: .2rem solid #f46a25; outline-offset: .2rem; }}
@media (prefers-color-scheme: dark) {{ a {{ background: #8cc4f0; color: #0b0c0c; }} }}
</style>
</head>
<body>
<main>
<p>SEND Monitor</p>
<h1>{title}</h1>
<p>{text}</p>
{link}</main>
</body>
</html>
"""


def page(refusal: str) -> tuple[int, str]:
    """Status and HTML for a reason; holds nothing about the reader or the council."""
    status, title, text, way = WORDS[refusal]
    link = f'<p><a href="{way[0]}">{way[1]}</a></p>\n' if way else ""
    return status, _PAGE.format(title=title, text=text, link=link)


def answer(refusal: str, accept: str) -> Response:
    """The page for a person, who asks for HTML; for a program the status alone."""
    status, html = page(refusal)
    return HTMLResponse(html, status) if HTML in accept else Response(status_code=status)
