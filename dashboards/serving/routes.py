"""Our own routes beside the pages: sign-in, health, metrics, roles, row-level files for officers.

The guard has judged whoever gets here. Queries are imported when a route is asked: their caches
want the framework's runtime, which starts with the server.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain

from starlette.requests import Request
from starlette.responses import (
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import BaseRoute, Route

from dashboards.serving import refusals, return_to
from dashboards.serving.guard import RELEASE, Door
from dashboards.serving.rules import FILES, HAS_ROLE, HEALTH, METRICS, SIGN_IN
from pipelines.errors import SendError
from pipelines.settings import Settings


def routes_of(settings: Settings, door: Door) -> list[BaseRoute]:
    """The routes of one installation."""

    def healthz(_: Request) -> Response:
        """Which release is read, and since when: no figure."""
        from dashboards import context

        try:
            found = context.release_read(settings)
        except SendError:
            return JSONResponse({"status": "the release cannot be read"}, status_code=503)
        if found is None:
            return JSONResponse({"status": "nothing has been published"}, status_code=503)
        return JSONResponse(
            {"status": "ok", "release": found.id, "age_seconds": _age(found.approved_at)}
        )

    def metrics(_: Request) -> Response:
        return PlainTextResponse(_metrics(settings, door), media_type="text/plain; version=0.0.4")

    def rows(request: Request) -> Response:
        from dashboards import context
        from dashboards.queries import row_files

        key = context.officer_key(settings)
        stem = request.path_params["stem"]
        if key is None or stem not in row_files.FILES:
            return refusals.answer(refusals.NOT_HERE, request.headers.get("accept", ""))
        lines = row_files.lines(key, stem)
        # The first line before the answer: a file that cannot be read is a fault, not half a file.
        first = next(lines)
        request.scope[RELEASE].append(key.release)
        name = f"{stem}-{key.release}.csv"
        return StreamingResponse(
            chain([first], lines),
            media_type="text/csv; charset=utf-8",
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )

    def sign_in(request: Request) -> Response:
        """To the provider, by the framework's own route, which wants a token of two minutes."""
        from streamlit.user_info import generate_login_redirect_url

        answer = RedirectResponse(generate_login_redirect_url("default"), status_code=303)
        came_from = request.headers.get("referer", "")
        return_to.remember(answer, came_from, door.serving.address)
        return answer

    return [
        Route(HEALTH, healthz),
        Route(METRICS, metrics),
        Route(SIGN_IN, sign_in),
        Route(f"{HAS_ROLE}{{role}}", _has_role),
        Route(f"{FILES}{{stem}}.csv", rows),
    ]


def _has_role(_: Request) -> Response:
    """For a proxy that asks before it lets somebody through to another service."""
    return Response(status_code=204)


def _age(approved_at: str) -> int:
    try:
        return int(time.time() - datetime.fromisoformat(approved_at).timestamp())
    except ValueError:
        return -1


def _metrics(settings: Settings, door: Door) -> str:
    return "\n".join([*_counted(door), *_release(settings), ""])


def _counted(door: Door) -> Iterator[str]:
    yield "# TYPE send_open_pages gauge"
    for roles, count in sorted(door.connections.counts().items()):
        yield f'send_open_pages{{roles="{roles}"}} {count}'
    yield "# TYPE send_answers_total counter"
    for (route, status), count in sorted(door.log.answers.items()):
        yield f'send_answers_total{{route="{route}",status="{status}"}} {count}'


def _release(settings: Settings) -> Iterator[str]:
    from dashboards import context

    try:
        found = context.release_read(settings)
    except SendError:
        found = None
    yield "# TYPE send_release_readable gauge"
    yield f"send_release_readable {int(found is not None)}"
    if found is not None:
        at = datetime.fromisoformat(found.approved_at).astimezone(UTC).timestamp()
        yield "# TYPE send_release_approved_seconds gauge"
        yield f'send_release_approved_seconds{{release="{found.id}"}} {int(at)}'
