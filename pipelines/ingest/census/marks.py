"""Which table of a census is this? By its header, never by its name. Nothing is read here."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.ingest.strict_csv import header_of
from pipelines.registry.census import Census, census
from pipelines.registry.council_returns import plain_name
from pipelines.settings import PROJECT_ROOT

COLLECT_FORM, AP_FORM = "census_collect", "ap_census"
TABLE_ID, ORDER = "tableid", "orderseqcolumn"
# Parents by which a table of the export shows that it belongs to a census.
PARENT_IDS = ("schoolcensustableid", "pupilonrolltableid", "pupilnolongeronrolltableid")


def form_of(content: bytes) -> str | None:
    """'census_collect:<table>', 'ap_census', or None where it is neither."""
    known = census(PROJECT_ROOT)
    header = header_line(content)
    table = table_of(header)
    if table is not None and is_of_census(table, header, known):
        return f"{COLLECT_FORM}:{table}"
    return AP_FORM if is_ap_census(header, known) else None


def header_line(content: bytes) -> tuple[str, ...]:
    """The column names of a file, of which only the first line is looked at.

    Raises:
        InputError: there are none.
    """
    return header_of(content[: content.find(b"\n") + 1] or content)


def table_of(header: Iterable[str]) -> str | None:
    """The table whose rows these are: the one that numbers them, not one that it belongs to."""
    names = [name.lower() for name in header]
    ids = [name.removesuffix(TABLE_ID) for name in names if name.endswith(TABLE_ID)]
    numbered = [table for table in ids if f"{table}{ORDER}" in names]
    return next(iter(numbered or ids), None)


def is_of_census(table: str, header: Iterable[str], known: Census) -> bool:
    """Whether a table is one of the school census, known to the product or not."""
    if table in known.module_of or table in known.not_used:
        return True
    return not {name.lower() for name in header}.isdisjoint(PARENT_IDS)


def is_ap_census(header: Iterable[str], known: Census) -> bool:
    """Whether a header is that of the alternative provision census, in our layout."""
    (layout,) = known.ap_census.returns.values()
    meant = {layout.meant_by.get(plain_name(name)) for name in header}
    return set(layout.recognised_by) <= meant
