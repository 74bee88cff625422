"""The publisher's query service: what it offers, and the rows of a query, page by page.

Only data sets that the publisher marks "available by API" are here; the SEN2 files are not all
among them. Whole files are quicker to fetch as CSV (ees.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipelines.errors import InputError
from pipelines.ingest.fetch.web import Web

PAGE_SIZE = 1000
LEVEL_COLUMNS = {
    "NAT": {"code": "country_code", "label": "country_name"},
    "REG": {"code": "region_code", "label": "region_name"},
    "LA": {"code": "new_la_code", "oldCode": "old_la_code", "label": "la_name"},
}
"""Columns of the CSV files by geographic level; any other level gives lad_code, lad_name ..."""

Json = dict[str, Any]


class EesApi:
    """Reads the query service. Ids are the publisher's; `web` is closed by whoever made it."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._base = web.source.base_urls.api

    def publications(self, search: str = "") -> Iterator[Json]:
        """Publications that have data sets here; `search` is part of a title."""
        return self._pages("publications", {"search": search} if search else {})

    def data_sets(self, publication_id: str) -> Iterator[Json]:
        """Data sets of one publication: id, title, summary, latestVersion."""
        return self._pages(f"publications/{publication_id}/data-sets", {})

    def data_set(self, data_set_id: str) -> Json:
        """One data set, with the number of its latest version."""
        return self._object("GET", f"data-sets/{data_set_id}")

    def meta(self, data_set_id: str, version: str | None = None) -> Json:
        """Filters, options, indicators, locations and periods, each with its short id."""
        return self._object("GET", f"data-sets/{data_set_id}/meta", params=_version(version))

    def query(
        self,
        data_set_id: str,
        criteria: Mapping[str, Any],
        indicators: Sequence[str],
        *,
        version: str | None = None,
        page_size: int = PAGE_SIZE,
    ) -> Iterator[Json]:
        """Every result of a query, as the service gives it: short ids, values as text.

        All pages are read from one version (the latest if none is named), so that a new version
        in between cannot mix two sets of figures.

        Raises:
            InputError: the service refuses the query, or its pages do not add up.
        """
        version = version or str(self._at(self.data_set(data_set_id), "latestVersion", "version"))
        body = {
            "criteria": dict(criteria),
            "indicators": list(indicators),
            "debug": False,
            "pageSize": page_size,
        }
        path = f"data-sets/{data_set_id}/query"

        def page(number: int) -> Json:
            asked = {**body, "page": number}
            return self._object("POST", path, params=_version(version), json=asked)

        return self._all(page, path)

    def rows(
        self,
        data_set_id: str,
        criteria: Mapping[str, Any],
        indicators: Sequence[str],
        *,
        version: str | None = None,
        page_size: int = PAGE_SIZE,
    ) -> Iterator[dict[str, str]]:
        """The results of a query in the words of the CSV files: their columns, labels, codes.

        Columns: time_period, time_identifier, geographic_level, code and name of each area, one
        for each filter (its label) and each indicator (its value or symbol, as text).
        """
        version = version or str(self._at(self.data_set(data_set_id), "latestVersion", "version"))
        words = self._words(self.meta(data_set_id, version))
        results = self.query(
            data_set_id, criteria, indicators, version=version, page_size=page_size
        )
        return (self._row(words, result) for result in results)

    def _words(self, meta: Json) -> _Words:
        try:
            return _Words(meta, self._web.source.time_identifiers)
        except (KeyError, TypeError) as error:
            raise self._unexpected(f"the metadata lacks a part ({error})") from error

    def _row(self, words: _Words, result: Json) -> dict[str, str]:
        try:
            return words.row(result)
        except (KeyError, TypeError, AttributeError) as error:
            raise self._unexpected(f"a result has no meaning in the metadata ({error})") from error

    def _pages(self, path: str, params: Mapping[str, str]) -> Iterator[Json]:
        def page(number: int) -> Json:
            asked = {**params, "page": str(number), "pageSize": "20"}
            return self._object("GET", path, params=asked)

        return self._all(page, path)

    def _all(self, page: Any, path: str) -> Iterator[Json]:
        """Results of page 1, 2 ... to the last; their number must be what the service said."""
        number, count = 1, 0
        while True:
            answer = page(number)
            results = self._at(answer, "results")
            yield from results
            count += len(results)
            total, last = (
                self._at(answer, "paging", key) for key in ("totalResults", "totalPages")
            )
            if number >= last:
                break
            number += 1
        if count != total:
            raise self._unexpected(f"{path} gave {count} results and announced {total}")

    def _object(self, method: str, path: str, **options: Any) -> Json:
        answer = self._web.ask_json(method, f"{self._base}/{path}", **options)
        if not isinstance(answer, dict):
            raise self._unexpected(f"{path} did not answer with an object")
        return answer

    def _at(self, answer: Json, *keys: str) -> Any:
        found: Any = answer
        for key in keys:
            if not isinstance(found, dict) or key not in found:
                raise self._unexpected(f"the answer lacks {'.'.join(keys)}")
            found = found[key]
        return found

    def _unexpected(self, what: str) -> InputError:
        return InputError(
            what,
            where=self._base,
            remedy="The service may have changed. " + self._web.by_hand(),
        )


class _Words:
    """Short ids of one version's metadata, translated into the CSV files' columns and labels."""

    def __init__(self, meta: Json, time_identifiers: Mapping[str, str]) -> None:
        self._time_identifiers = time_identifiers
        self._levels = {level["code"]: level["label"] for level in meta["geographicLevels"]}
        self._indicators = {item["id"]: item["column"] for item in meta["indicators"]}
        self._filters = {
            item["id"]: (item["column"], {o["id"]: o["label"] for o in item["options"]})
            for item in meta["filters"]
        }
        self._locations = {
            group["level"]["code"]: {option["id"]: option for option in group["options"]}
            for group in meta["locations"]
        }

    def row(self, result: Json) -> dict[str, str]:
        """One result as one CSV row."""
        period = result["timePeriod"]
        row = {
            "time_period": _time_period(period["period"]),
            "time_identifier": self._time_identifiers.get(period["code"], period["code"]),
            "geographic_level": self._levels[result["geographicLevel"]],
        }
        for level, option in result["locations"].items():
            row.update(_area_columns(level, self._locations[level][option]))
        for identifier, option in result["filters"].items():
            column, labels = self._filters[identifier]
            row[column] = labels[option]
        for identifier, value in result["values"].items():
            row[self._indicators[identifier]] = str(value)
        return row


def _area_columns(level: str, option: Mapping[str, str]) -> dict[str, str]:
    small = level.lower()
    columns = LEVEL_COLUMNS.get(level, {"code": f"{small}_code", "label": f"{small}_name"})
    return {column: option.get(key, "") for key, column in columns.items()}


def _time_period(period: str) -> str:
    """'2024/2025' is written 202425 in the files, '2024' is 2024."""
    first, _, second = period.partition("/")
    return first + second[2:]


def _version(version: str | None) -> dict[str, str]:
    return {"dataSetVersion": version} if version else {}
