"""Evidence: who approved what is read, what it was made from, and how anybody can check it."""

from __future__ import annotations

import streamlit as st

from dashboards import context
from dashboards.components import evidence_inputs, evidence_release, evidence_trace, html
from dashboards.components.first_sentence import first_sentence
from dashboards.components.reports import offer_pack
from dashboards.queries import releases
from dashboards.queries.frozen import Key
from dashboards.words import release_evidence as words

NOT_FOR_YOU = (
    "This page is for auditors: it names every file and every check behind the figures. Choose "
    "“Auditor” beside the list of pages, where you may."
)


def commands(release: str) -> None:
    """What whoever holds the workspace can run to check all of it."""
    st.html(
        html.paragraphs(
            "Whoever holds the workspace can check what is said here. The first command compares "
            "every file with its hash, and the log of who did what with its codes. The second "
            "makes this release once more from the stored files and the recorded code, in a clean "
            "folder, and compares every published cell."
        )
    )
    st.code(
        f"send releases verify\nsend releases rebuild {release}\nsend releases show {release}",
        language=None,
        wrap_lines=True,
    )


def everything(page: context.Context, evidence: Key) -> None:
    """The parts of the page, each under its own heading."""
    release = str(page.facts["release"])
    approval = releases.document(evidence, "approval.json")
    first_sentence(words.lead(approval))
    st.header("Gates", anchor=False)
    evidence_release.gates(evidence)
    st.header("What this release changed", anchor=False)
    evidence_release.difference(page, evidence)
    evidence_release.officers(page, evidence)
    st.header("From a figure to its file", anchor=False)
    evidence_trace.trace(page, evidence)
    st.header("What it was made from", anchor=False)
    evidence_inputs.files(page, evidence)
    st.header("What was checked", anchor=False)
    evidence_inputs.checks(evidence)
    st.header("How small numbers are protected", anchor=False)
    evidence_inputs.small_numbers(evidence)
    st.header("Approved releases", anchor=False)
    evidence_release.history(evidence, release)
    st.header("Check it yourself", anchor=False)
    commands(release)
    offer_pack(page)


page = context.current()
st.title("Evidence", anchor=False)
if page.evidence is None:
    st.html(html.paragraphs(NOT_FOR_YOU))
else:
    everything(page, page.evidence)
