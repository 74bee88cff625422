"""What readers of different roles get at once, and what becomes of an open page (P3, P4)."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from dashboards.serving.rules import ONLY_FOR
from dashboards.serving.server import pages_of
from pipelines.release.reader import OFFICER, PUBLIC, current_release
from pipelines.settings import PROJECT_ROOT, SAMPLE_COUNTY, Settings
from tests.integration.pseudonyms import as_shown, pseudonyms, told_of
from tests.integration.serving import MEDIA, PageClient, Served, served
from tests.integration.test_serve_files import release_of

PAGES = sorted(pages_of(Settings(PROJECT_ROOT)))
OUT_SECONDS = 60
ROUNDS = 2
# The list of open cases shows the overdue ones unless it is asked for all.
EVERY_CASE = "cases=every"
# Of a file of over two mebibytes, of which the framework looks at three pieces of 64 KiB.
QUARTER = 550_000


@pytest.fixture(scope="module")
def doors(county_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(county_workspace, tmp_path_factory.mktemp("readers"), SAMPLE_COUNTY) as found:
        yield found


@pytest.fixture(scope="module")
def children(county_workspace: Path) -> frozenset[bytes]:
    return pseudonyms(county_workspace)


@pytest.fixture(scope="module")
def shown(children: frozenset[bytes]) -> frozenset[bytes]:
    return as_shown(children)


def elements(page: PageClient, kind: str) -> list[object]:
    """The elements of one kind on the page so far."""
    found = [message.delta.new_element for message in page.messages()]
    return [getattr(element, kind) for element in found if element.WhichOneof("type") == kind]


@pytest.mark.parametrize("who", ["cabinet", "auditor"])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_tells_of_a_child_to_whoever_is_no_officer(
    doors: Served, shown: frozenset[bytes], name: str, who: str
) -> None:
    with doors.page(doors.sign_in(who)) as page:
        for query in (EVERY_CASE, f"role=officer&{EVERY_CASE}"):
            sent = page.run("" if name == "overview" else name, query)
            assert len(sent) > 2_000
            assert b"Read the pages as" not in sent
            assert told_of(shown, sent) == set()


def test_the_same_look_finds_the_children_on_an_officers_page(
    doors: Served, shown: frozenset[bytes]
) -> None:
    with doors.page(doors.sign_in("officer")) as page:
        assert len(told_of(shown, page.run("timeliness", EVERY_CASE))) > 5


def hashes_of_pages(page: PageClient) -> dict[str, str]:
    """What the framework calls each page that it lists for this reader, by its address."""
    listed = [m.navigation for m in page.messages() if m.WhichOneof("type") == "navigation"]
    return {item.url_pathname: item.page_script_hash for item in listed[-1].app_pages}


@pytest.mark.parametrize("who", ["cabinet", "officer"])
def test_no_page_is_opened_by_its_hash(doors: Served, who: str) -> None:
    """An auditor is shown every page, and so has none to ask for by its hash."""
    with doors.page(doors.sign_in("auditor")) as page:
        page.run()
        hashes = hashes_of_pages(page)
    assert len(hashes) == len(PAGES)
    with doors.page(doors.sign_in(who)) as page:
        page.run()
        mine = hashes_of_pages(page)
        hidden = {name: text for name, text in hashes.items() if name not in mine}
        assert hidden.keys() == {name for name, roles in ONLY_FOR.items() if who not in roles}
        assert hidden
        for text in hidden.values():
            page.run(page_hash=text)
            last = [m.navigation for m in page.messages() if m.WhichOneof("type") == "navigation"]
            assert last[-1].page_script_hash in set(mine.values())
    assert set(mine) <= set(hashes)


def test_whoever_has_two_roles_chooses_between_them_and_no_third(doors: Served) -> None:
    with doors.page(doors.sign_in("both")) as page:
        page.run()
        choice = elements(page, "selectbox")[0]
        assert list(choice.options) == ["Cabinet and public", "Strategy officer"]  # type: ignore[attr-defined]
        page.seen.clear()
        page.run("", "role=officer")
        assert [box.set_value or box.raw_value for box in elements(page, "selectbox")]  # type: ignore[attr-defined]
        assert b"evidence" not in b"".join(
            m.navigation.SerializeToString() for m in page.messages()
        )


def test_two_roles_on_one_page_at_once_do_not_mix(doors: Served, shown: frozenset[bytes]) -> None:
    """The cache is shared by all readers; each page is read by both at the same moment."""
    doors.sign_in("cabinet")
    doors.sign_in("officer")

    def read(who: str) -> list[bytes]:
        with doors.page(doors.sign_in(who)) as page:
            names = ["" if name == "overview" else name for name in PAGES]
            return [page.run(name, EVERY_CASE) for _ in range(ROUNDS) for name in names]

    with ThreadPoolExecutor(2) as pool:
        cabinet, officer = pool.map(read, ["cabinet", "officer"])
    assert [told_of(shown, sent) for sent in cabinet] == [set()] * len(cabinet)
    assert not any(b"Signed in: Strategy officer" in sent for sent in cabinet)
    assert all(b"Signed in: Strategy officer" in sent for sent in officer)
    assert any(told_of(shown, sent) for sent in officer)
    assert len(cabinet) == ROUNDS * len(PAGES)


def test_a_removed_reader_is_out_within_a_minute_and_at_the_next_click(doors: Served) -> None:
    leaver = doors.sign_in("leaver")
    doors.remove()
    with doors.page(leaver) as idle, doors.page(leaver) as busy:
        idle.run()
        busy.run()
        doors.remove("# has left", "LEAVER  # by subject")
        before = len(busy.seen)
        ask = BackMsg()
        ask.rerun_script.page_name = "compare"
        busy.send(ask)
        assert busy.ended_within(5)
        told = [message.WhichOneof("type") for message in busy.messages()[before:]]
        assert told[-1] == "auth_redirect"
        assert set(told) <= {"auth_redirect", "session_status_changed"}
        assert idle.ended_within(OUT_SECONDS)
        assert idle.messages()[-1].WhichOneof("type") == "auth_redirect"
        assert idle.messages()[-1].auth_redirect.url == ""
    assert doors.get("/", leaver).status == 403
    doors.remove()
    assert doors.get("/", leaver).status == 200


def test_signing_out_ends_every_tab_and_the_cookie(doors: Served) -> None:
    doors.remove()
    cookies = doors.sign_in("leaver")
    del doors.cookies["leaver"]
    with doors.page(cookies) as page:
        page.run()
        assert doors.get("/auth/logout", cookies).status in {302, 303, 307}
        assert page.ended_within(OUT_SECONDS)
    assert doors.get("/", cookies).status == 401
    assert doors.get("/", doors.sign_in("leaver")).status == 200


def test_a_session_cannot_be_taken_up_by_another_connection(doors: Served) -> None:
    with doors.page(doors.sign_in("officer")) as first:
        first.run()
    more = {"Sec-WebSocket-Protocol": f"streamlit, token, {first.session}"}
    with doors.page(doors.sign_in("officer"), **more) as second:
        second.run()
        assert second.session
        assert second.session != first.session


def test_a_header_of_the_readers_own_opens_nothing(doors: Served) -> None:
    with (
        doors.page(doors.sign_in("officer")),
        doors.page(doors.sign_in("cabinet"), **{"X-Send-Connection": "anything"}) as page,
    ):
        assert b"Signed in: Cabinet and public" in page.run()


def test_a_download_is_for_the_reader_it_was_offered_to_while_the_page_is_open(
    doors: Served,
) -> None:
    officer, cabinet = doors.sign_in("officer"), doors.sign_in("cabinet")
    with doors.page(officer) as page, doors.page(cabinet) as other:
        page.run("compare")
        other.run("compare")
        offered = elements(page, "download_button")[0].deferred_file_id  # type: ignore[attr-defined]
        assert other.deferred_file(offered) == ""
        address = page.deferred_file(offered)
        assert MEDIA.fullmatch(address.encode())
        assert doors.get(address, officer).body.startswith(b"\xef\xbb\xbf")
        for cookies, status in ((cabinet, 404), (doors.sign_in("auditor"), 404), ({}, 401)):
            answer = doors.get(address, cookies)
            assert (answer.status, answer.body) == (status, b"")
    time.sleep(1)
    assert doors.get(address, officer).status == 404


@pytest.fixture(scope="module")
def large(county_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Officers and cabinet have the same list of files, but for one letter in it."""
    workspace = release_of(county_workspace, tmp_path_factory.mktemp("large"), {PUBLIC, OFFICER})
    release = current_release(workspace)
    assert release
    with duckdb.connect(str(release.officer_path)) as connection:
        connection.execute(f"attach '{release.public_path}' as public")
        connection.execute(
            "create or replace table public.marts.source_file as from marts.source_file"
        )
        # Away from the start, the middle and the end, which are all that the framework looks at.
        for table, letter in (("public.marts.source_file", "c"), ("marts.source_file", "o")):
            newest = f"(select max(file_id) from {table} where source <> 'council')"  # noqa: S608
            change = f"update {table} set archive_name = ? where file_id = {newest}"  # noqa: S608
            connection.execute(change, ["a" * QUARTER + letter + "a" * 3 * QUARTER])
    with served(workspace, tmp_path_factory.mktemp("large-doors"), SAMPLE_COUNTY) as found:
        yield found


