"""The description of the evidence pack by RO-Crate 1.2, so that other tools can read what it is.

Pure: names and bytes in, one JSON document out. Source: RO-Crate Metadata Specification 1.2.0,
sections on the metadata descriptor, the root data entity, data entities and provenance.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NAME = "ro-crate-metadata.json"
SPECIFICATION = "https://w3id.org/ro/crate/1.2"

_FORMATS = {
    "csv": "text/csv",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "md": "text/markdown",
    "sql": "application/sql",
}


@dataclass(frozen=True)
class Pack:
    """What the description says of the pack as a whole; moments are ISO texts.

    Attributes:
        terms: on what terms the pack may be used.
        approved_at: empty for a release that nobody approved.
        descriptions: what each file is, by its name or by its first folder.
    """

    title: str
    text: str
    terms: str
    council: str
    release: str
    built_at: str
    product_version: str
    code_version: str
    approved_at: str
    approved_by: str
    reason: str
    descriptions: Mapping[str, str]


def crate(pack: Pack, files: Mapping[str, bytes]) -> bytes:
    """The metadata document over the files of the pack, which are those beside it."""
    graph = [
        {
            "@id": NAME,
            "@type": "CreativeWork",
            "conformsTo": {"@id": SPECIFICATION},
            "about": {"@id": "./"},
        },
        _root(pack, files),
        *_context(pack),
        *(_file(pack, name, content) for name, content in sorted(files.items())),
    ]
    document = {"@context": f"{SPECIFICATION}/context", "@graph": graph}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _root(pack: Pack, files: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": pack.title,
        "description": pack.text,
        "identifier": pack.release,
        "datePublished": pack.approved_at or pack.built_at,
        "license": {"@id": "#terms"},
        "publisher": {"@id": "#council"},
        "hasPart": [{"@id": name} for name in sorted(files)],
        "mentions": [{"@id": "#build"}, *([{"@id": "#approval"}] if pack.approved_at else [])],
    }


def _context(pack: Pack) -> list[dict[str, Any]]:
    """The council, the terms, the software, and the two acts: the build and its approval."""
    found: list[dict[str, Any]] = [
        {"@id": "#terms", "@type": "CreativeWork", "name": "Terms of use", "text": pack.terms},
        {"@id": "#council", "@type": "Organization", "name": pack.council},
        {
            "@id": "#software",
            "@type": "SoftwareApplication",
            "name": "SEND Monitor",
            "version": pack.code_version,
            "softwareVersion": pack.product_version,
        },
        {
            "@id": "#build",
            "@type": "CreateAction",
            "name": f"Build of release {pack.release}",
            "endTime": pack.built_at,
            "instrument": {"@id": "#software"},
            "result": {"@id": "./"},
        },
    ]
    if not pack.approved_at:
        return found
    approval = {
        "@id": "#approval",
        "@type": "AuthorizeAction",
        "name": f"Approval of release {pack.release} by {pack.approved_by}",
        "description": pack.reason,
        "endTime": pack.approved_at,
        "agent": {"@id": "#council"},
        "object": {"@id": "./"},
    }
    return [*found, approval]


def _file(pack: Pack, name: str, content: bytes) -> dict[str, Any]:
    return {
        "@id": name,
        "@type": "File",
        "name": name.rpartition("/")[2],
        "description": pack.descriptions.get(name) or pack.descriptions[name.partition("/")[0]],
        "encodingFormat": _FORMATS[name.rpartition(".")[2]],
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
