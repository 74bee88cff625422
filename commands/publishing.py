"""What `send publish` and `send demo` ask of a release before somebody decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.release.approve import Review
    from pipelines.release.gates import Gate
    from pipelines.release.reader import Release
    from pipelines.settings import Settings


def review(settings: Settings, release: Release) -> Review:
    """Ask the gates, also whether its reports say what its public file says, and compare.

    Raises:
        FailedCheckError: a gate does not hold; the pointer stays where it was.
        InputError: nothing can be given to the group of readers that is named.
    """
    from pipelines.release import approve

    return approve.review(settings, release, (reports,))


def reports(settings: Settings, release: Release) -> Gate:
    """The gate that makes workbook and one-page report, and holds them to the public file."""
    from streamlit.logger import set_log_level

    # There is no page here, and Streamlit warns of that for every query that it keeps.
    set_log_level("ERROR")
    from dashboards import context
    from dashboards.reports.agreement import reports_agree
    from dashboards.role import Role
    from pipelines.release.gates import Gate

    asked = reports_agree(context.over(settings, release, Role.CABINET))
    return Gate("reports", asked.holds, asked.found)
