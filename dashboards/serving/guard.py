"""The guard: nothing reaches Streamlit before it is known who asks, whence, and for what.

It wraps the whole application, so that no route of the framework, present or future, can answer
around it. A connection is judged when it opens, with each message either way, and every few seconds
between.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboards.serving import headers, refusals, return_to
from dashboards.serving.access import Access, Doorkeeper
from dashboards.serving.config import LOOPBACK, Secrets, Serving
from dashboards.serving.connections import Connections
from dashboards.serving.log import AccessLog
from dashboards.serving.rules import HEALTH, SIGN_OUT, STREAM, Kind, Rule, rule_of
from dashboards.serving.stream import Stream

# Where an answer says of which release it holds rows, for the access log.
RELEASE = "send.release"
NO_STORE = "no-store"
KEPT = f"private, max-age={headers.YEAR_SECONDS}, immutable"
READING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Door:
    """What the guard goes by."""

    serving: Serving
    secrets: Secrets
    keeper: Doorkeeper
    connections: Connections
    log: AccessLog
    pages: frozenset[str]
    shell: bytes = b""


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door
        self._headers = headers.answer_headers(door.serving, door.shell)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judge one request or connection."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = _asked(scope)
        cookies = cookie_parser(asked.get("cookie", ""))
        access = self._door.keeper.access(cookies)
        rule = rule_of(scope["path"], self._door.pages, self._door.serving.mode)
        answer = self._wrong(scope, asked, rule) or self._denied(rule, access, asked)
        answer = answer or self._returned(scope, cookies, access)
        cache = KEPT if rule.kind is Kind.STATIC and rule.name == "/static/" else NO_STORE
        rows_of: list[str] = []
        noting = self._noting(send, access, rule, cache, rows_of)
        if answer is not None:
            await answer(scope, receive, noting)
            return
        scope = {**scope, RELEASE: rows_of}
        if rule.name == SIGN_OUT:
            self._end(access)
        elif rule.kind is not Kind.OPEN:
            scope = {**scope, "headers": headers.inward(scope["headers"])}
        await self._passed(scope, receive, noting)

    def _returned(
        self, scope: Scope, cookies: Mapping[str, str], access: Access
    ) -> Response | None:
        """Whoever has just signed in goes on to the page that was asked for before."""
        if not (access.sign_in and return_to.is_root(scope)):
            return None
        address = return_to.kept_address(cookies, self._is_page)
        return return_to.back(address) if address else None

    def _is_page(self, path: str) -> bool:
        return path == "/" or path[1:] in self._door.pages

    def _end(self, access: Access) -> None:
        """Sign out, here at least."""
        try:
            self._door.keeper.end(access)
        except OSError as error:
            self._door.log.fault(error)

    async def _passed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application's answer, or 500 where it fails: what failed may hold a cell."""
        started = []

        async def watched(message: Message) -> None:
            started.append(message["type"])
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001
            self._door.log.fault(error)
            if not started:
                await Response(status_code=500)(scope, receive, send)

    def _wrong(self, scope: Scope, asked: dict[str, str], rule: Rule) -> Response | None:
        """Whatever is wrong with a request, whoever sends it."""
        if not self._is_host(asked.get("host", ""), rule):
            return refusals.answer(refusals.OTHER_HOST, asked.get("accept", ""))
        if "origin" in asked and not self._is_origin(asked["origin"], asked.get("host", "")):
            return Response(status_code=403)
        if scope["method"] not in READING:
            return Response(status_code=405, headers={"allow": "GET, HEAD"})
        if rule.kind is Kind.NOTHING:
            return refusals.answer(refusals.NOT_HERE, asked.get("accept", ""))
        return None

    def _denied(self, rule: Rule, access: Access, asked: dict[str, str]) -> Response | None:
        """Nothing for whoever lacks the role; in place of a page, why, and how to sign in."""
        if rule.kind is Kind.OPEN or self._has_token(rule, asked):
            return None
        accept = refusals.HTML if rule.kind is Kind.PAGE else asked.get("accept", "")
        if access.roles.isdisjoint(rule.roles):
            return refusals.answer(access.refusal or refusals.NOT_YOURS, accept)
        if rule.kind is Kind.MEDIA and not self._door.connections.was_shown(access, rule.media):
            return refusals.answer(refusals.NOT_HERE, accept)
        return None

    def _has_token(self, rule: Rule, asked: dict[str, str]) -> bool:
        token = self._door.secrets.metrics
        given = asked.get("authorization", "").removeprefix("Bearer ")
        is_asked = rule.kind is Kind.METRICS and bool(token)
        return is_asked and hmac.compare_digest(given.encode(), token.encode())

    def _is_host(self, host: str, rule: Rule) -> bool:
        """The host of the address; in local mode, and for health, this machine's own name."""
        address = self._door.serving.address
        if self._door.serving.mode == "local" or rule.name == HEALTH:
            return _hostname(host) in LOOPBACK or _is_netloc(host, address)
        return _is_netloc(host, address)

    def _is_origin(self, origin: str, host: str) -> bool:
        if self._door.serving.mode == "local":
            return urlsplit(origin)[:2] == ("http", host)
        return origin.lower() == self._door.serving.address

    def _noting(
        self, send: Send, access: Access, rule: Rule, cache: str, rows_of: list[str]
    ) -> Send:
        """Send with our headers, and note how it ended, and of which releases it holds rows."""

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = cache if message["status"] < 300 else NO_STORE
                raw = message.get("headers", [])
                mended = headers.with_ours(raw, self._headers, kept, self._door.serving)
                message = {**message, "headers": mended}
                self._door.log.write(
                    access,
                    rule.name,
                    message["status"],
                    reason=access.refusal,
                    release=" ".join(rows_of),
                )
            await send(message)

        return noting

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = _asked(scope)
        access = self._door.keeper.access(cookie_parser(asked.get("cookie", "")))
        host = asked.get("host", "")
        rule = Rule(Kind.STREAM, STREAM)
        is_ours = (
            scope["path"] == STREAM
            and self._is_host(host, rule)
            and self._is_origin(asked.get("origin", ""), host)
        )
        if not (is_ours and access.roles):
            self._door.log.write(access, rule.name, 403, reason=access.refusal)
            await send({"type": "websocket.close", "code": 1008})
            return
        self._door.log.write(access, rule.name, 101)
        stream = Stream(self._door.keeper, self._door.connections, access)
        try:
            await stream.run(self._app, scope, receive, send)
        except Exception as error:  # noqa: BLE001
            self._door.log.fault(error)
        finally:
            self._door.log.write(access, rule.name, 200)


def _asked(scope: Scope) -> dict[str, str]:
    """The headers by name; of one that comes twice, nothing can be believed, so both."""
    found: dict[str, str] = {}
    for raw_name, raw in scope["headers"]:
        name, text = raw_name.decode("latin-1").lower(), raw.decode("latin-1")
        found[name] = f"{found[name]}; {text}" if name in found else text
    return found


def _hostname(host: str) -> str:
    return urlsplit(f"//{host}").hostname or ""


def _is_netloc(host: str, address: str | None) -> bool:
    return address is not None and host.lower() == urlsplit(address).netloc
