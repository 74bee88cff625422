-- One row: a figure that stands behind a verdict. role says why it is here:
--   stated        what the council said
--   measured      what the release shows at the period the statement is judged at
--   like_for_like the same measure at the same period for the council and the area beside it
--   evidence      the published cells that the verdict rests on, each with its file and row
with figure_head as (
    select
        claim_id,
        figure,
        kpi,
        area_key,
        named_period as period,
        stated_text,
        stated_value,
        unit,
        subject,
        is_context
    from core.statement_figure
    where side = 'this' and term = 1
),

stated as (
    select
        claim_id,
        figure,
        'stated' as role,
        1 as side_order,
        0 as reading,
        kpi,
        area_key,
        period,
        stated_text,
        stated_value,
        cast(null as decimal(18, 6)) as value,
        unit,
        cast(null as integer) as decimals,
        cast(null as varchar) as symbol,
        cast(null as varchar) as vintage,
        cast(null as varchar) as source,
        cast(null as varchar) as file_id,
        cast(null as bigint) as row_number,
        subject || case when is_context then ' (context only)' else '' end as note
    from figure_head
),

-- The two or three sides of each figure, one under the other.
figure_side as (
    select
        claim_figure.*,
        claim_side.side,
        case claim_side.side when 'this' then 1 when 'other' then 2 else 3 end as side_order,
        claim_side.area_key as side_area_key,
        claim_side.value as side_value,
        claim_side.source as side_source,
        claim_side.vintage as side_vintage,
        claim_side.decimals as side_decimals,
        claim_side.made_of as side_made_of,
        claim_side.file_id as side_file_id,
        claim_side.row_number as side_row_number
    from marts.claim_figure
    inner join marts.claim_side
        on
            claim_figure.claim_id = claim_side.claim_id
            and claim_figure.figure = claim_side.figure
            and claim_figure.period = claim_side.period
            and claim_figure.reading = claim_side.reading
),

measured as (
    select
        figure_side.claim_id,
        figure_side.figure,
        'measured' as role,
        figure_side.side_order,
        figure_side.reading,
        figure_side.kpi,
        figure_side.side_area_key as area_key,
        figure_side.period,
        figure_head.stated_text,
        figure_head.stated_value,
        figure_side.side_value as value,
        figure_side.unit,
        figure_side.side_decimals as decimals,
        cast(null as varchar) as symbol,
        figure_side.side_vintage as vintage,
        figure_side.side_source as source,
        figure_side.side_file_id as file_id,
        figure_side.side_row_number as row_number,
        concat_ws(
            '; ',
            nullif(figure_side.side_made_of, ''),
            case
                when figure_side.is_context then 'context only'
                when figure_side.is_matched then 'bears it out'
                else 'does not bear it out'
            end
        ) as note
    from figure_side
    inner join figure_head
        on
            figure_side.claim_id = figure_head.claim_id
            and figure_side.figure = figure_head.figure
    where
        figure_side.side <> 'beside'
        and figure_side.is_judged
        and figure_side.is_newest_reading
),

-- The like-for-like area where there is one, and otherwise what the figure is held against.
second_side as (
    select
        *,
        row_number() over (
            partition by claim_id, figure, period, reading
            order by side_order desc
        ) as preference
    from figure_side
    where side <> 'this'
),

-- Both areas in the same reading of the same period. A reading in which neither number differs from
-- the one before it says nothing new and is left out; the newest always stays.
pair as (
    select
        claim_id,
        figure,
        period,
        reading,
        is_newest_reading,
        side_area_key as pair_area_key,
        value,
        side_value as pair_value,
        area_key,
        lead(value) over later_reading as next_value,
        lead(side_value) over later_reading as next_pair_value
    from second_side
    where preference = 1
    window later_reading as (
        partition by claim_id, figure, period
        order by reading
    )
),

shown_pair as (
    select *
    from pair
    where
        pair_area_key <> area_key
        and (is_newest_reading or value <> next_value or pair_value <> next_pair_value)
),

like_for_like as (
    select
        figure_side.claim_id,
        figure_side.figure,
        'like_for_like' as role,
        figure_side.side_order,
        figure_side.reading,
        figure_side.kpi,
        figure_side.side_area_key as area_key,
        figure_side.period,
        cast(null as varchar) as stated_text,
        cast(null as decimal(18, 6)) as stated_value,
        figure_side.side_value as value,
        figure_side.unit,
        figure_side.side_decimals as decimals,
        cast(null as varchar) as symbol,
        figure_side.side_vintage as vintage,
        figure_side.side_source as source,
        figure_side.side_file_id as file_id,
        figure_side.side_row_number as row_number,
        nullif(
            concat_ws(
                '; ',
                nullif(figure_side.side_made_of, ''),
                case when not figure_side.is_newest_reading then 'before revision' end,
                -- the measure's own page says what changed there
                case
                    when figure_side.period < measure.break_at
                        then
                            'before the break in this series at '
                            || period_label(measure.break_at, measure.period_kind)
                end
            ),
            ''
        ) as note
    from figure_side
    inner join marts.measure on figure_side.kpi = measure.kpi
    inner join shown_pair
        on
            figure_side.claim_id = shown_pair.claim_id
            and figure_side.figure = shown_pair.figure
            and figure_side.period = shown_pair.period
            and figure_side.reading = shown_pair.reading
            and figure_side.side_area_key in (shown_pair.area_key, shown_pair.pair_area_key)
    where
        figure_side.side <> 'other'
        or figure_side.side_area_key <> figure_side.area_key
),

