"""Which addresses are kept over a sign-in, and that none leads away from the pages."""

from __future__ import annotations

import base64

import pytest
from starlette.requests import cookie_parser
from starlette.responses import Response

from dashboards.serving import return_to

HERE = "https://send.example.gov.uk"


def is_page(path: str) -> bool:
    return path in {"/", "/timeliness", "/compare"}


def kept(address: str, origin: str | None = HERE) -> dict[str, str]:
    """The cookie that is set for whoever comes from this page of ours."""
    answer = Response()
    return_to.remember(answer, f"{HERE}{address}", origin)
    line = answer.headers.get("set-cookie", "")
    assert not line or ("HttpOnly" in line and "SameSite=lax" in line)
    return cookie_parser(line.split(";")[0]) if line else {}


def given(address: str | bytes) -> dict[str, str]:
    raw = address.encode() if isinstance(address, str) else address
    return {return_to.COOKIE: base64.urlsafe_b64encode(raw).decode().rstrip("=")}


@pytest.mark.parametrize(
    "address",
    [
        "/timeliness",
        "/compare?measure=plans_maintained&area=E10000028",
        "/",
        "/?role=officer",
        "/compare?topic=Ethnic+minority&breakdown=%27%22%3C",
    ],
    ids=["page", "filters", "root", "root-with-role", "odd-characters"],
)
def test_the_address_comes_back_as_it_was_asked_for(address: str) -> None:
    found = return_to.kept_address(kept(address), is_page)
    assert found == address
    assert return_to.back(found).headers["location"] == address


@pytest.mark.parametrize(
    "origin",
    ["https://elsewhere.example", "https://send.example.gov", "http://send.example.gov.uk", None],
    ids=["elsewhere", "beginning", "no-tls", "local"],
)
def test_of_a_page_elsewhere_nothing_is_kept(origin: str | None) -> None:
    assert kept("/timeliness", origin) == {}


def test_of_too_long_an_address_nothing_is_kept() -> None:
    assert kept(f"/compare?{'x' * 2000}") == {}


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/timeliness",
        "//elsewhere.example/timeliness",
        "/\\elsewhere.example",
        "/timeliness/../files/open-cases.csv",
        "/auth/logout",
        "/files/open-cases.csv",
        "timeliness",
        "",
        b"/timeliness\xff",
    ],
    ids=str,
)
def test_no_other_address_is_followed(address: str | bytes) -> None:
    assert return_to.kept_address(given(address), is_page) is None


@pytest.mark.parametrize("text", ["", "%%%", "a", "é"], ids=["none", "no-base64", "cut", "accent"])
def test_a_cookie_that_cannot_be_read_leads_nowhere(text: str) -> None:
    assert return_to.kept_address({return_to.COOKIE: text}, is_page) is None


def test_a_line_break_in_the_query_stays_inside_the_address() -> None:
    address = return_to.kept_address(given("/compare?a=b\r\nSet-Cookie: x=y"), is_page)
    assert address
    assert "\r" not in return_to.back(address).headers["location"]
    assert "\n" not in return_to.back(address).headers["location"]
