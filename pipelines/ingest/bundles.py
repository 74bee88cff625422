"""Files that belong together, such as the nine tables of a COLLECT export, as one thing.

A bundle is what arrived in one zip, in one folder or in one call, and is of one family and form.
Which bytes it is made of stands in log/kept.jsonl, because erasing a person changes what is kept
and not what arrived.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines import json_lines
from pipelines.errors import InputError
from pipelines.ingest import raw_store
from pipelines.ingest.archive import Member
from pipelines.ingest.intake import FILE_ID_DIGITS
from pipelines.settings import Settings

LOG = "kept.jsonl"


@dataclass(frozen=True)
class Piece:
    """One file of a bundle.

    Attributes:
        part: which part of the form it is; '' where a file is whole by itself.
        sha256: of its bytes as they are kept.
    """

    member: Member
    part: str
    sha256: str


@dataclass(frozen=True)
class Bundle:
    """Files that belong together, or one that is whole by itself.

    Attributes:
        family, form: how they are read.
        pieces: in order of their parts.
        sha256: what arrived: the hash of the only file, or that of the sorted hashes of all.
    """

    family: str
    form: str
    pieces: tuple[Piece, ...]
    sha256: str

    @property
    def file_id(self) -> str:
        """What its rows bear in landing/."""
        return self.sha256[:FILE_ID_DIGITS]

    @property
    def name(self) -> str:
        """'return.xml', or 'header.csv and 8 more'."""
        first = self.pieces[0].member.name
        more = len(self.pieces) - 1
        return f"{first} and {more} more" if more else first

    @property
    def archive_name(self) -> str | None:
        """The zip or folder they came in."""
        return self.pieces[0].member.archive_name

    @property
    def is_written_anew(self) -> bool:
        """Whether what is kept is no longer what arrived: somebody was erased."""
        return sha256_of(each.sha256 for each in self.pieces) != self.sha256

    def piece_of(self, parts: Collection[str]) -> Piece:
        """The file that is one of these parts; the first one where no file is a part alone."""
        return next((each for each in self.pieces if each.part in parts), self.pieces[0])


def bundle(family: str, form: str, pieces: Iterable[Piece]) -> Bundle:
    """A bundle of what arrived.

    Raises:
        InputError: two files are the same part.
    """
    ordered = tuple(sorted(pieces, key=lambda each: (each.part, each.member.name)))
    for one, other in itertools.pairwise(ordered):
        if one.part == other.part:
            raise InputError(
                f"'{one.member.name}' and '{other.member.name}' are the same table ({one.part})",
                where=one.member.archive_name or one.member.name,
                remedy="Put the files of each return into a folder or zip of their own.",
            )
    return Bundle(family, form, ordered, sha256_of(each.sha256 for each in ordered))


def sha256_of(hashes: Iterable[str]) -> str:
    """The hash that a bundle goes by."""
    ordered = sorted(hashes)
    if len(ordered) == 1:
        return ordered[0]
    return hashlib.sha256("".join(ordered).encode("ascii")).hexdigest()


def write_down(settings: Settings, kept: Bundle) -> None:
    """Note which kept objects the bundle is made of from now on."""
    pieces = [
        {"name": each.member.name, "part": each.part, "kept_sha256": each.sha256}
        for each in kept.pieces
    ]
    line = {"sha256": kept.sha256, "family": kept.family, "form": kept.form, "pieces": pieces}
    json_lines.append(_path(settings), line)


def as_kept(settings: Settings, sha256: str, archive_name: str | None = None) -> Bundle | None:
    """The bundle of that hash as it is kept now, or None where there is none."""
    line = _lines(settings).get(sha256)
    if line is None:
        return None
    pieces = []
    for each in line["pieces"]:
        kept = each["kept_sha256"]
        opening = functools.partial(raw_store.opened, settings, kept)
        member = Member(each["name"], archive_name, opening, raw_store.size_of(settings, kept))
        pieces.append(Piece(member, each["part"], kept))
    return Bundle(line["family"], line["form"], tuple(pieces), sha256)


def objects_of(settings: Settings, arrived: Collection[str]) -> set[str]:
    """The kept objects that bundles are made of; arrived: the bundles' hashes."""
    lines = _lines(settings)
    return {
        each["kept_sha256"]
        for sha256 in arrived
        if sha256 in lines
        for each in lines[sha256]["pieces"]
    }


def arrived_as(settings: Settings, files: Collection[str]) -> set[str]:
    """Hashes of all that the bundles of these ids were ever made of, but for what they are now."""
    now = _lines(settings)
    found = set()
    for line in json_lines.lines(_path(settings)):
        if line["sha256"][:FILE_ID_DIGITS] in files:
            pieces = {each["kept_sha256"] for each in line["pieces"]}
            found |= pieces - {each["kept_sha256"] for each in now[line["sha256"]]["pieces"]}
    return found


def ever_made_of(settings: Settings) -> Iterator[tuple[str, set[str]]]:
    """Each bundle's hash, with those of what it was ever made of; once for each time."""
    for line in json_lines.lines(_path(settings)):
        yield line["sha256"], {each["kept_sha256"] for each in line["pieces"]}


def _lines(settings: Settings) -> dict[str, dict[str, Any]]:
    """The last line of each bundle; a torn last line is that of a bundle that did not land."""
    return {line["sha256"]: line for line in json_lines.lines(_path(settings))}


def _path(settings: Settings) -> Path:
    return settings.workspace / "log" / LOG
