"""The register of public statements with what each verdict rests on, and that of the measures."""

from __future__ import annotations

import pandas as pd

from dashboards.queries.frozen import Key, cached, frame_of


@cached
def claims(key: Key) -> pd.DataFrame:
    """The register of statements with their verdicts, in the order of their ids."""
    return frame_of(key, "select * from marts.claim order by claim_id")


@cached
def verdicts(key: Key) -> pd.DataFrame:
    """Each statement with its verdict: claim_id, statement, verdict.

    Named one by one, so that a file that lacks one of them is told apart.
    """
    return frame_of(key, "select claim_id, statement, verdict from marts.claim order by claim_id")


@cached
def claim_evidence(key: Key) -> pd.DataFrame:
    """What each verdict rests on, with the name of the file each figure was read from."""
    return frame_of(
        key,
        """
        select
            claim_evidence.* replace (
                cast(stated_value as double) as stated_value, cast(value as double) as value
            ),
            source_file.file_name
        from marts.claim_evidence
        left join marts.source_file on claim_evidence.file_id = source_file.file_id
        order by claim_id, claim_evidence.position
        """,
    )


@cached
def claims_with_evidence(key: Key) -> pd.DataFrame:
    """The register as one table to take away: each figure beside its statement and verdict.

    A statement without a figure has one row, so that none is lost.
    """
    return frame_of(
        key,
        """
        select
            claim.claim_id, claim.statement, claim.source_document, claim.statement_date,
            claim.verdict, claim.verdict_reason, claim.needs,
            claim_evidence.* exclude (claim_id),
            source_file.file_name
        from marts.claim
        left join marts.claim_evidence on claim.claim_id = claim_evidence.claim_id
        left join marts.source_file on claim_evidence.file_id = source_file.file_id
        order by claim.claim_id, claim_evidence.position
        """,
    )


@cached
def updates(key: Key) -> pd.DataFrame:
    """Which figures of each measure are the newest, by source: kpi, source, vintage, period_label.

    Years and days of counting only; months are in officers' files alone.
    """
    return frame_of(
        key,
        """
        select
            kpi,
            source,
            arg_max(vintage, (vintage_order, vintage)) as vintage,
            arg_max(period_label, period) filter (where value is not null) as period_label
        from marts.kpi_value
        where period_kind in ('stock', 'flow')
        group by kpi, source
        order by kpi, source
        """,
    )


@cached
def numbers(key: Key) -> pd.DataFrame:
    """Measures with their numbers in the specification: spec_id (K22, or K18, K19), kpi, title."""
    return frame_of(
        key,
        """
        select spec_id, kpi, title
        from marts.measure
        where coalesce(spec_id, '') <> ''
        order by spec_id, kpi
        """,
    )
