"""The evidence pack for auditors: one zip that says how the figures of a release came about.

It is made of the release's own evidence, never of the code as it is now, and its bytes are the
same whenever it is made. No row of a child is in it, and no name of a file of the council's own.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboards import formats
from dashboards.context import Context
from dashboards.downloads import LICENCE, LICENCE_ADDRESS, csv_bytes
from dashboards.queries import evidence_pack, releases
from dashboards.queries.frozen import Key
from dashboards.reports import crate
from dashboards.words.sources import SAMPLE
from pipelines.errors import InputError

# A zip carries no moment but this one; the moments that matter stand in the documents.
_MOMENT = (1980, 1, 1, 0, 0, 0)

DESCRIPTIONS = {
    "README.md": "What this pack holds, and how to check it",
    "release": "Written when the release was built, compared, approved or erased from",
    "release/manifest.json": "Input hashes, code version, row counts and hashes of the files",
    "release/approval.json": "Who approved the release, when and why",
    "release/diff.json": "What differs from the release that readers had before, and why",
    "release/erased.jsonl": "What was erased after the build, and the hashes since",
    "measures.csv": "Every measure with a figure, the path of its SQL, and the tables it reads",
    "files.csv": "Every reading of every file: hashes, edition, rows in, accepted, set aside",
    "findings.csv": "What was found as files were read, with counts",
    "rules.csv": "What the rules for published figures found, with counts",
    "record_rules.csv": "How often each rule for records fired, by return and by status",
    "checks.csv": "Every check of the build with its counts",
    "lineage.csv": "Which table reads which",
    "disclosure.csv": "The verdict on small numbers: how many were sought, how many withheld",
    "withheld.csv": "Figures withheld so that no small number can be worked out",
    "sql": "The text that made a table",
}
# Tables of the evidence that are given whole, where the release holds them.
WHOLE: dict[str, evidence_pack.Table] = {
    "rules.csv": "rule_finding",
    "record_rules.csv": "record_finding_summary",
    "checks.csv": "check_result",
    "disclosure.csv": "disclosure_verdict",
    "withheld.csv": "disclosure_withheld",
}
TERMS = (
    "For the audit of the council's figures, not for publication: it holds exact counts of rows. "
    f"The published figures themselves are under the {LICENCE} ({LICENCE_ADDRESS})."
)
NO_DISCLOSURE = (
    "No figure of this release is counted from the council's own rows, so no small number had to "
    "be protected."
)


def pack(page: Context) -> bytes:
    """The zip's bytes. page: read as an auditor.

    Raises:
        InputError: the reader may not see the evidence.
    """
    if page.evidence is None:
        raise InputError(
            "the evidence pack is for auditors",
            where="evidence pack",
            remedy="Read the pages as an auditor, or run: send report --kind audit --out FILE",
        )
    files = _files(page.key, page.evidence)
    approval = releases.document(page.evidence, "approval.json")
    manifest = releases.document(page.evidence, "manifest.json")
    files["README.md"] = _readme(page, files, approval).encode()
    files[crate.NAME] = crate.crate(_described(page, manifest, approval), files)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def _files(figures: Key, evidence: Key) -> dict[str, bytes]:
    """Documents, tables and texts by their names in the pack."""
    lineage = evidence_pack.whole(evidence, "lineage")
    models = evidence_pack.whole(evidence, "model_sql").itertuples(index=False, name=None)
    tables: dict[str, pd.DataFrame] = {
        "measures.csv": _with_sql(evidence_pack.published_measures(figures), lineage),
        "files.csv": evidence_pack.files(evidence),
        "findings.csv": evidence_pack.findings(evidence),
        "lineage.csv": lineage,
        **{
            name: evidence_pack.whole(evidence, table)
            for name, table in WHOLE.items()
            if evidence_pack.has(evidence, table)
        },
    }
    documents = evidence_pack.documents(evidence)
    return {
        **{f"release/{name}": content for name, content in documents.items()},
        **{name: csv_bytes(table) for name, table in tables.items()},
        **{_sql_path(table): text.encode() for table, text in models},
    }


def _with_sql(measures: pd.DataFrame, lineage: pd.DataFrame) -> pd.DataFrame:
    """The measures with the path of their text and the tables that it reads."""
    reads = lineage.groupby("table_name")["reads"].agg(" ".join)
    tables = [f"kpi.{kpi}" for kpi in measures["kpi"]]
    return measures.assign(
        sql=[_sql_path(table) for table in tables],
        reads=[reads.get(table, "") for table in tables],
    )


def _sql_path(table: str) -> str:
    """core.figure is sql/core/figure.sql in the pack."""
    return f"sql/{table.replace('.', '/', 1)}.sql"


def _readme(page: Context, files: Mapping[str, bytes], approval: Mapping[str, Any]) -> str:
    """What lies in the pack and how it is checked, for somebody who has nothing else."""
    facts = page.facts
    listed = [f"- `{name}`: {words}." for name, words in DESCRIPTIONS.items() if name in files]
    return "\n".join(
        [
            f"# Evidence of release {facts['release']}, {facts['council_name']}",
            "",
            *([SAMPLE, ""] if facts.get("is_sample") else []),
            TERMS,
            "",
            f"Built {formats.day(facts['built_at'])} by code version {facts['code_version']}.",
            f"Approved {formats.day(approval.get('at'))} by {approval.get('approved_by')}: "
            f"{approval.get('reason')}"
            if approval
            else "Nobody has approved this release.",
            "",
            "## What is here",
            "",
            *listed,
            f"- `sql/`: {DESCRIPTIONS['sql']}, one file a table; a measure's is in `sql/kpi`.",
            f"- `{crate.NAME}`: this list with the SHA-256 of every file, by RO-Crate 1.2.",
            "",
            *([] if "disclosure.csv" in files else [NO_DISCLOSURE, ""]),
            "No row of a child is here. Files of the council's own are known by their hashes: a "
            "name may be a child's.",
            "",
            "## How to check it",
            "",
            "- That its files are those that were built, and that nobody changed the log: `send "
            "releases verify`.",
            "- That its published cells come out of the stored files again: "
            f"`send releases rebuild {facts['release']}`.",
            "- That a file is the one that was read: compare its SHA-256 with `files.csv`.",
            "- From a figure to its file: the guide for auditors, 'From a figure to its file'.",
            "",
        ]
    )


def _described(
    page: Context, manifest: Mapping[str, Any], approval: Mapping[str, Any]
) -> crate.Pack:
    facts = page.facts
    sample = f"{SAMPLE} " if facts.get("is_sample") else ""
    return crate.Pack(
        title=f"Evidence of release {facts['release']} of {facts['council_name']}",
        text=f"{sample}How the figures of this release came about: files, rules, checks, queries "
        "and approval.",
        terms=TERMS,
        council=str(facts["council_name"]),
        release=str(facts["release"]),
        built_at=str(facts["built_at"]),
        product_version=str(manifest.get("product_version", "")),
        code_version=str(facts["code_version"]),
        approved_at=str(approval.get("at", "")),
        approved_by=str(approval.get("approved_by", "")),
        reason=str(approval.get("reason", "")),
        descriptions=DESCRIPTIONS,
    )
