-- One row: what a record rule found in one row of one version of a file. A finding is the same in
-- the next version when rule, module, columns and child are the same, and so it is in the next file
-- of that return year: the extracts of a year, month by month, and the yearly return after them
-- tell of the same calendar year. It is fixed when a later version of that file, or the next file,
-- no longer has it, and explained when somebody said why it may stand, of this file or of one
-- before, as long as it is found without a break. Of a rule that very many rows break, the first
-- are listed and the last line counts the others.
with version as (
    select
        case_file.file_id,
        case_return.return_kind,
        case_return.return_year,
        case_return.reference_date,
        coalesce(case_return.vintage, case_file.vintage) as vintage,
        coalesce(case_return.vintage_order, case_file.vintage_order, 0) as vintage_order,
        case_file.kind,
        coalesce(
            case_return.la_code || ' ' || case_return.return_kind || ' '
            || case_return.stock_period,
            case_file.kind || ' ' || coalesce(case_file.release, '')
        ) as return_series,
        case_return.la_code || ' ' || case_return.return_year as year_series,
        case_return.stock_period
    from core.case_file
    left join core.case_return on case_file.file_id = case_return.file_id
),

newest as (
    select
        return_series,
        max(vintage_order) as newest_order,
        max(year_series) as year_series,
        max(stock_period) as stock_period,
        max_by(file_id, vintage_order) as newest_file_id
    from version
    group by return_series
),

-- What the door found in one file, and what shows only across returns and sources.
told as (
    select * from staging.record_finding
    union all
    select * from core.across_finding
),

-- A file in a form that lacks what a rule asks for says nothing of that rule.
not_run as (
    select distinct
        substr(file_id, 1, 16) as file_id,
        unnest(string_split(rtrim(split_part(message, ': ', -1), '.'), ', ')) as rule
    from staging.finding
    where rule = 'rules_not_run'
),

-- Where more records break a rule than are listed, who is not listed may still be at fault. The
-- last line has this record_key (pipelines/ingest/telling.py).
cut as (
    select distinct
        file_id,
        rule
    from told
    where record_key = 'further records'
),

known_rule as (
    select distinct rule
    from told
),

-- The files of a return year that a rule was run on, in their order, by the newest version of each.
step as (
    select
        newest.return_series,
        newest.year_series,
        known_rule.rule,
        row_number() over by_month as step,
        coalesce(lead(cut.rule is null) over by_month, false) as next_tells_all
    from newest
    cross join known_rule
    left join cut on newest.newest_file_id = cut.file_id and known_rule.rule = cut.rule
    left join not_run
        on newest.newest_file_id = not_run.file_id and known_rule.rule = not_run.rule
    where newest.year_series is not null and not_run.rule is null
    window
        by_month as (
            partition by newest.year_series, known_rule.rule
            order by newest.stock_period, newest.return_series
        )
),

-- What makes a finding the same, as one number: texts are slow to compare in hundreds of thousands.
same_thing as (
    select
        rule,
        module,
        column_names,
        coalesce(pseudonym, record_key) as finding_key,
        row_number() over () as finding_number
    from told
    group by all
),

found as (
    select
        told.*,
        same_thing.finding_number,
        version.return_kind,
        version.return_year,
        version.reference_date,
        version.vintage,
        version.vintage_order,
        version.kind,
        version.return_series,
        newest.newest_order,
        -- The record of nobody is known by its number, which is another one in the next file.
        case
            when
                told.pseudonym is not null
                or not regexp_matches(coalesce(told.record_key, ''), '[0-9]')
                then step.year_series
        end as year_series,
        step.step,
        step.next_tells_all,
        case
            when told.record_key like '%,%'
                then substr(told.record_key, strpos(told.record_key, ',') + 2)
            else ''
        end as place_in_child
    from told
    inner join version on told.file_id = version.file_id
    inner join newest on version.return_series = newest.return_series
    inner join same_thing
        on
            told.rule = same_thing.rule
            and told.module is not distinct from same_thing.module
            and told.column_names is not distinct from same_thing.column_names
            and coalesce(told.pseudonym, told.record_key)
            is not distinct from same_thing.finding_key
    left join step on version.return_series = step.return_series and told.rule = step.rule
),

