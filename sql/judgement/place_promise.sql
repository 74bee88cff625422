-- One row, or none where no places are held: those that are open, and those that are to open by the
-- day of a milestone for places that an action of the plan opens. Places that are to open later, or
-- on no day that is known, are not counted.
-- Asked for: la_code, breakdown_topic, breakdown, milestone_due.
with final as (
    select
        cast(coalesce(sum(place_pipeline.place_count) filter (
            where place_pipeline.place_status = 'delivered'
        ), 0) as integer) as open_count,
        cast(coalesce(sum(place_pipeline.place_count) filter (
            where
            place_pipeline.place_status <> 'delivered'
            and place_pipeline.opening_month <= strftime(asked_for.milestone_due, '%Y-%m')
        ), 0) as integer) as planned_count
    from marts.place_pipeline
    inner join asked_for
        on
            place_pipeline.la_code = asked_for.la_code
            and (
                asked_for.breakdown_topic = 'All'
                or (
                    asked_for.breakdown_topic = 'Plan action'
                    and place_pipeline.plan_action = asked_for.breakdown
                )
            )
    having count(*) > 0
)

select * from final
