-- One row: a whole ISO week of the council's queue for assessment and plan: who joined it and who
-- left. Each year is read from its newest return or, until that is there, its newest extract.
--   joined     by the week of the request: agreed to be assessed, or still awaiting the decision.
--              Requests refused, withdrawn or gone before a decision never join (not_joined).
--   finished   by the date of the outcome: plan issued, or not to be issued. Late is what had taken
--              longer than a plan may.
--   left       withdrawn, or moved to another authority, while being assessed. The return gives no
--              date: the first extract that shows it does. Where none does, the year's are spread
--              evenly over its weeks and marked as estimated.
-- Cases with an exception, mediation or a tribunal are left out throughout, as from overdue cases.
with ranked as (
    select
        file_id,
        la_code,
        return_year,
        return_kind,
        reference_date,
        activity_start,
        activity_end,
        row_number() over (
            partition by la_code, return_year
            order by
                case when return_kind = 'annual' then 0 else 1 end asc,
                activity_end desc,
                file_id desc
        ) as place
    from core.case_return
    where is_newest
),

covering as (
    select *
    from ranked
    where place = 1
),

queue_case as (
    select
        case_return.file_id,
        case_return.la_code,
        case_return.return_year,
        case_return.return_kind,
        case_return.reference_date,
        request.pseudonym,
        request.received_date,
        request.is_received_in_period,
        assessment.assessment_outcome_date as finished_date,
        coalesce(
            assessment.assessment_outcome_date - request.received_date > clock.issue_limit_days,
            false
        ) as is_late,
        case
            when request.request_outcome = 'A' and request.exported_la_code is null
                then 'undecided'
            when request.request_outcome in ('Y', 'H') then 'agreed'
            else 'not_joined'
        end as joined_as,
        case
            when assessment.assessment_result in ('issued', 'refused') then 'finished'
            when
                assessment.assessment_outcome = 'W'
                or (
                    request.exported_la_code is not null
                    and assessment.assessment_outcome_date is null
                    and request.request_outcome in ('Y', 'H')
                ) then 'left'
        end as ended_as
    from core.request
    inner join core.case_return on request.file_id = case_return.file_id
    left join core.assessment
        on
            request.file_id = assessment.file_id
            and request.request_record = assessment.request_record
    cross join core.clock
    where
        not request.has_request_mediation
        and not request.has_request_tribunal
        and not coalesce(assessment.has_assessment_mediation, false)
        and not coalesce(assessment.has_assessment_tribunal, false)
        and not coalesce(assessment.has_week20_exception, false)
),

counted_case as (
    select queue_case.*
    from queue_case
    inner join covering on queue_case.file_id = covering.file_id
),

-- When an extract of the same year first showed that a case had been withdrawn or had moved away.
first_seen as (
    select
        la_code,
        return_year,
        pseudonym,
        received_date,
        min(reference_date) as seen_date
    from queue_case
    where return_kind = 'in_year' and ended_as = 'left'
    group by la_code, return_year, pseudonym, received_date
),

left_case as (
    select
        counted_case.la_code,
        counted_case.file_id,
        first_seen.seen_date
    from counted_case
    left join first_seen
        on
            counted_case.la_code = first_seen.la_code
            and counted_case.return_year = first_seen.return_year
            and counted_case.pseudonym = first_seen.pseudonym
            and counted_case.received_date = first_seen.received_date
    where counted_case.ended_as = 'left'
),

event as (
    select
        la_code,
        received_date as event_date,
        cast(joined_as = 'agreed' as integer) as agreed,
        cast(joined_as = 'undecided' as integer) as undecided,
        cast(joined_as = 'not_joined' as integer) as not_joined,
        0 as finished,
        0 as late,
        0 as left_seen
    from counted_case
    where is_received_in_period
    union all
    select
        la_code,
        finished_date as event_date,
        0 as agreed,
        0 as undecided,
        0 as not_joined,
        1 as finished,
        cast(is_late as integer) as late,
        0 as left_seen
    from counted_case
    where ended_as = 'finished'
    union all
    select
        la_code,
        seen_date as event_date,
        0 as agreed,
        0 as undecided,
        0 as not_joined,
        0 as finished,
        0 as late,
        1 as left_seen
    from left_case
    where seen_date is not null
),

by_week as (
    select
        la_code,
        cast(date_trunc('week', event_date) as date) as week_start,
        sum(agreed) as agreed,
        sum(undecided) as undecided,
        sum(not_joined) as not_joined,
        sum(finished) as finished,
        sum(late) as late,
        sum(left_seen) as left_seen
    from event
    group by la_code, cast(date_trunc('week', event_date) as date)
),

unseen as (
    select
        left_case.la_code,
        left_case.file_id,
        count(*) filter (where left_case.seen_date is null) as unseen_count
    from left_case
    group by left_case.la_code, left_case.file_id
),

eights (eight) as (
    select *
    from (values (0), (8), (16), (24), (32), (40), (48))
),

ones (one) as (
    select *
    from (values (0), (1), (2), (3), (4), (5), (6), (7))
),

-- The Mondays of each file's year: 53 at most, of the 56 that are tried.
monday as (
    select
        covering.la_code,
        covering.file_id,
        covering.activity_start,
        covering.activity_end,
        (covering.activity_end - covering.activity_start + 1) / 7.0 as week_count,
        cast(
            date_trunc('week', covering.activity_start)
            + (eights.eight + ones.one) * interval 7 day as date
        ) as week_start
    from covering
    cross join eights
    cross join ones
),

-- Whole weeks only: the file that holds a week's Sunday must be there too.
whole_week as (
    select
        monday.la_code,
        monday.file_id,
        monday.week_count,
        monday.week_start
    from monday
    inner join covering as sunday on monday.la_code = sunday.la_code
    where
        monday.week_start between monday.activity_start and monday.activity_end
        and monday.week_start + 6 between sunday.activity_start and sunday.activity_end
),

final as (
    select
        whole_week.la_code,
        strftime(whole_week.week_start, '%G-W%V') as week,
        whole_week.week_start,
        whole_week.file_id,
        cast(coalesce(by_week.agreed, 0) as integer) as joined_agreed,
        cast(coalesce(by_week.undecided, 0) as integer) as joined_undecided,
        cast(coalesce(by_week.not_joined, 0) as integer) as not_joined,
        cast(coalesce(by_week.finished, 0) as integer) as finished_count,
        cast(coalesce(by_week.late, 0) as integer) as late_count,
        cast(coalesce(by_week.left_seen, 0) as integer) as left_count,
        cast(coalesce(unseen.unseen_count, 0) / whole_week.week_count as decimal(18, 6))
            as left_estimated,
        coalesce(unseen.unseen_count, 0) > 0 as is_estimated
    from whole_week
    left join by_week
        on whole_week.la_code = by_week.la_code and whole_week.week_start = by_week.week_start
    left join unseen on whole_week.file_id = unseen.file_id
)

select * from final
order by la_code, week_start
