"""The two things one fetches from Explore education statistics: a whole release, or one CSV.

What each must look like to be kept is said here. How bytes travel stands in download.py; the
query service, row by row, in api.py.
"""

from __future__ import annotations

import struct
import uuid
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipelines.errors import InputError
from pipelines.ingest.fetch.download import BadContentError, FetchedFile, Job, Progress, download
from pipelines.ingest.fetch.sources import EesSource, Release, load_source
from pipelines.ingest.fetch.web import Patience, Web
from pipelines.settings import Settings

# The publisher's own zip is application/octet-stream.
ANY_BYTES = frozenset({"application/octet-stream", "binary/octet-stream"})
ZIP_TYPES = ANY_BYTES | {"application/zip", "application/x-zip-compressed"}
CSV_TYPES = ANY_BYTES | {"text/csv", "application/csv", "text/plain"}
KEY_COLUMNS = frozenset({"time_period", "time_identifier", "geographic_level"})
HEADER_BYTES_MAX = 1 << 16
# What zipfile raises on damaged bytes, beside its own error (RuntimeError: a password is needed).
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True)
class FetchedRelease:
    """A release in the inbox.

    Attributes:
        release: its name, for example "2025".
        version_id: the publisher's id of this edition of it.
    """

    release: str
    version_id: str
    file: FetchedFile

    @property
    def path(self) -> Path:
        """The zip; give it to `send ingest`."""
        return self.file.path


def fetch_release(
    release: str | None,
    settings: Settings,
    *,
    base_urls: Mapping[str, str] | None = None,
    patience: Patience | None = None,
    on_progress: Progress | None = None,
) -> FetchedRelease:
    """Download all files of one release as the publisher zips them, into <workspace>/inbox.

    An interrupted download goes on where it stopped; a release that is here already is not
    asked for again. release: for example "2025"; None is the newest known. base_urls: other
    addresses for content, site or api.

    Raises:
        InputError: the release is unknown, cannot be had, or is not a sound zip of CSVs.
    Source: spec/dfe_open_data.md sections 2a and 3.
    """
    source = load_source(settings, base_urls)
    name = release or source.newest_release()
    known = source.release(name)
    with Web(source, patience) as web:
        file = download(_release_job(source, name, known, settings), web, on_progress)
    return FetchedRelease(release=name, version_id=known.version_id, file=file)


def fetch_data_set_csv(
    identifier: str,
    settings: Settings,
    *,
    base_urls: Mapping[str, str] | None = None,
    patience: Patience | None = None,
    on_progress: Progress | None = None,
) -> FetchedFile:
    """Download one data set as CSV into <workspace>/inbox.

    identifier: a catalogue file id (changes with each release) or an id of the query service
    (does not). An id that ees_releases.yml does not list is looked for in the catalogue; list it
    with `kind: api` otherwise.

    Raises:
        InputError: the id is not one, cannot be had, or the answer is not a DfE CSV.
    Source: spec/dfe_open_data.md section 3.
    """
    source = load_source(settings, base_urls)
    with Web(source, patience) as web:
        return download(_csv_job(source, identifier, settings), web, on_progress)


def _release_job(source: EesSource, name: str, known: Release, settings: Settings) -> Job:
    return Job(
        url=source.address(source.paths.release_zip, version_id=known.version_id),
        destination=_inbox(settings) / f"{source.publication.slug}_{name}.zip",
        what=f"the {name} release",
        bytes_max=source.limits.release_bytes_max,
        content_types=ZIP_TYPES,
        check=partial(check_release, unpacked_bytes_max=source.limits.release_unpacked_bytes_max),
    )


def _csv_job(source: EesSource, identifier: str, settings: Settings) -> Job:
    identifier = _uuid(identifier)
    known = source.data_set(identifier)
    is_api = known is not None and known.kind == "api"
    path = source.paths.api_csv if is_api else source.paths.catalogue_csv
    return Job(
        url=source.address(path, id=identifier),
        destination=_inbox(settings) / (known.file_name if known else f"ees_{identifier}.csv"),
        what="the data set",
        bytes_max=source.limits.csv_bytes_max,
        content_types=CSV_TYPES,
        check=check_csv,
    )


def check_release(path: Path, unpacked_bytes_max: int) -> None:
    """A whole zip with CSVs, whose every member matches its own CRC.

    Raises:
        BadContentError: what is wrong with it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive, unpacked_bytes_max)
            damaged = archive.testzip()
    except UNREADABLE as error:
        raise BadContentError(f"not a readable zip ({error})") from error
    if damaged:
        raise BadContentError(f"the member {damaged} does not match its checksum")


def _check_members(archive: zipfile.ZipFile, unpacked_bytes_max: int) -> None:
    members = archive.infolist()
    if not any(member.filename.lower().endswith(".csv") for member in members):
        raise BadContentError("the zip holds no CSV")
    if sum(member.file_size for member in members) > unpacked_bytes_max:
        raise BadContentError(f"the zip unpacks to more than {unpacked_bytes_max:,} bytes")


def check_csv(path: Path) -> None:
    """A text file whose first line holds the columns that every DfE data file has.

    Raises:
        BadContentError: what is missing.
    """
    with path.open("rb") as file:
        head = file.readline(HEADER_BYTES_MAX)
    names = {name.strip().strip('"').lower() for name in _text(head).split(",")}
    missing = sorted(KEY_COLUMNS - names)
    if missing:
        raise BadContentError(f"the first line lacks the column {missing[0]}")


def _text(head: bytes) -> str:
    """The header is plain letters in either encoding the DfE uses."""
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _inbox(settings: Settings) -> Path:
    return settings.workspace / "inbox"


def _uuid(identifier: str) -> str:
    """The id in small letters; it becomes part of an address and of a file name."""
    try:
        return str(uuid.UUID(identifier))
    except ValueError as error:
        raise InputError(
            f"'{identifier}' is not the id of a data set",
            where="--data-set",
            remedy="Give the 36 characters from the address of the data set's page, for example "
            "897aaeeb-39b2-4913-8739-d0773d99f674.",
        ) from error
