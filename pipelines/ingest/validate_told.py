"""What `send validate` says of a file: counts, and findings of rules and readers in one form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.errors import InputError
from pipelines.ingest.intake import REFUSED
from pipelines.ingest.judge import MORE
from pipelines.ingest.parcel import Finding


@dataclass(frozen=True)
class Looked:
    """What was found in one file, or in files that belong together.

    Attributes:
        rows: records by module.
        findings: rule, severity, module, row, key, columns, message, remedy.
        further: records beyond those that are listed, by rule and message; none as a rule.
        places: file of a bundle or sheet in which a module's rows stand, where that is not the
            whole file.
    """

    file: str
    kind: str
    year: int | None
    rows: dict[str, int]
    accepted: int
    quarantined: int
    findings: list[dict[str, Any]]
    further: Mapping[tuple[str, str], int] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_faulty(self) -> bool:
        """Whether something is wrong, not merely to be looked at."""
        return any(item["severity"] == "error" for item in self.findings)


def refusal(name: str, error: InputError) -> Looked:
    """What is to be said of a file that cannot be read."""
    told = Finding(rule=REFUSED, severity="error", message=error.what, remedy=error.remedy)
    return Looked(name, REFUSED, None, {}, 0, 0, [of_file(told, "")])


def of_record(row: Mapping[str, Any]) -> dict[str, Any]:
    """A finding of the rules as it is printed."""
    is_rest = row["record_key"] == MORE
    return {
        "rule": row["rule"],
        "severity": row["severity"],
        "module": row["module"],
        "row": row["row_number"],
        "key": f"{row['row_count']:,} {row['record_key']}" if is_rest else row["record_key"],
        "columns": [name for name in row["column_names"].split(", ") if name],
        "message": row["message"],
        "remedy": row["remedy"],
    }


def of_file(item: Finding, module: str) -> dict[str, Any]:
    """A finding of the reader, about the file or a module as a whole."""
    return {
        "rule": item.rule,
        "severity": item.severity,
        "module": module,
        "row": item.first_row_number,
        "key": None,
        "columns": [item.column_name] if item.column_name else [],
        "message": item.message,
        "remedy": item.remedy,
    }
