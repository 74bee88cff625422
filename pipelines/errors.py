"""The errors that a person may meet, and the exit code of each. Nothing else belongs here.

An error says what is wrong, where, and what to do about it; the command prints it without a
traceback. It never holds a cell value of a person-level file.
"""

from __future__ import annotations

EXIT_CHECKS_FAILED = 1
EXIT_UNREADABLE = 2


class SendError(Exception):
    """Base of every error written for a reader.

    Args:
        what: what is wrong, as a sentence.
        where: the file, row, column or setting it is about.
        remedy: what the reader can do.
    """

    exit_code = EXIT_CHECKS_FAILED

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        """One line for each part that is known: where, what, what to do."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}\n  What to do: {self.remedy}" if self.remedy else head


class InputError(SendError):
    """Unreadable input, or the command used wrongly."""

    exit_code = EXIT_UNREADABLE


class ProgramFaultError(SendError):
    """A fault of ours, told by its kind and place (faults.py)."""

    exit_code = EXIT_UNREADABLE


class RegistryError(InputError):
    """A file of the house (measure, rule, source, council) does not follow its schema."""


class FailedCheckError(SendError):
    """A check that must hold before figures may be published does not hold."""
