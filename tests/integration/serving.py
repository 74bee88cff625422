"""`send serve` on a free port, a provider to sign in with, and readers with and without a browser.

The provider speaks OpenID Connect (oidc-provider-mock); the cookies, the websocket and its messages
are the framework's own.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import requests
import yaml
from itsdangerous import URLSafeTimedSerializer
from oidc_provider_mock import User, run_server_in_thread
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from pipelines.settings import PROJECT_ROOT

READY_SECONDS = 120
RUN_SECONDS = 120
FILE_SECONDS = 30
SILENT_SECONDS = 3
GROUPS = {
    "cabinet": ["SEND.Cabinet"],
    "officer": ["SEND.Officer"],
    "auditor": ["SEND.Auditor"],
    "both": ["SEND.Cabinet", "SEND.Officer"],
    "leaver": ["SEND.Officer"],
    "visitor": ["Another.Role"],
}
MEDIA = re.compile(rb"/media/[0-9a-f]{32,128}(?:\.\w{1,8})?")


@dataclass(frozen=True)
class Answer:
    """What came back, and how much of it."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Served:
    """A running `send serve`."""

    base: str
    folder: Path
    key: str
    token: str
    provider: str
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)

    def get(
        self, path: str, cookies: Mapping[str, str] | None = None, method: str = "GET", **more: str
    ) -> Answer:
        """One request as it stands: no path is tidied, no redirect is followed."""
        parts = urlsplit(self.base)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        headers = {"Cookie": cookie_text(cookies)} if cookies else {}
        more = {name.replace("_", "-"): text for name, text in more.items()}
        try:
            connection.request(method, path, headers=headers | more)
            answer = connection.getresponse()
            return Answer(
                answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
            )
        finally:
            connection.close()

    def sign_in(self, subject: str) -> dict[str, str]:
        """The cookies of somebody who signed in by the provider; signed in once."""
        if subject not in self.cookies:
            with requests.Session() as session:
                asked = session.get(f"{self.base}/sign-in", timeout=60)
                assert asked.url.startswith(self.provider), asked.url
                done = session.post(asked.url, data={"sub": subject}, timeout=60)
                assert done.url.startswith(self.base), done.url
                self.cookies[subject] = {
                    name: text
                    for name, text in session.cookies.get_dict().items()
                    if name.startswith("_streamlit_user")
                }
        return self.cookies[subject]

    def remove(self, *names: str) -> None:
        """Write the list of the removed."""
        (self.folder / "removed.txt").write_text("\n".join(names), encoding="utf-8")

    @contextlib.contextmanager
    def page(self, cookies: Mapping[str, str] | None = None, **more: str) -> Iterator[PageClient]:
        """An open page; without an origin in more, with its own."""
        origin = more.pop("origin", self.base)
        headers = {"Cookie": cookie_text(cookies)} if cookies else {}
        address = f"ws{self.base.removeprefix('http')}{more.pop('path', '/_stcore/stream')}"
        with connect(
            address,
            origin=origin or None,  # type: ignore[arg-type]
            additional_headers=headers | more,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            open_timeout=60,
        ) as connection:
            yield PageClient(connection)


