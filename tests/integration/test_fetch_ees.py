"""`send fetch ees` against a local server that speaks the publisher's protocol (ees_server.py)."""

from __future__ import annotations

import hashlib
import io
import json
import resource
import signal
import socket
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from commands.fetch import fetch_app
from pipelines.errors import InputError
from pipelines.ingest.fetch import (
    EesApi,
    FetchedFile,
    FetchedRelease,
    Patience,
    Web,
    fetch_data_set_csv,
    fetch_release,
    load_source,
)
from pipelines.settings import Settings
from tests.integration.ees_server import DataSet, EesServer, Fault, running_server

VERSION_2025 = "4c3eb898-bfd5-4081-9a96-4aa9abe32090"
CASELOAD_2025 = "897aaeeb-39b2-4913-8739-d0773d99f674"
PHASE_TYPE_API = "019df85e-ab00-7458-a4ff-b381997776cb"
PUBLICATION = "88312cc0-fe1d-4ab5-81df-33fd708185cb"
UNKNOWN_ID = "11111111-2222-3333-4444-555555555555"

HEADER = "time_period,time_identifier,geographic_level,la_name,ehcplans\r\n"
NO_WAIT = Patience(tries=3, backoff_seconds=0, jitter_seconds=0, connect_seconds=5, read_seconds=5)


def csv_text(seed: int = 1) -> str:
    """About 340 kB of a data file that does not compress well."""
    figures = (hashlib.sha256(f"{seed} {row}".encode()).hexdigest()[:16] for row in range(7000))
    return HEADER + "".join(f"202425,Academic year,National,,{figure}\r\n" for figure in figures)


def release_zip(seed: int = 1, name: str = "data/caseload.csv") -> bytes:
    """A release of one file, stored as it is, so that it comes in several pieces."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(name, (2025, 7, 1, 10, 15, 0)), csv_text(seed))
    return held.getvalue()


BODY = release_zip()
CSV = csv_text().encode()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server() -> Iterator[EesServer]:
    with running_server() as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(workspace=tmp_path / "work space")


def fetch(server: EesServer, settings: Settings, patience: Patience = NO_WAIT) -> FetchedRelease:
    return fetch_release("2025", settings, base_urls=server.base_urls(), patience=patience)


def fetch_csv(server: EesServer, settings: Settings, identifier: str) -> FetchedFile:
    return fetch_data_set_csv(identifier, settings, base_urls=server.base_urls(), patience=NO_WAIT)


def own_settings(settings: Settings, **content: Any) -> None:
    """The workspace's own ees_releases.yml."""
    settings.workspace.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(content)
    (settings.workspace / "ees_releases.yml").write_text(text, encoding="utf-8")


def inbox(settings: Settings) -> list[str]:
    folder = settings.workspace / "inbox"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def damaged(body: bytes) -> bytes:
    """One bit of the member's content turned; the zip's directory still reads."""
    return body[:5000] + bytes([body[5000] ^ 1]) + body[5001:]


# A good day


def test_release_arrives_whole_with_its_records(server: EesServer, settings: Settings) -> None:
    served = server.add_release(VERSION_2025, BODY)
    steps: list[tuple[int, int | None]] = []
    fetched = fetch_release(
        "2025",
        settings,
        base_urls=server.base_urls(),
        patience=NO_WAIT,
        on_progress=lambda done, total: steps.append((done, total)),
    )
    sha256 = hashlib.sha256(BODY).hexdigest()
    name = "education-health-and-care-plans_2025.zip"
    assert fetched.path == settings.workspace / "inbox" / name
    assert fetched.path.read_bytes() == BODY
    assert fetched.file.is_new
    assert inbox(settings) == [name, f"{name}.json", f"{name}.sha256"]
    assert (fetched.path.parent / f"{name}.sha256").read_text() == f"{sha256}  {name}\n"
    record = json.loads((fetched.path.parent / f"{name}.json").read_text())
    assert record == {
        "file": name,
        "url": f"{server.url}/content/api/releases/{VERSION_2025}/files?fromPage=ReleaseDownloads",
        "sha256": sha256,
        "size_bytes": len(BODY),
        "etag": served.tag(),
        "fetched_at": fetched.file.fetched_at,
    }
    assert steps[-1] == (len(BODY), len(BODY))
    assert len(steps) > 3
    assert "send-monitor" in server.asked[0].agent


def test_release_zipped_while_it_is_sent_has_no_length(
    server: EesServer, settings: Settings
) -> None:
    server.add_release(VERSION_2025, BODY, has_length=False, has_ranges=False, etag=None)
    assert fetch(server, settings).path.read_bytes() == BODY


def test_second_call_downloads_nothing(server: EesServer, settings: Settings) -> None:
    server.add_release(VERSION_2025, BODY)
    first = fetch(server, settings)
    again = fetch(server, settings)
    assert len(server.asked) == 1
    assert not again.file.is_new
    assert again.file.sha256 == first.file.sha256
    assert again.file.fetched_at == first.file.fetched_at


