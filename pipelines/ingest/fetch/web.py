"""One polite HTTP session: which hosts may answer, how long to wait, and what a failure means.

Retries, backoff and Retry-After are urllib3's; proxies and certificates are those of requests
(HTTPS_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE). What is done with an answer belongs elsewhere.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.exceptions import MaxRetryError, ProtocolError
from urllib3.util.retry import Retry

from pipelines.errors import InputError
from pipelines.ingest.fetch.sources import EesSource

RETRIED = (429, 500, 502, 503, 504)
REDIRECTS_MAX = 5
USER_AGENT = "send-monitor (open data download)"


@dataclass(frozen=True)
class Patience:
    """How long to try.

    Attributes:
        tries: requests made before giving up; 5 means one and four again.
        backoff_seconds: the waits are 0, 2, 4, 8 ... times this.
        jitter_seconds: up to this much is added to each wait, by chance.
        retry_after_seconds_max: the longest wait that a server may ask for.
        connect_seconds: time to reach the server.
        read_seconds: longest silence from it.
    """

    tries: int = 5
    backoff_seconds: float = 1.0
    jitter_seconds: float = 1.0
    retry_after_seconds_max: int = 120
    connect_seconds: float = 10.0
    read_seconds: float = 60.0

    def retry(self) -> Retry:
        """A fresh count of tries. POST is included: it only ever asks, it changes nothing."""
        return Retry(
            total=self.tries - 1,
            allowed_methods=frozenset({"GET", "POST"}),
            status_forcelist=RETRIED,
            backoff_factor=self.backoff_seconds,
            backoff_jitter=self.jitter_seconds,
            retry_after_max=self.retry_after_seconds_max,
            raise_on_status=False,
        )


class Web:
    """A session that speaks to the publisher's hosts and to nobody else.

    Raises:
        InputError: a configured address is neither https nor on this machine.
    """

    def __init__(self, source: EesSource, patience: Patience | None = None) -> None:
        self.source = source
        self.patience = patience or Patience()
        self._session = _OnlyKnownHosts(_origins(source), self.patience)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.close()

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> requests.Response:
        """The answer's head; the body is read by the caller, who closes the answer.

        Raises:
            InputError: the server cannot be reached or leads to a host that is not its own.
        """
        return self._ask("GET", url, headers=dict(headers or {}), stream=True)

    def ask_json(self, method: str, url: str, **options: Any) -> Any:
        """The JSON answer to a GET or POST, errors of the service explained.

        Raises:
            InputError: no answer, an error status, or an answer that is not JSON.
        """
        tries = Tries(self, url)
        while True:
            with self._ask(method, url, stream=True, **options) as response:
                self.refuse_status(response, "the data set")
                try:
                    return response.json()
                except ValueError as error:
                    raise InputError(
                        "the answer is not JSON", where=url, remedy=self.by_hand()
                    ) from error
                except requests.RequestException:
                    tries.spend("the answer broke off")

    def refuse_status(self, response: requests.Response, what: str) -> None:
        """Nothing for 200 and 206; otherwise the status in the reader's words.

        Raises:
            InputError: what the status means for `what`, and what to do.
        """
        if response.status_code in (200, 206):
            return
        meaning, remedy = self._meaning(response, what)
        raise InputError(
            f"{meaning} (HTTP {response.status_code}{_details(response)})",
            where=response.url,
            remedy=remedy,
        )

    def by_hand(self) -> str:
        """The way that always works."""
        return (
            f"Download it in a browser from {self.source.publication.page} "
            "and run: send ingest FILE"
        )

    def _meaning(self, response: requests.Response, what: str) -> tuple[str, str]:
        status = response.status_code
        if status in RETRIED:
            return (
                f"the publisher did not answer properly in {self.patience.tries} tries",
                "Try again later. " + self.by_hand(),
            )
        if status == 400:
            return "the publisher did not understand the query", "Correct the query."
        if status in (401, 403):
            return (
                f"the publisher, or a proxy on the way, refuses to hand out {what}",
                "Check HTTPS_PROXY. " + self.by_hand(),
            )
        if status == 404:
            return (
                f"the publisher does not have {what} under this id",
                "It may have been amended and have a new id: write that into ees_releases.yml in "
                "the workspace. " + self.by_hand(),
            )
        return "the publisher's answer is not the file", self.by_hand()

    def _ask(self, method: str, url: str, **options: Any) -> requests.Response:
        timeout = (self.patience.connect_seconds, self.patience.read_seconds)
        try:
            return self._session.request(method, url, timeout=timeout, **options)
        except requests.RequestException as error:
            raise self._unreachable(url, error) from error

    def _unreachable(self, url: str, error: requests.RequestException) -> InputError:
        """The failure to get an answer at all, told by its kind."""
        host = urlsplit(url).netloc
        if isinstance(error, requests.exceptions.SSLError):
            return InputError(
                f"the certificate of {host} cannot be verified",
                where=url,
                remedy="If your network inspects traffic, name its certificates in "
                "REQUESTS_CA_BUNDLE. " + self.by_hand(),
            )
        if isinstance(error, requests.exceptions.ProxyError):
            return InputError(
                "the proxy named in HTTPS_PROXY does not answer",
                where=url,
                remedy="Correct HTTPS_PROXY. " + self.by_hand(),
            )
        if isinstance(error, requests.exceptions.TooManyRedirects):
            return InputError(
                f"more than {REDIRECTS_MAX} redirects", where=url, remedy=self.by_hand()
            )
        return InputError(
            f"{host} cannot be reached ({self.patience.tries} tries)",
            where=url,
            remedy="Check the connection; behind a proxy, set HTTPS_PROXY. " + self.by_hand(),
        )


class Tries:
    """The count of answers that broke off on the way, with urllib3's waits between them.

    urllib3 retries by itself until the head of an answer has come; what breaks afterwards is
    counted here, by the same rules.
    """

    def __init__(self, web: Web, url: str) -> None:
        self._web = web
        self._url = url
        self._left = web.patience.retry()

    def spend(self, why: str) -> None:
        """Count one failure and wait.

        Raises:
            InputError: no try is left.
        """
        try:
            self._left = self._left.increment("GET", self._url, error=ProtocolError(why))
        except MaxRetryError as error:
            raise InputError(
                f"{why} ({self._web.patience.tries} tries)",
                where=self._url,
                remedy="Run the command again: it goes on where it stopped. " + self._web.by_hand(),
            ) from error
        self._left.sleep()


class _OnlyKnownHosts(requests.Session):
    """A session without a way to any other host, whatever a redirect says."""

    def __init__(self, origins: tuple[str, ...], patience: Patience) -> None:
        super().__init__()
        self.headers["User-Agent"] = USER_AGENT
        self.max_redirects = REDIRECTS_MAX
        self.adapters.clear()
        for origin in origins:
            # The slash matters: without it "https://host" would also admit "https://host.evil".
            self.mount(f"{origin}/", HTTPAdapter(max_retries=patience.retry()))

    def get_adapter(self, url: str) -> BaseAdapter:
        """The adapter of a known host; any other address is refused."""
        try:
            return super().get_adapter(url)
        except requests.exceptions.InvalidSchema as error:
            origin = _origin(url)
            raise InputError(
                f"the address leads to {origin}, which is not one of the publisher's hosts",
                where=origin,
                remedy="If the publisher has moved its files there, add the host to storage_hosts "
                "in ees_releases.yml in the workspace.",
            ) from error


def _origins(source: EesSource) -> tuple[str, ...]:
    """Scheme and host of every address that may answer; https unless on this machine."""
    addresses = (*source.base_urls.model_dump().values(), *source.storage_hosts)
    origins = tuple(dict.fromkeys(_origin(address) for address in addresses))
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(origin)):
            raise InputError(
                f"'{origin}' is not an https address",
                where="ees_releases.yml",
                remedy="Give addresses that begin with https://",
            )
    return origins


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _is_loopback(origin: str) -> bool:
    host = urlsplit(origin).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _details(response: requests.Response) -> str:
    """What the service says is wrong with the request, where it says so in JSON."""
    if "json" not in response.headers.get("Content-Type", ""):
        return ""
    try:
        errors = response.json().get("errors", [])
        told = [f"{item['message']} [{item.get('path', '')}]" for item in errors]
    except (requests.RequestException, ValueError, AttributeError, KeyError, TypeError):
        return ""
    return ": " + "; ".join(told) if told else ""
