"""One open page: what its browser may ask, and what its reader gets once access has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboards.serving import stream
from dashboards.serving.access import HERE, Doorkeeper
from dashboards.serving.config import Secrets, Serving
from dashboards.serving.connections import Connections
from dashboards.serving.stream import Stream

LOCAL = Serving(mode="local")


class Page:
    """A websocket's two ends: what the browser says, and what it gets."""

    def __init__(self, *asked: BackMsg) -> None:
        self.asked = [{"type": "websocket.receive", "bytes": a.SerializeToString()} for a in asked]
        self.got: list[Message] = []
        self.seen: list[str | None] = []
        self.is_in = True

    async def receive(self) -> Message:
        await asyncio.sleep(0.01)
        return self.asked.pop(0) if self.asked else {"type": "websocket.disconnect", "code": 1000}

    async def send(self, message: Message) -> None:
        self.got.append(message)

    async def app(self, _: Scope, receive: Receive, send: Send) -> None:
        """Stands for the framework: answers each message it sees with its kind."""
        while (message := await receive())["type"] == "websocket.receive":
            kind = BackMsg.FromString(message["bytes"]).WhichOneof("type")
            self.seen.append(kind)
            await send({"type": "websocket.send", "bytes": f"answer to {kind}".encode()})

    def run(self, app: Callable[..., Any] | None = None) -> Connections:
        keeper = Doorkeeper(LOCAL, Secrets())
        keeper.still = lambda _: self.is_in  # type: ignore[method-assign]
        connections = Connections(keeper.still)
        scope = {"type": "websocket", "headers": [], "subprotocols": ["streamlit"]}
        run = Stream(keeper, connections, HERE).run(app or self.app, scope, self.receive, self.send)
        # In a thread of its own: a browser test in the same process leaves its loop running here.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, run).result()
        return connections


def asked(kind: str) -> BackMsg:
    message = BackMsg()
    if kind == "rerun_script":
        message.rerun_script.page_name = "compare"
    elif kind == "install_skills":
        message.backend_operation_request.install_skills.SetInParent()
    elif kind == "deferred_file":
        message.backend_operation_request.deferred_file.file_id = "a" * 32
    else:
        setattr(message, kind, True)
    return message


@pytest.mark.parametrize(
    "kind",
    ["clear_cache", "load_git_info", "set_run_on_save", "install_skills", "deferred_file"],
)
def test_what_the_pages_do_not_need_never_reaches_the_framework(kind: str) -> None:
    page = Page(asked(kind), asked("rerun_script"), asked("app_heartbeat"))
    page.run()
    assert page.seen == ["rerun_script", "app_heartbeat"]


def test_a_removed_readers_next_message_is_not_heard_and_the_page_is_sent_away() -> None:
    page = Page(asked("rerun_script"), asked("rerun_script"))

    async def then_out(message: Message) -> None:
        page.got.append(message)
        page.is_in = False

    page.send = then_out  # type: ignore[method-assign]
    page.run()
    assert page.seen == ["rerun_script"]
    last = ForwardMsg.FromString(page.got[-2]["bytes"])
    # An address of no letters is the one where the browser stands.
    assert (last.WhichOneof("type"), last.auth_redirect.url) == ("auth_redirect", "")
    assert page.got[-1] == {"type": "websocket.close", "code": 1008}
    assert len(page.got) == 3


def test_a_run_that_still_goes_on_when_its_reader_is_removed_sends_nothing_more() -> None:
    page = Page()

    async def goes_on(_: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.send", "bytes": b"before"})
        page.is_in = False
        await send({"type": "websocket.send", "bytes": b"after"})

    page.run(goes_on)
    sent = [message.get("bytes", b"") for message in page.got]
    assert b"before" in sent
    assert b"after" not in sent


def test_a_page_that_nobody_touches_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "CHECK_SECONDS", 0.01)
    page = Page()

    async def idle(_: Scope, receive: Receive, send: Send) -> None:
        page.is_in = False
        await asyncio.sleep(0.2)

    page.run(idle)
    assert page.got[-1]["type"] == "websocket.close"


def test_the_look_comes_often_enough_for_a_minute() -> None:
    assert stream.CHECK_SECONDS <= 30