def test_newest_release_is_the_default(server: EesServer, settings: Settings) -> None:
    source = load_source(settings)
    version = source.releases[source.newest_release()].version_id
    server.add_release(version, BODY)
    fetched = fetch_release(None, settings, base_urls=server.base_urls(), patience=NO_WAIT)
    assert fetched.version_id == version
    assert fetched.release >= "2026"


def test_amended_release_is_kept_beside_the_first(server: EesServer, settings: Settings) -> None:
    server.add_release(VERSION_2025, BODY)
    server.add_release(UNKNOWN_ID, release_zip(2))
    first = fetch(server, settings)
    own_settings(settings, releases={"2025": {"version_id": UNKNOWN_ID}})
    amended = fetch(server, settings)
    assert amended.path != first.path
    assert first.path.read_bytes() == BODY
    assert amended.path.read_bytes() == release_zip(2)
    assert not fetch(server, settings).file.is_new


def test_a_file_that_we_did_not_fetch_is_never_overwritten(
    server: EesServer, settings: Settings
) -> None:
    server.add_release(VERSION_2025, BODY)
    own = settings.workspace / "inbox" / "education-health-and-care-plans_2025.zip"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"from a browser")
    with pytest.raises(InputError, match="was not fetched, or has changed") as caught:
        fetch(server, settings)
    assert "send ingest" in caught.value.remedy
    assert own.read_bytes() == b"from a browser"
    assert server.asked == []


def test_a_fetched_file_that_was_changed_since_is_noticed(
    server: EesServer, settings: Settings
) -> None:
    server.add_release(VERSION_2025, BODY)
    path = fetch(server, settings).path
    path.write_bytes(damaged(BODY))
    with pytest.raises(InputError, match="has changed since"):
        fetch(server, settings)


# Interrupted


def test_download_goes_on_where_the_connection_broke(server: EesServer, settings: Settings) -> None:
    served = server.add_release(VERSION_2025, BODY)
    server.faults.append(Fault(break_after=200_000))
    assert fetch(server, settings).path.read_bytes() == BODY
    first, second = server.asked
    assert first.range is None
    assert second.range is not None
    assert 100_000 < int(second.range.removeprefix("bytes=").removesuffix("-")) <= 200_000
    assert second.if_range == served.tag()


def test_download_goes_on_in_the_next_run(server: EesServer, settings: Settings) -> None:
    server.add_release(VERSION_2025, BODY)
    server.faults.append(Fault(break_after=200_000))
    once = Patience(tries=1, backoff_seconds=0, jitter_seconds=0)
    with pytest.raises(InputError, match="broke off after") as caught:
        fetch(server, settings, once)
    assert "goes on where it stopped" in caught.value.remedy
    assert all(name.startswith(".") for name in inbox(settings))
    assert fetch(server, settings, once).path.read_bytes() == BODY
    assert server.asked[1].range is not None


def test_part_of_another_edition_is_not_gone_on_with(server: EesServer, settings: Settings) -> None:
    """The release is amended after an interruption; its mark tells nothing apart."""
    server.add_release(VERSION_2025, BODY, etag='"same"')
    server.add_release(UNKNOWN_ID, release_zip(2), etag='"same"')
    server.faults.append(Fault(break_after=200_000))
    with pytest.raises(InputError, match="broke off after"):
        fetch(server, settings, Patience(tries=1))
    own_settings(settings, releases={"2025": {"version_id": UNKNOWN_ID}})
    assert fetch(server, settings).path.read_bytes() == release_zip(2)
    assert [asked.range for asked in server.asked] == [None, None]


def test_date_of_last_change_serves_where_there_is_no_etag(
    server: EesServer, settings: Settings
) -> None:
    date = "Thu, 26 Jun 2025 08:30:00 GMT"
    server.add_release(VERSION_2025, BODY, etag=None, last_modified=date)
    server.faults.append(Fault(break_after=200_000))
    assert fetch(server, settings).path.read_bytes() == BODY
    assert server.asked[1].if_range == date


@pytest.mark.parametrize("etag", ['W/"weak"', None])
def test_without_a_strong_mark_it_starts_again(
    server: EesServer, settings: Settings, etag: str | None
) -> None:
    server.add_release(VERSION_2025, BODY, etag=etag)
    server.faults.append(Fault(break_after=200_000))
    assert fetch(server, settings).path.read_bytes() == BODY
    assert [asked.range for asked in server.asked] == [None, None]


def test_server_without_ranges_sends_everything_again(
    server: EesServer, settings: Settings
) -> None:
    server.add_release(VERSION_2025, BODY, has_ranges=False)
    server.faults.append(Fault(break_after=200_000))
    assert fetch(server, settings).path.read_bytes() == BODY
    assert server.asked[1].range is not None


