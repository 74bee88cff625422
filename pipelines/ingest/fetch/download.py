"""One file from an address to the inbox: resumed, checked, recorded, renamed into place.

What a good release or CSV looks like is the caller's business (`Job.check`); which hosts may
answer is web.py's.

While it comes, a file is `.<name>.part` with its state beside it; once it is whole and checked,
`<name>.sha256` and `<name>.json` are written and it gets its name. The publisher gives no hash to
compare with, so ours tells only whether the file is still what arrived.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import requests

from pipelines.errors import InputError
from pipelines.ingest.fetch.part import (
    CONTENT_RANGE,
    BrokenOffError,
    Part,
    is_coded,
    read_json,
    write_json,
    write_text,
)
from pipelines.ingest.fetch.web import Tries, Web

Progress = Callable[[int, int | None], None]
"""Called with the bytes here so far and the bytes expected (None: the server does not say)."""

CHUNK_BYTES = 1 << 16
SPARE_BYTES = 64 << 20
"""Room left on the disk beside the file, for its records and for whoever else writes."""


class BadContentError(Exception):
    """The bytes are not what was asked for; raised by a job's check."""


@dataclass(frozen=True)
class Job:
    """One file to fetch.

    Attributes:
        what: the file in a reader's words, for example "the 2025 release".
        content_types: accepted, lower case, without parameters.
        check: raises BadContentError where the file is not what it should be.
    """

    url: str
    destination: Path
    what: str
    bytes_max: int
    content_types: frozenset[str]
    check: Callable[[Path], None]


@dataclass(frozen=True)
class FetchedFile:
    """A file in the inbox.

    Attributes:
        etag: the publisher's mark of this version, where it gives one.
        fetched_at: when it came, UTC, ISO 8601.
        is_new: False where it was here already and nothing was downloaded.
    """

    path: Path
    url: str
    sha256: str
    size_bytes: int
    etag: str | None
    fetched_at: str
    is_new: bool


def download(job: Job, web: Web, on_progress: Progress | None = None) -> FetchedFile:
    """The job's file in its place; from the network only if it is not there already.

    Raises:
        InputError: what failed, at which address, and what to do.
    """
    job = replace(job, destination=_free_name(job))
    here = _already_here(job)
    if here is not None:
        return here
    try:
        job.destination.parent.mkdir(parents=True, exist_ok=True)
        return _fetch(job, web, on_progress)
    except OSError as error:
        raise InputError(
            f"the file cannot be written ({error.strerror or error})",
            where=str(job.destination),
            remedy="Make room or choose another folder with --workspace, then run it again.",
        ) from error


def _fetch(job: Job, web: Web, on_progress: Progress | None) -> FetchedFile:
    part = Part(job.destination, job.url)
    tries = Tries(web, job.url)
    while True:
        try:
            etag = _transfer(job, web, part, on_progress)
            _check(job, web, part)
            return _put_in_place(job, part, etag)
        except BrokenOffError as error:
            tries.spend(str(error))


# One try


def _transfer(job: Job, web: Web, part: Part, on_progress: Progress | None) -> str | None:
    """One request and its body, added to what is there. Returns the ETag."""
    # Ranges and lengths count the bytes as sent, so we ask for them uncompressed.
    headers = {"Accept-Encoding": "identity", **part.range_headers()}
    with web.get(job.url, headers) as response:
        if response.status_code == requests.codes.requested_range_not_satisfiable:
            part.drop()
            raise BrokenOffError("the part kept from before is not part of the file any more")
        web.refuse_status(response, job.what)
        _refuse_type(job, web, response)
        part.begin(response)
        expected = _expected_bytes(response, part)
        _refuse_size(job, web, part, expected)
        _receive(job, web, part, response, expected, on_progress)
        return response.headers.get("ETag")


def _receive(
    job: Job,
    web: Web,
    part: Part,
    response: requests.Response,
    expected: int | None,
    on_progress: Progress | None,
) -> None:
    """Body to disk. urllib3 compares its length with Content-Length and raises if it is short."""
    size = part.size
    with part.path.open("ab") as file:
        try:
            for chunk in response.iter_content(CHUNK_BYTES):
                size += len(chunk)
                _refuse_size(job, web, part, size)
                file.write(chunk)
                if on_progress:
                    on_progress(size, expected)
        except requests.RequestException as error:
            raise BrokenOffError(f"{job.what} broke off after {size:,} bytes") from error
        finally:
            file.flush()
            os.fsync(file.fileno())
    if expected is not None and size != expected:
        # Fewer is a server that hands out a part at a time: the next try asks for the rest.
        if size > expected:
            part.drop()
        raise BrokenOffError(f"{job.what} has {size:,} bytes where {expected:,} were announced")


