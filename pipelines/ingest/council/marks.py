"""Which return of the council is this? By its header, never by its name. Nothing is read here."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.ingest.census.marks import header_line
from pipelines.registry.council_returns import CouncilReturns, council_returns, plain_name
from pipelines.settings import PROJECT_ROOT


def form_of(content: bytes) -> str | None:
    """Name of the return, e.g. 'early_support', or None where it is none.

    Raises:
        InputError: there is no header.
    """
    return return_of(header_line(content), council_returns(PROJECT_ROOT))


def return_of(header: Iterable[str], known: CouncilReturns) -> str | None:
    """The return whose marks a header bears; of several, the one of whose columns it has most."""
    names = [plain_name(name) for name in header]
    shared = {
        name: len({item.meant_by[each] for each in names if each in item.meant_by})
        for name, item in known.returns.items()
        if set(item.recognised_by) <= {item.meant_by.get(each) for each in names}
    }
    return max(shared, key=lambda name: shared[name]) if shared else None