def test_file_changed_between_tries_starts_again(server: EesServer, settings: Settings) -> None:
    served = server.add_release(VERSION_2025, BODY)
    server.faults.append(Fault(break_after=200_000))
    changed = release_zip(2)
    server.after_answer = lambda: setattr(served, "body", changed)
    assert fetch(server, settings).path.read_bytes() == changed
    assert len(server.asked) == 2


def test_file_that_became_shorter_starts_again(server: EesServer, settings: Settings) -> None:
    """The server keeps its ETag by mistake and has fewer bytes than we hold: 416."""
    served = server.add_release(VERSION_2025, BODY, etag='"same"')
    server.faults.append(Fault(break_after=200_000))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("data/requests.csv", HEADER)
    server.after_answer = lambda: setattr(served, "body", held.getvalue())
    assert fetch(server, settings).path.read_bytes() == held.getvalue()
    assert [asked.range is not None for asked in server.asked] == [False, True, False]


def test_splice_of_two_editions_is_found_by_the_checksums(
    server: EesServer, settings: Settings
) -> None:
    """The server keeps its ETag by mistake: both halves come, from different files."""
    served = server.add_release(VERSION_2025, BODY, etag='"same"')
    server.faults.append(Fault(break_after=200_000))
    changed = release_zip(2)
    assert len(changed) == len(BODY)
    server.after_answer = lambda: setattr(served, "body", changed)
    assert fetch(server, settings).path.read_bytes() == changed
    assert [asked.range is not None for asked in server.asked] == [False, True, False]


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Range": f"bytes 5-9/{len(CSV)}"},
        {"Content-Range": f"bytes {196_608}-{len(CSV) - 1}/{len(CSV)}", "ETag": '"another"'},
        {"Content-Range": "bytes 196608-196612/*"},
        {},
    ],
)
def test_answer_that_is_another_part_is_not_spliced_in(
    server: EesServer, settings: Settings, headers: dict[str, str]
) -> None:
    """A CSV has no checksum that would find it afterwards. 196,608 bytes are held."""
    server.add_catalogue_csv(CASELOAD_2025, CSV)
    server.faults.append(Fault(break_after=200_000))
    server.faults.append(
        Fault(status=206, headers={"Content-Type": "text/csv", **headers}, body=b"wrong")
    )
    assert fetch_csv(server, settings, CASELOAD_2025).path.read_bytes() == CSV
    assert [asked.range for asked in server.asked] == [None, "bytes=196608-", None]


def test_server_that_hands_out_a_part_at_a_time(server: EesServer, settings: Settings) -> None:
    served = server.add_catalogue_csv(CASELOAD_2025, CSV)
    server.faults.append(Fault(break_after=200_000))
    some = {
        "Content-Type": "text/csv",
        "Content-Range": f"bytes 196608-{196_608 + 999}/{len(CSV)}",
        "ETag": str(served.tag()),
    }
    server.faults.append(Fault(status=206, headers=some, body=CSV[196_608 : 196_608 + 1000]))
    assert fetch_csv(server, settings, CASELOAD_2025).path.read_bytes() == CSV
    assert server.asked[2].range == "bytes=197608-"


def test_answer_without_a_length_that_ends_early_is_asked_again(
    server: EesServer, settings: Settings
) -> None:
    """The publisher zips while it sends: when that fails, the answer just ends."""
    served = server.add_release(VERSION_2025, BODY[:200_000], has_length=False, etag=None)
    server.after_answer = lambda: setattr(served, "body", BODY)
    assert fetch(server, settings).path.read_bytes() == BODY
    assert len(server.asked) == 2


def test_chunked_answer_cut_short_is_not_taken_for_whole(
    server: EesServer, settings: Settings
) -> None:
    server.add_release(VERSION_2025, BODY, has_length=False, etag=None)
    server.faults.append(Fault(break_after=200_000))
    assert fetch(server, settings).path.read_bytes() == BODY
    assert len(server.asked) == 2


# Wrong answers


def test_body_shorter_than_announced_is_refused(server: EesServer, settings: Settings) -> None:
    server.add_release(VERSION_2025, BODY, has_ranges=False)
    server.always = Fault(announce=len(BODY) + 1)
    with pytest.raises(InputError, match=r"broke off after [\d,]+ bytes \(3 tries\)"):
        fetch(server, settings)
    assert len(server.asked) == 3
    assert all(name.startswith(".") for name in inbox(settings))


def test_web_page_with_status_200_is_refused_at_once(server: EesServer, settings: Settings) -> None:
    page = b"<html>Sign in to the council's proxy</html>"
    server.always = Fault(body=page, headers={"Content-Type": "text/html; charset=utf-8"})
    with pytest.raises(InputError, match="the answer is text/html") as caught:
        fetch(server, settings)
    assert "HTTPS_PROXY" in caught.value.remedy
    assert len(server.asked) == 1
    assert inbox(settings) == []


