-- One row: one table into which a person-level file or a return of the council has landed, with its
-- rows, held against what the door says of the file: rows in are rows accepted and rows set aside.
-- Tables of which each row is a record of one module are held against that module too, also where
-- nothing landed of it.
with landed as (
    select
        file_id,
        'sen2_return' as landed_table,
        count(*) as landed_count
    from staging.sen2_return
    group by file_id
    union all
    select
        file_id,
        'sen2_person' as landed_table,
        count(*) as landed_count
    from staging.sen2_person
    group by file_id
    union all
    select
        file_id,
        'sen2_request' as landed_table,
        count(*) as landed_count
    from staging.sen2_request
    group by file_id
    union all
    select
        file_id,
        'sen2_assessment' as landed_table,
        count(*) as landed_count
    from staging.sen2_assessment
    group by file_id
    union all
    select
        file_id,
        'sen2_named_plan' as landed_table,
        count(*) as landed_count
    from staging.sen2_named_plan
    group by file_id
    union all
    select
        file_id,
        'sen2_plan_detail' as landed_table,
        count(*) as landed_count
    from staging.sen2_plan_detail
    group by file_id
    union all
    select
        file_id,
        'sen2_active_plan' as landed_table,
        count(*) as landed_count
    from staging.sen2_active_plan
    group by file_id
    union all
    select
        file_id,
        'sen2_placement_detail' as landed_table,
        count(*) as landed_count
    from staging.sen2_placement_detail
    group by file_id
    union all
    select
        file_id,
        'sen2_sen_need' as landed_table,
        count(*) as landed_count
    from staging.sen2_sen_need
    group by file_id
    union all
    select
        file_id,
        'census_school' as landed_table,
        count(*) as landed_count
    from staging.census_school
    group by file_id
    union all
    select
        file_id,
        'census_pupil' as landed_table,
        count(*) as landed_count
    from staging.census_pupil
    group by file_id
    union all
    select
        file_id,
        'census_sen_need' as landed_table,
        count(*) as landed_count
    from staging.census_sen_need
    group by file_id
    union all
    select
        file_id,
        'ap_census_pupil' as landed_table,
        count(*) as landed_count
    from staging.ap_census_pupil
    group by file_id
    union all
    select
        file_id,
        'establishment' as landed_table,
        count(*) as landed_count
    from staging.establishment
    group by file_id
    union all
    select
        file_id,
        'early_support' as landed_table,
        count(*) as landed_count
    from staging.early_support
    group by file_id
    union all
    select
        file_id,
        'place' as landed_table,
        count(*) as landed_count
    from staging.place
    group by file_id
    union all
    select
        file_id,
        'workforce_post' as landed_table,
        count(*) as landed_count
    from staging.workforce_post
    group by file_id
    union all
    select
        file_id,
        'training' as landed_table,
        count(*) as landed_count
    from staging.training
    group by file_id
    union all
    select
        file_id,
        'ep_advice' as landed_table,
        count(*) as landed_count
    from staging.ep_advice
    group by file_id
    union all
    select
        file_id,
        'amended_plan' as landed_table,
        count(*) as landed_count
    from staging.amended_plan
    group by file_id
    union all
    select
        file_id,
        'spend' as landed_table,
        count(*) as landed_count
    from staging.spend
    group by file_id
    union all
    select
        file_id,
        'case_correction' as landed_table,
        count(*) as landed_count
    from staging.case_correction
    group by file_id
    union all
    select
        file_id,
        'finding_explanation' as landed_table,
        count(*) as landed_count
    from staging.finding_explanation
    group by file_id
),

module as (
    select
        substr(file_id, 1, 16) as file_id,
        case
            when kind in ('sen2', 'sen2_in_year') and dataset <> 'header' then 'sen2_' || dataset
            when kind = 'census' and dataset = 'pupil_on_roll' then 'census_pupil'
            when kind = 'census' and dataset = 'sen_need' then 'census_sen_need'
            when kind = 'ap_census' then 'ap_census_pupil'
        end as landed_table,
        row_count_accepted as module_row_count
    from staging.received_file
    where source = 'council'
),

of_one_module as (
    select *
    from module
    where landed_table is not null and module_row_count > 0
),

set_aside as (
    select
        substr(file_id, 1, 16) as file_id,
        count(*) as set_aside_count
    from staging.quarantined_row
    group by substr(file_id, 1, 16)
),

final as (
    select
        coalesce(landed.file_id, of_one_module.file_id) as file_id,
        coalesce(landed.landed_table, of_one_module.landed_table) as landed_table,
        coalesce(landed.landed_count, 0) as landed_count,
        -- A table that is not one module's rows is held against the file alone.
        coalesce(of_one_module.module_row_count, landed.landed_count) as module_row_count,
        coalesce(set_aside.set_aside_count, 0) as set_aside_count,
        case_file.row_count_in,
        case_file.row_count_accepted,
        case_file.row_count_quarantined,
        case_file.row_count_accepted + case_file.row_count_quarantined as row_count_accounted,
        case_file.module_count_unaccounted
    from landed
    full join of_one_module
        on
            landed.file_id = of_one_module.file_id
            and landed.landed_table = of_one_module.landed_table
    left join core.case_file on coalesce(landed.file_id, of_one_module.file_id) = case_file.file_id
    left join set_aside on coalesce(landed.file_id, of_one_module.file_id) = set_aside.file_id
)

select * from final
