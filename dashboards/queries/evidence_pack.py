"""What the evidence pack holds: tables of the evidence file, and the documents beside it.

Of the council's own files no name is read: a name may be a child's. Their hashes tell them apart.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from dashboards.queries.frozen import Key, cached, frame_of

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


@cached
def rule_findings(key: Key) -> pd.DataFrame:
    """What the rules for published figures found, with how many rows and areas."""
    return frame_of(key, "select * from evidence.evidence.rule_finding order by all")


@cached
def checks(key: Key) -> pd.DataFrame:
    """Every check of the build with its counts, in the order of the floors' names."""
    return frame_of(key, "select * from evidence.evidence.check_result order by all")


@cached
def lineage(key: Key) -> pd.DataFrame:
    """Which table reads which."""
    return frame_of(key, "select table_name, reads from evidence.evidence.lineage order by all")


@cached
def models(key: Key) -> dict[str, str]:
    """The SQL text of every table that a text makes, by the table's name."""
    frame = frame_of(key, "select table_name, sql from evidence.evidence.model_sql order by all")
    return dict(frame.itertuples(index=False, name=None))


@cached
def has_disclosure(key: Key) -> bool:
    """Whether small numbers had to be protected: only where the council's own rows are counted."""
    return _has(key, "disclosure_verdict")


@cached
def has_record_rules(key: Key) -> bool:
    """Whether the counts of the record rules are in the evidence: a release of old has none."""
    return _has(key, "record_finding_summary")


@cached
def record_rules(key: Key) -> pd.DataFrame:
    """How often each rule for records fired, by return and by what became of the findings."""
    return frame_of(key, "select * from evidence.evidence.record_finding_summary order by all")


@cached
def verdict(key: Key) -> pd.DataFrame:
    """What the attack on the public figures sought, and what it made the release withhold."""
    return frame_of(key, "select * from evidence.evidence.disclosure_verdict")


@cached
def withheld(key: Key) -> pd.DataFrame:
    """Which figures are withheld so that no small number can be worked out."""
    return frame_of(key, "select * from evidence.evidence.disclosure_withheld order by all")


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


def _has(key: Key, table: str) -> bool:
    return not frame_of(key, "select 1 from duckdb_tables() where table_name = ?", [table]).empty