def test_web_page_that_says_it_is_a_zip_is_refused(server: EesServer, settings: Settings) -> None:
    server.add_release(VERSION_2025, b"<html>not found</html>")
    with pytest.raises(InputError, match="damaged: not a readable zip"):
        fetch(server, settings)
    assert len(server.asked) == 1
    assert inbox(settings) == []


def test_damaged_zip_is_refused_and_the_member_named(server: EesServer, settings: Settings) -> None:
    server.add_release(VERSION_2025, damaged(BODY))
    with pytest.raises(InputError, match=r"data/caseload\.csv does not match its checksum"):
        fetch(server, settings)
    assert inbox(settings) == []


# Offsets from the beginning (local header, name, content) and from the end (directory, its end);
# a few fields of the directory are of no use to a reader and left out.
@pytest.mark.parametrize(
    "at", [0, 26, 31, 60, 90_000, 300_000, -130, -90, -75, -69, -48, -40, -20, -12, -8]
)
def test_damage_anywhere_is_found_and_none_is_a_crash(
    server: EesServer, settings: Settings, at: int
) -> None:
    at %= len(BODY)
    server.add_release(
        VERSION_2025, BODY[:at] + bytes(byte ^ 0xA5 for byte in BODY[at : at + 6]) + BODY[at + 6 :]
    )
    with pytest.raises(InputError, match="damaged"):
        fetch(server, settings)
    assert inbox(settings) == []


def test_zip_without_a_csv_is_not_a_release(server: EesServer, settings: Settings) -> None:
    server.add_release(VERSION_2025, release_zip(name="holiday.jpg"))
    with pytest.raises(InputError, match="the zip holds no CSV"):
        fetch(server, settings)


def test_zip_that_unpacks_too_far_is_refused(server: EesServer, settings: Settings) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data/zeros.csv", b"0" * 5_000_000)
    server.add_release(VERSION_2025, held.getvalue())
    own_settings(settings, limits={"release_unpacked_bytes_max": 4_000_000})
    with pytest.raises(InputError, match="unpacks to more than 4,000,000 bytes"):
        fetch(server, settings)


@pytest.mark.parametrize("has_length", [True, False])
def test_file_over_the_limit_is_refused(
    server: EesServer, settings: Settings, has_length: bool
) -> None:
    server.add_release(VERSION_2025, BODY, has_length=has_length)
    own_settings(settings, limits={"release_bytes_max": 100_000})
    with pytest.raises(InputError, match="larger than the 100,000 bytes allowed") as caught:
        fetch(server, settings)
    assert "limits" in caught.value.remedy
    assert inbox(settings) == []


def test_disk_without_room_is_said_before_the_download(
    server: EesServer, settings: Settings
) -> None:
    server.add_release(VERSION_2025, BODY)
    server.always = Fault(announce=10**17)
    own_settings(settings, limits={"release_bytes_max": 10**18})
    with pytest.raises(InputError, match="and the disk has") as caught:
        fetch(server, settings)
    assert "--workspace" in caught.value.remedy
    assert len(server.asked) == 1


def test_disk_that_fills_up_on_the_way_is_said(server: EesServer, settings: Settings) -> None:
    """The system refuses a byte beyond 150 kB in any file, as a full disk would."""
    server.add_release(VERSION_2025, BODY)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, hard))
    try:
        with pytest.raises(InputError, match="the file cannot be written") as caught:
            fetch(server, settings)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert "Make room" in caught.value.remedy
    assert fetch(server, settings).path.read_bytes() == BODY


# Busy, missing, unreachable


def test_too_many_requests_waits_as_long_as_the_server_asks(
    server: EesServer, settings: Settings
) -> None:
    server.add_release(VERSION_2025, BODY)
    server.faults.append(Fault(status=429, headers={"Retry-After": "1"}))
    begun = time.monotonic()
    assert fetch(server, settings).path.read_bytes() == BODY
    assert time.monotonic() - begun >= 1
    assert len(server.asked) == 2


def test_server_cannot_make_us_wait_for_ever(server: EesServer, settings: Settings) -> None:
    server.add_release(VERSION_2025, BODY)
    server.faults.append(Fault(status=429, headers={"Retry-After": "86400"}))
    begun = time.monotonic()
    patience = Patience(tries=2, backoff_seconds=0, jitter_seconds=0, retry_after_seconds_max=0)
    assert fetch(server, settings, patience).path.read_bytes() == BODY
    assert time.monotonic() - begun < 60


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_server_that_stays_busy_is_given_up(
    server: EesServer, settings: Settings, status: int
) -> None:
    server.always = Fault(status=status)
    with pytest.raises(InputError, match=rf"in 3 tries \(HTTP {status}\)") as caught:
        fetch(server, settings)
    assert len(server.asked) == 3
    assert "Try again later" in caught.value.remedy
    assert inbox(settings) == []


