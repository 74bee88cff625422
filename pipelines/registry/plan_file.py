"""Reading data/councils/<la_code>/delivery_plan.yml, and the documents that it names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipelines.errors import RegistryError
from pipelines.registry.plan import Plan
from pipelines.registry.statements import Document, register
from pipelines.registry.strict import Strict, load, nearest, short

PLAN_FILE = "delivery_plan.yml"


def delivery_plan(council_folder: Path) -> Plan | None:
    """The plan of one council; None where the council has no such file.

    Raises:
        RegistryError: a key, id or combination in the file is wrong; the message names the nearest
            key that exists.
    """
    path = council_folder / PLAN_FILE
    if not path.is_file():
        return None
    plan = load(Plan, path)
    if plan.la_code != council_folder.name:
        raise RegistryError(
            f"la_code is '{plan.la_code}'",
            where=short(path),
            remedy=f"The path is the name: write la_code: '{council_folder.name}'",
        )
    plan_documents(council_folder, plan)
    return plan


def plan_documents(council_folder: Path, plan: Plan) -> dict[str, Document]:
    """The documents that a plan may name, by id: those of the statements register and its own.

    Raises:
        RegistryError: the plan names a document that is in neither, or defines one again.
    """
    has_register = (council_folder / "statements.yml").is_file()
    said = register(council_folder).documents if has_register else ()
    known = {entry.id: entry for entry in (*said, *plan.documents)}
    twice = {entry.id for entry in said} & {entry.id for entry in plan.documents}
    unknown = {name for name in _documents_in(plan) if name} - known.keys()
    where = short(council_folder / PLAN_FILE)
    if twice:
        raise RegistryError(f"in statements.yml already: {', '.join(sorted(twice))}", where=where)
    if unknown:
        raise RegistryError(
            f"no document '{min(unknown)}'{nearest(min(unknown), known)}",
            where=where,
            remedy="Describe it under `documents`, here or in statements.yml.",
        )
    return known


def council_documents(council_folder: Path) -> dict[str, Document]:
    """The documents that a council's files may name, by id: of the statements, and of its plan.

    Raises:
        RegistryError: as `delivery_plan`.
    """
    plan = delivery_plan(council_folder)
    if plan is not None:
        return plan_documents(council_folder, plan)
    has_register = (council_folder / "statements.yml").is_file()
    said = register(council_folder).documents if has_register else ()
    return {entry.id: entry for entry in said}


def _documents_in(record: Strict) -> Iterator[str | None]:
    """The documents that a record and all records in it name."""
    for name in type(record).model_fields:
        cell = getattr(record, name)
        if name == "document":
            yield cell
        for inner in cell if isinstance(cell, tuple) else (cell,):
            if isinstance(inner, Strict):
                yield from _documents_in(inner)