-- Only what the newest version of a file still has is looked for in the next file.
followed as (
    select
        *,
        max(vintage_order) over same_finding = newest_order as stands,
        case
            when max(vintage_order) over same_finding = newest_order then year_series
        end as followed_in
    from found
    window same_finding as (partition by return_series, finding_number)
),

-- One number for the files that have it one after another.
unbroken as (
    select
        *,
        coalesce(followed_in, return_series) as finding_series,
        case
            when followed_in is not null
                then
                    step
                    - dense_rank() over (partition by followed_in, finding_number order by step)
        end as spell
    from followed
),

traced as (
    select
        *,
        count(*) over (partition by file_id, finding_number) as alike_count,
        first_value(vintage) over by_file as first_found_vintage,
        followed_in is not null and last_value(next_tells_all) over by_file as is_silent_after
    from unbroken
    window
        by_file as (
            partition by finding_series, spell, finding_number
            order by step, vintage_order
            rows between unbounded preceding and unbounded following
        )
),

-- The findings that an explanation names: one record, or every record that the rule speaks of.
matched as (
    select
        traced.file_id,
        traced.finding_series,
        traced.spell,
        traced.step,
        traced.finding_number,
        traced.record_key,
        traced.place_in_child,
        traced.alike_count,
        traced.vintage_order,
        finding_explanation.row_number,
        finding_explanation.explanation,
        finding_explanation.decided_by_role,
        finding_explanation.decided_date
    from staging.finding_explanation
    inner join traced
        on
            finding_explanation.rule = traced.rule
            and finding_explanation.explained_file_id = substr(traced.file_id, 1, 16)
            and (
                finding_explanation.record_key is null
                or finding_explanation.record_key = traced.record_key
            )
),

-- In a later version or file records are counted anew, so that the child decides. Where a child has
-- several alike, only the one at the same place is taken for the one explained.
said as (
    select
        traced.file_id,
        traced.finding_number,
        traced.record_key,
        matched.explanation,
        matched.decided_by_role,
        matched.decided_date,
        row_number() over (
            partition by traced.file_id, traced.finding_number, traced.record_key
            order by matched.decided_date desc, matched.row_number desc
        ) as age_of_saying
    from traced
    inner join matched
        on
            traced.finding_series = matched.finding_series
            and traced.spell is not distinct from matched.spell
            and traced.finding_number = matched.finding_number
    where
        (
            traced.file_id = matched.file_id
            and traced.record_key is not distinct from matched.record_key
        )
        or (
            (
                traced.step > matched.step
                or (
                    traced.step is not distinct from matched.step
                    and traced.vintage_order > matched.vintage_order
                )
            )
            and (
                traced.place_in_child is not distinct from matched.place_in_child
                or (traced.alike_count = 1 and matched.alike_count = 1)
            )
        )
),

explained as (
    select *
    from said
    where age_of_saying = 1
),

final as (
    select
        traced.file_id,
        traced.rule,
        traced.severity,
        traced.module,
        traced.row_number,
        traced.record_key,
        traced.pseudonym,
        traced.column_names,
        traced.message,
        traced.remedy,
        traced.row_count,
        traced.kind,
        traced.return_kind,
        traced.return_year,
        traced.reference_date,
        traced.vintage,
        traced.first_found_vintage,
        case
            when not traced.stands or traced.is_silent_after then 'fixed'
            when explained.finding_number is not null then 'explained'
            else 'open'
        end as finding_status,
        explained.explanation,
        explained.decided_by_role,
        explained.decided_date
    from traced
    left join explained
        on
            traced.file_id = explained.file_id
            and traced.finding_number = explained.finding_number
            and traced.record_key is not distinct from explained.record_key
)

select * from final
