"""The accessibility statement in sentences, from what the tests found and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards import formats

AIM = (
    "These pages are made to meet the Web Content Accessibility Guidelines 2.2, level AA. Only a "
    "full audit can tell whether they do. Nobody has made one, so this statement does not claim "
    "that the pages meet the guidelines in full."
)
LIMITS = (
    "A machine finds some kinds of fault and not others. The pages have not yet been tested by "
    "people who use screen readers, magnifiers or voice control, nor by an outside auditor."
)
REPORT = (
    "If you cannot read or use something here, or need it in another form, tell the council that "
    "publishes these pages, and say which page and what you use to read it."
)
NO_CONTACT = "The council has not yet named a contact here: use the one on its own website."

# The regulations: SI 2018/952, as amended, legislation.gov.uk/uksi/2018/952. Who helps and who
# enforces: the government's model accessibility statement.
ADVICE_ADDRESS = "https://www.equalityadvisoryservice.com/"
REGULATIONS_ADDRESS = "https://www.legislation.gov.uk/uksi/2018/952"
ADVICE = "Equality Advisory and Support Service"
REGULATIONS = (
    "Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018"
)


def contact(*, is_named: bool) -> str:
    """Whom to tell. is_named: whether the council's settings say how, which is listed below."""
    return REPORT if is_named else f"{REPORT} {NO_CONTACT}"


def enforcement(advice: str, regulations: str) -> str:
    """The way that is left where the council's answer does not help; both given as links."""
    return (
        f"If you are not content with the council's answer, ask the {advice}. The Equality and "
        f"Human Rights Commission enforces the {regulations}."
    )


def tested(day: object, axe: str, browser: str, framework: str, pages: int) -> str:
    """When the pages were last tested, by what, and how many."""
    return (
        f"Last tested on {formats.day(day)}: {formats.plural(pages, 'page')}, in light and in dark "
        f"mode, with axe-core {axe} in {browser}, on {framework}."
    )


def outcome(faults: Sequence[str], pages: int, fewest: int) -> str:
    """What the tests found. faults: what a reader meets, of the framework's own."""
    held = f"On every page at least {fewest} kinds of check applied, and all of them held."
    if not faults:
        return f"No fault was found on any of the {pages} pages. {held}"
    count = formats.plural(len(faults), "fault")
    verb = "is" if len(faults) == 1 else "are"
    return f"{count} that the tests know {verb} listed below. {held}"


def width(narrowest: int) -> str:
    """What was tested of narrow screens and large print."""
    zoom = f", as wide as a screen of {narrowest * 4:,} pixels at 400% zoom"
    return f"At a width of {narrowest} pixels{zoom}, no page has to be scrolled sideways."


def keyboard(controls: int) -> str:
    """What was reached by keyboard; nothing in a record that did not count it."""
    if not controls:
        return ""
    return (
        f"The Tab key reached {formats.plural(controls, 'control')} on the pages, which is every "
        "one that they show with all their parts unfolded, and each had a visible outline when it "
        "was reached. Tabs and choices that stand side by side are one stop: the arrow keys move "
        "among them."
    )


def charts(count: int) -> str:
    """What was looked at on every chart; nothing in a record that did not count them."""
    if not count:
        return ""
    return (
        f"Of {formats.plural(count, 'chart')}, each had a text that states its finding to a "
        "listener, and a table and a file with its figures."
    )


def motion(*, is_still: bool) -> str:
    """What moved for a reader who asks for less motion; nothing where it was not tested."""
    return "For a reader who asks for less motion, nothing on the pages moved." if is_still else ""
