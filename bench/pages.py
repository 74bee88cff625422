"""The pages in headless Chromium against an empty Streamlit app, by turns in one run.

    python bench/pages.py --workspace DIR [--council 999]

DIR holds a published release; nothing is written to it. Needs Chromium, as the browser tests do.
The table says: first useful content (the leading sentence drawn, in a fresh profile; of the empty
app its heading), changing the page (p95 over all pages, until the run has ended and every chart is
drawn; for the public and for an officer, whose pages hold more), a what-if question (until the
answer's words have changed: the first after the page has opened, and of the others the median, the
p95 and the slowest), and the memory of the server over two hundred changes of page.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from pipelines.settings import PROJECT_ROOT

FLAGS = (
    *("--server.headless=true", "--server.address=127.0.0.1", "--server.fileWatcherType=none"),
    *("--browser.gatherUsageStats=false", "--client.toolbarMode=viewer"),
)
EMPTY_APP = """
import streamlit as st

def first():
    st.title("First")

def second():
    st.title("Second")

st.navigation([st.Page(first), st.Page(second)]).run()
"""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PATIENCE_MS = 60_000
# Of first content, and changes of page while memory is watched.
ROUNDS, SOAK = 7, 200
# As many questions as the slider has steps.
STEPS = 40
# The heading of any page, and the sentence that the first one begins with.
HEADING = "[data-testid=stMain] h1"
LEAD = "[data-testid=stMain] .st-key-sm-lead [data-testid=stText]"
# Milliseconds from the request to the frame in which the element is drawn.
WATCH = """new MutationObserver((_, observer) => {
    if (!document.querySelector(USEFUL)) return;
    observer.disconnect();
    requestAnimationFrame(now => { window.firstDrawn = now; });
}).observe(document, {childList: true, subtree: true});"""
# Milliseconds from the key to the frame in which the answer says so. The page looks at its own
# clock, and at the paragraphs only: to read the whole page again and again takes longer than they.
LISTEN = """said => {
    window.answered = 0;
    let asked = 0;
    addEventListener('keydown', key => { asked = key.timeStamp; }, {once: true, capture: true});
    new MutationObserver((_, observer) => {
        const told = [...document.querySelectorAll('[data-testid=stMain] p.sm-tight')];
        if (!told.some(paragraph => paragraph.textContent.includes(said))) return;
        observer.disconnect();
        requestAnimationFrame(now => { window.answered = now - asked; });
    }).observe(document, {childList: true, subtree: true, characterData: true});
}"""
# The run has ended, nothing stands in for a part still to come, and every chart is drawn.
SETTLED = (
    "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
    " && !document.querySelector('[data-testid=stSkeleton]')"
    " && [...document.querySelectorAll('.stPlotlyChart')]"
    ".every(chart => chart.querySelector('.main-svg'))"
)
STAFF = "More or fewer cases finished a week, by staff"


@contextlib.contextmanager
def running(app: Path, **environment: str) -> Iterator[tuple[str, int]]:
    """A Streamlit app on a free port: its address and process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(app), f"--server.port={port}", *FLAGS],
        cwd=PROJECT_ROOT,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2)
                break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(30)


def first_content(browser: Browser, address: str, useful: str = HEADING) -> float:
    """Seconds from the request to the first thing worth reading drawn, in a fresh profile.

    The page itself looks at its clock: asked from outside, it answers in steps of half a second.
    """
    profile = browser.new_context(viewport={"width": 1280, "height": 900})
    page = profile.new_page()
    page.add_init_script(WATCH.replace("USEFUL", json.dumps(useful)))
    page.goto(address, wait_until="commit")
    page.wait_for_function("window.firstDrawn", timeout=PATIENCE_MS)
    taken = page.evaluate("window.firstDrawn") / 1000
    profile.close()
    return float(taken)


def changes(page: Page, rounds: int) -> list[float]:
    """Seconds of each change of page, through all of them and round again."""
    links = page.locator("[data-testid=stSidebarNavLink]")
    names = links.all_inner_texts()
    taken = []
    for place in [*range(1, len(names)), 0] * rounds:
        before = page.locator(HEADING).inner_text()
        begun = time.perf_counter()
        links.nth(place).click()
        page.wait_for_function(
            "before => { const now = document.querySelector('[data-testid=stMain] h1');"
            f" return now && now.innerText !== before && {SETTLED}; }}",
            arg=before,
            timeout=PATIENCE_MS,
        )
        taken.append(time.perf_counter() - begun)
    return taken


