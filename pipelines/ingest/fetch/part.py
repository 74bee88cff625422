"""A file while it comes: `.<name>.part`, and beside it what is needed to go on later.

How it is asked for and what is right of it stand in download.py.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import requests

CONTENT_RANGE = re.compile(r"bytes (?P<first>\d+)-\d+/(?P<total>\d+)$")


class BrokenOffError(Exception):
    """This try failed and another may succeed."""


class Part:
    """The file while it comes, and what is needed to go on after an interruption."""

    def __init__(self, destination: Path, url: str) -> None:
        """destination: where the file will lie; url: where it comes from."""
        self.path = destination.with_name(f".{destination.name}.part")
        self.is_spliced = False
        self.is_length_known = False
        self._state = destination.with_name(f".{destination.name}.part.json")
        self._url = url

    @property
    def size(self) -> int:
        """Bytes here so far."""
        return self.path.stat().st_size if self.path.exists() else 0

    def range_headers(self) -> dict[str, str]:
        """Ask for the rest, on condition that the file is still the same one."""
        validator = self._validator()
        if not validator or not self.size:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": validator}

    def begin(self, response: requests.Response) -> None:
        """Keep what is here where the server goes on from there; otherwise start again."""
        self.is_length_known = "Content-Length" in response.headers and not is_coded(response)
        if response.status_code == requests.codes.partial_content:
            if self._continues(response):
                self.is_spliced = True
                return
            self.drop()
            raise BrokenOffError("the server sent another part than the one asked for")
        self.is_spliced = False
        self.path.write_bytes(b"")
        write_json(self._state, {"url": self._url, "validator": _validator_of(response)})

    def drop(self) -> None:
        """Forget everything."""
        self.path.unlink(missing_ok=True)
        self._state.unlink(missing_ok=True)

    def move_to(self, destination: Path) -> None:
        """The file gets its name, in one step."""
        self.path.replace(destination)
        self._state.unlink(missing_ok=True)

    def _validator(self) -> str | None:
        state = read_json(self._state)
        validator = state.get("validator")
        return validator if state.get("url") == self._url and isinstance(validator, str) else None

    def _continues(self, response: requests.Response) -> bool:
        """Whether this 206 begins at our last byte, in the file that we have the beginning of."""
        found = CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
        etag = response.headers.get("ETag")
        is_same = etag is None or not etag.startswith('"') or etag == self._validator()
        begins_here = found is not None and int(found["first"]) == self.size
        return begins_here and is_same and not is_coded(response)


def is_coded(response: requests.Response) -> bool:
    """Whether the server compresses on the way, so that bytes here are not bytes there."""
    return response.headers.get("Content-Encoding", "identity").lower() != "identity"


def _validator_of(response: requests.Response) -> str | None:
    """What If-Range may hold: a strong ETag, or the date of last change (RFC 9110, 13.1.5)."""
    if is_coded(response):
        return None
    etag = response.headers.get("ETag", "")
    return etag if etag.startswith('"') else response.headers.get("Last-Modified")


def write_json(path: Path, content: dict[str, Any]) -> None:
    """A record, written whole or not at all."""
    write_text(path, json.dumps(content, indent=2) + "\n")


def write_text(path: Path, text: str) -> None:
    """Written whole or not at all."""
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """The content; empty where there is none or it is damaged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
