"""The files received: one line a file or return, many of one kind in one line, and their rows.

The rows of the council's own files were protected before they came here: a number that may not be
told is missing, and stays missing in every sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from dashboards import formats
from dashboards.measure import OWN
from dashboards.words.record_rules import edition

# From this many files on, one kind of one source takes a single line.
MANY = 7
COUNTS = {"Rows in": "in", "Accepted": "accepted", "Set aside": "quarantined"}
KINDS = {
    "ap_census": "Alternative provision census",
    "census": "School census",
    "ep_advice": "Advice for assessments",
    "place": "Places",
    "sen2": "SEN2 return",
    "sen2_in_year": "SEN2 extract within the year",
    "spend": "Spend against plan",
    "workforce_post": "Posts",
}
# Who sent a file, in few words: the column is narrow on a phone.
SENDERS = {
    "council": "Council",
    "dfe": "DfE",
    "lait": "DfE (LAIT)",
    "moj": "Ministry of Justice",
    "ons": "ONS",
}
_HASH = "SHA-256 begins"
# The columns of the file to take away.
COLUMNS = (
    "source",
    "kind",
    "vintage",
    "archive_name",
    "file_name",
    "sha256",
    "size_bytes",
    "row_count_in",
    "row_count_accepted",
    "row_count_quarantined",
    "symbol",
)
# The edition of a file that is about no one period.
_UNDATED = "undated"
NO_NAMES = "Names of the council's own files are not told: a name may be a child's."
_NO_HASHES = "Their hashes are kept for auditors."
PROTECTED = (
    "Rows of the council's own files are counted to the nearest 5 in each part of a file, and the "
    "parts are added.",
    "[c] alone: too few rows to be told. [c] after a number: some parts of the file hold too few "
    "rows to be told, and the number is without them.",
)


def files_sentence(files: pd.DataFrame) -> str:
    """How many files were received, and how many of them are the council's own."""
    own = int((files["source"] == OWN).sum())
    return f"{formats.plural(len(files), 'file')} received, {own:,} of the council's own."


def rows_sentence(files: pd.DataFrame, *, is_exact: bool = False) -> str:
    """Whether every row of every file is accounted for: rows in = accepted + set aside.

    Protected files stay out of it, and the sentence says so: of them it cannot be told.
    is_exact: an officer's or an auditor's files, of which every number is told.
    """
    if is_exact:
        return _told_sentence(files.assign(is_lost=_lost(files)), "")
    told, kept = files[~_protected(files)], int(_protected(files).sum())
    apart = (
        f"{formats.plural(kept, 'file')} of the council's own "
        f"{'stays' if kept == 1 else 'stay'} out of this sum: small numbers in them are protected."
        if kept
        else ""
    )
    return " ".join(filter(None, [_told_sentence(told, "published " if kept else ""), apart]))


def _told_sentence(files: pd.DataFrame, what: str) -> str:
    if files.empty:
        return ""
    lost = files[files["is_lost"].astype(bool)]
    if not lost.empty:
        names = formats.listed(list(lost["file_name"]))
        count = formats.plural(len(lost), f"{what}file")
        return f"In {count} rows are not accounted for: {names}."
    total, aside = int(files["row_count_in"].sum()), int(files["row_count_quarantined"].sum())
    return (
        f"Every one of {total:,} rows in {formats.plural(len(files), f'{what}file')} is accounted "
        f"for: {total - aside:,} accepted and {aside:,} set aside."
    )


def _lost(files: pd.DataFrame) -> pd.Series:
    counted = files["row_count_accepted"] + files["row_count_quarantined"]
    return files["is_lost"].astype(bool) | (files["row_count_in"] != counted)


def notes(files: pd.DataFrame, *, is_exact: bool = False) -> tuple[str, ...]:
    """What the numbers of protected files mean; nothing where there are none.

    is_exact: an officer's or an auditor's files, of which no number is hidden or rounded.
    """
    own = files[_protected(files)]
    if own.empty:
        return ()
    told = NO_NAMES if own["sha256"].notna().all() else f"{NO_NAMES} {_NO_HASHES}"
    return (told,) if is_exact else (told, *PROTECTED)