class PageClient:
    """A browser's half of a page: asks for runs and keeps every byte that comes."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self.seen: list[bytes] = []
        self.session = ""

    def messages(self) -> list[ForwardMsg]:
        """All that came so far."""
        return [ForwardMsg.FromString(data) for data in self.seen]

    def run(
        self,
        page: str = "",
        query: str = "",
        page_hash: str = "",
        states: Sequence[WidgetState] = (),
    ) -> bytes:
        """Run a page to its end, its controls in these states; all that it sent."""
        asked = BackMsg()
        asked.rerun_script.widget_states.widgets.extend(states)
        asked.rerun_script.query_string = query
        asked.rerun_script.page_name = page
        asked.rerun_script.page_script_hash = page_hash
        self.send(asked)
        return b"".join(self._until_finished())

    def deferred_file(self, file_id: str) -> str:
        """Ask for a file that is made on demand; the address given, if one is."""
        asked = BackMsg()
        asked.backend_operation_request.request_id = "one"
        asked.backend_operation_request.session_id = self.session
        asked.backend_operation_request.deferred_file.file_id = file_id
        self.send(asked)
        until = time.monotonic() + FILE_SECONDS
        while time.monotonic() < until:
            try:
                message = self.receive(SILENT_SECONDS)
            except TimeoutError:
                return ""
            if message.WhichOneof("type") == "backend_operation_response":
                return str(message.backend_operation_response.deferred_file.url)
        return ""

    def send(self, asked: BackMsg) -> None:
        self._connection.send(asked.SerializeToString())

    def receive(self, seconds: float = RUN_SECONDS) -> ForwardMsg:
        data = self._connection.recv(timeout=seconds)
        assert isinstance(data, bytes)
        self.seen.append(data)
        message = ForwardMsg()
        message.ParseFromString(data)
        if message.WhichOneof("type") == "new_session":
            self.session = message.new_session.initialize.session_id
        return message

    def _until_finished(self) -> Iterator[bytes]:
        while True:
            message = self.receive()
            yield self.seen[-1]
            if message.WhichOneof("type") == "script_finished":
                return

    def ended_within(self, seconds: float) -> bool:
        """Whether the server closes the page by itself."""
        until = time.monotonic() + seconds
        with contextlib.suppress(TimeoutError):
            try:
                while time.monotonic() < until:
                    self.receive(until - time.monotonic())
            except ConnectionClosed:
                return True
        return False


def cookie_text(cookies: Mapping[str, str]) -> str:
    return "; ".join(f"{name}={text}" for name, text in cookies.items())


def signed(text: str, key: str, at: float, name: str = "_streamlit_user") -> dict[str, str]:
    """A cookie as the framework signs it, at a second of our choice."""
    serializer = URLSafeTimedSerializer(key, salt=name)
    signer = serializer.make_signer(name)
    signer.get_timestamp = lambda: int(at)  # type: ignore[attr-defined]
    return {name: signer.sign(serializer.dump_payload(text)).decode()}


def claims_in(cookies: Mapping[str, str], key: str, name: str = "_streamlit_user") -> str:
    """What the framework signed for a reader, to be signed again."""
    return str(URLSafeTimedSerializer(key, salt=name).loads(cookies[name]))


@contextlib.contextmanager
def served(workspace: Path, folder: Path, council: str, **more: object) -> Iterator[Served]:
    """`send serve` over a workspace, and the provider that it trusts. more: of its settings."""
    users = [User(sub=name, claims={"roles": list(roles)}) for name, roles in GROUPS.items()]
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with run_server_in_thread(user_claims=users) as server:
        provider = f"http://localhost:{server.server_port}"
        found = Served(
            f"http://localhost:{port}",
            folder,
            secrets.token_hex(32),
            secrets.token_hex(32),
            provider,
        )
        with _running(found, workspace, council, _settings(found, more), port):
            yield found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _settings(found: Served, more: Mapping[str, object]) -> Path:
    found.remove()
    content = {
        "mode": "oidc",
        "address": found.base,
        "removed": "removed.txt",
        "access_log": "access.jsonl",
        "provider": {
            "metadata_url": f"{found.provider}/.well-known/openid-configuration",
            "client_id": "send-monitor",
        },
        "roles": {
            "claim": "roles",
            **{role: GROUPS[role] for role in ("cabinet", "officer", "auditor")},
        },
    }
    path = found.folder / "serving.yml"
    path.write_text(yaml.safe_dump(content | dict(more)), encoding="utf-8")
    path.chmod(0o600)
    return path


@contextlib.contextmanager
def _running(
    found: Served, workspace: Path, council: str, settings: Path, port: int
) -> Iterator[None]:
    named = {
        "SEND_WORKSPACE": str(workspace),
        "SEND_COUNCIL": council,
        "SEND_COOKIE_SECRET": found.key,
        "SEND_CLIENT_SECRET": secrets.token_hex(16),
        "SEND_METRICS_TOKEN": found.token,
    }
    words = ("--settings", str(settings), "--port", str(port))
    log = found.folder / "server.log"
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "commands.cli", "serve", *words],
            cwd=PROJECT_ROOT,
            env=os.environ | named,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(found, process, log)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(found: Served, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, f"the server ended:\n{log.read_text(encoding='utf-8')}"
        with contextlib.suppress(OSError):
            if found.get("/healthz").status == 200:
                return
        time.sleep(0.3)
    raise AssertionError(f"the server did not start:\n{log.read_text(encoding='utf-8')}")
