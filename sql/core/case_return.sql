-- One row: a SEN2 return, or an in-year extract in its form, with the periods that it counts. A
-- restated return stands beside the one it replaces; is_newest marks the last of them, and of the
-- extracts of a month the one of its latest day.
with returned as (
    select
        sen2_return.file_id,
        sen2_return.return_kind,
        sen2_return.file_form,
        sen2_return.la_code,
        area.area_code,
        coalesce(
            sen2_return.return_year,
            cast(extract(year from sen2_return.reference_date) as integer)
            + case when sen2_return.return_kind = 'in_year' then 1 else 0 end
        ) as return_year,
        sen2_return.reference_date,
        sen2_return.prepared_date,
        sen2_return.software_code,
        sen2_return.designated_medical_officer,
        sen2_return.designated_clinical_officer,
        sen2_return.designated_social_care_officer,
        sen2_return.person_count,
        sen2_return.key_id,
        case_file.received_file_id,
        case_file.vintage,
        case_file.vintage_order
    from staging.sen2_return
    left join core.case_file on sen2_return.file_id = case_file.file_id
    left join core.area on sen2_return.la_code = area.la_code
),

dated as (
    select
        *,
        cast(cast(return_year - 1 as varchar) || '-01-01' as date) as activity_start,
        case
            when return_kind = 'annual'
                then cast(cast(return_year - 1 as varchar) || '-12-31' as date)
            else reference_date
        end as activity_end,
        case
            when return_kind = 'annual' then cast(return_year as varchar) || '-01'
            else substr(cast(reference_date as varchar), 1, 7)
        end as stock_period,
        case
            when return_kind = 'annual' then cast(return_year - 1 as varchar)
            else
                cast(return_year - 1 as varchar)
                || '-YTD-' || substr(cast(reference_date as varchar), 6, 2)
        end as flow_period
    from returned
),

final as (
    select
        file_id,
        return_kind,
        file_form,
        la_code,
        area_code,
        return_year,
        reference_date,
        prepared_date,
        activity_start,
        activity_end,
        stock_period,
        flow_period,
        software_code,
        designated_medical_officer,
        designated_clinical_officer,
        designated_social_care_officer,
        person_count,
        key_id,
        coalesce(received_file_id, file_id) as received_file_id,
        coalesce(vintage, cast(return_year as varchar)) as vintage,
        coalesce(vintage_order, return_year * 1000) as vintage_order,
        row_number() over (
            partition by la_code, return_kind, stock_period
            order by
                case when return_kind = 'in_year' then reference_date end desc nulls last,
                vintage_order desc nulls last,
                file_id desc
        ) = 1 as is_newest
    from dated
)

select * from final
