"""Pictures for the documents keep their colours, and end where a block ends."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from dashboards.theme import DARK, LIGHT
from pipelines.settings import PROJECT_ROOT


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The script's helper, which lies beside others and in no package."""
    monkeypatch.syspath_prepend(str(PROJECT_ROOT / "bench"))
    return __import__("picture_files")


def bands(colour: int) -> tuple[int, int, int]:
    return colour >> 16, (colour >> 8) & 255, colour & 255


def crowded(own: np.ndarray) -> np.ndarray:
    """65,536 colours, some of them very often, and each of our own on one pixel alone."""
    side = np.arange(256)
    third = (7 * side[:, None] + 13 * side) % 256
    drawn = np.stack(np.broadcast_arrays(side[:, None], side, third), axis=-1)
    drawn = np.concatenate([drawn, np.full((64, 256, 3), 250)]).astype(np.uint8)
    drawn[0, : len(own)] = [bands(int(colour)) for colour in own]
    return drawn


def test_every_colour_of_the_product_is_known_from_its_files(files: Any) -> None:
    own = set(files.own_colours().tolist())
    themes = [value for palette in (LIGHT, DARK) for value in vars(palette).values()]
    assert {int(colour[1:], 16) for colour in themes} <= own
    assert 0x2C7FB8 in own  # the logo's
    assert len(own) <= files.FLAT


def test_a_colour_of_the_product_stays_itself_in_the_most_crowded_picture(files: Any) -> None:
    own = files.own_colours()
    drawn = crowded(own)
    written = BytesIO()
    files.reduced(Image.fromarray(drawn), own).save(written, "PNG")
    seen = Image.open(written)
    assert seen.mode == "P"
    read = np.asarray(seen.convert("RGB")).astype(int)
    assert (read[0, : len(own)] == drawn[0, : len(own)]).all()
    assert (read[256:] == 250).all()


def test_no_colour_strays_and_grey_stays_grey(files: Any) -> None:
    drawn = crowded(files.own_colours())
    drawn[1] = np.arange(256)[:, None]
    read = np.asarray(files.reduced(Image.fromarray(drawn), np.array([])).convert("RGB"))
    strayed = np.abs(read.astype(int) - drawn.astype(int)).max()
    assert strayed <= files.STEPS[-1] // 2
    assert np.ptp(read[1].astype(int), axis=1).max() == 0


def test_of_few_colours_none_is_changed(files: Any) -> None:
    drawn = np.stack([np.arange(0, 250, 2)] * 3, axis=-1)[None].astype(np.uint8)
    read = files.reduced(Image.fromarray(drawn), np.array([])).convert("RGB")
    assert (np.asarray(read) == drawn).all()


@pytest.mark.parametrize(
    ("limit", "end"),
    [
        (100, 90),  # the last block that begins by then
        (89, 50),
        (250, 90),  # 200 would cut through the box from 150 to 240
        (40, 0),
    ],
)
def test_a_picture_ends_where_a_block_begins_that_cuts_through_nothing(
    files: Any, limit: float, end: float
) -> None:
    boxes = [files.Box(10, 40), files.Box(50, 80), files.Box(90, 140), files.Box(150, 240)]
    assert files.foot([50, 90, 200], boxes, limit) == end


def test_paper_shows_its_sheets_with_their_margins(files: Any) -> None:
    import typst

    text = b'#set page(paper: "a4", margin: 8mm)\n#rect(width: 100%, height: 100%, fill: blue)\n'
    sheets = text + b"#pagebreak()\n#rect(width: 100%, height: 100%, fill: red)\n#pagebreak()\n."
    drawn = files.on_paper(typst.compile(sheets), 2)
    wide, tall = files.SHEET
    assert drawn.size == (2 * wide + 3 * files.EDGE, tall + 2 * files.EDGE)
    middle, left = tall // 2, files.EDGE
    assert drawn.getpixel((left - 2, middle)) == files.GROUND
    assert drawn.getpixel((left + 20, middle)) == (255, 255, 255)  # 8 mm are 30 pixels
    assert drawn.getpixel((left + 60, middle)) == (0, 116, 217)
    assert drawn.getpixel((2 * left + wide + 60, middle)) == (255, 65, 54)


def test_the_record_says_what_one_run_drew_and_takes_the_rest_away(
    files: Any, tmp_path: Path
) -> None:
    import yaml

    from pipelines.release.reader import Release

    (tmp_path / "old.png").write_bytes(b"of an earlier run")
    release = Release("2026-11-23-abc", tmp_path, {"code_version": "f00d", "files": {}})
    album = files.Album(tmp_path, release)
    album.keep("about", Image.new("RGB", (4, 4), "white"))
    album.close({"about": "about", "accessibility": "about"})
    record = yaml.safe_load((tmp_path / files.RECORD).read_text(encoding="utf-8"))
    assert {path.name for path in tmp_path.iterdir()} == {"about.png", files.RECORD}
    assert record["pictures"] == {"about.png": files.hashed(tmp_path / "about.png")}
    assert (record["release"], record["release_code"]) == ("2026-11-23-abc", "f00d")
    assert list(record["pages"]) == ["about"]
