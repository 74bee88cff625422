-- One row: a figure of a statement as the release shows it at one period, in one reading. A reading
-- is what the publisher's files said up to one edition: a revised period has two or more, and a
-- figure that was right when it was first published is not made wrong by a later revision.
-- The statement's figure is held against the printed value, the one that a reader sees.
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
                then cast(
                    cast(substr(cell.period, 1, 4) as integer) - term.base_years_before as varchar
                ) || substr(cell.period, 5)
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
        'end' as moment,
        cell.*
    from end_period
    inner join cell
        on
            end_period.claim_id = cell.claim_id
            and end_period.figure = cell.figure
            and end_period.period = cell.period
    union all
    select
        end_period.period as at_period,
        'base' as moment,
        cell.*
    from end_period
    inner join cell
        on
            end_period.claim_id = cell.claim_id
            and end_period.figure = cell.figure
            and end_period.base_period = cell.period
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

-- Numbers in words' company: thousands separators, the stated decimals, the unit's sign.
part as (
    select
        claim_id,
        figure,
        side,
        at_period,
        reading,
        'amount' as part,
        amount,
        decimals,
        unit
    from side_value
    union all
    select
        claim_id,
        figure,
        side,
        at_period,
        reading,
        'end' as part,
        end_amount as amount,
        kpi_decimals as decimals,
        kpi_unit as unit
    from side_value
    union all
    select
        claim_id,
        figure,
        side,
        at_period,
        reading,
        'from' as part,
        coalesce(base_amount, whole_amount) as amount,
        kpi_decimals as decimals,
        kpi_unit as unit
    from side_value
),

digits as (
    select
        *,
        rounded_half_up(amount, decimals) as printed,
        cast(abs(rounded_half_up(amount, 0)) as bigint) as whole
    from part
    where amount is not null
),

spoken as (
    select
        claim_id,
        figure,
        side,
        at_period,
        reading,
        part,
        case when printed < 0 then '-' else '' end
        || case
            when decimals = 1 then cast(cast(abs(printed) as decimal(18, 1)) as varchar)
            when decimals > 1 then cast(cast(abs(printed) as decimal(18, 2)) as varchar)
            when whole >= 1000000
                then
                    cast(cast(floor(whole / 1000000) as bigint) as varchar)
                    || ','
                    || lpad(cast(mod(cast(floor(whole / 1000) as bigint), 1000) as varchar), 3, '0')
                    || ','
                    || lpad(cast(mod(whole, 1000) as varchar), 3, '0')
            when whole >= 1000
                then
                    cast(cast(floor(whole / 1000) as bigint) as varchar)
                    || ','
                    || lpad(cast(mod(whole, 1000) as varchar), 3, '0')
            else cast(whole as varchar)
        end
        || case unit when 'percent' then '%' when 'times' then ' times' else '' end as words
    from digits
),

-- The statement's side, with the other side and the like-for-like area on the same row.
paired as (
    select
        this.claim_id,
        this.figure,
        this.at_period as period,
        this.reading,
        this.quantity,
        this.base_label,
        this.kpi,
        this.unit,
        this.source,
        this.vintage,
        this.file_id,
        this.row_number,
        this.area_key,
        this.amount as value,
        this.decimals,
        this.made_of,
        other.area_key as other_area_key,
        other.amount as other_value,
        other.source as other_source,
        other.vintage as other_vintage,
        other.decimals as other_decimals,
        other.made_of as other_made_of,
        other.file_id as other_file_id,
        other.row_number as other_row_number,
        beside.area_key as beside_area_key,
        beside.amount as beside_value,
        beside.source as beside_source,
        beside.vintage as beside_vintage,
        beside.decimals as beside_decimals,
        beside.made_of as beside_made_of,
        beside.file_id as beside_file_id,
        beside.row_number as beside_row_number
    from side_value as this
    left join side_value as other
        on
            this.claim_id = other.claim_id
            and this.figure = other.figure
            and this.at_period = other.at_period
            and this.reading = other.reading
            and other.side = 'other'
    left join side_value as beside
        on
            this.claim_id = beside.claim_id
            and this.figure = beside.figure
            and this.at_period = beside.at_period
            and this.reading = beside.reading
            and beside.side = 'beside'
    -- growth from nought is no number
    where this.side = 'this' and this.amount is not null
),

words as (
    select
        claim_id,
        figure,
        at_period as period,
        reading,
        max(case when side = 'this' and part = 'amount' then words end) as value_text,
        max(case when side = 'this' and part = 'end' then words end) as end_text,
        max(case when side = 'this' and part = 'from' then words end) as from_text,
        max(case when side = 'other' and part = 'amount' then words end) as other_text
    from spoken
    group by claim_id, figure, at_period, reading
),

head as (
    select distinct
        claim_id,
        figure,
        stated_text,
        subject,
        other_subject,
        is_context,
        comparison,
        stated_value,
        tolerance,
        named_period,
        newest_period
    from term
),

