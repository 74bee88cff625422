"""What decides the figures of a build: files held, facts, models, rules and code, and their key.

Stock is taken once, when a build starts. A file that arrives while the build runs is neither in
its tables nor in its manifest; the next build finds the key changed and takes it in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from pipelines.errors import SendError
from pipelines.registry import models
from pipelines.registry.council import published_folder
from pipelines.registry.landing import landing_tables
from pipelines.registry.plan_log import log_path, read_log
from pipelines.release.earlier import beside
from pipelines.release.files import sha256, write_atomically
from pipelines.release.forecast_record import RECEIVED, record_inputs
from pipelines.settings import Settings

STOCK = "stock.json"
REFERENCE = "reference"


@dataclass(frozen=True)
class Stock:
    """The inputs of one build.

    Attributes:
        key: SHA-256 over the inputs.
        inputs: name and content hash of each input.
        landing_files: Parquet files by landing table, relative to landing/.
    """

    key: str
    inputs: tuple[tuple[str, str], ...]
    landing_files: dict[str, list[str]]


def input_key(settings: Settings) -> str:
    """SHA-256 over everything that decides a figure, as it lies on disk now."""
    return _key(tuple(_inputs(settings)))


def take_stock(settings: Settings) -> Stock:
    """Write down the inputs as they lie on disk now; the build that starts reads just these."""
    inputs = tuple(_inputs(settings))
    tables = landing_tables(settings.project_root / "sql")
    files = {name: _names(settings.landing / name) for name in tables}
    stock = Stock(_key(inputs), inputs, files)
    write_atomically(_path(settings), json.dumps(asdict(stock), indent=1) + "\n")
    return stock


def stock_of_build(settings: Settings) -> Stock:
    """The inputs that were written down when the running build started.

    Raises:
        SendError: no build has started in this workspace.
    """
    path = _path(settings)
    if not path.is_file():
        raise SendError(
            "the floors have nothing to read: stock has not been taken",
            where=str(path),
            remedy="Run the whole build with: send build",
        )
    content = json.loads(path.read_text(encoding="utf-8"))
    inputs = tuple((name, value) for name, value in content["inputs"])
    return Stock(content["key"], inputs, content["landing_files"])


def _path(settings: Settings) -> Path:
    return settings.warehouse.parent / STOCK


def _names(folder: Path) -> list[str]:
    return sorted(f"{folder.name}/{path.name}" for path in folder.glob("*.parquet"))


def _key(inputs: tuple[tuple[str, str], ...]) -> str:
    digest = hashlib.sha256()
    for name, content in inputs:
        digest.update(f"{name}\0{content}\n".encode())
    return digest.hexdigest()


def _inputs(settings: Settings) -> Iterator[tuple[str, str]]:
    """Name and content hash of each input, in a fixed order; of a release its name."""
    found = dict(_on_disk(settings))
    yield from found.items()
    yield from beside(settings, found)


def _on_disk(settings: Settings) -> Iterator[tuple[str, str]]:
    received = received_inputs(settings)
    yield from received.items()
    yield from record_inputs(settings, received)
    yield from _plan_log(settings)
    yield from product_inputs(settings).items()
    yield "council", settings.council
    yield "duckdb", version("duckdb")


def product_inputs(settings: Settings) -> dict[str, str]:
    """Name and content hash of each input that comes with the product: models, facts, rules, code.

    In a fixed order.
    """
    root = settings.project_root
    found = {"sql": models.fingerprint(root / "sql")}
    for part, pattern in (
        ("data/reference", "**/*"),
        *((f"data/councils/{name}", "**/*") for name in _councils(settings)),
        *([("data/sample/reference", "*.csv")] if settings.is_sample else []),
        ("expectations", "**/*"),
        ("pipelines", "**/*.py"),
    ):
        for path in sorted((root / part).glob(pattern)):
            if path.is_file() and path != log_path(settings):
                found[path.relative_to(root).as_posix()] = sha256(path)
    return found


def received_inputs(settings: Settings) -> dict[str, str]:
    """Name and content hash of each received file, in a fixed order."""
    return {
        f"{RECEIVED}{path.stem}": sha256(path)
        for path in sorted((settings.landing / "received_file").glob("*.parquet"))
        if path.stem != REFERENCE
    }


def _plan_log(settings: Settings) -> Iterator[tuple[str, str]]:
    """What has been noted about the delivery plan: the lines that count, none where there is none.

    The log only grows, so its lines as they were at a build can be found again by this hash.
    """
    path = log_path(settings)
    if content := read_log(path).sha256:
        yield f"councils/{settings.council}/{path.name}", content


def _councils(settings: Settings) -> list[str]:
    """The council at home, and the one whose published facts are shown where that is another."""
    folder = settings.council_folder
    return sorted({folder.name, published_folder(folder).name})
