"""The list of parts of a release: every library that was installed where it was built, as an SBOM.

In the form of CycloneDX (https://cyclonedx.org), with name and version; `make sbom` adds licences
and hashes of an installation. It is beside the figures, so that a fault that is found in a library
years later can be looked for in old releases too.
"""

from __future__ import annotations

import json
import re
from importlib.metadata import distributions, version
from pathlib import Path
from typing import Any

from pipelines.release.files import write_atomically
from pipelines.release.reader import PARTS

PRODUCT = "send-monitor"


def write_parts(folder: Path) -> None:
    """Write sbom.json into the folder of a release."""
    write_atomically(folder / PARTS, json.dumps(_bill(), indent=1) + "\n")


def _bill() -> dict[str, Any]:
    found = {_name(it.name): it.version for it in distributions() if it.name}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": _part("application", PRODUCT, version(PRODUCT))},
        "components": [
            _part("library", name, number)
            for name, number in sorted(found.items())
            if name != PRODUCT
        ],
    }


def _part(kind: str, name: str, number: str) -> dict[str, str]:
    address = f"pkg:pypi/{name}@{number}"
    return {
        "type": kind,
        "name": name,
        "version": number,
        "purl": address,
        "bom-ref": address,
    }


def _name(written: str) -> str:
    """A library's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", written).lower()
