-- One row: a public statement of the council with its verdict. The verdict follows from the figures
-- alone, in this order:
--   not_testable     a figure that counts has no data at the period it is judged at
--   confirmed        all figures match at the newest period published before the statement
--   out_of_date      all match together at an earlier period, or a count passed the stated number
--                    before then
--   different_bases  each matches at some period, but not all at the same one
--   not_borne_out    otherwise
-- A figure that names its own period is held against that period only.
with head as (
    select distinct
        claim_id,
        figure,
        is_context,
        kpi is not null as is_measured,
        named_period is not null as is_named_period
    from core.statement_figure
    where side = 'this' and term = 1
),

judged as (
    select
        claim_id,
        figure,
        is_matched as judged_match,
        sentence,
        period_label,
        value_text
    from marts.claim_figure
    where is_judged and is_newest_reading
),

-- What a revised figure said before: whoever knows the older number should find it here.
older_reading as (
    select
        older.claim_id,
        older.figure,
        min(older.value_text) as older_text
    from marts.claim_figure as older
    inner join judged on older.claim_id = judged.claim_id and older.figure = judged.figure
    where
        older.is_judged
        and not older.is_newest_reading
        and older.value_text <> judged.value_text
    group by older.claim_id, older.figure
),

-- Periods up to the judged one at which a figure is true, or was passed on the way there.
hit as (
    select
        claim_id,
        figure,
        period,
        period_label,
        is_named_period,
        is_judged,
        is_matched,
        is_passed,
        sentence,
        value_text,
        passed_from_label,
        passed_from_text
    from marts.claim_figure
    where
        is_candidate
        and is_newest_reading
        and not is_context
        and (is_matched or is_passed)
),

figure_hit as (
    select distinct
        claim_id,
        figure
    from hit
),

counted as (
    select
        head.claim_id,
        count(*) as figure_count,
        sum(case when head.is_named_period then 0 else 1 end) as free_count,
        sum(case when judged.claim_id is not null then 1 else 0 end) as held_count,
        sum(case when judged.judged_match then 1 else 0 end) as judged_match_count,
        sum(case when figure_hit.claim_id is not null then 1 else 0 end) as hit_count
    from head
    left join judged on head.claim_id = judged.claim_id and head.figure = judged.figure
    left join figure_hit
        on head.claim_id = figure_hit.claim_id and head.figure = figure_hit.figure
    where not head.is_context
    group by head.claim_id
),

-- Periods at which all the figures that name no period hold together.
together as (
    select
        hit.claim_id,
        hit.period,
        min(hit.period_label) as period_label,
        bool_and(hit.is_matched) as is_matched
    from hit
    inner join counted on hit.claim_id = counted.claim_id
    where not hit.is_named_period
    group by hit.claim_id, hit.period, counted.free_count
    having count(*) = counted.free_count
),

last_together as (
    select
        *,
        row_number() over (partition by claim_id order by period desc) as recency
    from together
),

verdicts as (
    select
        statement.claim_id,
        last_together.period as true_period,
        last_together.is_matched as is_true_at_period,
        case
            when coalesce(counted.held_count, 0) < coalesce(counted.figure_count, 1)
                then 'not_testable'
            when counted.judged_match_count = counted.figure_count then 'confirmed'
            when counted.hit_count = counted.figure_count and last_together.period is not null
                then 'out_of_date'
            when counted.hit_count = counted.figure_count then 'different_bases'
            else 'not_borne_out'
        end as verdict
    from core.statement
    left join counted on statement.claim_id = counted.claim_id
    left join last_together
        on statement.claim_id = last_together.claim_id and last_together.recency = 1
),

-- The words of each figure at the judged period.
judged_words as (
    select
        judged.claim_id,
        string_agg(
            case
                when not head.is_context
                    then
                        judged.sentence
                        || coalesce(' (' || older_reading.older_text || ' before revision)', '')
            end,
            '. '
            order by judged.figure
        ) as counted_text,
        string_agg(
            case
                when not head.is_context
                    then
                        judged.sentence
                        || case
                            when judged.judged_match then ', which bears it out'
                            else ', which does not bear it out'
                        end
            end,
            '. '
            order by judged.figure
        ) as tested_text,
        string_agg(
            case
                when head.is_context
                    then
                        judged.sentence
                        || case
                            when judged.judged_match then ', in keeping with the statement'
                            else ', not in keeping with the statement'
                        end
            end,
            '. '
            order by judged.figure
        ) as context_text
    from judged
    inner join head on judged.claim_id = head.claim_id and judged.figure = head.figure
    left join older_reading
        on judged.claim_id = older_reading.claim_id and judged.figure = older_reading.figure
    group by judged.claim_id
),

