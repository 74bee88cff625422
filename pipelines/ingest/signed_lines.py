"""Lines of a log that only a holder of the audit key can write: each bears a code of its own.

The audit log is made of them, and what a release says of its files that were written anew.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from pipelines.ingest.keys import Key

CODE = "code"


def signed(key: Key, act: Mapping[str, Any]) -> dict[str, Any]:
    """The act with its code."""
    return {**act, CODE: code_of(key, act)}


def is_signed(key: Key, record: Mapping[str, Any]) -> bool:
    """Whether a record bears the code that belongs to it."""
    act = {name: value for name, value in record.items() if name != CODE}
    return hmac.compare_digest(code_of(key, act).encode(), str(record.get(CODE, "")).encode())


def code_of(key: Key, act: Mapping[str, Any]) -> str:
    """The code of a line: keyed, over all of it but the code itself."""
    return hmac.new(key.secret, line_of(act), hashlib.sha256).hexdigest()


def line_of(record: Mapping[str, Any]) -> bytes:
    """A record as its line, with the end; plain ASCII, its names in order."""
    return json.dumps(record, sort_keys=True).encode("ascii") + b"\n"
