"""The guard by itself, around an application that says everything it is asked."""

from __future__ import annotations

import ast
import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from dashboards import downloads
from dashboards.serving.access import Access, Doorkeeper
from dashboards.serving.config import Secrets, Serving
from dashboards.serving.connections import HEADER, Connections
from dashboards.serving.guard import Door, Guard
from dashboards.serving.headers import answer_headers, inward, with_ours
from dashboards.serving.log import AccessLog
from dashboards.serving.rules import Kind, rule_of
from pipelines.settings import PROJECT_ROOT

PAGES = frozenset({"overview", "compare"})
LOCAL = Serving(mode="local")
FAR = Serving.model_construct(mode="oidc", address="https://send.example.org", sign_in_hours=8)


async def tells_all(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers whatever it is asked with what it was given."""
    told = {name.decode(): text.decode() for name, text in scope["headers"]}
    await Response(json.dumps(told), headers={"server": "x", "cache-control": "public"})(
        scope, receive, send
    )


async def fails(scope: Scope, receive: Receive, send: Send) -> None:
    raise ValueError("Could not convert string 'A Child' to INT32")


def guarded(folder: Path, app: Any = tells_all, serving: Serving = LOCAL) -> Guard:
    keeper = Doorkeeper(serving, Secrets())
    door = Door(
        serving, Secrets(), keeper, Connections(keeper.still), AccessLog(folder / "log"), PAGES
    )
    return Guard(app, door)


def ask(guard: Guard, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One GET; headers by name with underscores."""
    named = {"host": "localhost:8501"} | headers
    raw = [(k.replace("_", "-").encode(), v.encode("latin-1")) for k, v in named.items()]
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": raw, "query_string": b""}
    # In a thread of its own: a browser test in the same process leaves its loop running here.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, guard(scope, receive, send)).result()  # type: ignore[arg-type]
    told = {name.decode(): text.decode() for name, text in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(m.get("body", b"") for m in sent[1:])


def test_a_reader_alone_gets_pages_at_this_machines_own_name(tmp_path: Path) -> None:
    guard = guarded(tmp_path)
    for host in ("localhost:8501", "127.0.0.1:8501", "[::1]:8501"):
        assert ask(guard, "/compare", host=host)[0] == 200
    for host in ("rebound.example", "localhost.example", "127.0.0.1.example", "", "a@localhost@b"):
        assert ask(guard, "/compare", host=host)[0] == 400
    assert ask(guard, "/compare", origin="http://localhost:8501")[0] == 200
    assert ask(guard, "/compare", origin="http://localhost:9999")[0] == 403


def test_the_framework_sees_no_claim_and_no_header_of_ours(tmp_path: Path) -> None:
    cookie = "_streamlit_user=a; _streamlit_xsrf=2|b|c; _streamlit_user_1=d"
    status, told, body = ask(guarded(tmp_path), "/", cookie=cookie, x_send_connection="mine")
    seen = json.loads(body)
    assert (status, seen["cookie"]) == (200, "_streamlit_xsrf=2|b|c")
    assert HEADER.lower() not in seen
    assert "server" not in told
    assert told["cache-control"] == "no-store"


def test_a_fault_is_told_by_kind_and_place_and_never_in_its_words(tmp_path: Path) -> None:
    status, _, body = ask(guarded(tmp_path, fails), "/")
    noted = (tmp_path / "log").read_text(encoding="utf-8")
    assert (status, body) == (500, b"")
    assert '"fault": "ValueError"' in noted
    assert "Child" not in noted


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", Kind.PAGE),
        ("/compare", Kind.PAGE),
        ("/evidence", Kind.NOTHING),
        ("/compare/", Kind.NOTHING),
        ("/static/js/index.Ab_1-x.js", Kind.STATIC),
        ("/static/../index.html", Kind.NOTHING),
        ("/static/js/../../x", Kind.NOTHING),
        ("/static/.hidden", Kind.NOTHING),
        ("/static/js//x.js", Kind.NOTHING),
        ("/static/x\n", Kind.NOTHING),
        ("/media/" + "a" * 56 + ".csv", Kind.MEDIA),
        ("/media/a.csv", Kind.NOTHING),
        ("/media/" + "a" * 56 + ".csv/x", Kind.NOTHING),
        ("/files/findings.csv", Kind.FILE),
        ("/files/../x.csv", Kind.NOTHING),
        ("/_stcore/health", Kind.STATIC),
        ("/compare/_stcore/health", Kind.STATIC),
        ("/nowhere/_stcore/health", Kind.NOTHING),
        ("/_stcore/metrics", Kind.NOTHING),
        ("/_stcore/stream", Kind.NOTHING),
        ("/access/officer", Kind.ROLE),
        ("/access/owner", Kind.NOTHING),
        ("/sign-in", Kind.OPEN),
        ("/auth/login/x", Kind.NOTHING),
    ],
)
def test_what_is_not_named_is_not_there(path: str, kind: Kind) -> None:
    assert rule_of(path, PAGES, "oidc").kind is kind


