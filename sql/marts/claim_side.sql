-- One row: what one side of a figure of a statement comes to at one period, in one reading: as it
-- is stated, as what it is held against, or as the like-for-like area has it. A reading is what the
-- publisher's files said up to one edition: a revised period has two or more, and a figure that was
-- right when it was first published is not made wrong by a later revision.
with term as (
    select
        statement_figure.*,
        measure.unit as kpi_unit,
        measure.decimals as kpi_decimals,
        measure.title as kpi_title,
        count(*) over (
            partition by statement_figure.claim_id, statement_figure.figure, statement_figure.side
        ) as term_count
    from core.statement_figure
    inner join marts.measure on statement_figure.kpi = measure.kpi
),

-- Only the source that a reader is shown for a cell, in all its editions: two sources may count
-- differently, and mixing them would find matches that nobody published.
source_cell as (
    select
        term.claim_id,
        term.figure,
        term.side,
        term.term,
        term.area_key,
        kpi_value.period,
        kpi_value.period_label,
        kpi_value.source,
        kpi_value.vintage,
        kpi_value.vintage_order,
        kpi_value.value,
        kpi_value.file_id,
        kpi_value.row_number,
        max(case when kpi_value.is_shown then kpi_value.source end) over (
            partition by term.claim_id, term.figure, term.side, term.term, kpi_value.period
        ) as shown_source
    from term
    inner join marts.kpi_value
        on
            term.kpi = kpi_value.kpi
            and term.area_key = coalesce(kpi_value.la_code, kpi_value.area_code)
            and term.breakdown_topic = kpi_value.breakdown_topic
            and term.breakdown = kpi_value.breakdown
    -- Statements speak of years and Januaries; months are the council's own and unpublished.
    where kpi_value.period_kind in ('stock', 'flow')
),

cell as (
    select *
    from source_cell
    where source = shown_source
),

-- Every period that the first term has, and the period it is held against where the figure is a
-- change: a named one, or so many years before.
end_period as (
    select distinct
        cell.claim_id,
        cell.figure,
        cell.period,
        cell.period_label,
        case
            when term.base_period is not null then term.base_period
            when term.base_years_before is not null
                then period_years_before(cell.period, term.base_years_before)
        end as base_period
    from cell
    inner join term
        on
            cell.claim_id = term.claim_id
            and cell.figure = term.figure
            and cell.side = term.side
            and cell.term = term.term
    where
        cell.side = 'this'
        and cell.term = 1
        and (term.base_period is null or cell.period > term.base_period)
),

operand as (
    select
        end_period.period as at_period,
        case when cell.period = end_period.period then 'end' else 'base' end as moment,
        cell.*
    from end_period
    inner join cell
        on
            end_period.claim_id = cell.claim_id
            and end_period.figure = cell.figure
            and cell.period in (end_period.period, end_period.base_period)
),

reading as (
    select distinct
        claim_id,
        figure,
        at_period,
        vintage_order as reading
    from operand
),

-- Each term as the newest edition up to the reading has it.
candidate as (
    select
        operand.*,
        reading.reading,
        row_number() over (
            partition by
                operand.claim_id,
                operand.figure,
                operand.at_period,
                reading.reading,
                operand.side,
                operand.term,
                operand.moment
            order by operand.vintage_order desc
        ) as preference
    from operand
    inner join reading
        on
            operand.claim_id = reading.claim_id
            and operand.figure = reading.figure
            and operand.at_period = reading.at_period
            and operand.vintage_order <= reading.reading
),

