"""Odd addresses: whatever stands in a link, the page says its own words and nothing fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from dashboards.serving.server import pages_of
from pipelines.settings import PROJECT_ROOT, SAMPLE_COUNTY, Settings
from tests.integration.serving import Served, served

PAGES = sorted(pages_of(Settings(PROJECT_ROOT)) - {"evidence"})
# Every parameter that any page reads, as the code names it.
READ = re.compile(r"""(?:address|asked|given)\.get\(\s*["']([a-z_]+)["']""")
NAMES = sorted(
    {
        name
        for path in (PROJECT_ROOT / "dashboards").rglob("*.py")
        for name in READ.findall(path.read_text(encoding="utf-8"))
    }
)
VALUES = {
    "empty": "",
    "markup": "<script>alert(1)</script>",
    "quotes": "'; drop table marts.kpi_value; --",
    "way-up": "../../officer.duckdb",
    "number": "-9" * 30,
    "list": ",,,All,,",
    "not-a-letter": "\x00\r\n\ud7ff\U0001f600",
    "long": "x" * 5000,
}


@pytest.fixture(scope="module")
def doors(county_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(county_workspace, tmp_path_factory.mktemp("addresses"), SAMPLE_COUNTY) as found:
        yield found


@pytest.mark.parametrize("odd", VALUES)
@pytest.mark.parametrize("who", ["cabinet", "officer"])
def test_no_parameter_of_any_page_breaks_it(doors: Served, who: str, odd: str) -> None:
    query = urlencode([*((name, VALUES[odd]) for name in NAMES), ("role", VALUES[odd])])
    with doors.page(doors.sign_in(who)) as page:
        for name in PAGES:
            page.seen.clear()
            sent = page.run("" if name == "overview" else name, query)
            added = [message.delta.new_element for message in page.messages()]
            assert not [one for one in added if one.WhichOneof("type") == "exception"], name
            assert b"sm-footer" in sent, name
            assert b"<script>alert" not in sent, name


def test_parameters_that_are_only_names_or_come_twice_break_nothing(doors: Served) -> None:
    with doors.page(doors.sign_in("officer")) as page:
        for name in PAGES:
            for query in ("measure&area&cases", "cases=every&cases=none", "%", "=&=&&&", "a[]=%ff"):
                page.seen.clear()
                assert b"sm-footer" in page.run("" if name == "overview" else name, query), name


def test_the_parameters_of_the_pages_were_found() -> None:
    assert {"measure", "area", "cases", "scenario", "verdict", "priority", "rate"} <= set(NAMES)
