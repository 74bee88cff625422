"""One open page: every message is let through only while its reader still has access.

The framework asks who a reader is once, when the connection opens. A removed reader would keep an
open page for as long as the tab stays open.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboards.serving import headers
from dashboards.serving.access import Access, Doorkeeper
from dashboards.serving.connections import Connection, Connections

# Between looks at a page that nobody touches. A removed reader is out within a minute.
CHECK_SECONDS = 10
POLICY = 1008
# What a browser may ask of the framework. Not: to empty the caches of all, to upload, to install.
ASKED = frozenset({"rerun_script", "stop_script", "app_heartbeat", "dataframe_chunk"})
# The framework writes a file's address into the message that shows it, and the id of a file that is
# made on demand as a text of 32 digits. It makes that file for whoever knows the id.
_MEDIA = re.compile(rb"/media/([0-9a-f]{32,128}(?:\.\w{1,8})?)")
_DEFERRED = re.compile(rb"\x20([0-9a-f]{32})")


class Stream:
    """The guard's part in one websocket."""

    def __init__(self, keeper: Doorkeeper, connections: Connections, access: Access) -> None:
        self._keeper = keeper
        self._connections = connections
        self._access = access
        self._is_over = False

    async def run(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the page run until it ends or its reader may not read it any more."""
        token, connection = self._connections.open(self._access)
        watch = asyncio.create_task(self._watch(send))
        inner = {
            **scope,
            "headers": headers.inward(scope["headers"], token),
            "subprotocols": scope.get("subprotocols", [])[:2],
        }
        try:
            await app(
                inner, self._receiving(receive, send, connection), self._sending(send, connection)
            )
        finally:
            self._connections.close(token)
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch

    def _receiving(self, receive: Receive, send: Send, connection: Connection) -> Receive:
        async def receiving() -> Message:
            while True:
                message = await receive()
                if message["type"] == "websocket.receive" and not self._may_go_on():
                    await self._send_away(send)
                    return {"type": "websocket.disconnect", "code": POLICY}
                if message["type"] != "websocket.receive" or _may_ask(message, connection):
                    return message

        return receiving

    def _sending(self, send: Send, connection: Connection) -> Send:
        async def sending(message: Message) -> None:
            if not self._may_go_on():
                await self._send_away(send)
            elif not self._is_over:
                data = message.get("bytes") or b""
                shown = (*_MEDIA.findall(data), *_DEFERRED.findall(data))
                connection.shown.update(name.decode() for name in shown)
                await send(message)

        return sending

    def _may_go_on(self) -> bool:
        return self._keeper.still(self._access)

    async def _watch(self, send: Send) -> None:
        while self._may_go_on():
            await asyncio.sleep(CHECK_SECONDS)
        await self._send_away(send)

    async def _send_away(self, send: Send) -> None:
        """Have the browser load its page anew, which says why; then close."""
        if self._is_over:
            return
        self._is_over = True
        with suppress(RuntimeError, OSError):
            await send({"type": "websocket.send", "bytes": _reload()})
            await send({"type": "websocket.close", "code": POLICY})


def _may_ask(message: Message, connection: Connection) -> bool:
    """Whether the framework shall see it; what it cannot read it refuses itself."""
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
    from streamlit.proto.BackMsg_pb2 import BackMsg

    asked = BackMsg()
    try:
        asked.ParseFromString(message.get("bytes") or b"")
    except DecodeError:
        return True
    operation = asked.backend_operation_request
    if operation.WhichOneof("payload") == "deferred_file":
        return operation.deferred_file.file_id in connection.shown
    return bool(ASKED & {asked.WhichOneof("type"), operation.WhichOneof("payload")})


def _reload() -> bytes:
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    message = ForwardMsg()
    # To no other address than the one at which the browser stands.
    message.auth_redirect.SetInParent()
    return bytes(message.SerializeToString())
