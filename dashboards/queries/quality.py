"""What was received, and what the checks found in it."""

from __future__ import annotations

import pandas as pd

from dashboards.queries.frozen import Key, cached, frame_of

# One row a file or return as it was handed in, from `part`: its readings, each with its own rows.
_FILES = """
    select
        source, kind, vintage, vintage_order, archive_name, file_name, sha256, is_protected,
        cast(if(is_protected, sum(row_count_in), max(row_count_in)) as bigint)
            as row_count_in,
        cast(if(is_protected, sum(row_count_accepted), min(row_count_accepted)) as bigint)
            as row_count_accepted,
        cast(if(is_protected, sum(row_count_quarantined), max(row_count_quarantined)) as bigint)
            as row_count_quarantined,
        count(*) - count(row_count_in) as hidden_in,
        count(*) - count(row_count_accepted) as hidden_accepted,
        count(*) - count(row_count_quarantined) as hidden_quarantined,
        not is_protected and bool_or(
            row_count_in is distinct from row_count_accepted + row_count_quarantined
        ) as is_lost,
        max(size_bytes) as size_bytes
    from part
    group by
        source, kind, vintage, vintage_order, archive_name, file_name, sha256, is_protected
    order by source, kind, vintage_order desc, file_name
"""


@cached
def files(key: Key) -> pd.DataFrame:
    """The files that the release rests on, one row a file or return as it was handed in.

    One of the council's own has no name or hash here and is known by kind and edition. It comes
    apart into modules, each with rows of its own: they are added, and the hidden_ columns say of
    how many modules the number may not be told. A publisher's file
    that feeds several data sets was read for each and stands here once; is_lost says whether any
    reading of it left a row without an account.
    """
    return frame_of(
        key,
        """
        with part as (
            select
                * replace (
                    if(source = 'council', null, archive_name) as archive_name,
                    if(source = 'council', kind || ' ' || vintage, file_name) as file_name,
                    if(source = 'council', null, sha256) as sha256
                ),
                source = 'council' as is_protected
            from marts.source_file
        )
        """
        + _FILES,
    )


@cached
def files_of_evidence(key: Key) -> pd.DataFrame:
    """The same from the auditors' file: with the hashes of all, and nothing hidden or rounded.

    Names of the council's own files stay away here too: a name may be a child's. key: of the
    evidence.
    """
    return frame_of(
        key,
        """
        with part as (
            select
                * replace (
                    if(source = 'council', null, archive_name) as archive_name,
                    if(source = 'council', kind || ' ' || vintage, file_name) as file_name
                ),
                source = 'council' as is_protected
            from evidence.evidence.file
        )
        """
        + _FILES,
    )


@cached
def findings(key: Key) -> pd.DataFrame:
    """What the checks on the files found, errors first.

    is_declared: a declared defect of the same file says it already; a page shows it once. A file
    of the council's own has no name here: a name may be a child's.
    """
    return frame_of(
        key,
        """
        select * replace (if(source = 'council', null, file_name) as file_name)
        from marts.finding_summary
        order by case severity when 'error' then 0 when 'warning' then 1 else 2 end, rule
        """,
    )


@cached
def extracts(key: Key) -> list[str]:
    """Months of which an extract within the year was received, oldest first: 2025-09."""
    frame = frame_of(
        key,
        """
        select distinct left(vintage, 7) as month
        from marts.source_file
        where source = 'council' and kind = 'sen2_in_year'
        order by month
        """,
    )
    return list(frame["month"])


@cached
def published_rules(key: Key) -> pd.DataFrame:
    """What each rule found in each edition of the published files. key: of the evidence."""
    return frame_of(
        key,
        """
        select
            rule, title, severity, dataset, vintage,
            cast(sum(row_count) as bigint) as row_count,
            bool_and(coalesce(declared_as, '') <> '') as is_declared
        from evidence.evidence.rule_finding
        group by rule, title, severity, dataset, vintage
        order by case severity when 'error' then 0 when 'warning' then 1 else 2 end, rule, vintage
        """,
    )


@cached
def record_rules(key: Key) -> pd.DataFrame:
    """How often each rule spoke of each of the council's own returns: counts, and no row.

    Newest first. An edition in which nothing was found is not here. key: of the evidence.
    """
    return frame_of(
        key,
        """
        select
            finding.kind, finding.vintage, finding.rule, finding.severity,
            cast(sum(finding_count) filter (where finding_status = 'open') as bigint) as open,
            cast(sum(finding_count) filter (where finding_status = 'explained') as bigint)
                as explained,
            cast(sum(finding_count) filter (where finding_status = 'fixed') as bigint) as fixed
        from evidence.evidence.record_finding_summary as finding
        inner join (
            select kind, vintage, max(vintage_order) as vintage_order
            from evidence.evidence.file
            where source = 'council'
            group by kind, vintage
        ) as received using (kind, vintage)
        group by finding.kind, finding.vintage, vintage_order, finding.rule, finding.severity
        order by finding.kind, vintage_order desc, finding.severity, finding.rule
        """,
    ).fillna(0)
