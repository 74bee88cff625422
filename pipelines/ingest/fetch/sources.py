"""What is known of the publisher: addresses, releases, data sets, limits. Read from YAML.

data/reference/sources/ees_releases.yml holds what is known to everybody; a workspace may lay
<workspace>/ees_releases.yml over it. No request is made here.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from pipelines.errors import InputError
from pipelines.registry.strict import Strict, parse, read_yaml, short
from pipelines.settings import Settings

FILE_NAME = "ees_releases.yml"
UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


class Publication(Strict):
    """The publication; `page` is where a person can download by hand."""

    id: str = Field(pattern=UUID)
    slug: str = Field(pattern=r"^[a-z0-9-]+$")
    page: str


class BaseUrls(Strict):
    """The publisher's three services, without a slash at the end."""

    content: str
    site: str
    api: str


class Paths(Strict):
    """Address templates; {content}, {site} and {api} are the base addresses."""

    release_zip: str
    catalogue_csv: str
    api_csv: str


class Limits(Strict):
    """Sizes in bytes beyond which an answer is refused."""

    release_bytes_max: int = Field(gt=0)
    release_unpacked_bytes_max: int = Field(gt=0)
    csv_bytes_max: int = Field(gt=0)


class Release(Strict):
    """One published release; an amended release has a new id."""

    version_id: str = Field(pattern=UUID)


class DataSet(Strict):
    """One CSV of the catalogue, or one data set of the query service."""

    id: str = Field(pattern=UUID)
    kind: Literal["catalogue", "api"]
    file_name: str = Field(pattern=r"^[A-Za-z0-9_-]+\.csv$")


class EesSource(Strict):
    """Everything known of the publisher.

    Attributes:
        storage_hosts: origins besides the base addresses that a redirect may lead to.
        releases: by the release's name, for example "2025".
        time_identifiers: period code of the query service to the CSV files' wording.
    """

    publication: Publication
    base_urls: BaseUrls
    storage_hosts: tuple[str, ...] = ()
    paths: Paths
    limits: Limits
    releases: dict[str, Release]
    data_sets: tuple[DataSet, ...] = ()
    time_identifiers: dict[str, str]

    def release(self, name: str) -> Release:
        """The release called `name`.

        Raises:
            InputError: the release is not known; the message names those that are.
        """
        if name in self.releases:
            return self.releases[name]
        raise InputError(
            f"the release '{name}' is not known (known: {', '.join(sorted(self.releases))})",
            where=FILE_NAME,
            remedy=f"Find its id in the address of 'Download all data' on {self.publication.page} "
            f"and write it into {FILE_NAME} in the workspace; or download the release there and "
            "run: send ingest FILE",
        )

    def newest_release(self) -> str:
        """The name of the newest release known."""
        return max(self.releases)

    def data_set(self, identifier: str) -> DataSet | None:
        """The data set with this id, where it is a known one."""
        return next((item for item in self.data_sets if item.id == identifier), None)

    def address(self, template: str, **values: str) -> str:
        """A template of `paths`, filled."""
        return template.format(**self.base_urls.model_dump(), **values)


def load_source(settings: Settings, base_urls: Mapping[str, str] | None = None) -> EesSource:
    """The shipped file, the workspace's own laid over it, then `base_urls` over both.

    Raises:
        RegistryError: a file cannot be read or does not follow the schema; it names the key.
    """
    shipped = settings.project_root / "data" / "reference" / "sources" / FILE_NAME
    own = settings.workspace / FILE_NAME
    content = _mapping(shipped)
    if own.is_file():
        content = _laid_over(content, _mapping(own))
    if base_urls:
        content = _laid_over(content, {"base_urls": dict(base_urls)})
    return parse(EesSource, content, short(own if own.is_file() else shipped))


def _mapping(path: Path) -> dict[str, Any]:
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise InputError(
            "the file holds no settings",
            where=short(path),
            remedy=f"Follow data/reference/sources/{FILE_NAME}, or delete the file.",
        )
    return content


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Mappings are merged, lists are added to, anything else is replaced."""
    merged = dict(below)
    for key, value in above.items():
        known = merged.get(key)
        if isinstance(known, Mapping) and isinstance(value, Mapping):
            merged[key] = _laid_over(known, value)
        elif isinstance(known, list) and isinstance(value, list):
            merged[key] = [*value, *known]
        else:
            merged[key] = value
    return merged
