"""Many readers at once: websocket clients of `send serve`, on one process or on two behind nginx.

    python bench/load.py --workspace DIR [--council 999] [--users 30] [--minutes 10] [--processes 2]

DIR holds a published release; nothing is written to it. Each reader signs in by a cookie of the
run's own key, keeps a page open, thinks, and goes to another page or asks Compare for another
measure. A third of them are officers. An answer is counted from the question to the end of the run,
with every byte received; drawing it is the browser's part (bench/pages.py).
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from load_servers import Served, busy_seconds, memory_mb, serving
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

PAGES = (
    *("", "delivery_plan", "demand", "timeliness", "placements", "early_support"),
    *("compare", "statements", "data_quality", "about"),
)
ANSWER_SECONDS = 60
# Readers come one after another within this time; their first pages are not counted.
ARRIVAL_SECONDS = 30
XSRF = re.compile(r"_streamlit_xsrf=([^;]+)")


@dataclass(frozen=True)
class Plan:
    """What the readers do.

    Attributes:
        think: seconds between an answer and the next question, on average.
        seconds: how long it is counted, once all have come.
    """

    users: int = 30
    think: float = 4.0
    seconds: float = 600.0


@dataclass
class Told:
    """What came of it.

    Attributes:
        answers: seconds of each counted answer.
        errors: what went wrong, in the order of time.
        memory: resident megabytes of all processes, from all readers' first page on, evenly spread.
        busy: processor seconds of all processes, at the same moments.
    """

    answers: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)

    def p(self, share: int) -> float:
        """A percentile of the answers."""
        return quantiles(self.answers, n=100, method="inclusive")[share - 1]


class Reader:
    """One person with one open page."""

    def __init__(self, served: Served, number: int, told: Told) -> None:
        self._served = served
        self._role = "officer" if number % 3 == 0 else "cabinet"
        self._number = number
        self._draw = random.Random(number)  # noqa: S311
        self._told = told

    async def read(self, plan: Plan, begin: float, end: float) -> None:
        """Come, and then ask and think until the end."""
        await asyncio.sleep(ARRIVAL_SECONDS * self._number / plan.users)
        try:
            cookies = await asyncio.to_thread(self._cookies)
            async with connect(
                f"ws{self._served.address.removeprefix('http')}/_stcore/stream",
                origin=self._served.address,  # type: ignore[arg-type]
                additional_headers={"Cookie": cookies},
                subprotocols=["streamlit"],  # type: ignore[list-item]
                max_size=None,
            ) as page:
                await self._ask(page, "", "")
                await self._go_on(page, plan, begin, end)
        except (OSError, WebSocketException, TimeoutError) as error:
            self._told.errors.append(f"{type(error).__name__} {error}")

    def _cookies(self) -> str:
        """As a browser has them: signed in, and with what the framework's health check sets."""
        signed = self._served.signed_in(f"reader-{self._number}", self._role)
        health = f"{self._served.address}/_stcore/health"
        asked = urllib.request.Request(health, headers={"Cookie": signed})  # noqa: S310
        with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
            found = XSRF.search(answer.headers.get("Set-Cookie", ""))
        return f"{signed}; _streamlit_xsrf={found[1]}" if found else signed

    async def _go_on(self, page: ClientConnection, plan: Plan, begin: float, end: float) -> None:
        while time.perf_counter() < end:
            await asyncio.sleep(self._draw.uniform(0.5, 1.5) * plan.think)
            asked = time.perf_counter()
            await self._ask(page, *self._question())
            if begin < asked < end:
                self._told.answers.append(time.perf_counter() - asked)

    def _question(self) -> tuple[str, str]:
        """A page and its address: every fifth time another measure on Compare."""
        if self._draw.random() < 0.2:
            return "compare", f"measure={self._draw.choice(self._served.measures)}"
        return self._draw.choice(PAGES), ""

    async def _ask(self, page: ClientConnection, name: str, query: str) -> None:
        asked = BackMsg()
        asked.rerun_script.page_name = name
        asked.rerun_script.query_string = query
        await page.send(asked.SerializeToString())
        async with asyncio.timeout(ANSWER_SECONDS):
            while True:
                message = ForwardMsg.FromString(await page.recv(decode=False))
                kind = message.WhichOneof("type")
                if kind == "delta" and message.delta.new_element.HasField("exception"):
                    self._told.errors.append(f"exception on {name or 'overview'}")
                if kind == "script_finished":
                    if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                        self._told.errors.append(f"{name or 'overview'} did not finish")
                    return


async def under_load(served: Served, plan: Plan) -> Told:
    """All readers, and the memory of the servers while they read."""
    told = Told()
    begin = time.perf_counter() + ARRIVAL_SECONDS + 2 * plan.think
    end = begin + plan.seconds
    readers = [Reader(served, number, told) for number in range(plan.users)]
    watch = asyncio.create_task(_watched(served, told, begin, end))
    await asyncio.gather(*(reader.read(plan, begin, end) for reader in readers))
    await watch
    told.errors += served.faults()
    return told


async def _watched(served: Served, told: Told, begin: float, end: float) -> None:
    for step in range(11):
        until = begin + (end - begin) * step / 10
        await asyncio.sleep(max(0.0, until - time.perf_counter()))
        told.memory.append(sum(memory_mb(process) for process in served.processes))
        told.busy.append(sum(busy_seconds(process) for process in served.processes))


def measured(workspace: Path, council: str, plan: Plan, processes: int) -> Told:
    """One run from start to end."""
    with serving(workspace, council, processes) as served:
        return asyncio.run(under_load(served, plan))


def table(told: Told, plan: Plan, processes: int) -> str:
    """One line, in Markdown."""
    where = "one process" if processes == 1 else f"{processes} processes behind nginx"
    memory = " ".join(f"{amount:.0f}" for amount in told.memory[::5])
    busy = (told.busy[-1] - told.busy[0]) / len(told.answers)
    return (
        f"| {plan.users} readers, {plan.think:.0f} s thought, {plan.seconds / 60:.0f} min, {where} "
        f"| {len(told.answers):,} | {median(told.answers):.2f} s | {told.p(95):.2f} s "
        f"| {told.p(99):.2f} s | {busy:.3f} s | {len(told.errors)} | {memory} MB |"
    )


def main() -> None:
    """Print the line of one run."""
    parser = argparse.ArgumentParser(description="Many readers of the pages at once.")
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--council", default="999")
    parser.add_argument("--users", type=int, default=30)
    parser.add_argument("--think", type=float, default=4.0)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--processes", type=int, choices=(1, 2), default=1)
    asked = parser.parse_args()
    plan = Plan(asked.users, asked.think, asked.minutes * 60)
    told = measured(asked.workspace, asked.council, plan, asked.processes)
    print(table(told, plan, asked.processes))
    for error, count in Counter(told.errors).most_common(10):
        print(count, error)


if __name__ == "__main__":
    main()
