"""The servers of bench/load.py: `send serve` once or twice, and nginx as deploy/nginx has it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from itsdangerous import URLSafeTimedSerializer

from pipelines.settings import PROJECT_ROOT

SITE = PROJECT_ROOT / "deploy" / "nginx" / "send-monitor.conf"
GROUPS = {"cabinet": "SEND.Cabinet", "officer": "SEND.Officer", "auditor": "SEND.Auditor"}
COOKIE = "_streamlit_user"
READY_SECONDS = 120
# What a test of the site on this machine has instead: no TLS, free ports, one folder.
AROUND = """daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
access_log off;
client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi;
scgi_temp_path {folder}/scgi;
{site}
}}
"""


@dataclass(frozen=True)
class Served:
    """Running servers.

    Attributes:
        address: what readers type. processes: ids of the servers, nginx left out.
        measures: ids that Compare can be asked for.
    """

    address: str
    folder: Path
    key: str
    processes: tuple[int, ...]
    measures: tuple[str, ...]

    def signed_in(self, subject: str, role: str) -> str:
        """The cookie of somebody who signed in just now with one role."""
        claims = {
            "iss": self.address,
            "sub": subject,
            "roles": [GROUPS[role]],
            "origin": self.address,
            "is_logged_in": True,
        }
        return f"{COOKIE}={URLSafeTimedSerializer(self.key, salt=COOKIE).dumps(json.dumps(claims))}"

    def faults(self) -> list[str]:
        """What the servers noted as faults, and answers of 500 and above."""
        lines = [
            json.loads(line)
            for path in sorted(self.folder.glob("access-*.jsonl"))
            for line in path.read_text(encoding="utf-8").splitlines()
        ]
        return [
            json.dumps({name: text for name, text in line.items() if name not in {"at", "subject"}})
            for line in lines
            if "fault" in line or int(line.get("status", 0)) >= 500
        ]


@contextlib.contextmanager
def serving(workspace: Path, council: str, processes: int) -> Iterator[Served]:
    """So many processes over one workspace; two of them behind nginx."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="send-load-")))
        ports = [free_port() for _ in range(processes)]
        front = ports[0] if processes == 1 else free_port()
        address, key = f"http://localhost:{front}", secrets.token_hex(32)
        environment = os.environ | {
            "SEND_WORKSPACE": str(workspace),
            "SEND_COUNCIL": council,
            "SEND_COOKIE_SECRET": key,
            "SEND_CLIENT_SECRET": secrets.token_hex(16),
        }
        (folder / "removed.txt").touch(mode=0o600)
        found = [
            stack.enter_context(_process(_command(folder, address, port), environment))
            for port in ports
        ]
        if processes > 1:
            stack.enter_context(_process(_nginx(folder, front, ports), environment))
        for port in {*ports, front}:
            _wait(port)
        kpis = tuple(sorted(path.stem for path in (PROJECT_ROOT / "sql" / "kpi").glob("*.yml")))
        yield Served(address, folder, key, tuple(found), kpis)


def memory_mb(process: int) -> float:
    """Resident memory of a process."""
    text = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    line = next(line for line in text.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def busy_seconds(process: int) -> float:
    """Processor time that a process has used so far."""
    words = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _command(folder: Path, address: str, port: int) -> list[str]:
    settings = folder / f"serving-{port}.yml"
    content = {
        "mode": "oidc",
        "address": address,
        "removed": "removed.txt",
        "access_log": f"access-{port}.jsonl",
        # Nobody is sent there: the readers' cookies are signed here.
        "provider": {"metadata_url": "http://localhost:9/none", "client_id": "load"},
        "roles": {"claim": "roles", **{role: [group] for role, group in GROUPS.items()}},
    }
    settings.write_text(yaml.safe_dump(content), encoding="utf-8")
    settings.chmod(0o600)
    words = ("--settings", str(settings), "--port", str(port))
    return [sys.executable, "-m", "commands.cli", "serve", *words]


def _nginx(folder: Path, front: int, ports: Sequence[int]) -> list[str]:
    """The command of nginx over the site as it is committed, but for TLS, name and ports."""
    site = SITE.read_text(encoding="utf-8")
    for old, new in (
        (r"listen 443 ssl;", f"listen 127.0.0.1:{front};"),
        (r"server_name [^;]+;", "server_name localhost;"),
        (r"server 127\.0\.0\.1:8501;", f"server 127.0.0.1:{ports[0]};"),
        (r"server 127\.0\.0\.1:8502;", f"server 127.0.0.1:{ports[1]};"),
        (r"ssl_[a-z_]+ +[^;]+;", ""),
    ):
        site, count = re.subn(old, new, site)
        if not count:
            raise ValueError(f"{SITE.name} has no {old}")
    path = folder / "nginx.conf"
    path.write_text(AROUND.format(folder=folder, site=site), encoding="utf-8")
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise FileNotFoundError("no nginx: apt-get install nginx-light")
    return [program, "-p", str(folder), "-c", str(path)]


@contextlib.contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[int]:
    process = subprocess.Popen(
        command,
        cwd=PROJECT_ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://localhost:{port}/healthz", timeout=2).close()
            return
        time.sleep(0.3)
    raise TimeoutError(f"nothing answers on port {port}")
