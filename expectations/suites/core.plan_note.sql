-- One row: how many entries about the delivery plan are at fault, by what is wrong.
with final as (
    select
        count(*) as row_count,
        count(*) filter (
            where
            plan_action is null
            or plan_action not in (select plan_action.plan_action from core.plan_action)
        ) as entries_about_nothing
    from core.plan_note
)

select * from final