-- The newest period at which each figure was true, for the verdicts that look back.
last_hit as (
    select
        *,
        row_number() over (partition by claim_id, figure order by period desc) as recency
    from hit
),

hit_words as (
    select
        claim_id,
        string_agg(sentence, '. ' order by figure) as true_text
    from last_hit
    where recency = 1
    group by claim_id
),

past_words as (
    select
        hit.claim_id,
        string_agg(
            case
                when hit.is_passed
                    then
                        'the number was passed between ' || hit.passed_from_label || ' ('
                        || hit.passed_from_text || ') and ' || hit.period_label || ' ('
                        || hit.value_text || ')'
                else 'it was true of ' || hit.period_label || ' (' || hit.value_text || ')'
            end,
            '; '
            order by hit.figure
        ) as past_text
    from hit
    inner join verdicts on hit.claim_id = verdicts.claim_id and hit.period = verdicts.true_period
    group by hit.claim_id
),

-- Where a measure exists but the release lacks a cell, that cell is what is needed.
needed_period as (
    select
        claim_id,
        figure,
        kpi,
        area_key,
        breakdown_topic,
        breakdown,
        newest_period as period
    from core.statement_figure
    where kpi is not null and side <> 'beside' and not is_context
    union all
    select
        claim_id,
        figure,
        kpi,
        area_key,
        breakdown_topic,
        breakdown,
        coalesce(base_period, period_years_before(newest_period, base_years_before)) as period
    from core.statement_figure
    where
        kpi is not null
        and side <> 'beside'
        and not is_context
        and (base_period is not null or base_years_before is not null)
),

missing_cell as (
    select distinct
        needed_period.claim_id,
        measure.title || ', '
        || coalesce(
            period_label(needed_period.period, measure.period_kind),
            'a period published before the statement'
        ) as cell_text
    from needed_period
    inner join marts.measure on needed_period.kpi = measure.kpi
    left join marts.kpi_value
        on
            needed_period.kpi = kpi_value.kpi
            and needed_period.area_key = coalesce(kpi_value.la_code, kpi_value.area_code)
            and needed_period.breakdown_topic = kpi_value.breakdown_topic
            and needed_period.breakdown = kpi_value.breakdown
            and needed_period.period = kpi_value.period
            and kpi_value.period_kind in ('stock', 'flow')
            and kpi_value.value is not null
    where kpi_value.kpi is null
),

missing_words as (
    select
        claim_id,
        string_agg(cell_text, '; ' order by cell_text) as missing_text
    from missing_cell
    group by claim_id
),

reasons as (
    select
        statement.*,
        verdicts.verdict,
        missing_words.missing_text,
        case verdicts.verdict
            when 'confirmed'
                then
                    'Borne out by the newest figures published before '
                    || statement.judged_before_text || '. ' || judged_words.counted_text || '.'
            when 'out_of_date'
                then
                    'Out of date by ' || statement.judged_before_text || ': '
                    || past_words.past_text || '. The newest figures published before that day: '
                    || judged_words.counted_text || '.'
            when 'different_bases'
                then
                    'Each figure is right for some period, but not all for the same one. '
                    || hit_words.true_text || '. At the newest period published before '
                    || statement.judged_before_text || ': ' || judged_words.counted_text || '.'
            when 'not_borne_out'
                then
                    'No period published before ' || statement.judged_before_text
                    || ' bears it out. ' || judged_words.counted_text || '.'
            else
                'The data held cannot test it.'
                || coalesce(
                    ' The part that can be tested: ' || judged_words.tested_text || '.', ''
                )
                || coalesce(
                    ' For context, on another basis: ' || judged_words.context_text || '.', ''
                )
                || coalesce(
                    ' The release does not hold: ' || missing_words.missing_text || '.', ''
                )
        end
        || coalesce(' ' || statement.basis, '')
        || case
            when statement.statement_date is null and verdicts.verdict <> 'not_testable'
                then
                    ' The statement carries no date and is judged as at '
                    || statement.judged_before_text
                    || ', the date of the newest dated statement.'
            else ''
        end as verdict_reason
    from core.statement
    inner join verdicts on statement.claim_id = verdicts.claim_id
    left join judged_words on statement.claim_id = judged_words.claim_id
    left join hit_words on statement.claim_id = hit_words.claim_id
    left join past_words on statement.claim_id = past_words.claim_id
    left join missing_words on statement.claim_id = missing_words.claim_id
),

final as (
    select
        claim_id,
        source_document,
        statement_date,
        statement,
        verdict,
        verdict_reason,
        case
            when verdict = 'not_testable'
                then
                    coalesce(
                        needs,
                        'Published figures: ' || missing_text || '.',
                        'Published figures that allow the comparison.'
                    )
        end as needs
    from reasons
)

select * from final
order by claim_id
