-- One row: a setting that a child attends (attended) or that section I of the plan names (named),
-- with the DfE's placement setting and group. The order of the tests is the DfE's readers': the URN
-- as GIAS knows it, else the UKPRN, else the SEN setting, else unknown.
with attended_corrected as (
    select
        file_id,
        record_number as item_record,
        max(corrected_text) filter (where column_name = 'urn') as urn,
        max(corrected_text) filter (where column_name = 'ukprn') as ukprn,
        max(corrected_text) filter (where column_name = 'sen_setting') as sen_setting,
        max(corrected_text) filter (where column_name = 'placement_rank') as placement_rank,
        cast(max(corrected_text) filter (where column_name = 'entry_date') as date) as entry_date,
        cast(
            max(corrected_text) filter (where column_name = 'leaving_date') as date
        ) as leaving_date,
        max(corrected_text) filter (where column_name = 'is_sen_unit') = '1' as is_sen_unit,
        max(corrected_text) filter (
            where column_name = 'is_resourced_provision'
        ) = '1' as is_resourced_provision,
        max(corrected_text) filter (where column_name = 'residential') as residential,
        max(corrected_text) filter (where column_name = 'work_based') as work_based
    from core.corrected_value
    where module = 'placement_detail' and is_applied
    group by file_id, record_number
),

attended as (
    select
        sen2_placement_detail.file_id,
        sen2_placement_detail.row_number,
        sen2_placement_detail.item_record,
        sen2_placement_detail.person_record,
        sen2_placement_detail.request_record,
        sen2_placement_detail.pseudonym,
        coalesce(attended_corrected.urn, sen2_placement_detail.urn) as urn,
        coalesce(attended_corrected.ukprn, sen2_placement_detail.ukprn) as ukprn,
        coalesce(attended_corrected.sen_setting, sen2_placement_detail.sen_setting) as sen_setting,
        coalesce(
            attended_corrected.placement_rank, sen2_placement_detail.placement_rank
        ) as placement_rank,
        coalesce(attended_corrected.entry_date, sen2_placement_detail.entry_date) as entry_date,
        coalesce(
            attended_corrected.leaving_date, sen2_placement_detail.leaving_date
        ) as leaving_date,
        coalesce(attended_corrected.is_sen_unit, sen2_placement_detail.is_sen_unit) as is_sen_unit,
        coalesce(
            attended_corrected.is_resourced_provision, sen2_placement_detail.is_resourced_provision
        ) as is_resourced_provision,
        coalesce(attended_corrected.residential, sen2_placement_detail.residential) as residential,
        coalesce(attended_corrected.work_based, sen2_placement_detail.work_based) as work_based
    from staging.sen2_placement_detail
    left join attended_corrected
        on
            sen2_placement_detail.file_id = attended_corrected.file_id
            and sen2_placement_detail.item_record = attended_corrected.item_record
),

named_corrected as (
    select
        file_id,
        record_number as item_record,
        max(corrected_text) filter (where column_name = 'urn') as urn,
        max(corrected_text) filter (where column_name = 'ukprn') as ukprn,
        max(corrected_text) filter (where column_name = 'sen_setting') as sen_setting,
        max(corrected_text) filter (where column_name = 'placement_rank') as placement_rank,
        max(corrected_text) filter (where column_name = 'is_sen_unit') = '1' as is_sen_unit,
        max(corrected_text) filter (
            where column_name = 'is_resourced_provision'
        ) = '1' as is_resourced_provision
    from core.corrected_value
    where module = 'plan_detail' and is_applied
    group by file_id, record_number
),

named as (
    select
        sen2_plan_detail.file_id,
        sen2_plan_detail.row_number,
        sen2_plan_detail.item_record,
        sen2_plan_detail.person_record,
        sen2_plan_detail.request_record,
        sen2_plan_detail.pseudonym,
        coalesce(named_corrected.urn, sen2_plan_detail.urn) as urn,
        coalesce(named_corrected.ukprn, sen2_plan_detail.ukprn) as ukprn,
        coalesce(named_corrected.sen_setting, sen2_plan_detail.sen_setting) as sen_setting,
        coalesce(named_corrected.placement_rank, sen2_plan_detail.placement_rank) as placement_rank,
        coalesce(named_corrected.is_sen_unit, sen2_plan_detail.is_sen_unit) as is_sen_unit,
        coalesce(
            named_corrected.is_resourced_provision, sen2_plan_detail.is_resourced_provision
        ) as is_resourced_provision
    from staging.sen2_plan_detail
    left join named_corrected
        on
            sen2_plan_detail.file_id = named_corrected.file_id
            and sen2_plan_detail.item_record = named_corrected.item_record
),

