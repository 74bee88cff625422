"""The headers of every answer: what a browser may do with it, and what happens to cookies."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from dashboards.serving.access import COOKIE
from dashboards.serving.config import Serving
from dashboards.serving.connections import HEADER

Raw = list[tuple[bytes, bytes]]

YEAR_SECONDS = 365 * 24 * 3600
# What Streamlit sets and we set otherwise, or not at all.
_OURS = {
    b"cache-control",
    b"content-security-policy",
    b"access-control-allow-origin",
    b"access-control-allow-methods",
    b"access-control-allow-headers",
    b"server",
}
_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_MAX_AGE = re.compile(r"(?i);\s*max-age=\d+")
_TOKEN = HEADER.lower().encode()
_SIGNED = COOKIE.encode()
# The provider's own tokens: nothing here uses them, so no browser keeps them.
_TOKENS = _SIGNED + b"_tokens"


def answer_headers(serving: Serving, shell: bytes = b"") -> Raw:
    """What every answer carries, whoever asks.

    shell: the framework's page, whose inline scripts are allowed by their hash and no other.
    """
    texts = {
        "content-security-policy": _policy(serving, shell),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    if serving.is_tls:
        texts["strict-transport-security"] = f"max-age={YEAR_SECONDS}"
    return [(name.encode(), text.encode()) for name, text in texts.items()]


def _policy(serving: Serving, shell: bytes) -> str:
    """All from here. Styles inline, because Streamlit's emotion writes them as the page runs."""
    hashes = (base64.b64encode(hashlib.sha256(found).digest()) for found in _INLINE.findall(shell))
    scripts = " ".join(["'self'", *(f"'sha256-{found.decode()}'" for found in hashes)])
    socket = ""
    if serving.address:
        scheme = "wss" if serving.is_tls else "ws"
        socket = f" {scheme}://{urlsplit(serving.address).netloc}"
    parts = {
        "default-src": "'none'",
        "script-src": scripts,
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": f"'self'{socket}",
        "worker-src": "'self' blob:",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {text}" for name, text in parts.items())


def with_ours(raw: Iterable[tuple[bytes, bytes]], ours: Raw, cache: str, serving: Serving) -> Raw:
    """An answer's headers: ours in place of the framework's, cookies mended.

    cache: may the browser keep it, in the words of Cache-Control.
    """
    taken = _OURS | {name for name, _ in ours}
    kept = [
        (name, _mended(value, serving) if name.lower() == b"set-cookie" else value)
        for name, value in raw
        if name.lower() not in taken and not value.startswith(_TOKENS)
    ]
    return [*kept, *ours, (b"cache-control", cache.encode())]


def _mended(value: bytes, serving: Serving) -> bytes:
    """Secure behind TLS, and a sign-in that ends when ours does and not after 30 days.

    A cookie that is taken back (Max-Age=0) stays so.
    """
    text = value.decode("latin-1")
    if text.startswith(COOKIE) and "max-age=0" not in text.lower():
        text = _MAX_AGE.sub(f"; Max-Age={int(serving.sign_in_hours * 3600)}", text)
    if serving.is_tls and not re.search(r"(?i);\s*secure\b", text):
        text += "; Secure"
    return text.encode("latin-1")


def inward(raw: Iterable[tuple[bytes, bytes]], token: str = "") -> Raw:
    """The headers that the framework gets: no claim of the reader's, no resumed session.

    token: of the connection. Streamlit would resume a session by an id that the browser names;
    here each connection is a session of its own.
    """
    passed = [pair for name, value in raw if (pair := _passed(name.lower(), value))]
    return [*passed, (_TOKEN, token.encode())] if token else passed


def _passed(name: bytes, value: bytes) -> tuple[bytes, bytes] | None:
    if name == b"cookie":
        parts = (part.strip() for part in value.split(b";"))
        value = b"; ".join(part for part in parts if not part.startswith(_SIGNED))
    if name == b"sec-websocket-protocol":
        value = b", ".join(part.strip() for part in value.split(b",")[:2])
    return None if name == _TOKEN else (name, value)