def test_two_large_files_that_differ_in_one_letter_reach_their_own_readers(large: Served) -> None:
    cookies = {who: large.sign_in(who) for who in ("officer", "cabinet")}
    with large.page(cookies["officer"]) as officer, large.page(cookies["cabinet"]) as cabinet:
        addresses = {}
        for who, page in (("officer", officer), ("cabinet", cabinet)):
            page.run("data_quality")
            buttons = elements(page, "download_button")
            (button,) = [each for each in buttons if each.id.endswith("-csv-files")]  # type: ignore[attr-defined]
            addresses[who] = page.deferred_file(button.deferred_file_id)  # type: ignore[attr-defined]
        bodies = {who: large.get(addresses[who], cookies[who]).body for who in cookies}
        other = large.get(addresses["officer"], cookies["cabinet"])
    assert {who: body.count(b"a" * QUARTER + b"o") for who, body in bodies.items()} == {
        "officer": 1,
        "cabinet": 0,
    }
    assert bodies["cabinet"] == bodies["officer"].replace(b"aaoaa", b"aacaa")
    assert len(bodies["cabinet"]) > 2 * 1024 * 1024
    assert addresses["officer"] != addresses["cabinet"]
    assert (other.status, other.body) == (404, b"")
    # Under one name the framework takes the two for one: it is the name that tells them apart.
    storage = MemoryMediaFileStorage("/media")
    kind = MediaFileKind.DOWNLOADABLE
    assert len({storage.load_and_get_id(b, "text/csv", kind, "f") for b in bodies.values()}) == 1


