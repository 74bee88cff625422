"""Whoever lacks a role gets nothing: every kind of reader against every kind of route (P3).

A real provider, a real server, the sample county. Content is what an answer's body holds; in place
of a page stands a page of ours that says how to sign in.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from dashboards.serving import refusals
from dashboards.serving.rules import ONLY_FOR
from dashboards.serving.server import pages_of
from pipelines.settings import PROJECT_ROOT, SAMPLE_COUNTY, Settings
from tests.integration.crawling import View
from tests.integration.serving import MEDIA, Answer, Served, claims_in, served, signed

PAGES = sorted(pages_of(Settings(PROJECT_ROOT)))
ELSEWHERE = "https://elsewhere.example"
HOURS = 3600.0

SHELL = ("/", "/index.html", *(f"/{page}" for page in PAGES))
FRAMEWORK = ("/_stcore/health", "/_stcore/host-config", "/favicon.png", "/manifest.json")
FOR_ROLE = {
    "/files/open-cases.csv": "officer",
    "/files/findings.csv": "officer",
    "/metrics": "auditor",
    "/access/cabinet": "cabinet",
    "/access/officer": "officer",
    "/access/auditor": "auditor",
}
FOR_NOBODY = (
    "/_stcore/metrics",
    "/_stcore/script-health-check",
    "/_stcore/upload_file/session/file",
    "/_stcore/bidi-components/any/index.js",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/interact",
    "/_stcore/agent/mcp",
    "/component/any/index.html",
    "/app/static/settings.yml",
    "/media/" + "0" * 56 + ".csv",
    "/files/person.csv",
    "/files/../files/open-cases.csv",
    "/files/open-cases.csv/",
    "/static",
    "/static/",
    "/static/../index.html",
    "/static/../../../../../../etc/passwd",
    "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/static/..%2f..%2f..%2fetc/passwd",
    "/static/..%5c..%5csecrets.toml",
    "/static/.streamlit/config.toml",
    "/%2e%2e/%2e%2e/etc/passwd",
    "//etc/passwd",
    "/overview/../files/open-cases.csv",
    "/Overview",
    "/overview/",
    "/overview%00",
    "/overview;role=officer",
    "/%6fverview/%2e%2e/media/x",
    "/openapi.json",
    "/docs",
    "/releases/CURRENT",
    "/officer.duckdb",
)
SENDING = ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")
TAKING = ("/", "/_stcore/upload_file/session/file", "/_stcore/agent/interact", "/sign-in")
FOR_OFFICERS = {"anonymous": 401, "cabinet": 403, "auditor": 403}
INSIDERS = ("cabinet", "officer", "auditor")
OUTSIDERS = (
    "anonymous",
    "without role",
    "expired",
    "removed",
    "signed by another key",
    "altered",
    "of another address",
    "from another origin",
    "from a null origin",
    "to another host",
)


@pytest.fixture(scope="module")
def doors(county_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(county_workspace, tmp_path_factory.mktemp("doors"), SAMPLE_COUNTY) as found:
        yield found


@pytest.fixture(scope="module")
def asset(doors: Served) -> str:
    """A script of the framework, as its shell names it."""
    shell = doors.get("/", doors.sign_in("cabinet")).body
    found = re.search(rb'src="\.(/static/js/[^"]+)"', shell)
    assert found
    return found[1].decode()


@contextmanager
def offered(doors: Served, subject: str) -> Iterator[str]:
    """The address of a file, while a page is open that offers it to this reader."""
    doors.remove()
    cookies = doors.sign_in(subject)
    with doors.page(cookies) as page:
        page.run("compare")
        first, *_ = View("compare", "", page.messages()).offered.values()
        address = page.deferred_file(first)
        assert MEDIA.fullmatch(address.encode())
        assert doors.get(address, cookies).status == 200
        yield address


def bearing(doors: Served, who: str) -> tuple[dict[str, str], dict[str, str]]:
    """The cookies and headers of one kind of reader; what is forged is an officer's own."""
    officer = doors.sign_in("officer")
    text, now = claims_in(officer, doors.key), time.time()
    if who == "removed":
        gone = doors.sign_in("leaver")
        doors.remove("leaver")
        return gone, {}
    cookies = {
        "anonymous": {},
        "without role": doors.sign_in("visitor"),
        "expired": signed(text, doors.key, now - 8 * HOURS - 5),
        "signed by another key": signed(text, "0" * 64, now),
        "altered": {"_streamlit_user": "A" + officer["_streamlit_user"][1:]},
        "of another address": signed(text.replace(doors.base, ELSEWHERE), doors.key, now),
    }
    headers = {
        "from another origin": {"Origin": ELSEWHERE},
        "from a null origin": {"Origin": "null"},
        "to another host": {"Host": "elsewhere.example"},
    }
    return cookies.get(who, officer), headers.get(who, {})