@pytest.mark.parametrize(
    ("status", "what", "remedy"),
    [
        (404, "does not have the 2025 release under this id", "ees_releases.yml"),
        (403, "refuses to hand out the 2025 release", "HTTPS_PROXY"),
        (418, "is not the file", "browser"),
    ],
)
def test_refusal_is_explained_and_not_repeated(
    server: EesServer, settings: Settings, status: int, what: str, remedy: str
) -> None:
    server.always = Fault(status=status, body=b"<html></html>")
    with pytest.raises(InputError, match=what) as caught:
        fetch(server, settings)
    assert remedy in caught.value.remedy
    assert "send ingest FILE" in caught.value.remedy
    assert caught.value.exit_code == 2
    assert VERSION_2025 in caught.value.where
    assert len(server.asked) == 1


def test_nobody_listening_is_said_with_the_proxy_as_a_remedy(settings: Settings) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(InputError, match=r"cannot be reached \(3 tries\)") as caught:
            fetch_release("2025", settings, base_urls={"content": address}, patience=NO_WAIT)
    assert "HTTPS_PROXY" in caught.value.remedy


def test_proxy_of_the_environment_is_used(
    server: EesServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The local server plays the proxy: the address itself has nobody listening."""
    server.add_release(VERSION_2025, BODY)
    monkeypatch.setenv("HTTP_PROXY", server.url)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    behind = {"content": "http://localhost:9/content/api"}
    fetched = fetch_release("2025", settings, base_urls=behind, patience=NO_WAIT)
    assert fetched.path.read_bytes() == BODY


# Where it may go


def test_redirect_on_the_same_host_is_followed(server: EesServer, settings: Settings) -> None:
    server.add_release(UNKNOWN_ID, BODY)
    there = f"{server.url}/content/api/releases/{UNKNOWN_ID}/files"
    server.faults.append(Fault(status=302, headers={"Location": there}))
    assert fetch(server, settings).path.read_bytes() == BODY


def test_redirect_to_a_foreign_host_is_refused(server: EesServer, settings: Settings) -> None:
    with running_server() as foreign:
        foreign.add_release(VERSION_2025, BODY)
        there = f"{foreign.url}/content/api/releases/{VERSION_2025}/files"
        server.always = Fault(status=302, headers={"Location": there})
        with pytest.raises(InputError, match="not one of the publisher's hosts") as caught:
            fetch(server, settings)
        assert foreign.asked == []
    assert foreign.url in caught.value.what
    assert "storage_hosts" in caught.value.remedy
    assert inbox(settings) == []


def test_redirect_to_a_declared_storage_host_is_followed(
    server: EesServer, settings: Settings
) -> None:
    with running_server() as storage:
        storage.add_release(VERSION_2025, BODY)
        own_settings(settings, storage_hosts=[storage.url])
        there = f"{storage.url}/content/api/releases/{VERSION_2025}/files"
        server.always = Fault(status=302, headers={"Location": there})
        assert fetch(server, settings).path.read_bytes() == BODY
        assert len(storage.asked) == 1


def test_host_that_only_begins_like_ours_is_refused(server: EesServer, settings: Settings) -> None:
    """What stands before @ in an address is a user's name, whatever it looks like."""
    with running_server() as foreign:
        foreign.add_release(VERSION_2025, BODY)
        there = f"{server.url}@{foreign.url.removeprefix('http://')}"
        server.always = Fault(
            status=302,
            headers={"Location": f"{there}/content/api/releases/{VERSION_2025}/files"},
        )
        with pytest.raises(InputError, match="not one of the publisher's hosts"):
            fetch(server, settings)
        assert foreign.asked == []


def test_endless_redirects_end(server: EesServer, settings: Settings) -> None:
    server.always = Fault(status=302, headers={"Location": f"{server.url}/content/again"})
    with pytest.raises(InputError, match="more than 5 redirects"):
        fetch(server, settings)
    assert len(server.asked) == 6


@pytest.mark.parametrize("address", ["http://example.org/api", "ftp://127.0.0.1", "example.org"])
def test_addresses_are_https_except_on_this_machine(settings: Settings, address: str) -> None:
    with pytest.raises(InputError, match="is not an https address"):
        fetch_release("2025", settings, base_urls={"content": address}, patience=NO_WAIT)


# What is known of the publisher


def test_unknown_release_names_the_known_ones(settings: Settings) -> None:
    with pytest.raises(InputError, match=r"'2019' is not known \(known: 2025, 2026\)") as caught:
        fetch_release("2019", settings, patience=NO_WAIT)
    assert "ees_releases.yml" in caught.value.remedy


def test_workspace_adds_a_release(server: EesServer, settings: Settings) -> None:
    server.add_release(UNKNOWN_ID, BODY)
    own_settings(settings, releases={"2027": {"version_id": UNKNOWN_ID}})
    fetched = fetch_release(None, settings, base_urls=server.base_urls(), patience=NO_WAIT)
    assert fetched.release == "2027"
    assert set(load_source(settings).releases) == {"2025", "2026", "2027"}


def test_wrong_key_in_the_workspace_file_is_named(settings: Settings) -> None:
    own_settings(settings, releases={"2027": {"version": UNKNOWN_ID}})
    with pytest.raises(InputError, match="did you mean 'version_id'"):
        load_source(settings)


def test_workspace_file_that_is_no_mapping_is_named(settings: Settings) -> None:
    settings.workspace.mkdir(parents=True)
    (settings.workspace / "ees_releases.yml").write_text("- 2027\n")
    with pytest.raises(InputError, match="holds no settings"):
        load_source(settings)


# One CSV


def test_csv_of_the_catalogue_goes_by_its_name(server: EesServer, settings: Settings) -> None:
    server.add_catalogue_csv(CASELOAD_2025, CSV)
    fetched = fetch_csv(server, settings, CASELOAD_2025)
    assert fetched.path.name == "caseload_2025.csv"
    assert fetched.path.read_bytes() == CSV


def test_csv_goes_on_where_it_broke(server: EesServer, settings: Settings) -> None:
    server.add_catalogue_csv(CASELOAD_2025, CSV)
    server.faults.append(Fault(break_after=200_000))
    assert fetch_csv(server, settings, CASELOAD_2025).path.read_bytes() == CSV
    assert server.asked[1].range is not None


def test_csv_of_the_query_service_comes_compressed(server: EesServer, settings: Settings) -> None:
    """It cannot be resumed, as lengths count compressed bytes: a break starts it again."""
    server.add_api_csv(PHASE_TYPE_API, CSV)
    server.faults.append(Fault(break_after=60_000))
    fetched = fetch_csv(server, settings, PHASE_TYPE_API)
    assert fetched.path.read_bytes() == CSV
    assert fetched.size_bytes == len(CSV)
    assert [asked.range for asked in server.asked] == [None, None]


def test_csv_not_in_the_list_is_named_by_its_id(server: EesServer, settings: Settings) -> None:
    server.add_catalogue_csv(UNKNOWN_ID, b"\xef\xbb\xbf" + CSV)
    fetched = fetch_csv(server, settings, UNKNOWN_ID.upper())
    assert fetched.path.name == f"ees_{UNKNOWN_ID}.csv"


def test_text_that_is_no_data_file_is_refused(server: EesServer, settings: Settings) -> None:
    server.add_catalogue_csv(CASELOAD_2025, b"year,plans\n2025,638745\n")
    with pytest.raises(InputError, match="lacks the column geographic_level"):
        fetch_csv(server, settings, CASELOAD_2025)
    assert inbox(settings) == []


@pytest.mark.parametrize("identifier", ["caseload", "../../etc/passwd", ""])
def test_what_is_no_id_is_refused(server: EesServer, settings: Settings, identifier: str) -> None:
    with pytest.raises(InputError, match="is not the id of a data set"):
        fetch_csv(server, settings, identifier)
    assert server.asked == []


# The query service

META = {
    "filters": [
        {
            "id": "f1",
            "column": "sen_provision",
            "label": "SEN provision",
            "options": [{"id": "o1", "label": "Total"}, {"id": "o2", "label": "SEN support"}],
        }
    ],
    "indicators": [{"id": "i1", "column": "pupil_count", "label": "Pupils", "unit": ""}],
    "geographicLevels": [
        {"code": "NAT", "label": "National"},
        {"code": "LA", "label": "Local authority"},
        {"code": "PCON", "label": "Parliamentary constituency"},
    ],
    "locations": [
        {
            "level": {"code": "NAT", "label": "National"},
            "options": [{"id": "n1", "code": "E92000001", "label": "England"}],
        },
        {
            "level": {"code": "LA", "label": "Local authority"},
            "options": [
                {"id": "l1", "code": "E10000028", "oldCode": "860", "label": "Staffordshire"}
            ],
        },
        {
            "level": {"code": "PCON", "label": "Parliamentary constituency"},
            "options": [{"id": "p1", "code": "E14001512", "label": "Stafford"}],
        },
    ],
    "timePeriods": [{"code": "AY", "period": "2024/2025", "label": "2024/25"}],
}


def result(level: str, locations: dict[str, str], value: str, option: str = "o1") -> dict[str, Any]:
    return {
        "timePeriod": {"code": "AY", "period": "2024/2025"},
        "geographicLevel": level,
        "locations": locations,
        "filters": {"f1": option},
        "values": {"i1": value},
    }


LA_RESULTS = [result("LA", {"NAT": "n1", "LA": "l1"}, str(number)) for number in range(25)]
LA_ONLY = {"and": [{"geographicLevels": {"eq": "LA"}}]}


@pytest.fixture
def api(server: EesServer, settings: Settings) -> Iterator[EesApi]:
    server.publications = [
        {"id": PUBLICATION, "title": "Education, health and care plans"},
        {"id": UNKNOWN_ID, "title": "School workforce"},
    ]
    server.data_sets[PHASE_TYPE_API] = DataSet(
        id=PHASE_TYPE_API,
        title="Pupils by type of SEN provision",
        publication_id=PUBLICATION,
        meta=META,
        results=[
            *LA_RESULTS,
            result("NAT", {"NAT": "n1"}, "z"),
            result("PCON", {"NAT": "n1", "PCON": "p1"}, "low", "o2"),
        ],
        version="2.1",
    )
    with Web(load_source(settings, server.base_urls()), NO_WAIT) as web:
        yield EesApi(web)


def test_publications_and_their_data_sets_are_listed(api: EesApi) -> None:
    assert [item["id"] for item in api.publications("care plans")] == [PUBLICATION]
    assert len(list(api.publications())) == 2
    assert [item["id"] for item in api.data_sets(PUBLICATION)] == [PHASE_TYPE_API]
    assert list(api.data_sets(UNKNOWN_ID)) == []


def test_query_reads_every_page_of_one_version(server: EesServer, api: EesApi) -> None:
    found = list(api.query(PHASE_TYPE_API, LA_ONLY, ["i1"], page_size=10))
    assert [item["values"]["i1"] for item in found] == [str(number) for number in range(25)]
    pages = [asked for asked in server.asked if asked.method == "POST"]
    assert [asked.body["page"] for asked in pages] == [1, 2, 3]
    assert {asked.query["dataSetVersion"] for asked in pages} == {"2.1"}
    assert pages[0].body == {
        "criteria": LA_ONLY,
        "indicators": ["i1"],
        "debug": False,
        "page": 1,
        "pageSize": 10,
    }


def test_query_without_a_result_is_empty(server: EesServer, api: EesApi) -> None:
    server.data_sets[PHASE_TYPE_API].results.clear()
    assert list(api.query(PHASE_TYPE_API, LA_ONLY, ["i1"])) == []


def test_rows_speak_the_language_of_the_files(api: EesApi) -> None:
    rows = list(api.rows(PHASE_TYPE_API, {}, ["i1"], page_size=26))
    assert len(rows) == 27
    assert rows[3] == {
        "time_period": "202425",
        "time_identifier": "Academic year",
        "geographic_level": "Local authority",
        "country_code": "E92000001",
        "country_name": "England",
        "new_la_code": "E10000028",
        "old_la_code": "860",
        "la_name": "Staffordshire",
        "sen_provision": "Total",
        "pupil_count": "3",
    }
    assert rows[25]["pupil_count"] == "z"
    assert rows[26]["sen_provision"] == "SEN support"
    assert rows[26]["pcon_name"] == "Stafford"


def test_get_and_post_answer_alike(server: EesServer, api: EesApi, settings: Settings) -> None:
    url = f"{server.url}/statistics/v1/data-sets/{PHASE_TYPE_API}/query"
    with Web(load_source(settings, server.base_urls()), NO_WAIT) as web:
        params = {"geographicLevels.eq": "LA", "indicators": "i1"}
        by_get = web.ask_json("GET", url, params=params)
    assert by_get["results"] == list(api.query(PHASE_TYPE_API, LA_ONLY, ["i1"]))


def test_query_that_is_wrong_is_told_in_the_service_own_words(api: EesApi) -> None:
    with pytest.raises(InputError, match=r"indicators could not be found\. \[indicators\]"):
        list(api.query(PHASE_TYPE_API, LA_ONLY, ["no_such"]))


@pytest.mark.parametrize("version", [None, "9.0"])
def test_data_set_or_version_that_is_not_there(api: EesApi, version: str | None) -> None:
    identifier = UNKNOWN_ID if version is None else PHASE_TYPE_API
    with pytest.raises(InputError, match=r"does not have the data set .*HTTP 404"):
        list(api.query(identifier, LA_ONLY, ["i1"], version=version))


def test_data_set_not_yet_public(server: EesServer, api: EesApi) -> None:
    server.always = Fault(status=403)
    with pytest.raises(InputError, match="HTTP 403"):
        api.data_set(PHASE_TYPE_API)


@pytest.mark.parametrize("status", [429, 504])
def test_query_is_asked_again_when_the_service_is_busy(
    server: EesServer, api: EesApi, status: int
) -> None:
    server.faults.extend([Fault(), Fault(status=status), Fault(status=status)])
    assert len(list(api.query(PHASE_TYPE_API, LA_ONLY, ["i1"]))) == 25
    assert len(server.asked) == 4


def test_service_that_stays_busy_is_given_up(server: EesServer, api: EesApi) -> None:
    server.always = Fault(status=504)
    with pytest.raises(InputError, match=r"in 3 tries \(HTTP 504\)"):
        api.meta(PHASE_TYPE_API)
    assert len(server.asked) == 3


def json_fault(content: Any, **options: Any) -> Fault:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Fault(body=body, headers={"Content-Type": "application/json"}, **options)


def test_answer_that_breaks_off_is_asked_again(server: EesServer, api: EesApi) -> None:
    server.faults.append(json_fault({"latestVersion": {"version": "2.1"}}, break_after=9))
    assert api.data_set(PHASE_TYPE_API)["title"] == "Pupils by type of SEN provision"
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is not JSON"),
        ([], "did not answer with an object"),
        ({"results": []}, r"lacks paging\.totalResults"),
        ({"paging": {"totalPages": 1, "totalResults": 5}, "results": []}, "gave 0 .* announced 5"),
    ],
)
def test_answer_that_makes_no_sense_is_refused(
    server: EesServer, api: EesApi, content: Any, message: str
) -> None:
    server.always = json_fault(content)
    with pytest.raises(InputError, match=message):
        list(api.publications())


