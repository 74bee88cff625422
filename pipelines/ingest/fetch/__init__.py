"""Fetching the DfE's open data over the network: the only part of the house that uses it.

What arrives here goes into the inbox as the bytes that were published; reading it is the door's
work. Nothing about a council's own files belongs here.
"""

from __future__ import annotations

from pipelines.ingest.fetch.api import EesApi
from pipelines.ingest.fetch.download import FetchedFile
from pipelines.ingest.fetch.ees import FetchedRelease, fetch_data_set_csv, fetch_release
from pipelines.ingest.fetch.sources import EesSource, load_source
from pipelines.ingest.fetch.web import Patience, Web

__all__ = [
    "EesApi",
    "EesSource",
    "FetchedFile",
    "FetchedRelease",
    "Patience",
    "Web",
    "fetch_data_set_csv",
    "fetch_release",
    "load_source",
]
