"""The description of the evidence pack follows RO-Crate 1.2."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from dashboards.reports.crate import Pack, crate

PACK = Pack(
    title="Evidence",
    text="How the figures came about.",
    terms="For audit.",
    council="A council",
    release="2026-01-01-abcd",
    built_at="2026-01-01T10:00:00+00:00",
    product_version="0.1.0",
    code_version="abc",
    approved_at="2026-01-02T10:00:00+00:00",
    approved_by="Head of service",
    reason="Checked against the return",
    descriptions={"README.md": "What is here", "sql": "A text"},
)
FILES = {"README.md": b"words", "sql/core/figure.sql": b"select 1"}


def graph(pack: Pack = PACK) -> dict[str, dict[str, Any]]:
    document = json.loads(crate(pack, FILES))
    assert document["@context"] == "https://w3id.org/ro/crate/1.2/context"
    found = {entity["@id"]: entity for entity in document["@graph"]}
    assert len(found) == len(document["@graph"])
    return found


def test_the_descriptor_names_the_specification_and_the_root() -> None:
    descriptor = graph()["ro-crate-metadata.json"]
    assert descriptor["@type"] == "CreativeWork"
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.2"}
    assert descriptor["about"] == {"@id": "./"}


def test_the_root_has_what_the_specification_asks_for_and_lists_every_file() -> None:
    root = graph()["./"]
    assert root["@type"] == "Dataset"
    assert all(root[name] for name in ("name", "description", "datePublished", "license"))
    assert [part["@id"] for part in root["hasPart"]] == sorted(FILES)


def test_each_file_has_its_size_and_hash() -> None:
    for name, content in FILES.items():
        entity = graph()[name]
        assert entity["@type"] == "File"
        assert entity["contentSize"] == str(len(content))
        assert entity["sha256"] == hashlib.sha256(content).hexdigest()
    assert graph()["sql/core/figure.sql"]["encodingFormat"] == "application/sql"


def references(value: Any) -> set[str]:
    """Ids that an entity refers to, at any depth."""
    if isinstance(value, dict):
        own = {value["@id"]} if set(value) == {"@id"} else set()
        return own.union(*(references(part) for part in value.values()))
    return set().union(*(references(part) for part in value)) if isinstance(value, list) else set()


def test_every_reference_leads_to_an_entity_or_to_the_specification() -> None:
    found = graph()
    asked = set().union(*(references(entity) for entity in found.values()))
    assert len(asked) > 5
    assert asked - set(found) == {"https://w3id.org/ro/crate/1.2"}


def test_an_approval_is_an_act_with_its_reason_and_there_is_none_without_one() -> None:
    approval = graph()["#approval"]
    assert approval["@type"] == "AuthorizeAction"
    assert (approval["endTime"], approval["description"]) == (PACK.approved_at, PACK.reason)
    without = graph(replace(PACK, approved_at=""))
    assert "#approval" not in without
    assert without["./"]["datePublished"] == PACK.built_at
