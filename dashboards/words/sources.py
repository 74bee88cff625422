"""Where the figures on a page come from: the publisher, the council's own return, or both."""

from __future__ import annotations

import re

import pandas as pd

from dashboards import formats

OWN = "council"
# The edition of an extract within the year is its month; that of a return, its year. What a council
# writes itself, about places or posts, is named after its month too.
_EXTRACT = re.compile(r"\d{4}-\d{2}$")
_SERVICES = "-services"
PROTECTED = (
    "Small numbers in the council's own figures are protected: hidden [c] or rounded to the "
    "nearest 5, and percentages made from them are whole. Exact are totals of the whole authority, "
    "and what the DfE publishes exactly."
)
EXACT = "These are exact numbers, for officers only: do not publish them."


def own_rows(data: pd.DataFrame) -> pd.Series:
    """Which rows come from the council's own return; none where no source is given."""
    if "source" not in data.columns:
        return pd.Series(False, index=data.index)
    return data["source"].eq(OWN).fillna(False).astype(bool)


def own_words(data: pd.DataFrame, council: str, *, is_exact: bool = False) -> str:
    """The council's own returns among the rows, and that they are protected, or exact.

    data: with columns source and vintage. council: its name. Empty where no row is the council's.
    is_exact: read from the officers' file, which nothing protects.
    """
    own = own_rows(data)
    if not own.any():
        return ""
    editions = sorted({str(vintage) for vintage in data.loc[own, "vintage"]})
    services = [edition for edition in editions if edition.endswith(_SERVICES)]
    sen2 = [edition for edition in editions if edition not in services]
    years = [edition_words(edition) for edition in sen2 if not _EXTRACT.match(edition)]
    months = [edition for edition in sen2 if _EXTRACT.match(edition)]
    named = [
        f"{'return' if len(years) == 1 else 'returns'} of {formats.listed(years)}" if years else "",
        f"extracts of {' to '.join(dict.fromkeys([months[0], months[-1]]))}" if months else "",
    ]
    of_sen2 = formats.listed([part for part in named if part])
    what = formats.listed(
        [
            *([f"SEN2 {of_sen2}"] if of_sen2 else []),
            *(["returns about its services"] if services else []),
        ]
    )
    return f"{council}'s own {what}, not published by the DfE. {EXACT if is_exact else PROTECTED}"


def edition_words(edition: str) -> str:
    """'2025', and '2025 (copy 2)' of a return that was handed in again."""
    year, _, copy = edition.partition("-r")
    return f"{year} (copy {copy})" if copy else year


def sources(source_text: str, data: pd.DataFrame, council: str, *, is_exact: bool = False) -> str:
    """The publisher's data set, the council's own returns, or both where rows of both are drawn.

    A row without a source is an average of published figures.
    """
    own = own_words(data, council, is_exact=is_exact)
    if not own:
        return f"{source_text}."
    return own if own_rows(data).all() else f"{source_text}; and {own}"