def holds_nothing(answer: Answer) -> bool:
    """No body, or one of our own pages that say why there is none."""
    pages = {refusals.page(reason)[1].encode() for reason in refusals.WORDS}
    return answer.status >= 400 and (answer.body == b"" or answer.body in pages)


def test_a_cookie_signed_as_the_tests_sign_it_would_open_the_door(doors: Served) -> None:
    text = claims_in(doors.sign_in("officer"), doors.key)
    cookies = signed(text, doors.key, time.time() - 7.9 * HOURS)
    with offered(doors, "officer") as address:
        for path in ("/files/open-cases.csv", address):
            assert (path, doors.get(path, cookies).status) == (path, 200)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_outsider_gets_nothing_from_any_route(doors: Served, asset: str, who: str) -> None:
    """Nor from the address of a file that an open page offers to whom the outsider claims to be."""
    owner = "leaver" if who == "removed" else "officer"
    with offered(doors, owner) as address:
        cookies, headers = bearing(doors, who)
        paths = (address, *SHELL, *FRAMEWORK, asset, *FOR_ROLE, *FOR_NOBODY)
        answers = {path: doors.get(path, cookies, **headers) for path in paths}
        still = doors.get(address, doors.sign_in(owner)).status
    assert {
        path: (a.status, a.body[:80]) for path, a in answers.items() if not holds_nothing(a)
    } == {}
    assert len(answers) > 50
    assert still == (403 if who == "removed" else 200)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_outsider_can_send_nothing_in(doors: Served, who: str) -> None:
    cookies, headers = bearing(doors, who)
    for method in SENDING:
        for path in TAKING:
            answer = doors.get(path, cookies, method, **headers)
            assert (method, path, holds_nothing(answer)) == (method, path, True)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_outsider_opens_no_page(doors: Served, who: str) -> None:
    cookies, headers = bearing(doors, who)
    more = {"origin": headers["Origin"]} if "Origin" in headers else {}
    more |= {"Host": headers["Host"]} if "Host" in headers else {}
    with pytest.raises(InvalidStatus) as refused, doors.page(cookies, **more):
        pass
    assert refused.value.response.status_code == 403
    assert not refused.value.response.body


def test_a_page_opens_only_with_an_origin_and_at_its_own_address(doors: Served) -> None:
    officer = doors.sign_in("officer")
    for more in (
        {"origin": ""},
        {"path": "/_stcore/stream/"},
        {"path": "/overview/_stcore/stream"},
    ):
        with pytest.raises(InvalidStatus), doors.page(officer, **more):
            pass
    with doors.page(officer) as page:
        assert b"Strategy officer" in page.run()


@pytest.mark.parametrize("who", INSIDERS)
def test_an_insider_gets_the_shell_and_what_it_loads(doors: Served, asset: str, who: str) -> None:
    cookies = doors.sign_in(who)
    mine = [path for path in SHELL if who in ONLY_FOR.get(path[1:], INSIDERS)]
    assert len(mine) >= len(SHELL) - len(ONLY_FOR)
    for path in (*mine, *FRAMEWORK, asset):
        answer = doors.get(path, cookies)
        assert (path, answer.status, bool(answer.body)) == (path, 200, True)


@pytest.mark.parametrize("who", INSIDERS)
def test_an_insider_gets_what_is_for_the_role_and_nothing_else(doors: Served, who: str) -> None:
    cookies = doors.sign_in(who)
    answers = {path: doors.get(path, cookies) for path in FOR_ROLE}
    assert {path for path, answer in answers.items() if answer.status < 300} == {
        path for path, role in FOR_ROLE.items() if role == who
    }
    assert all(a.status == 403 and not a.body for a in answers.values() if a.status >= 300)
    refused = {path: doors.get(path, cookies) for path in FOR_NOBODY}
    assert {path: a.status for path, a in refused.items() if not holds_nothing(a)} == {}