-- The periods that a verdict rests on: the judged one; the ones at which a figure was true where it
-- is not true at the judged one; both ends of a January to January in which a number was passed;
-- and whatever a change is measured from.
judged_match as (
    select
        claim_id,
        figure,
        bool_or(is_judged and is_matched) as is_matched
    from marts.claim_figure
    group by claim_id, figure
),

end_period as (
    select
        claim_figure.claim_id,
        claim_figure.figure,
        claim_figure.period
    from marts.claim_figure
    inner join judged_match
        on
            claim_figure.claim_id = judged_match.claim_id
            and claim_figure.figure = judged_match.figure
    where
        claim_figure.is_judged
        or (
            not judged_match.is_matched
            and claim_figure.is_candidate
            and (claim_figure.is_matched or claim_figure.is_passed)
        )
    union distinct
    select
        claim_id,
        figure,
        passed_from as period
    from marts.claim_figure
    where is_candidate and is_passed
    union distinct
    -- a figure whose judged period is withheld still shows the publisher's symbol
    select
        claim_id,
        figure,
        newest_period as period
    from core.statement_figure
    where newest_period is not null
),

evidence_period as (
    select *
    from end_period
    union distinct
    select
        end_period.claim_id,
        end_period.figure,
        coalesce(
            statement_figure.base_period,
            period_years_before(end_period.period, statement_figure.base_years_before)
        ) as period
    from end_period
    inner join core.statement_figure
        on
            end_period.claim_id = statement_figure.claim_id
            and end_period.figure = statement_figure.figure
    where
        statement_figure.base_period is not null
        or statement_figure.base_years_before is not null
),

evidence as (
    select
        statement_figure.claim_id,
        statement_figure.figure,
        'evidence' as role,
        case statement_figure.side when 'this' then 1 else 2 end * 100 + statement_figure.term
            as side_order,
        kpi_value.vintage_order as reading,
        kpi_value.kpi,
        statement_figure.area_key,
        kpi_value.period,
        cast(null as varchar) as stated_text,
        cast(null as decimal(18, 6)) as stated_value,
        kpi_value.value,
        measure.unit,
        measure.decimals,
        kpi_value.symbol,
        kpi_value.vintage,
        kpi_value.source,
        kpi_value.file_id,
        kpi_value.row_number,
        case
            when statement_figure.breakdown_topic <> 'All' then statement_figure.breakdown
        end as note
    from core.statement_figure
    inner join evidence_period
        on
            statement_figure.claim_id = evidence_period.claim_id
            and statement_figure.figure = evidence_period.figure
    inner join marts.kpi_value
        on
            statement_figure.kpi = kpi_value.kpi
            and statement_figure.area_key = coalesce(kpi_value.la_code, kpi_value.area_code)
            and statement_figure.breakdown_topic = kpi_value.breakdown_topic
            and statement_figure.breakdown = kpi_value.breakdown
            and evidence_period.period = kpi_value.period
    inner join marts.measure on kpi_value.kpi = measure.kpi
    where statement_figure.side <> 'beside'
),

-- Two figures of one statement may rest on the same cell: it stands once, under the first.
single_evidence as (
    select
        *,
        row_number() over (
            partition by claim_id, kpi, area_key, period, vintage, source, coalesce(note, '')
            order by figure, side_order
        ) as occurrence
    from evidence
),

gathered as (
    select
        1 as role_order,
        *
    from stated
    union all
    select
        2 as role_order,
        *
    from measured
    union all
    select
        3 as role_order,
        *
    from like_for_like
    union all
    select
        4 as role_order,
        claim_id,
        figure,
        role,
        side_order,
        reading,
        kpi,
        area_key,
        period,
        stated_text,
        stated_value,
        value,
        unit,
        decimals,
        symbol,
        vintage,
        source,
        file_id,
        row_number,
        note
    from single_evidence
    where occurrence = 1
),

final as (
    select
        gathered.claim_id,
        cast(
            row_number() over (
                partition by gathered.claim_id
                order by
                    gathered.role_order,
                    gathered.figure,
                    gathered.period,
                    gathered.reading,
                    gathered.side_order
            ) as integer
        ) as position,
        gathered.role,
        gathered.kpi,
        area.la_code,
        area.area_code,
        area.area_name,
        gathered.period,
        period_label(
            gathered.period,
            case when gathered.period like '____-__' then 'stock' else 'flow' end
        ) as period_label,
        gathered.stated_text,
        gathered.stated_value,
        cast(gathered.value as decimal(18, 6)) as value,
        gathered.unit,
        gathered.decimals,
        gathered.symbol,
        gathered.vintage,
        gathered.source,
        gathered.file_id,
        gathered.row_number,
        gathered.note
    from gathered
    left join core.area on gathered.area_key = coalesce(area.la_code, area.area_code)
)

select * from final
order by claim_id, position