def test_nobody_signs_in_where_there_is_no_sign_in() -> None:
    assert rule_of("/sign-in", PAGES, "local").kind is Kind.NOTHING
    assert rule_of("/auth/logout", PAGES, "local").kind is Kind.NOTHING


def test_behind_tls_cookies_are_secure_and_end_with_the_sign_in() -> None:
    raw = [
        (b"set-cookie", b"_streamlit_user=a; Path=/; HttpOnly; SameSite=lax; Max-Age=2592000"),
        (b"set-cookie", b"_streamlit_user_tokens=b; Path=/; Max-Age=2592000"),
        (b"Set-Cookie", b"_streamlit_xsrf=c; Path=/"),
        (b"set-cookie", b"_streamlit_user_1=; Max-Age=0; Path=/"),
    ]
    told = [
        v.decode() for n, v in with_ours(raw, [], "no-store", FAR) if n.lower() == b"set-cookie"
    ]
    assert told == [
        "_streamlit_user=a; Path=/; HttpOnly; SameSite=lax; Max-Age=28800; Secure",
        "_streamlit_xsrf=c; Path=/; Secure",
        "_streamlit_user_1=; Max-Age=0; Path=/; Secure",
    ]


def test_only_behind_tls_is_tls_asked_for_ever() -> None:
    far, here = dict(answer_headers(FAR)), dict(answer_headers(LOCAL))
    assert far[b"strict-transport-security"].startswith(b"max-age=")
    assert b"strict-transport-security" not in here
    assert b"wss://send.example.org" in far[b"content-security-policy"]


def test_scripts_of_the_shell_run_by_their_hash_and_no_other() -> None:
    policy = dict(answer_headers(FAR, b"<script>go()</script><script src=x></script>"))
    scripts = policy[b"content-security-policy"].decode().split("script-src ")[1].split(";")[0]
    assert scripts.startswith("'self' 'sha256-")
    assert scripts.count("sha256-") == 1
    assert "unsafe" not in scripts


def test_a_session_is_never_resumed_by_the_id_that_a_browser_names() -> None:
    raw = [(b"sec-websocket-protocol", b"streamlit, token, session")]
    assert inward(raw, "t") == [
        (b"sec-websocket-protocol", b"streamlit, token"),
        (HEADER.lower().encode(), b"t"),
    ]


def test_a_file_belongs_to_the_readers_who_were_shown_it_while_they_read() -> None:
    connections = Connections(lambda _: True)
    one = Access("one", frozenset({"officer"}))
    token, connection = connections.open(one)
    connection.shown.add("x.csv")
    assert connections.was_shown(one, "x.csv")
    assert not connections.was_shown(Access("two", one.roles), "x.csv")
    assert not connections.was_shown(Access("one", frozenset({"cabinet"})), "x.csv")
    connections.close(token)
    assert not connections.was_shown(one, "x.csv")
    assert connections.access(token) is None


def test_two_large_downloads_that_differ_between_what_the_framework_hashes_are_two_files() -> None:
    """Its id is of the beginning, middle and end of a large file: the name must tell them apart."""
    size = 2 * 1024 * 1024
    one, two = bytearray(size), bytearray(size)
    two[size // 4] = 1
    storage = MemoryMediaFileStorage("/media")

    def ident(data: bytearray, name: str) -> str:
        return storage.load_and_get_id(bytes(data), "text/csv", MediaFileKind.DOWNLOADABLE, name)

    names = [downloads.file_name("figures", "csv") for _ in range(2)]
    first, second = ident(one, names[0]), ident(two, names[1])
    assert first != second
    assert storage.get_file(f"{first}.csv").content == bytes(one)
    assert storage.get_file(f"{second}.csv").content == bytes(two)
    assert names[0] != names[1]


def test_every_download_of_a_page_has_a_name_that_cannot_be_guessed() -> None:
    found = 0
    for path in (PROJECT_ROOT / "dashboards").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "download_button":
                named = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
                assert "file_name(" in named.get("file_name", ""), f"{path}:{node.lineno}"
                found += 1
    assert found > 1
