"""From what a browser drew to the files of docs/images: colours, sheets of paper, the record.

No browser here: pictures.py says what is drawn.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import yaml
from PIL import Image

from dashboards.accessibility import fingerprint
from pipelines.release.code import code_version
from pipelines.release.reader import Release
from pipelines.settings import PROJECT_ROOT

# Which run drew the pictures, beside them.
RECORD = "made_from.yml"
# Of a picture's 256 colours those that are kept as they are; the product's own come first.
FLAT = 128
# How far the steps lie apart to which every other colour is rounded, in each of red, green and
# blue. The last makes 125 colours at most, so that one of them is always enough.
STEPS = (8, 16, 24, 32, 48, 64)
OWN = ("theme.py", "charts/*.py", "components/*.py", "*.css", "assets/*.svg")
# A sheet of A4 at 96 dots an inch, and the ground that shows its edge.
SHEET = (794, 1123)
EDGE, GROUND = 12, (217, 217, 217)
# Paper is drawn so many times too large and made smaller, or letters lose the dots on the seams of
# the tiles that it is drawn in.
FINER = 3


@dataclass(frozen=True)
class Box:
    """What lies on a page from top to bottom, in pixels from the top of the window."""

    top: float
    bottom: float


def foot(starts: Sequence[float], boxes: Sequence[Box], limit: float) -> float:
    """Where a picture may end: the last start of a block by the limit that cuts through no box.

    0 where there is none.
    """
    whole = (
        start
        for start in starts
        if start <= limit and not any(box.top + 1 < start < box.bottom - 1 for box in boxes)
    )
    return max(whole, default=0)


def own_colours(folder: Path = PROJECT_ROOT / "dashboards") -> np.ndarray:
    """Every colour that the theme, the style sheets, the charts and the logo name.

    Shape (n,), each packed as 0xRRGGBB.
    """
    paths = [path for pattern in OWN for path in sorted(folder.glob(pattern))]
    named = {
        colour
        for path in paths
        for colour in re.findall(r"#([0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})\b", path.read_text("utf-8"))
    }
    whole = [
        colour if len(colour) == 6 else "".join(2 * digit for digit in colour) for colour in named
    ]
    return np.unique(np.array([int(colour, 16) for colour in whole], dtype=np.int64))


def reduced(drawn: Image.Image, own: np.ndarray) -> Image.Image:
    """A picture in 256 colours, because the repository keeps every picture.

    A colour of the product (own, packed) stays itself wherever it is, and so does what is flat; the
    soft edges of letters, which are of very many colours, are rounded, grey to grey.
    """
    bands = np.asarray(drawn.convert("RGB")).astype(np.int64)
    colours, where, counts = np.unique(_packed(bands), return_inverse=True, return_counts=True)
    order = np.lexsort((-counts, ~np.isin(colours, own)))
    is_flat = np.zeros(len(colours), dtype=bool)
    is_flat[order[:FLAT]] = True
    for step in STEPS:
        kept, index = np.unique(
            np.where(is_flat, colours, _rounded(colours, step)), return_inverse=True
        )
        if len(kept) <= 256:
            break
    made = Image.fromarray(index[where].reshape(bands.shape[:2]).astype(np.uint8))
    made.putpalette(_unpacked(kept).astype(np.uint8).tobytes())
    return made


def _rounded(colours: np.ndarray, step: int) -> np.ndarray:
    bands = (_unpacked(colours) + step // 2) // step * step
    return _packed(np.minimum(bands, 255))


def _packed(bands: np.ndarray) -> np.ndarray:
    packed: np.ndarray = (bands[..., 0] << 16) + (bands[..., 1] << 8) + bands[..., 2]
    return packed


def _unpacked(colours: np.ndarray) -> np.ndarray:
    return np.stack([colours >> 16, (colours >> 8) & 255, colours & 255], axis=-1)


def on_paper(printed: bytes, most: int) -> Image.Image:
    """The first sheets of a PDF side by side, their margins with them.

    printed: on A4. most: how many sheets, where it has so many.
    """
    from pypdf import PdfReader

    count = min(most, len(PdfReader(BytesIO(printed)).pages))
    sheets = [_sheet(printed, number) for number in range(1, count + 1)]
    wide, tall = (SHEET[0] + EDGE) * count + EDGE, SHEET[1] + 2 * EDGE
    ground = Image.new("RGB", (wide, tall), GROUND)
    for place, sheet in enumerate(sheets):
        ground.paste(sheet, (EDGE + place * (SHEET[0] + EDGE), EDGE))
    return ground


def _sheet(printed: bytes, number: int) -> Image.Image:
    """One sheet of a PDF, by typst, which prints the reports and draws other people's PDFs too."""
    import typst

    with TemporaryDirectory(prefix="send-sheet-") as folder:
        Path(folder, "printed.pdf").write_bytes(printed)
        source = Path(folder, "sheet.typ")
        source.write_text(
            "#set page(width: 210mm, height: 297mm, margin: 0pt)\n"
            f'#image("printed.pdf", page: {number}, width: 210mm)\n',
            encoding="utf-8",
        )
        drawn = typst.compile(source, format="png", ppi=96 * FINER)
    whole = Image.open(BytesIO(drawn)).convert("RGB")
    return whole.reduce(FINER).crop((0, 0, *SHEET))


class Album:
    """The folder of the pictures, and the record of the run that draws them."""

    def __init__(self, folder: Path, release: Release) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._release, self._own = folder, release, own_colours()
        # Before the first picture is written, which would count as a change.
        self._code = code_version(PROJECT_ROOT)
        self._drawn: dict[str, str] = {}

    def keep(self, name: str, drawn: Image.Image) -> None:
        """Write one picture."""
        path = self._folder / f"{name}.png"
        reduced(drawn, self._own).save(path, optimize=True)
        self._drawn[path.name] = hashed(path)

    def close(self, views: Mapping[str, str]) -> None:
        """Write the record of a whole run, and take away pictures that it did not draw.

        views: the page of each picture that has one, by the page's name in the address.
        """
        for path in self._folder.glob("*.png"):
            if path.name not in self._drawn:
                path.unlink()
        record = {
            "release": self._release.id,
            "release_code": self._release.manifest["code_version"],
            "pages_code": self._code,
            "pages": {view: fingerprint(view) for view in sorted(set(views.values()))},
            "pictures": dict(sorted(self._drawn.items())),
        }
        head = "# Written by `make pictures`. Do not edit.\n"
        text = head + yaml.safe_dump(record, sort_keys=False)
        (self._folder / RECORD).write_text(text, encoding="utf-8")


def hashed(path: Path) -> str:
    """What tells one picture from another, by its bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
