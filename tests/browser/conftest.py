"""The real app in a real browser, on workspaces that the product itself built.

Plain Playwright with the machine's Chromium: CHROMIUM names one, otherwise `chromium` on the path.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from pipelines.settings import PROJECT_ROOT, SAMPLE_COUNTY

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
READY_SECONDS = 60
PATIENCE_MS = 45_000

# Streamlit asks for its own health under the page's address first, and finds it at the root.
FRAMEWORK_PROBES = ("_stcore/health", "_stcore/host-config")


@dataclass
class Visit:
    """A page and what it did besides showing itself."""

    page: Page
    base: str
    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def open(self, address: str) -> Page:
        """Go to an address of the app and wait until the page stands to its last line."""
        self.page.goto(f"{self.base}/{address}", wait_until="domcontentloaded")
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until the app rests: the footer stands and nothing runs any more."""
        self.page.wait_for_selector(".sm-footer", timeout=PATIENCE_MS)
        self.page.wait_for_function(
            "!document.querySelector('[data-testid=stStatusWidget]')"
            " && !document.querySelector('[data-testid=stSkeleton]')",
            timeout=PATIENCE_MS,
        )


def chromium() -> str:
    """The browser's path; a machine without one fails, it does not skip."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert found, "no Chromium: run `make browser`, or name one in CHROMIUM"
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield opened
        opened.close()


@contextlib.contextmanager
def serve(workspace: Path, log: Path, **names: str) -> Iterator[str]:
    """The app as `send dashboard` starts it, on a free port; its address. names: environment.

    Whoever served it learns in the end of every error that the app met, though no page showed it.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "commands.cli", "dashboard", "--no-browser"]
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=PROJECT_ROOT,
            env=os.environ | {"SEND_WORKSPACE": str(workspace)} | names,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", process, log)
            yield f"http://127.0.0.1:{port}"
            # Before the app is ended: what it says of its own end is no fault of a page.
            assert_untroubled(log)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 15)
            process.wait(timeout=30)


def assert_untroubled(log: Path) -> None:
    """No error was raised in an app so far; of one that was, the log's words."""
    told = log.read_text(encoding="utf-8").partition("Traceback")
    assert not told[1], "".join(told[1:])


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the app ended:\n{log.read_text(encoding='utf-8')}"
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2):  # noqa: S310
            return
        time.sleep(0.3)
    pytest.fail(f"the app did not start:\n{log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="session")
def app(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over the facts that come with the product."""
    with serve(sample_workspace, tmp_path_factory.mktemp("app") / "app.log") as address:
        yield address


@pytest.fixture(scope="session")
def real_app(real_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over a release of the real files."""
    with serve(real_workspace, tmp_path_factory.mktemp("real-app") / "app.log") as address:
        yield address


@pytest.fixture(scope="session")
def county_app(county_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over the sample county, as `send demo` starts it."""
    log = tmp_path_factory.mktemp("county-app") / "app.log"
    with serve(county_workspace, log, SEND_COUNCIL=SAMPLE_COUNTY) as address:
        yield address


@contextlib.contextmanager
def visiting(
    browser: Browser, base: str, *, beside: frozenset[str] = frozenset(), **options: object
) -> Iterator[Visit]:
    """A fresh browser profile on the app, watched for errors and for requests elsewhere.

    No page of the app may ask a host other than the app's own. beside: hosts that a page
    asks that is not the app's, such as the provider's form.
    """
    settings = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB"} | options
    profile: BrowserContext = browser.new_context(**settings)  # type: ignore[arg-type]
    page = profile.new_page()
    page.set_default_timeout(PATIENCE_MS)
    visit = Visit(page, base)
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.on(
        "console",
        lambda message: (
            visit.errors.append(message.text)
            if message.type == "error" and not is_probe(message.location.get("url", ""))
            else None
        ),
    )
    profile.on("request", lambda request: visit.hosts.add(host_of(request.url)))
    page.on("websocket", lambda socket: visit.hosts.add(host_of(socket.url)))
    try:
        yield visit
        assert visit.hosts <= {host_of(base)} | beside
    finally:
        profile.close()


def host_of(url: str) -> str:
    """The host that is asked; data: and blob: addresses ask none."""
    return urlsplit(url).hostname or "127.0.0.1"


def is_probe(url: str) -> bool:
    return url.endswith(FRAMEWORK_PROBES)


@pytest.fixture
def visit(browser: Browser, app: str) -> Iterator[Visit]:
    with visiting(browser, app) as found:
        yield found