@pytest.mark.parametrize("stem", ["open-cases", "findings"])
def test_row_level_files_are_the_officers_rows(
    doors: Served, county_workspace: Path, children: frozenset[bytes], stem: str
) -> None:
    answer = doors.get(f"/files/{stem}.csv", doors.sign_in("officer"))
    rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))
    release = current_release(county_workspace)
    assert release
    assert answer.headers["content-disposition"].endswith(f'"{stem}-{release.id}.csv"')
    with duckdb.connect(str(release.officer_path), read_only=True) as connection:
        held = connection.execute(COUNTS[stem]).fetchall()
    assert len(rows) == held[0][0] > 10
    assert {row["pseudonym"].encode() for row in rows if row["pseudonym"]} <= children
    lines = (doors.folder / "access.jsonl").read_text(encoding="utf-8").splitlines()
    (noted,) = [json.loads(line) for line in lines if f"/files/{stem}.csv" in line]
    assert noted["roles"] == ["officer"]
    assert (noted["status"], noted["release"]) == (200, release.id)


COUNTS = {
    "open-cases": """
        select count(*) from cases.open_case where file_id = (
            select file_id from cases.case_return where is_newest
            order by reference_date desc limit 1
        )""",
    "findings": """
        select count(*) from cases.record_finding as a where a.reference_date is null
        or not exists (
            select 1 from cases.record_finding as b
            where b.kind is not distinct from a.kind
            and b.return_kind is not distinct from a.return_kind
            and b.reference_date > a.reference_date
        )""",
}