side_sum as (
    select
        candidate.claim_id,
        candidate.figure,
        candidate.side,
        candidate.at_period,
        candidate.reading,
        term.quantity,
        term.unit,
        max(term.kpi_unit) as kpi_unit,
        -- a sum is printed at the decimals of its coarsest part
        min(term.kpi_decimals) as kpi_decimals,
        max(case when candidate.moment = 'base' then candidate.period_label end) as base_label,
        max(
            case when term.breakdown_topic <> 'All' and term.term = 1 then term.breakdown end
        ) as breakdown,
        string_agg(
            case
                when candidate.moment <> 'end' then null
                when term.term = 1 then term.kpi_title
                -- only the first letter: SEN stays as it is
                when term.quantity = 'share_of'
                    then
                        'as a share of ' || lower(substr(term.kpi_title, 1, 1))
                        || substr(term.kpi_title, 2)
                else
                    'and ' || lower(substr(term.kpi_title, 1, 1)) || substr(term.kpi_title, 2)
            end,
            ' '
            order by term.term
        ) as kpi_titles,
        max(term.term_count) as term_count,
        max(
            case when term.term = 1 and candidate.moment = 'end' then candidate.source end
        ) as source,
        max(
            case when term.term = 1 and candidate.moment = 'end' then candidate.vintage end
        ) as vintage,
        max(case when term.term = 1 then candidate.area_key end) as area_key,
        max(case when term.term = 1 then term.kpi end) as kpi,
        -- a computed figure has no single row in a file: its cells are evidence rows of their own
        case when count(*) = 1 then max(candidate.file_id) end as file_id,
        case when count(*) = 1 then max(candidate.row_number) end as row_number,
        sum(
            case
                when candidate.moment = 'end' and (term.term = 1 or term.quantity <> 'share_of')
                    then candidate.value
            end
        ) as end_amount,
        sum(case when candidate.moment = 'base' then candidate.value end) as base_amount,
        max(
            case when term.quantity = 'share_of' and term.term = 2 then candidate.value end
        ) as whole_amount
    from candidate
    inner join term
        on
            candidate.claim_id = term.claim_id
            and candidate.figure = term.figure
            and candidate.side = term.side
            and candidate.term = term.term
    where candidate.preference = 1
    group by
        candidate.claim_id,
        candidate.figure,
        candidate.side,
        candidate.at_period,
        candidate.reading,
        term.quantity,
        term.unit
    -- a sum with a part missing or withheld is not a figure
    having
        count(candidate.value)
        = max(term.term_count)
        * max(case when term.quantity in ('change_pct', 'ratio_of_periods') then 2 else 1 end)
),

side_value as (
    select
        *,
        -- what a number is that no publisher printed as it stands
        concat_ws(
            '; ',
            breakdown,
            case when term_count > 1 then kpi_titles end,
            case quantity
                when 'ratio_of_periods' then 'times the figure of ' || base_label
                when 'change_pct' then 'change since ' || base_label
            end
        ) as made_of,
        case quantity
            when 'value' then end_amount
            when 'share_of'
                then rounded_ratio(end_amount * 1000000, whole_amount * 1000000, 100, 1)
            when 'ratio_of_periods'
                then rounded_ratio(end_amount * 1000000, base_amount * 1000000, 1, 2)
            when 'change_pct'
                then rounded_ratio(
                    (end_amount - base_amount) * 1000000, base_amount * 1000000, 100, 1
                )
        end as amount,
        case quantity when 'value' then kpi_decimals when 'ratio_of_periods' then 2 else 1 end
            as decimals
    from side_sum
),

final as (
    select
        side_value.claim_id,
        side_value.figure,
        side_value.at_period as period,
        end_period.period_label,
        side_value.reading,
        side_value.side,
        side_value.quantity,
        side_value.base_label,
        side_value.kpi,
        side_value.unit,
        side_value.source,
        side_value.vintage,
        side_value.area_key,
        cast(side_value.amount as decimal(18, 6)) as value,
        cast(side_value.decimals as integer) as decimals,
        side_value.made_of,
        side_value.file_id,
        side_value.row_number,
        number_in_words(side_value.amount, side_value.decimals, side_value.unit) as value_text,
        number_in_words(side_value.end_amount, side_value.kpi_decimals, side_value.kpi_unit)
            as end_text,
        number_in_words(
            coalesce(side_value.base_amount, side_value.whole_amount),
            side_value.kpi_decimals,
            side_value.kpi_unit
        ) as from_text
    from side_value
    inner join end_period
        on
            side_value.claim_id = end_period.claim_id
            and side_value.figure = end_period.figure
            and side_value.at_period = end_period.period
    -- growth from nought is no number
    where side_value.amount is not null
)

select * from final
order by claim_id, figure, period, reading, side
