"""The kinds of report: what each is called, for whom it is made, and how its bytes come about."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboards.context import Context
    from pipelines.registry.council import Council


class Kind(StrEnum):
    """A report that `send report --kind` makes."""

    ONE_PAGE = "one-page"
    WORKBOOK = "workbook"
    AUDIT = "audit"


ENDINGS = {Kind.ONE_PAGE: "pdf", Kind.WORKBOOK: "xlsx", Kind.AUDIT: "zip"}
MEDIA_TYPES = {
    Kind.ONE_PAGE: "application/pdf",
    Kind.WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.AUDIT: "application/zip",
}


def make(page: Context, kind: Kind, of: Council | None = None) -> bytes:
    """The bytes of a report: the same for the same release, whenever it is made.

    page: read as the public for the first two, as an auditor for the pack.
    of: whose position, of overview.councils; without it that of the release's own council.

    Raises:
        InputError: the pack is asked for by somebody who may not read the evidence.
        SendError: the one-page report of this release does not fit on one page.
    """
    from dashboards.overview import councils

    whose = of or councils(page)[-1]
    if kind is Kind.ONE_PAGE:
        from dashboards.reports.one_page import one_page

        return one_page(page, whose)
    if kind is Kind.WORKBOOK:
        from dashboards.reports.workbook import workbook

        return workbook(page, whose)
    from dashboards.reports.audit import pack

    return pack(page)


def stem(page: Context, kind: Kind, of: Council | None = None) -> str:
    """The beginning of a file's name: 'send-999-workbook-2026-11-22-73961693'."""
    la_code = of.la_code if of else page.facts["council"]
    return f"send-{la_code}-{kind.value}-{page.facts['release']}"