stated as (
    select
        'attended' as placement_kind,
        file_id,
        row_number,
        item_record,
        person_record,
        request_record,
        pseudonym,
        urn,
        ukprn,
        sen_setting,
        placement_rank,
        entry_date,
        leaving_date,
        is_sen_unit,
        is_resourced_provision,
        residential,
        work_based
    from attended
    union all
    select
        'named' as placement_kind,
        file_id,
        row_number,
        item_record,
        person_record,
        request_record,
        pseudonym,
        urn,
        ukprn,
        sen_setting,
        placement_rank,
        cast(null as date) as entry_date,
        cast(null as date) as leaving_date,
        is_sen_unit,
        is_resourced_provision,
        cast(null as varchar) as residential,
        cast(null as varchar) as work_based
    from named
),

located as (
    select
        stated.*,
        school.la_code as school_la_code,
        case_return.reference_date,
        case
            when school.placement_setting in (
                'mainstream_la_maintained', 'mainstream_academy', 'mainstream_free_school'
            ) and stated.is_sen_unit then school.placement_setting || '_senunit'
            when
                school.placement_setting in (
                    'mainstream_la_maintained', 'mainstream_academy', 'mainstream_free_school'
                ) and stated.is_resourced_provision
                then school.placement_setting || '_resourced_provision'
            when school.placement_setting is not null then school.placement_setting
            when stated.urn like '40____' then 'w_settings'
            when stated.urn is null and stated.ukprn is not null then 'ukrlp_provider'
            when stated.sen_setting = 'OLA' then 'other_arrangements_la'
            when stated.sen_setting = 'OPA' then 'other_arrangements_parents'
            when stated.sen_setting = 'EHE' then 'elective_home_education'
            when stated.sen_setting = 'EYP' then 'nm_early_years'
            when stated.sen_setting = 'OTH' then 'other_placement_settings'
            when stated.sen_setting = 'NEET' then 'neet'
            when stated.sen_setting = 'NIEC' then 'neet_ntci'
            when stated.sen_setting = 'NIEO' and person.age_at_31_august between 5 and 15
                then 'neet_other_csa'
            when stated.sen_setting = 'NIEO' then 'neet_other'
            else 'placement_unknown'
        end as placement_setting
    from stated
    inner join core.case_return on stated.file_id = case_return.file_id
    left join core.person
        on stated.file_id = person.file_id and stated.person_record = person.person_record
    left join core.school on stated.urn = school.urn
),

opened as (
    select
        *,
        case
            when placement_kind = 'named' then true
            else
                coalesce(
                    entry_date <= reference_date
                    and (leaving_date is null or leaving_date >= reference_date), false
                )
        end as is_open
    from located
),

final as (
    select
        placement_kind,
        file_id,
        row_number,
        item_record,
        person_record,
        request_record,
        pseudonym,
        urn,
        ukprn,
        sen_setting,
        placement_rank,
        entry_date,
        leaving_date,
        coalesce(is_sen_unit, false) as is_sen_unit,
        coalesce(is_resourced_provision, false) as is_resourced_provision,
        residential,
        work_based,
        school_la_code,
        placement_setting,
        case
            when placement_setting like 'mainstream%' then 'mainstream'
            when placement_setting like 'special\_%' escape '\' then 'special'
            when placement_setting like 'ap\_pru%' escape '\' then 'alternative_provision'
            when placement_setting in (
                'general_fe_tertiary_colleges', 'specialist_post_16_institutions', 'ukrlp_provider'
            ) then 'further_education'
            when placement_setting = 'nm_early_years' then 'early_years'
            when placement_setting = 'placement_unknown' then 'unknown'
            else 'educated_elsewhere'
        end as placement_group,
        is_open,
        -- Rank 1 open on the reference date, rank 2 if there is none; the later of two alike.
        row_number() over (
            partition by file_id, request_record, placement_kind
            order by
                is_open desc, placement_rank asc nulls last, entry_date desc nulls last,
                item_record asc
        ) = 1 and is_open as is_counted
    from opened
)

select * from final