def overview(files: pd.DataFrame, *, has_hashes: bool = False) -> pd.DataFrame:
    """One printed line a file or return; many of one kind make one line.

    has_hashes: with the hash of each, which auditors hold against the file itself.
    """
    lines: list[dict[str, str]] = []
    for group in _groups(files):
        lines += [_together(group)] if len(group) >= MANY else _lines(group)
    return _table(lines, has_hashes)


def folded(files: pd.DataFrame, *, has_hashes: bool = False) -> list[tuple[str, pd.DataFrame]]:
    """The kinds that one line stands for: their heading and their lines, one a file."""
    return [
        (_heading(group), _table(_lines(group), has_hashes))
        for group in _groups(files)
        if len(group) >= MANY
    ]


def _table(lines: list[dict[str, str]], has_hashes: bool) -> pd.DataFrame:
    table = pd.DataFrame(lines)
    return table if has_hashes else table.drop(columns=_HASH, errors="ignore")


def to_take_away(files: pd.DataFrame) -> pd.DataFrame:
    """One row a file, none folded; symbol c where a number is hidden or in part."""
    hidden = files[[f"hidden_{name}" for name in COUNTS.values()]].sum(axis=1) > 0
    symbols = ["c" if is_hidden else "" for is_hidden in hidden & _protected(files)]
    return files.assign(symbol=symbols)[list(COLUMNS)]


def _protected(files: pd.DataFrame) -> pd.Series:
    return files["is_protected"].astype(bool)


def _groups(files: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The files by source and kind, in the order of the frame."""
    for _, group in files.groupby(["source", "kind"], sort=False, dropna=False):
        yield group


def _line(row: Any) -> dict[str, str]:
    """One printed line. row: with the columns of quality.files."""
    counts = {
        words: _count(getattr(row, f"row_count_{name}"), getattr(row, f"hidden_{name}"))
        for words, name in COUNTS.items()
    }
    return {
        "File": _name(row),
        "Source": SENDERS.get(row.source, row.source),
        "Release": edition(row.vintage),
        **counts,
        _HASH: row.sha256[:12] if isinstance(row.sha256, str) else "",
    }


def _lines(group: pd.DataFrame) -> list[dict[str, str]]:
    return [_line(row) for row in group.itertuples(index=False)]


def _together(group: pd.DataFrame) -> dict[str, str]:
    """The one line of many files: their number, the span of their releases, their sums."""
    ends = list(dict.fromkeys(map(edition, (group["vintage"].min(), group["vintage"].max()))))
    sums = {
        words: _count(
            group[f"row_count_{name}"].sum(min_count=1), int(group[f"hidden_{name}"].sum())
        )
        for words, name in COUNTS.items()
    }
    own = {"File": _heading(group), "Release": " to ".join(ends)}
    hashes = {_HASH: "listed below"} if group["sha256"].notna().any() else {}
    return _lines(group)[0] | sums | own | hashes


def _heading(group: pd.DataFrame) -> str:
    return f"{kind_words(group['kind'].iloc[0])}: {formats.plural(len(group), 'file')}"


def _name(row: Any) -> str:
    """A publisher's file by its name, one of the council's own by its kind and edition, if any."""
    if not row.is_protected:
        return str(row.file_name)
    kind = kind_words(row.kind)
    return kind if row.vintage == _UNDATED else f"{kind}, {edition(row.vintage)}"


def kind_words(kind: str) -> str:
    """A kind of file by its name."""
    return KINDS.get(kind) or kind.replace("_", " ").capitalize()


def _count(count: Any, hidden: int) -> str:
    """'12,690', '12,690 [c]' where a part is hidden, '[c]' where all is."""
    if not formats.is_number(count):
        return "[c]"
    return f"{int(count):,} [c]" if hidden else f"{int(count):,}"
