"""Erasure: one person taken out of everything that is kept, so that nobody can find them again.

Out of the kept files (written anew without the person's records), out of every landing table, out
of the identities, and out of the rows that releases hold for officers. What was published as counts
stays. log/erased.jsonl says when, and of which files, by a hash of the pseudonym; an erasure that
was interrupted is found there and ended before anything else is done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.errors import InputError
from pipelines.ingest import (
    forget_aside,
    forget_copies,
    forget_explanations,
    forget_files,
    forget_log,
    forget_releases,
    identity,
    landing,
)
from pipelines.ingest.keys import Keys, keys_of
from pipelines.ingest.ownership import require_council
from pipelines.ingest.words import counted
from pipelines.settings import Settings

NAMED = ("surname", "forename", "birth_date")
UPN = re.compile(r"[A-Z]\d{11}[0-9A-Z]", re.IGNORECASE)
ULN = re.compile(r"\d{10}")
FORMS = (
    "Write one line: a UPN; a ULN; or surname, forename and date of birth (2012-05-11) with commas "
    "between."
)
ALL = "--all-of-this-name"
# Of how many people it is asked whether all are meant.
Confirm = Callable[[int], bool]


@dataclass(frozen=True)
class Forgotten:
    """What an erasure did.

    Attributes:
        files: ids of the files that held the person.
        row_count: rows taken out of landing/.
        releases: those whose published counts include the person, in order.
        purged: releases whose rows for officers were written anew.
        notes: what could not be kept as it was, and what may still name the person.
        people_count: pseudonyms that are no more; 0 where only records put aside were found.
        explanations_dropped: explanations of findings in those files, which went with them.
        copies: files of the inbox that still hold the person, by their path in the workspace.
    """

    files: tuple[str, ...]
    row_count: int
    releases: tuple[str, ...]
    purged: tuple[str, ...]
    notes: tuple[str, ...]
    people_count: int = 1
    explanations_dropped: int = 0
    copies: tuple[str, ...] = ()


def identifiers_of(line: str) -> dict[str, object]:
    """What a line of standard input names somebody by.

    Raises:
        InputError: it is none of the three forms. The message does not repeat it.
    """
    text = line.strip()
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 1 and UPN.fullmatch(text):
        return {"upn": text}
    if len(parts) == 1 and ULN.fullmatch(text):
        return {"uln": text}
    if len(parts) == len(NAMED) and all(parts):
        try:
            born = date.fromisoformat(parts[2])
        except ValueError as error:
            raise InputError("the date of birth cannot be read", remedy=FORMS) from error
        return {"surname": parts[0], "forename": parts[1], "birth_date": born}
    raise InputError("the line names nobody in a form that is known", remedy=FORMS)


def forget(
    settings: Settings, line: str, confirm: Confirm | None = None, *, all_of_this_name: bool = False
) -> Forgotten:
    """Erase the person whom a line names; nothing else may be using the workspace.

    confirm: asked before more than one pseudonym is erased; not asked means no.
    all_of_this_name: erase every record of the name and birth date, whoever's it is.

    Raises:
        InputError: the line cannot be read, or names nobody here, or more than one person, or the
            workspace is another council's.
    """
    identifiers = identifiers_of(line)
    require_council(settings)
    keys = keys_of(settings)
    finish(settings)
    found = identity.found_by(settings, keys.pseudonym, identifiers)
    if not any(found.values()):
        return _erase_put_aside(settings, keys, identifiers)
    people = _all(settings, found, confirm) if all_of_this_name else [_one(found, identifiers)]
    others = len(identity.namesakes(settings, people))
    for pseudonym in people:
        files = forget_files.files_of(settings, pseudonym)
        forget_log.note(settings, pseudonym, forget_log.BEGUN, files=files)
    done = [_erase(settings, keys, pseudonym, identifiers) for pseudonym in people]
    return _together(done, (*_said_of_others(others), *_said_of_explanations(settings)))


def finish(settings: Settings) -> int:
    """End the erasures that were interrupted; gives their number."""
    waiting = forget_log.unfinished(settings)
    if not waiting:
        return 0
    keys = keys_of(settings)
    known = {forget_log.marked(each): each for each in forget_files.pseudonyms(settings)}
    for mark in waiting:
        _erase(settings, keys, known.get(mark, ""), {}, mark)
    return len(waiting)


def erase_marked(settings: Settings, marks: Collection[str]) -> int:
    """Erase whoever a log calls by these marks and is here; gives their number.

    For a workspace that was brought back from before their erasure. Somebody of whom only rows put
    aside were found has a mark that leads to nobody.
    """
    known = {forget_log.marked(each): each for each in forget_files.pseudonyms(settings)}
    here = [mark for mark in marks if mark in known]
    for mark in here:
        files = forget_files.files_of(settings, known[mark])
        forget_log.note_mark(settings, mark, forget_log.BEGUN, files=files)
    finish(settings)
    return len(here)


# ---- who it is ---------------------------------------------------------------------------------


def _one(found: Mapping[str, set[str]], identifiers: Mapping[str, object]) -> str:
    sure = _sure(found)
    if len(sure) > 1:
        raise InputError(
            f"{len(sure)} people are known by that",
            remedy="Name the person by UPN or ULN, or erase all records of the name and birth "
            f"date with {ALL}."
            if "surname" in identifiers
            else "Name the person by the other number, or by name and date of birth.",
        )
    return next(iter(sure))


def _sure(found: Mapping[str, set[str]]) -> set[str]:
    """A number may also be somebody's former one: who bears it now comes first."""
    everybody = set().union(*found.values())
    return found.get("upn", set()) or found.get("uln", set()) or everybody


