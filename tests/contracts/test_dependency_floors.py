"""Versions: nothing installed below a floor that security needs, and a lock that is whole.

The floors are the oldest versions without a known hole that matters here. A library that is not
installed is held to its floor by the lock as soon as it is locked.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
FLOORS = {
    "authlib": "1.9.6",
    "dagster": "1.10.16",
    "lxml": "6.1.0",
    "pyarrow": "14.0.1",
    "starlette": "1.3.0",
    "streamlit": "1.54.0",
}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def installed() -> dict[str, Version]:
    return {
        canonical(package.metadata["Name"]): Version(package.version)
        for package in metadata.distributions()
    }


def locked() -> list[tuple[Requirement, int]]:
    """Each locked requirement with the number of its hashes."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)
    return [
        (
            Requirement(block.splitlines()[0].removesuffix("\\").strip()),
            block.count("--hash=sha256:"),
        )
        for block in blocks
        if block[:1].isalnum()
    ]


def declared() -> list[Requirement]:
    """What pyproject.toml asks for, the development tools included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project.get("optional-dependencies", {}).get("dev", [])
    return [Requirement(text) for text in [*project["dependencies"], *extras]]


def below(versions: dict[str, Version]) -> dict[str, Version]:
    return {
        name: versions[name]
        for name, floor in FLOORS.items()
        if name in versions and versions[name] < Version(floor)
    }


def test_installed_libraries_are_not_below_their_floor() -> None:
    versions = installed()
    assert len(set(FLOORS) & set(versions)) >= 5
    assert below(versions) == {}


def test_locked_libraries_are_not_below_their_floor() -> None:
    pins = [(canonical(r.name), Version(next(iter(r.specifier)).version)) for r, _ in locked()]
    assert len({name for name, _ in pins} & set(FLOORS)) >= 5
    assert [pin for pin in pins if below(dict([pin]))] == []


def test_a_version_below_its_floor_would_be_seen() -> None:
    assert below({"lxml": Version("6.0.9"), "dagster": Version("1.13.27")}) == {
        "lxml": Version("6.0.9")
    }


def test_the_lock_pins_and_hashes_every_package() -> None:
    entries = locked()
    assert len(entries) > 100
    loose = [str(r) for r, _ in entries if [s.operator for s in r.specifier] != ["=="]]
    assert loose == []
    assert [str(r) for r, hashes in entries if hashes == 0] == []


@pytest.mark.parametrize("wanted", declared(), ids=str)
def test_the_lock_satisfies_what_is_declared(wanted: Requirement) -> None:
    pins = [r for r, _ in locked() if canonical(r.name) == canonical(wanted.name)]
    assert pins
    for pin in pins:
        assert wanted.specifier.contains(next(iter(pin.specifier)).version)


def test_what_is_installed_is_what_is_locked() -> None:
    versions = installed()
    different = []
    compared = 0
    for pin, _ in locked():
        name = canonical(pin.name)
        if name in versions and (pin.marker is None or pin.marker.evaluate()):
            compared += 1
            if not pin.specifier.contains(str(versions[name]), prereleases=True):
                different.append(f"{pin} but {versions[name]}")
    assert compared > 100
    assert different == []


def test_the_list_of_parts_names_every_installed_package_with_its_version(tmp_path: Path) -> None:
    out = tmp_path / "sbom.json"
    subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", "environment", "--of", "JSON", "-o", out],
        check=True,
        capture_output=True,
    )
    parts = json.loads(out.read_text(encoding="utf-8"))["components"]
    found = {canonical(part["name"]): Version(part["version"]) for part in parts}
    ours = canonical("send-monitor")
    assert {n: v for n, v in installed().items() if n != ours}.items() <= found.items()
