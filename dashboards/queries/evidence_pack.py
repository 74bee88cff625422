"""What the evidence pack holds: tables of the evidence file, and the documents beside it.

Of the council's own files no name is read: a name may be a child's. Their hashes tell them apart.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pandas as pd

from dashboards.queries.frozen import Key, cached, frame_of, is_held

# Tables of the evidence that are read whole.
Table = Literal[
    "check_result",
    "disclosure_verdict",
    "disclosure_withheld",
    "lineage",
    "model_sql",
    "record_finding_summary",
    "rule_finding",
]

# Written beside the frozen files when a release is built, approved, compared or erased from.
DOCUMENTS = ("manifest.json", "approval.json", "diff.json", "erased.jsonl")


@cached
def documents(key: Key) -> dict[str, bytes]:
    """The documents of the release by name, as they stand; those that it has not are left out."""
    folder = Path(key.path).parent
    return {name: (folder / name).read_bytes() for name in DOCUMENTS if (folder / name).is_file()}


@cached
def files(key: Key) -> pd.DataFrame:
    """Every reading of every file: its hashes, edition and rows."""
    return frame_of(
        key,
        """
        select
            file_id, source, kind, dataset,
            case when source <> 'council' then file_name end as file_name,
            case when source <> 'council' then archive_name end as archive_name,
            sha256, kept_sha256, reading_version, size_bytes, release, vintage,
            row_count_in, row_count_accepted, row_count_quarantined
        from evidence.evidence.file
        order by all
        """,
    )


@cached
def findings(key: Key) -> pd.DataFrame:
    """What the door found in files as they were read."""
    return frame_of(
        key,
        """
        select
            file_id, rule, severity, column_name, row_count, first_row_number, message, remedy,
            source, dataset, vintage
        from evidence.evidence.finding
        order by all
        """,
    )


def has(key: Key, table: Table) -> bool:
    """Whether the evidence holds a table: a release of old lacks some.

    The verdict on small numbers is there only where the council's own rows are counted.
    """
    return is_held(key, f"evidence.{table}")


@cached
def whole(key: Key, table: Table) -> pd.DataFrame:
    """Every row of a table of the evidence, in an order that is the same each time."""
    return frame_of(key, f"from evidence.evidence.{table} order by all")


@cached
def published_measures(key: Key) -> pd.DataFrame:
    """Every measure with a figure in the release: id, title, its sources, and how many figures.

    key: of the file with the figures.
    """
    return frame_of(
        key,
        """
        with figures as (
            select kpi, count(*) as figure_count, string_agg(distinct source, ' ' order by source)
                as sources
            from marts.kpi_value
            group by kpi
        )
        select kpi, title, unit, sources, figure_count
        from marts.measure inner join figures using (kpi)
        order by kpi
        """,
    )
