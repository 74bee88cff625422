"""Where the figures on a page come from: the publisher, the council's own return, or both."""

from __future__ import annotations

import re

import pandas as pd

from dashboards import formats
from dashboards.measure import OWN

# The edition of an extract within the year is its month; that of a return, its year. What a council
# writes itself, about places or posts, is named after its month too.
_EXTRACT = re.compile(r"\d{4}-\d{2}$")
_RETURN = re.compile(r"\d{4}(-r\d+)?")
_CENSUS = re.compile(r"(\d{4})-(\d{2})-school-census$")
# School censuses are taken once a term, in these months.
_TERMS = {"01": "spring", "05": "summer", "10": "autumn"}
# The publisher's name of a file, in brackets after the name of the data set.
_FILE = re.compile(r" \([a-z0-9]+(?:_[a-z0-9]+)+\)")
_SERVICES = "-services"
# On every page, and in every file and report of the sample county.
SAMPLE = (
    "Sample data: the sample county never existed and none of its figures is real. "
    "Figures of other authorities, regions and England are as published."
)
PROTECTED = (
    "Small numbers in the council's own figures are protected: hidden [c] or rounded to the "
    "nearest 5, and percentages made from them are whole. Some totals of the whole authority, and "
    "figures that the DfE publishes, are exact."
)
EXACT = "These are exact numbers, for officers only: do not publish them."


def is_return(edition: str) -> bool:
    """Whether an edition is a yearly return of the council's, which counts one day of January."""
    return _RETURN.fullmatch(edition) is not None


def is_extract(edition: str) -> bool:
    """Whether an edition is an extract within the year, and not a yearly return."""
    return _EXTRACT.match(edition) is not None


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
    terms = [edition_words(edition) for edition in editions if _CENSUS.match(edition)]
    sen2 = [ed for ed in editions if ed not in services and not _CENSUS.match(ed)]
    years = [edition_words(edition) for edition in sen2 if not _EXTRACT.match(edition)]
    months = [edition for edition in sen2 if _EXTRACT.match(edition)]
    named = [
        f"{'return' if len(years) == 1 else 'returns'} of {formats.listed(years)}" if years else "",
        f"extracts of {' to '.join(dict.fromkeys(map(formats.month, (months[0], months[-1]))))}"
        if months
        else "",
    ]
    of_sen2 = formats.listed([part for part in named if part])
    what = formats.listed(
        [
            *([f"SEN2 {of_sen2}"] if of_sen2 else []),
            *([_census_words(terms)] if terms else []),
            *(["returns about its services"] if services else []),
        ]
    )
    return f"{council}'s own {what}, not published by the DfE. {EXACT if is_exact else PROTECTED}"


def _census_words(terms: list[str]) -> str:
    """'school census of the spring term 2026', or the first and the last of several."""
    if len(terms) == 1:
        return f"school census of the {terms[0]}"
    return f"school censuses from the {terms[0]} to the {terms[-1]}"


def without_files(source_text: str) -> str:
    """The publisher's data sets without the names of their files, which say nothing to a reader."""
    return _FILE.sub("", source_text)


def edition_words(edition: str) -> str:
    """'2025', '2025 (copy 2)' of a return handed in again, 'spring term 2026' of a census."""
    census = _CENSUS.match(edition)
    if census:
        return f"{_TERMS.get(census[2], formats.month(edition[:7]))} term {census[1]}"
    year, _, copy = edition.partition("-r")
    return f"{year} (copy {copy})" if copy else year


def sources(source_text: str, data: pd.DataFrame, council: str, *, is_exact: bool = False) -> str:
    """The publisher's data set, the council's own returns, or both where rows of both are drawn.

    A row without a source is an average of published figures.
    """
    own = own_words(data, council, is_exact=is_exact)
    published = without_files(source_text)
    if not own:
        return f"{published}."
    return own if own_rows(data).all() else f"{published}; and {own}"
