-- One row: a figure of a statement as the release shows it at one period, in one reading
-- (marts.claim_side), held against what was stated: the printed value, the one that a reader sees.
with head as (
    select
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
    from core.statement_figure
    where side = 'this' and term = 1
),

-- A figure counts up to the newest period that was out, or at the one that the statement names.
judged as (
    select
        this.*,
        head.stated_text,
        head.subject,
        head.other_subject,
        head.is_context,
        head.comparison,
        head.stated_value,
        head.named_period,
        other.value_text as other_text,
        coalesce(this.period = head.newest_period, false) as is_judged,
        coalesce(
            this.period <= head.newest_period
            and this.period = coalesce(head.named_period, this.period),
            false
        ) as is_candidate,
        row_number() over (
            partition by this.claim_id, this.figure, this.period
            order by this.reading desc
        ) = 1 as is_newest_reading,
        coalesce(
            case head.comparison
                -- half up: the lower edge belongs to the stated figure, the upper to the next one
                when 'equals'
                    then
                        this.value >= head.stated_value - head.tolerance
                        and this.value < head.stated_value + head.tolerance
                when 'about' then abs(this.value - head.stated_value) <= head.tolerance
                when 'more_than' then this.value > head.stated_value
                when 'less_than' then this.value < head.stated_value
                when 'at_most' then this.value <= head.stated_value
                when 'higher_than_other' then this.value > other.value
                when 'lower_than_other' then this.value < other.value
                when 'close_to_other' then abs(this.value - other.value) <= head.tolerance
            end,
            false
        ) as is_match
    from marts.claim_side as this
    inner join head on this.claim_id = head.claim_id and this.figure = head.figure
    left join marts.claim_side as other
        on
            this.claim_id = other.claim_id
            and this.figure = other.figure
            and this.period = other.period
            and this.reading = other.reading
            and other.side = 'other'
    -- a comparison without its other side is not held
    where this.side = 'this' and (head.other_subject is null or other.value is not null)
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
        judged.value,
        judged.decimals,
        judged.made_of,
        judged.file_id,
        judged.row_number,
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
