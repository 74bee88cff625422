"""The pictures of the documents are of one look: all there, none left over, all of one run."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
RUN = "run `make pictures` over a published sample county"


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    """What `make pictures` wrote of its last whole run."""
    found: dict[str, Any] = yaml.safe_load((IMAGES / "made_from.yml").read_text(encoding="utf-8"))
    return found


def named() -> set[str]:
    """The pictures that the documents link to or show."""
    documents = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    texts = [path.read_text(encoding="utf-8") for path in documents]
    return {
        name for text in texts for name in re.findall(r"\]\([^)\s]*images/([^)\s]+\.png)\)", text)
    }


def test_every_picture_of_the_documents_is_there_and_none_is_left_over() -> None:
    held = {path.name for path in IMAGES.iterdir()} - {"made_from.yml"}
    assert len(held) > 50
    assert named() - held == set(), RUN
    assert held - named() == set(), "no document names them"


def test_all_pictures_were_drawn_in_one_run_over_one_release(record: dict[str, Any]) -> None:
    """A picture drawn again by itself is not the one that the record names."""
    held = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for path in IMAGES.glob("*.png")
    }
    assert held == record["pictures"], RUN
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-[0-9a-f]+", record["release"])
    assert record["release_code"]
    assert record["pages_code"]


def test_the_record_has_the_fingerprint_of_every_page(record: dict[str, Any]) -> None:
    """As they were then: the pictures may lie behind the pages, and the record says how far."""
    views = {path.stem for path in (ROOT / "dashboards" / "views").glob("[a-z]*.py")}
    assert set(record["pages"]) == views, RUN
    assert all(re.fullmatch(r"[0-9a-f]{16}", mark) for mark in record["pages"].values())


def test_the_pictures_stay_small() -> None:
    assert sum(path.stat().st_size for path in IMAGES.glob("*.png")) < 10_000_000