def test_result_without_a_meaning_is_refused(server: EesServer, api: EesApi) -> None:
    server.data_sets[PHASE_TYPE_API].results = [result("LA", {"LA": "unheard of"}, "1")]
    with pytest.raises(InputError, match="no meaning in the metadata"):
        list(api.rows(PHASE_TYPE_API, LA_ONLY, ["i1"]))


def test_metadata_without_a_part_is_refused(server: EesServer, api: EesApi) -> None:
    server.data_sets[PHASE_TYPE_API].meta = {**META, "locations": [{"options": []}]}
    with pytest.raises(InputError, match=r"the metadata lacks a part \('level'\)"):
        api.rows(PHASE_TYPE_API, LA_ONLY, ["i1"])


# The command


@pytest.fixture
def command(server: EesServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    own_settings(settings, base_urls=server.base_urls())
    monkeypatch.setenv("SEND_WORKSPACE", str(settings.workspace))
    return CliRunner()


def test_command_prints_the_path_and_the_next_step(
    server: EesServer, settings: Settings, command: CliRunner
) -> None:
    server.add_release(VERSION_2025, BODY)
    done = command.invoke(fetch_app, ["ees", "--release", "2025"], catch_exceptions=False)
    path = settings.workspace / "inbox" / "education-health-and-care-plans_2025.zip"
    assert done.exit_code == 0
    assert done.stdout == f"{path}\n"
    assert f"Next: send ingest '{path}'" in done.stderr
    assert "downloaded" in done.stderr
    again = command.invoke(fetch_app, ["ees", "--release", "2025"], catch_exceptions=False)
    assert again.stdout == done.stdout
    assert "here already" in again.stderr
    assert len(server.asked) == 1


def test_command_prints_one_json_document(
    server: EesServer, settings: Settings, command: CliRunner
) -> None:
    server.add_catalogue_csv(CASELOAD_2025, CSV)
    asked = ["ees", "--data-set", CASELOAD_2025, "--json"]
    done = command.invoke(fetch_app, asked, catch_exceptions=False)
    facts = json.loads(done.stdout)
    assert facts["path"] == str(settings.workspace / "inbox" / "caseload_2025.csv")
    assert facts["sha256"] == hashlib.sha256(CSV).hexdigest()
    assert facts["is_new"] is True
    assert done.stderr == ""


def test_command_takes_the_workspace_as_an_option(
    server: EesServer, settings: Settings, command: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.add_release(VERSION_2025, BODY)
    monkeypatch.setenv("SEND_WORKSPACE", str(settings.workspace / "elsewhere"))
    words = ["ees", "--release", "2025", "--workspace", str(settings.workspace)]
    done = command.invoke(fetch_app, words, catch_exceptions=False)
    assert done.stdout.startswith(str(settings.workspace / "inbox"))


def test_command_takes_a_release_or_a_data_set(command: CliRunner) -> None:
    both = ["ees", "--release", "2025", "--data-set", CASELOAD_2025]
    with pytest.raises(InputError, match="cannot be fetched at once"):
        command.invoke(fetch_app, both, catch_exceptions=False)


# The real release


@pytest.mark.real
def test_real_release_arrives_byte_for_byte_after_two_breaks(
    server: EesServer, settings: Settings, real_data: Path
) -> None:
    body = (real_data / "ees" / "education-health-and-care-plans_2025.zip").read_bytes()
    server.add_release(VERSION_2025, body)
    server.faults.extend([Fault(break_after=1_500_000), Fault(break_after=1_500_000)])
    fetched = fetch(server, settings)
    assert fetched.file.sha256 == hashlib.sha256(body).hexdigest()
    assert fetched.file.size_bytes == len(body)
    starts = [asked.range for asked in server.asked]
    assert starts[0] is None
    assert all(start is not None for start in starts[1:])
    assert len(starts) == 3