def _refuse_type(job: Job, web: Web, response: requests.Response) -> None:
    """An error page or a login page of a proxy often comes with status 200."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind and kind not in job.content_types:
        raise InputError(
            f"the answer is {kind}, not {job.what}",
            where=response.url,
            remedy="A proxy may have answered with a page of its own: check HTTPS_PROXY. "
            + web.by_hand(),
        )


def _refuse_size(job: Job, web: Web, part: Part, size: int | None) -> None:
    if size is not None and size > job.bytes_max:
        part.drop()
        raise InputError(
            f"{job.what} is larger than the {job.bytes_max:,} bytes allowed",
            where=job.url,
            remedy="If it is right, raise limits in ees_releases.yml in the workspace. "
            + web.by_hand(),
        )


def _expected_bytes(response: requests.Response, part: Part) -> int | None:
    """Size of the whole file, None where the server does not say or compresses on the way.

    Raises:
        InputError: the disk has no room for it.
    """
    length = response.headers.get("Content-Length", "")
    if not length.isdecimal() or is_coded(response):
        return None
    left = int(length)
    free = shutil.disk_usage(part.path.parent).free
    if left + SPARE_BYTES > free:
        raise InputError(
            f"the file needs {left:,} bytes and the disk has {free:,} free",
            where=str(part.path.parent),
            remedy="Make room or choose another folder with --workspace, then run it again.",
        )
    part_of = CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
    return int(part_of["total"]) if part_of and part.is_spliced else left


def _check(job: Job, web: Web, part: Part) -> None:
    """Refuse bad content; try again where the bad content may be our own splice or a short one."""
    try:
        job.check(part.path)
    except BadContentError as error:
        may_be_short = part.is_spliced or not part.is_length_known
        part.drop()
        if may_be_short:
            raise BrokenOffError(f"{job.what} is damaged: {error}") from error
        raise InputError(
            f"{job.what} is damaged: {error}",
            where=job.url,
            remedy="Run the command again; if it stays, tell the publisher. " + web.by_hand(),
        ) from error


# In place


def _put_in_place(job: Job, part: Part, etag: str | None) -> FetchedFile:
    """The records first and the file last: a file without its record is never left behind."""
    fetched = FetchedFile(
        path=job.destination,
        url=job.url,
        sha256=_sha256(part.path),
        size_bytes=part.size,
        etag=etag,
        fetched_at=datetime.now(UTC).isoformat(timespec="seconds"),
        is_new=True,
    )
    record = {key: value for key, value in asdict(fetched).items() if key not in ("path", "is_new")}
    write_json(_record(job.destination), {"file": job.destination.name, **record})
    write_text(
        job.destination.with_name(f"{job.destination.name}.sha256"),
        f"{fetched.sha256}  {job.destination.name}\n",
    )
    part.move_to(job.destination)
    return fetched


def _already_here(job: Job) -> FetchedFile | None:
    """The file, where this address has been fetched before and the bytes are unchanged.

    Raises:
        InputError: a file of that name is here that we did not fetch, or that was changed since.
    """
    if not job.destination.exists():
        return None
    record = read_json(_record(job.destination))
    if record.get("url") == job.url and record.get("sha256") == _sha256(job.destination):
        return FetchedFile(
            path=job.destination,
            url=job.url,
            sha256=record["sha256"],
            size_bytes=job.destination.stat().st_size,
            etag=record.get("etag"),
            fetched_at=str(record.get("fetched_at", "")),
            is_new=False,
        )
    raise InputError(
        "a file of this name is here that was not fetched, or has changed since",
        where=str(job.destination),
        remedy="Take it in as it is (send ingest FILE), or move it away and run the command again.",
    )


def _free_name(job: Job) -> Path:
    """The destination; beside it under a longer name where another edition is there already."""
    known = read_json(_record(job.destination)).get("url", job.url)
    if known == job.url or not job.destination.exists():
        return job.destination
    mark = hashlib.sha256(urlsplit(job.url).path.encode()).hexdigest()[:8]
    return job.destination.with_stem(f"{job.destination.stem}_{mark}")


def _record(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
