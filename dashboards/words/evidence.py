"""The remark on a row of evidence, taken apart: whose figure, on which basis, and does it fit."""

from __future__ import annotations

from dataclasses import dataclass

_STATUS = ("bears it out", "does not bear it out", "context only")
_ASIDE = ("before revision", "before the break")
_BASIS = ("change since", "times the figure of")


@dataclass(frozen=True)
class Remark:
    """One remark, its parts joined by '; ' in the register's evidence.

    Attributes:
        subject: a breakdown, or how two measures are put together; empty for the plain measure.
        basis: 'change since January 2018'; empty for the figure itself.
        status: whether the figure bears the statement out; empty where it does not judge.
        aside: before a revision or a break.
    """

    subject: str = ""
    basis: str = ""
    status: str = ""
    aside: str = ""

    @property
    def kind(self) -> str:
        """What makes rows comparable: subject, and the kind of basis without its date."""
        start = next((start for start in _BASIS if self.basis.startswith(start)), "")
        return f"{self.subject}|{start}"

    @property
    def since(self) -> str:
        """'since January 2018' for any basis; empty for none."""
        for start in _BASIS:
            if self.basis.startswith(start):
                return f"since{self.basis.removeprefix(start)}"
        return ""


def remark(note: object) -> Remark:
    """The parts of a note; an empty remark for none."""
    if not isinstance(note, str):
        return Remark()
    found = {"subject": "", "basis": "", "status": "", "aside": ""}
    for part in note.split("; "):
        found[_kind(part)] = part
    return Remark(**found)


def _kind(part: str) -> str:
    if part in _STATUS:
        return "status"
    if part.startswith(_ASIDE):
        return "aside"
    return "basis" if part.startswith(_BASIS) else "subject"