def _all(settings: Settings, found: Mapping[str, set[str]], confirm: Confirm | None) -> list[str]:
    """Whom the line leads to, and everybody who has had the name and birth date of one of them."""
    sure = _sure(found)
    people = sorted(sure | identity.namesakes(settings, sure))
    if len(people) > 1 and not (confirm and confirm(len(people))):
        raise InputError(
            f"{len(people)} people or records are of that name and birth date; nothing was erased",
            remedy="Answer yes, on the next line, if all of them are to go.",
        )
    return people


def _said_of_others(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (
        f"{counted(count, 'other record')} of that name and birth date stayed, because nothing "
        f"says that it is the same child: {ALL} erases all of them, with name and date of birth.",
    )


def _said_of_explanations(settings: Settings) -> tuple[str, ...]:
    stay = forget_explanations.count(settings)
    if not stay:
        return ()
    return (
        f"{counted(stay, 'explanation')} of findings in other files stayed. Their texts are not "
        "searched; look whether one of them names the person.",
    )


# ---- the work ----------------------------------------------------------------------------------


def _erase(
    settings: Settings,
    keys: Keys,
    pseudonym: str,
    given: Mapping[str, object],
    mark: str = "",
) -> Forgotten:
    """Every step can be done twice: what an interruption left is simply done again.

    The person's own files come last, because what else the person is known by stands in them, and
    once they are written nothing leads to the person's rows in releases.
    """
    landing.sweep(settings)
    mark = mark or forget_log.marked(pseudonym)
    files = forget_files.files_of(settings, pseudonym) if pseudonym else []
    aside = forget_aside.holding(settings, keys, given, pseudonym, files)
    held = sorted({*files, *forget_log.noted_files(settings, mark)})
    dropped = forget_explanations.drop(settings, keys, {*held, *aside})
    purged = forget_releases.purge(settings, pseudonym, held) if pseudonym else ()
    rows, notes = _rewrite(settings, keys, pseudonym, aside, files)
    counting = forget_releases.releases_counting(settings, held)
    forget_log.note_mark(settings, mark, forget_log.DONE, files=held, releases=counting)
    return Forgotten(
        files=tuple(sorted({*held, *aside})),
        row_count=rows,
        releases=counting,
        purged=purged,
        notes=tuple(notes),
        people_count=1,
        explanations_dropped=dropped,
        copies=tuple(forget_copies.copies(settings, {*held, *aside})),
    )


def _erase_put_aside(
    settings: Settings, keys: Keys, identifiers: Mapping[str, object]
) -> Forgotten:
    """Erase somebody of whom nothing landed: what could not be read may still be about them.

    Raises:
        InputError: nor is there such a record.
    """
    aside = forget_aside.holding(settings, keys, identifiers, "", ())
    if not aside:
        raise InputError(
            "nobody is known here by that",
            remedy="Try the other forms: UPN, ULN, or name and date of birth as in the return.",
        )
    dropped = forget_explanations.drop(settings, keys, aside)
    _, notes = _rewrite(settings, keys, "", aside, ())
    (first, *_) = sorted(identity.hashes_of(settings, keys.pseudonym, identifiers))
    forget_log.note(settings, first, forget_log.DONE, files=aside, releases=())
    copies = tuple(forget_copies.copies(settings, aside))
    notes += _said_of_explanations(settings)
    return Forgotten(tuple(aside), 0, (), (), tuple(notes), 0, dropped, copies)


def _rewrite(
    settings: Settings,
    keys: Keys,
    pseudonym: str,
    aside: Collection[str],
    files: Collection[str],
) -> tuple[int, list[str]]:
    """Write the files anew and drop what no file rests on; gives rows taken out, and notes."""
    rows = 0
    notes: list[str] = []
    for file_id in (*aside, *files):
        is_put_aside = file_id in aside
        gone, said = forget_files.without_person(
            settings, keys, file_id, pseudonym, is_put_aside=is_put_aside
        )
        rows, notes = rows + gone, [*notes, *said]
    forget_files.drop_orphans(settings)
    forget_files.drop_warehouse(settings)
    return rows, notes


def _together(done: Collection[Forgotten], notes: Collection[str]) -> Forgotten:
    """Several erasures told as one."""

    def every(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for each in done for text in getattr(each, name)))

    return Forgotten(
        files=every("files"),
        row_count=sum(each.row_count for each in done),
        releases=every("releases"),
        purged=every("purged"),
        notes=(*every("notes"), *notes),
        people_count=sum(each.people_count for each in done),
        explanations_dropped=sum(each.explanations_dropped for each in done),
        copies=every("copies"),
    )
