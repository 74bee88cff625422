"""A local server that speaks like Explore education statistics, good days and bad ones.

It listens on 127.0.0.1 and a free port. A test loads bodies into it, tells it how to behave, and
reads back what was asked of it. It knows nothing of the code under test.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

OCTETS = "application/octet-stream"


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    method: str
    path: str
    query: dict[str, str]
    range: str | None
    if_range: str | None
    agent: str
    body: Any


@dataclass(frozen=True)
class Fault:
    """One answer that goes wrong; the default is an answer that goes right.

    break_after: bytes of the body after which the connection is cut.
    announce: Content-Length to claim in place of the true one.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    break_after: int | None = None
    announce: int | None = None


@dataclass
class Download:
    """What stands at one address.

    has_ranges: whether Range is understood. has_length: whether Content-Length is sent (the
    publisher zips while it sends and does not). encoding: "gzip" is how the API sends its CSVs.
    """

    body: bytes
    content_type: str = OCTETS
    has_ranges: bool = True
    has_length: bool = True
    etag: str | None = "from the body"
    last_modified: str | None = None
    encoding: str | None = None

    def tag(self) -> str | None:
        if self.etag == "from the body":
            return f'"{hashlib.md5(self.body, usedforsecurity=False).hexdigest()}"'
        return self.etag


@dataclass
class DataSet:
    """A data set of the query service: its metadata and every row of it."""

    id: str
    title: str
    publication_id: str
    meta: dict[str, Any]
    results: list[dict[str, Any]]
    version: str = "1.0"


class EesServer:
    """The publisher: files by path, publications and data sets, faults to come."""

    def __init__(self) -> None:
        self.files: dict[str, Download] = {}
        self.publications: list[dict[str, Any]] = []
        self.data_sets: dict[str, DataSet] = {}
        self.faults: deque[Fault] = deque()
        self.always: Fault | None = None
        self.asked: list[Asked] = []
        self.after_answer: Callable[[], None] = lambda: None
        self.url = ""

    def base_urls(self) -> dict[str, str]:
        return {
            "content": f"{self.url}/content/api",
            "site": f"{self.url}/site",
            "api": f"{self.url}/statistics/v1",
        }

    def add_release(self, version_id: str, body: bytes, **options: Any) -> Download:
        path = f"/content/api/releases/{version_id}/files"
        self.files[path] = Download(body, **options)
        return self.files[path]

    def add_catalogue_csv(self, file_id: str, body: bytes, **options: Any) -> Download:
        path = f"/site/data-catalogue/data-set/{file_id}/csv"
        self.files[path] = Download(body, **{"content_type": "text/csv; charset=utf-8", **options})
        return self.files[path]

    def add_api_csv(self, data_set_id: str, body: bytes) -> None:
        path = f"/statistics/v1/data-sets/{data_set_id}/csv"
        self.files[path] = Download(
            gzip.compress(body), content_type="text/csv", has_ranges=False, encoding="gzip"
        )

    def next_fault(self) -> Fault | None:
        return self.faults.popleft() if self.faults else self.always