-- A figure counts up to the newest period that was out, or at the one that the statement names.
judged as (
    select
        paired.*,
        end_period.period_label,
        head.stated_text,
        head.subject,
        head.other_subject,
        head.is_context,
        head.comparison,
        head.stated_value,
        head.named_period,
        words.value_text,
        words.end_text,
        words.from_text,
        words.other_text,
        coalesce(paired.period = head.newest_period, false) as is_judged,
        coalesce(
            paired.period <= head.newest_period
            and paired.period = coalesce(head.named_period, paired.period),
            false
        ) as is_candidate,
        row_number() over (
            partition by paired.claim_id, paired.figure, paired.period
            order by paired.reading desc
        ) = 1 as is_newest_reading,
        coalesce(
            case head.comparison
                -- half up: the lower edge belongs to the stated figure, the upper to the next one
                when 'equals'
                    then
                        paired.value >= head.stated_value - head.tolerance
                        and paired.value < head.stated_value + head.tolerance
                when 'about' then abs(paired.value - head.stated_value) <= head.tolerance
                when 'more_than' then paired.value > head.stated_value
                when 'less_than' then paired.value < head.stated_value
                when 'at_most' then paired.value <= head.stated_value
                when 'higher_than_other' then paired.value > paired.other_value
                when 'lower_than_other' then paired.value < paired.other_value
                when 'close_to_other'
                    then abs(paired.value - paired.other_value) <= head.tolerance
            end,
            false
        ) as is_match
    from paired
    inner join head on paired.claim_id = head.claim_id and paired.figure = head.figure
    inner join end_period
        on
            paired.claim_id = end_period.claim_id
            and paired.figure = end_period.figure
            and paired.period = end_period.period
    inner join words
        on
            paired.claim_id = words.claim_id
            and paired.figure = words.figure
            and paired.period = words.period
            and paired.reading = words.reading
    -- a comparison without its other side is not held
    where head.other_subject is null or paired.other_value is not null
),

period_match as (
    select
        claim_id,
        figure,
        period,
        bool_or(is_match) as is_matched
    from judged
    group by claim_id, figure, period
),

-- A count that stood below the stated number one January and above it the next was passed in
-- between: the number was true on some day that no census saw.
passing as (
    select
        later.claim_id,
        later.figure,
        later.period,
        earlier.period as passed_from,
        earlier.period_label as passed_from_label,
        earlier.value_text as passed_from_text
    from judged as later
    inner join judged as earlier
        on
            later.claim_id = earlier.claim_id
            and later.figure = earlier.figure
            and period_before(later.period) = earlier.period
    inner join period_match as later_match
        on
            later.claim_id = later_match.claim_id
            and later.figure = later_match.figure
            and later.period = later_match.period
    inner join period_match as earlier_match
        on
            earlier.claim_id = earlier_match.claim_id
            and earlier.figure = earlier_match.figure
            and earlier.period = earlier_match.period
    where
        later.is_newest_reading
        and earlier.is_newest_reading
        and later.quantity = 'value'
        and later.unit = 'count'
        and later.named_period is null
        and later.comparison in ('equals', 'about')
        and not later_match.is_matched
        and not earlier_match.is_matched
        and sign(later.value - later.stated_value) * sign(earlier.value - earlier.stated_value) < 0
),

final as (
    select
        judged.claim_id,
        judged.figure,
        judged.period,
        judged.period_label,
        judged.reading,
        judged.is_newest_reading,
        judged.is_context,
        judged.is_judged,
        judged.is_candidate,
        judged.named_period is not null as is_named_period,
        period_match.is_matched,
        passing.passed_from is not null as is_passed,
        passing.passed_from,
        passing.passed_from_label,
        passing.passed_from_text,
        judged.kpi,
        judged.unit,
        judged.source,
        judged.vintage,
        judged.area_key,
        cast(judged.value as decimal(18, 6)) as value,
        cast(judged.decimals as integer) as decimals,
        judged.made_of,
        judged.file_id,
        judged.row_number,
        judged.other_area_key,
        cast(judged.other_value as decimal(18, 6)) as other_value,
        judged.other_source,
        judged.other_vintage,
        cast(judged.other_decimals as integer) as other_decimals,
        judged.other_made_of,
        judged.other_file_id,
        judged.other_row_number,
        judged.beside_area_key,
        cast(judged.beside_value as decimal(18, 6)) as beside_value,
        judged.beside_source,
        judged.beside_vintage,
        cast(judged.beside_decimals as integer) as beside_decimals,
        judged.beside_made_of,
        judged.beside_file_id,
        judged.beside_row_number,
        judged.value_text,
        '"' || judged.stated_text || '" (' || judged.subject || '): ' || judged.value_text
        || case
            when judged.base_label is not null
                then
                    ' from ' || judged.base_label || ' to ' || judged.period_label
                    || ' (' || judged.from_text || ' to ' || judged.end_text || ')'
            when judged.quantity = 'share_of'
                then
                    ' in ' || judged.period_label
                    || ' (' || judged.end_text || ' of ' || judged.from_text || ')'
            else ' in ' || judged.period_label
        end
        || case
            when judged.other_text is not null
                then '; ' || judged.other_subject || ', ' || judged.other_text
            else ''
        end as sentence
    from judged
    inner join period_match
        on
            judged.claim_id = period_match.claim_id
            and judged.figure = period_match.figure
            and judged.period = period_match.period
    left join passing
        on
            judged.claim_id = passing.claim_id
            and judged.figure = passing.figure
            and judged.period = passing.period
)

select * from final
order by claim_id, figure, period, reading
