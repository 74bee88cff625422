"""Why a figure differs from the release before: by files, editions, queries and code, not by guess.

What is known is which files and which code each release was built from. A reason is given only
where those leave no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pipelines.release.reader import Release, connect

if TYPE_CHECKING:
    import duckdb

RECEIVED = "received/"
CORRECTIONS = "case_correction"
# Inputs that are code or facts of the product, by the first words of their names.
PRODUCT = ("sql", "pipelines", "expectations", "data")


class Why(StrEnum):
    """The reasons for which a figure or a count differs. Their words: words/release_evidence."""

    NEW_DATA = "new_data"
    RESTATED = "restated"
    CORRECTED = "corrected"
    OTHER_FILE = "other_file"
    ERASED = "erased"
    PROTECTION = "protection"
    CODE = "code"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Inputs:
    """How the inputs of two releases differ.

    Attributes:
        added, gone: files, as records of evidence.file, by the 16 digits of their id.
        erased: ids of files that were written anew without somebody.
        product: names of the inputs that are code or facts and differ.
        code: the commits, before and now.
    """

    added: Mapping[str, Mapping[str, Any]]
    gone: Mapping[str, Mapping[str, Any]]
    erased: frozenset[str]
    product: tuple[str, ...]
    code: tuple[str, str]

    def as_json(self) -> dict[str, Any]:
        """As it is kept: no name and no hash of a file of the council's own."""
        return {
            "files_added": _editions(self.added.values()),
            "files_gone": _editions(self.gone.values()),
            "files_erased_from": len(self.erased),
            "product_changed": list(self.product),
            "code_before": self.code[0],
            "code": self.code[1],
        }


def changed_inputs(release: Release, before: Release) -> Inputs:
    """What came, went or changed between two releases."""
    files = {each.id: _files(each) for each in (before, release)}
    old, new = files[before.id], files[release.id]
    return Inputs(
        added={name: new[name] for name in sorted(new.keys() - old.keys())},
        gone={name: old[name] for name in sorted(old.keys() - new.keys())},
        erased=frozenset(
            name for name in new.keys() & old.keys() if new[name]["kept"] != old[name]["kept"]
        ),
        product=_product(release, before),
        code=(before.manifest["code_version"], release.manifest["code_version"]),
    )


def changed_measures(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Measures of which a query differs, their own or one that it reads, directly or not.

    connection: with before_evidence and now_evidence attached.
    """
    rows = connection.execute(
        """
        with recursive changed as (
            select coalesce(now.table_name, earlier.table_name) as table_name
            from now_evidence.evidence.model_sql as now
            full join before_evidence.evidence.model_sql as earlier using (table_name)
            where now.sql is distinct from earlier.sql
        ),
        touched as (
            select table_name from changed
            union
            select lineage.table_name
            from now_evidence.evidence.lineage as lineage
            inner join touched on lineage.reads = touched.table_name
        )
        select split_part(table_name, '.', 2) from touched where table_name like 'kpi.%'
        """
    ).fetchall()
    return frozenset(name for (name,) in rows)


def why_of(row: Mapping[str, Any], inputs: Inputs, changed: frozenset[str]) -> Why:
    """The reason for one difference. row: one of diff.COMPARED."""
    if row["new_file"] in inputs.added:
        return _of_new_file(row, changed)
    if row["is_gone"] and row["old_file"] in inputs.gone:
        return Why.OTHER_FILE
    if not row["is_new"] and not row["is_gone"] and row["is_same_exactly"]:
        return Why.PROTECTION
    if row["new_file"] in inputs.erased:
        return Why.ERASED
    return _of_what_else(row, inputs, changed)


def why_of_rule(inputs: Inputs) -> list[Why]:
    """The reasons for which a rule may find more or less than before; never none."""
    reasons = {
        Why.NEW_DATA: bool(inputs.added),
        Why.OTHER_FILE: bool(inputs.gone),
        Why.ERASED: bool(inputs.erased),
        Why.CODE: bool(inputs.product),
    }
    # The engine, or the plan's log, is of none of these kinds.
    return [why for why, holds in reasons.items() if holds] or [Why.UNCLEAR]


def _of_new_file(row: Mapping[str, Any], changed: frozenset[str]) -> Why:
    if row["is_new"]:
        return Why.NEW_DATA
    return Why.UNCLEAR if row["kpi"] in changed else Why.RESTATED


def _of_what_else(row: Mapping[str, Any], inputs: Inputs, changed: frozenset[str]) -> Why:
    """Where the figure rests on a file that both releases have, and nobody was erased from it."""
    kinds = {file["kind"] for file in inputs.added.values()}
    if row["kpi"] in changed and not inputs.added:
        return Why.CODE
    if kinds == {CORRECTIONS} and not inputs.product:
        return Why.CORRECTED
    has_files = bool(inputs.added or inputs.gone or inputs.erased)
    if has_files and not inputs.product:
        return Why.OTHER_FILE
    return Why.CODE if inputs.product and not has_files else Why.UNCLEAR


def _files(release: Release) -> dict[str, dict[str, Any]]:
    """What a release was built from, by the 16 digits of each file's id."""
    with closing(connect(release.evidence_path)) as connection:
        rows = connection.execute(
            f"select left(file_id, 16), any_value(source), any_value(kind), any_value(vintage), "  # noqa: S608
            "string_agg(kept_sha256, ' ' order by file_id) "
            f"from {release.evidence_path.stem}.evidence.file where kept_sha256 is not null "
            "group by left(file_id, 16)"
        ).fetchall()
    names = ("source", "kind", "vintage", "kept")
    return {name: dict(zip(names, values, strict=True)) for name, *values in rows}


def _product(release: Release, before: Release) -> tuple[str, ...]:
    new, old = product_inputs_of(release), product_inputs_of(before)
    names = sorted(new.keys() | old.keys())
    return tuple(name for name in names if new.get(name) != old.get(name))


def product_inputs_of(release: Release) -> dict[str, str]:
    """Name and hash of each input that is code or a fact of the product."""
    return {
        item["name"]: item["sha256"]
        for item in release.manifest["inputs"]
        if item["name"].split("/")[0] in PRODUCT
    }


def _editions(files: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    names = ("source", "kind", "vintage")
    return sorted(({name: file[name] for name in names} for file in files), key=str)