@contextmanager
def running_server() -> Iterator[EesServer]:
    """A server for the length of a with block."""
    server = EesServer()

    class Handler(_Handler):
        ees = server

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.daemon_threads = True
    server.url = f"http://127.0.0.1:{listener.server_address[1]}"
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    ees: EesServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve(None)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        self._serve(json.loads(self.rfile.read(length)))

    def log_message(self, *_: Any) -> None:
        """The test output stays quiet."""

    def _serve(self, body: Any) -> None:
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.ees.asked.append(
            Asked(
                method=self.command,
                path=parts.path,
                query=query,
                range=self.headers.get("Range"),
                if_range=self.headers.get("If-Range"),
                agent=self.headers.get("User-Agent", ""),
                body=body,
            )
        )
        fault = self.ees.next_fault() or Fault()
        if fault.status != 200 or fault.body is not None:
            self._send(fault.status, fault.headers, fault.body or b"", fault)
        elif parts.path in self.ees.files:
            self._send_file(self.ees.files[parts.path], fault)
        else:
            self._send_api(parts.path, query, body)
        self.ees.after_answer()

    # Files

    def _send_file(self, file: Download, fault: Fault) -> None:
        headers = {"Content-Type": file.content_type, **fault.headers}
        headers.update({"ETag": tag} if (tag := file.tag()) else {})
        headers.update({"Last-Modified": file.last_modified} if file.last_modified else {})
        headers.update({"Content-Encoding": file.encoding} if file.encoding else {})
        status, body = 200, file.body
        start = self._start(file)
        if start is not None and start >= len(body):
            headers["Content-Range"] = f"bytes */{len(body)}"
            status, body = 416, b""
        elif start is not None:
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            status, body = 206, body[start:]
        self._send(status, headers, body, fault, has_length=file.has_length)

    def _start(self, file: Download) -> int | None:
        """First byte asked for; None for the whole file (RFC 9110, sections 13.1.5 and 14.2)."""
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if not found or not file.has_ranges:
            return None
        condition = self.headers.get("If-Range")
        if condition is not None and condition not in (file.tag(), file.last_modified):
            return None
        return int(found[1])

    def _send(
        self,
        status: int,
        headers: dict[str, str],
        body: bytes,
        fault: Fault,
        *,
        has_length: bool = True,
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if has_length:
            announced = len(body) if fault.announce is None else fault.announce
            self.send_header("Content-Length", str(announced))
        else:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        sent = body if fault.break_after is None else body[: fault.break_after]
        self._write(sent if has_length else _chunked(sent, is_whole=fault.break_after is None))
        if fault.break_after is not None or fault.announce is not None:
            self.close_connection = True

    def _write(self, body: bytes) -> None:
        try:
            self.wfile.write(body)
            self.wfile.flush()
        except ConnectionError:
            # The reader has seen enough, for example a length it does not accept.
            self.close_connection = True

    # The query service

    def _send_api(self, path: str, query: dict[str, str], body: Any) -> None:
        inside = path.removeprefix("/statistics/v1/").split("/")
        match inside:
            case ["publications"]:
                wanted = query.get("search", "").lower()
                found = [p for p in self.ees.publications if wanted in p["title"].lower()]
                self._send_page(found, query)
            case ["publications", identifier, "data-sets"]:
                sets = self.ees.data_sets.values()
                self._send_page(
                    [_summary(s) for s in sets if s.publication_id == identifier], query
                )
            case ["data-sets", identifier, *rest] if identifier in self.ees.data_sets:
                self._send_data_set(self.ees.data_sets[identifier], rest, query, body)
            case _:
                self._problem(404, "Not Found", [])

    def _send_data_set(
        self, data_set: DataSet, rest: list[str], query: dict[str, str], body: Any
    ) -> None:
        if query.get("dataSetVersion", data_set.version) != data_set.version:
            self._problem(404, "Not Found", [])
        elif not rest:
            self._json(200, _summary(data_set))
        elif rest == ["meta"]:
            self._json(200, data_set.meta)
        elif rest == ["query"]:
            self._answer_query(data_set, query if body is None else body)
        else:
            self._problem(404, "Not Found", [])

    def _answer_query(self, data_set: DataSet, asked: dict[str, Any]) -> None:
        """Level and indicators are honoured: what a test needs to see that they were sent."""
        known = {item["id"] for item in data_set.meta["indicators"]}
        wanted = asked.get("indicators", [])
        wanted = wanted.split(",") if isinstance(wanted, str) else wanted
        unknown = [name for name in wanted if name not in known]
        if unknown or not wanted:
            self._problem(
                400,
                "One or more validation errors occurred.",
                [
                    {
                        "message": "One or more indicators could not be found.",
                        "path": "indicators",
                        "code": "IndicatorsNotFound",
                        "detail": {"items": unknown},
                    }
                ],
            )
            return
        level = _level(asked)
        rows = [
            {**row, "values": {name: row["values"][name] for name in wanted}}
            for row in data_set.results
            if level is None or row["geographicLevel"] == level
        ]
        self._send_page(rows, asked)

    def _send_page(self, items: list[dict[str, Any]], asked: dict[str, Any]) -> None:
        page, size = int(asked.get("page", 1)), int(asked.get("pageSize", 1000))
        paging = {
            "page": page,
            "pageSize": size,
            "totalResults": len(items),
            "totalPages": max(1, -(-len(items) // size)),
        }
        start = (page - 1) * size
        self._json(200, {"paging": paging, "results": items[start : start + size]})

    def _problem(self, status: int, title: str, errors: list[dict[str, Any]]) -> None:
        content = {"title": title, "status": status, **({"errors": errors} if errors else {})}
        self._json(status, content, "application/problem+json")

    def _json(self, status: int, content: Any, kind: str = "application/json") -> None:
        body = json.dumps(content).encode()
        self._send(status, {"Content-Type": f"{kind}; charset=utf-8"}, body, Fault())


def _summary(data_set: DataSet) -> dict[str, Any]:
    return {
        "id": data_set.id,
        "title": data_set.title,
        "latestVersion": {
            "version": data_set.version,
            "totalResults": len(data_set.results),
        },
    }


def _level(asked: dict[str, Any]) -> str | None:
    """The geographic level a POST body or a GET query asks for."""
    if "geographicLevels.eq" in asked:
        return str(asked["geographicLevels.eq"])
    for clause in asked.get("criteria", {}).get("and", []):
        if "geographicLevels" in clause:
            return str(clause["geographicLevels"]["eq"])
    return None


def _chunked(body: bytes, *, is_whole: bool) -> bytes:
    """Chunks of 64 KiB; a whole body ends with the empty chunk, a broken one with nothing."""
    size = 1 << 16
    pieces = (body[at : at + size] for at in range(0, len(body), size))
    coded = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return coded + (b"0\r\n\r\n" if is_whole else b"")