def what_if(browser: Browser, address: str, rounds: int) -> list[float]:
    """Seconds from a step of the slider to the changed answer, for officers."""
    page = opened(browser, f"{address}/timeliness?role=officer")
    slider = page.get_by_role("slider", name=STAFF)
    slider.wait_for(timeout=PATIENCE_MS)
    # Nobody moves a slider before it is in sight: the way to it is no part of the question.
    slider.focus()
    page.wait_for_function(SETTLED, timeout=PATIENCE_MS)
    taken = []
    for step in range(1, rounds + 1):
        page.evaluate(LISTEN, f"{step} more case")
        page.keyboard.press("ArrowRight")
        page.wait_for_function("window.answered", timeout=PATIENCE_MS)
        taken.append(page.evaluate("window.answered") / 1000)
        page.wait_for_function(SETTLED, timeout=PATIENCE_MS)
    page.context.close()
    return taken


def opened(browser: Browser, address: str) -> Page:
    """A fresh profile on an address, once the app rests."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(address)
    page.wait_for_selector(HEADING, timeout=PATIENCE_MS)
    page.wait_for_function(SETTLED, timeout=PATIENCE_MS)
    return page


def memory_mb(process: int) -> float:
    """Resident memory of a process."""
    text = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    line = next(line for line in text.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return quantiles(values, n=20, method="inclusive")[-1]


def line(what: str, product: str, bare: str, ratio: str, limit: str) -> str:
    """One line of the table."""
    return f"| {what} | {product} | {bare} | {ratio} | {limit} |"


def opening(browser: Browser, ours: str, empty: str, rounds: int) -> str:
    """First useful content of both, by turns: the leading sentence, against the bare heading."""

    def pair() -> tuple[float, float]:
        return first_content(browser, ours, LEAD), first_content(browser, empty)

    pair()
    pairs = [pair() for _ in range(rounds)]
    mine, bare = median(a for a, _ in pairs), median(b for _, b in pairs)
    return line("first content", f"{mine:.2f} s", f"{bare:.2f} s", f"{mine / bare:.2f}", "1.5")


def changing(page: Page, blank: Page, reader: str) -> str:
    """Changes of page of both, once all are warm. reader: whose pages they are."""
    changes(page, 1), changes(blank, 2)
    mine, bare = p95(changes(page, 3)), p95(changes(blank, 15))
    told, what = f"{mine - bare:+.2f} s", f"changing the page, {reader}, p95"
    return line(what, f"{mine:.2f} s", f"{bare:.2f} s", told, "+0.6 s")


def asking(browser: Browser, ours: str) -> Iterator[str]:
    """What-if questions: the limit holds for each, the first after the page has opened too."""
    first, *others = what_if(browser, ours, STEPS)
    yield line("what-if, the first after opening", f"{first:.2f} s", "", "", "0.3 s")
    told = f"{median(others):.2f} s, {p95(others):.2f} s, {max(others):.2f} s"
    yield line("what-if, all others: median, p95, slowest", told, "", "", "0.3 s")


def soaking(page: Page, process: int, soak: int) -> str:
    """The server's memory before and after so many changes of page."""
    count = page.locator("[data-testid=stSidebarNavLink]").count()
    changes(page, max(1, soak // 4 // count))
    early = memory_mb(process)
    changes(page, max(1, soak // count))
    late = memory_mb(process)
    what = f"memory, {soak} changes of page later"
    return line(what, f"{late:.0f} MB", f"{early:.0f} MB", f"{late / early:.2f}", "flat")


def measured(workspace: Path, council: str, rounds: int, soak: int) -> Iterator[str]:
    """The lines of the table, in Markdown, each as soon as it is known."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    names = {"SEND_WORKSPACE": str(workspace), "SEND_COUNCIL": council}
    app = PROJECT_ROOT / "dashboards" / "app.py"
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="send-bench-")))
        (folder / "empty.py").write_text(EMPTY_APP, encoding="utf-8")
        ours, process = stack.enter_context(running(app, **names))
        empty, _ = stack.enter_context(running(folder / "empty.py"))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        stack.callback(browser.close)
        yield opening(browser, ours, empty, rounds)
        page, blank = opened(browser, ours), opened(browser, empty)
        yield changing(page, blank, "public")
        officer = opened(browser, f"{ours}/?role=officer")
        yield changing(officer, blank, "officer")
        officer.context.close()
        yield from asking(browser, ours)
        yield soaking(page, process, soak)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time the pages against an empty app.")
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--council", default="999")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--soak", type=int, default=SOAK)
    asked = parser.parse_args()
    print("| what | product | empty app | ratio | limit |\n|---|---|---|---|---|", flush=True)
    for told in measured(asked.workspace, asked.council, asked.rounds, asked.soak):
        print(told, flush=True)


if __name__ == "__main__":
    main()