@pytest.mark.parametrize("who", ["anonymous", *INSIDERS])
def test_whoever_types_an_address_that_is_not_there_gets_a_page_of_ours(
    doors: Served, who: str
) -> None:
    """In words for a browser, which asks for HTML, and with the headers of every answer."""
    cookies = doors.sign_in(who) if who in INSIDERS else {}
    for path in FOR_NOBODY:
        answer = doors.get(path, cookies, Accept="text/html,application/xhtml+xml,*/*;q=0.8")
        told = answer.body.decode()
        # Of files nobody is told whether they are there who may not have them.
        hidden = FOR_OFFICERS if path == "/files/person.csv" else {}
        hidden = {"anonymous": 401} if path.startswith("/media/") else hidden
        assert answer.status == hidden.get(who, 404), path
        assert "<h1>" in told, path
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert not re.search(r"streamlit|starlette|uvicorn|detail|not found", told, re.I), path
        assert path not in told
    elsewhere = doors.get("/", cookies, Host="elsewhere.example", Accept="text/html")
    assert (elsewhere.status, b"<h1>" in elsewhere.body) == (400, True)
    assert doors.base.encode() not in elsewhere.body


@pytest.mark.parametrize("who", ["cabinet", "officer"])
def test_a_page_for_another_role_is_refused_in_words(doors: Served, who: str) -> None:
    for path in (*(f"/{name}" for name in ONLY_FOR), "/metrics"):
        answer = doors.get(path, doors.sign_in(who), Accept="text/html")
        assert (answer.status, b"not for your role" in answer.body) == (403, True)


@pytest.mark.parametrize("method", SENDING)
def test_nothing_can_be_sent_in(doors: Served, method: str) -> None:
    for path in TAKING:
        answer = doors.get(path, doors.sign_in("officer"), method)
        assert (path, answer.status in {404, 405}, answer.body) == (path, True, b"")


def test_metrics_need_the_token_or_an_auditor(doors: Served) -> None:
    for given in ("", "Bearer ", "Bearer " + "0" * 64, doors.token[:-1]):
        assert doors.get("/metrics", Authorization=given).status == 401
    answer = doors.get("/metrics", Authorization=f"Bearer {doors.token}")
    assert (answer.status, b"send_answers_total" in answer.body) == (200, True)


def test_health_says_which_release_and_nothing_of_it(doors: Served) -> None:
    told = json.loads(doors.get("/healthz").body)
    assert set(told) == {"status", "release", "age_seconds"}
    assert told["age_seconds"] >= 0
    assert doors.get("/healthz", Host="127.0.0.1:1").status == 200
    assert doors.get("/healthz", Host="elsewhere.example").status == 400


def test_every_answer_carries_the_headers_and_is_not_kept(doors: Served, asset: str) -> None:
    cookies = doors.sign_in("officer")
    for path in ("/", "/nowhere", "/healthz", "/files/open-cases.csv", asset, "/_stcore/health"):
        told = doors.get(path, cookies).headers
        assert "frame-ancestors 'none'" in told["content-security-policy"], path
        assert "'unsafe-eval'" not in told["content-security-policy"]
        assert told["x-content-type-options"] == "nosniff"
        assert told["referrer-policy"] == "same-origin"
        assert "access-control-allow-origin" not in told
        assert "server" not in told
        if path == asset:
            assert told["cache-control"].startswith("private")
        else:
            assert told["cache-control"] == "no-store", path


def test_the_sign_in_ends_in_the_browser_when_it_ends_here(doors: Served) -> None:
    import requests

    with requests.Session() as session:
        asked = session.get(f"{doors.base}/sign-in", timeout=60)
        posted = session.post(asked.url, data={"sub": "cabinet"}, timeout=60, allow_redirects=False)
        told = session.get(posted.headers["location"], timeout=60, allow_redirects=False)
    lines = told.raw.headers.getlist("set-cookie")
    mine = [line for line in lines if line.startswith("_streamlit_user=")]
    assert len(mine) == 1
    assert "max-age=28800" in mine[0].lower()
    assert "httponly" in mine[0].lower()
    assert not [line for line in lines if "_tokens=" in line and "max-age=0" not in line.lower()]


def test_the_log_names_nobody(doors: Served) -> None:
    text = (doors.folder / "access.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert {"officer", "cabinet", "auditor"} <= {role for line in lines for role in line["roles"]}
    allowed = {"at", "subject", "roles", "route", "status", "reason", "release"}
    assert all(set(line) <= allowed for line in lines)
    assert all(re.fullmatch(r"[0-9a-f]{16}|anonymous", line["subject"]) for line in lines)
    assert "etc/passwd" not in text
    assert (doors.folder / "access.jsonl").stat().st_mode & 0o077 == 0
