"""Where a person stands in records that were put aside, which no pseudonym leads to.

Such a record is in no table: it could not be read. So the kept bytes of every file that has one are
opened and looked through for the person's numbers, or for name and birth date together. What stands
in a record in none of these ways is not found.
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from pipelines.ingest import bundles, case_files, landing, strict_csv
from pipelines.ingest.archive import ZIP_MAGIC
from pipelines.ingest.bundles import Bundle
from pipelines.ingest.families import family_of
from pipelines.ingest.forget_files import kept_of
from pipelines.ingest.intake import FILE_ID_DIGITS
from pipelines.ingest.keys import Keys
from pipelines.ingest.modules import Modules
from pipelines.settings import Settings

NUMBERS = ("upn", "former_upn", "uln")
SHORTEST_NUMBER = 10
MIDNIGHT = re.compile(r"T?0{4,6}$")
# How the folded text of a birth date may look; a spreadsheet counts days.
DATES = ("%Y%m%d", "%d%m%Y", "%Y%b%d", "%d%b%Y", "%d%B%Y")
FIRST_DAY = date(1899, 12, 30)
BETWEEN_TAGS = re.compile(r">([^<]+)<")


@dataclass
class Known:
    """What a person is known by, folded.

    Attributes:
        numbers: UPNs and ULNs.
        names: surname, forename and the forms of the birth date.
    """

    numbers: set[str] = field(default_factory=set)
    names: set[tuple[str, str, frozenset[str]]] = field(default_factory=set)

    def add(self, identifiers: Mapping[str, object]) -> None:
        """Take in upn, former_upn, uln; surname, forename and birth_date."""
        numbers = (folded(str(identifiers.get(name) or "")) for name in NUMBERS)
        self.numbers |= {number for number in numbers if len(number) >= SHORTEST_NUMBER}
        surname, forename = (folded(str(identifiers.get(n) or "")) for n in ("surname", "forename"))
        born = identifiers.get("birth_date")
        if surname and forename and isinstance(born, date):
            self.names.add((surname, forename, _forms(born)))

    def is_in_row(self, text: str) -> bool:
        """Whether a record of a CSV is about the person."""
        found = folded(text)
        return any(number in found for number in self.numbers) or any(
            surname in found and forename in found and any(form in found for form in born)
            for surname, forename, born in self.names
        )

    def is_in_cells(self, cells: Collection[str]) -> bool:
        """Whether a file of such cells, folded, is about the person."""
        return any(number in cells for number in self.numbers) or any(
            surname in cells and forename in cells and not born.isdisjoint(cells)
            for surname, forename, born in self.names
        )


def holding(
    settings: Settings,
    keys: Keys,
    given: Mapping[str, object],
    pseudonym: str,
    files: Collection[str],
) -> list[str]:
    """Ids of other files with a record of the person that was put aside.

    given: what the person was asked for by. files: those that the pseudonym is in, from which the
        person's other names and numbers are taken.
    """
    waiting = _with_put_aside(settings) - set(files)
    if not waiting:
        return []
    known = Known()
    known.add(given)
    for file_id in files:
        for each in case_files.identifiers_in(
            settings, keys, kept_of(settings, file_id), pseudonym
        ):
            known.add(each)
    return sorted(file_id for file_id in waiting if _holds(settings, file_id, known))


def folded(text: str) -> str:
    """Letters without case and accents, and digits."""
    plain = unicodedata.normalize("NFKD", text).upper()
    return "".join(sign for sign in plain if sign.isalnum())


def _forms(born: date) -> frozenset[str]:
    forms = {born.strftime(form).upper() for form in DATES}
    return frozenset({*forms, f"{born.day}{born.month}{born.year}", str((born - FIRST_DAY).days)})


def _with_put_aside(settings: Settings) -> set[str]:
    """Files of which something was put aside and that are kept as person-level files."""
    rows = [row for row in landing.received(settings) if row["row_count_quarantined"]]
    return {
        row["sha256"][:FILE_ID_DIGITS]
        for row in rows
        if bundles.as_kept(settings, row["sha256"]) is not None
    }


def _holds(settings: Settings, file_id: str, known: Known) -> bool:
    kept = kept_of(settings, file_id)
    if kept.form in case_files.WHOLE_FORMS:
        return known.is_in_cells(_cells(kept.pieces[0].member.content()))
    modules = family_of(kept.family, settings.project_root).read(kept.form, kept.pieces)
    return any(known.is_in_row(text) for text in _put_aside(settings, kept, modules))


def _put_aside(settings: Settings, kept: Bundle, modules: Modules) -> Iterator[str]:
    """The texts of the records of CSVs that were put aside."""
    for module, aside in modules.quarantined.items():
        if not aside:
            continue
        numbers = {row.row_number for row in aside}
        piece = kept.piece_of(case_files.parts_of(settings, kept.family, module))
        body = strict_csv.decode(piece.member.content())
        yield from (text for number, _, text in strict_csv.records(body) if number in numbers)


def _cells(content: bytes) -> set[str]:
    """The texts of an XML, or of a workbook, folded."""
    cells = set()
    for text in _texts(content):
        for printed in BETWEEN_TAGS.findall(text):
            cell = folded(html.unescape(printed))
            cells |= {cell, MIDNIGHT.sub("", cell)}
    return cells


def _texts(content: bytes) -> Iterable[str]:
    if not content.startswith(ZIP_MAGIC):
        return [content.decode("utf-8", errors="replace")]
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = [name for name in book.namelist() if name.endswith(".xml")]
        return [book.read(name).decode("utf-8", errors="replace") for name in names]
