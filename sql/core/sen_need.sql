-- One row: a need of a child with a plan in force, in one return, in the DfE's words. Of two needs
-- of rank 1 the first in the file counts.
with corrected as (
    select
        file_id,
        record_number as item_record,
        max(corrected_text) filter (where column_name = 'sen_type') as sen_type,
        max(corrected_text) filter (where column_name = 'sen_type_rank') as sen_type_rank
    from core.corrected_value
    where module = 'sen_need' and is_applied
    group by file_id, record_number
),

stated as (
    select
        sen2_sen_need.file_id,
        sen2_sen_need.row_number,
        sen2_sen_need.item_record,
        sen2_sen_need.person_record,
        sen2_sen_need.request_record,
        sen2_sen_need.pseudonym,
        coalesce(corrected.sen_type, sen2_sen_need.sen_type) as sen_type,
        coalesce(corrected.sen_type_rank, sen2_sen_need.sen_type_rank) as sen_type_rank
    from staging.sen2_sen_need
    left join corrected
        on
            sen2_sen_need.file_id = corrected.file_id
            and sen2_sen_need.item_record = corrected.item_record
),

final as (
    select
        file_id,
        row_number,
        item_record,
        person_record,
        request_record,
        pseudonym,
        sen_type,
        sen_type_rank,
        case sen_type
            when 'SPLD' then 'Specific learning difficulty'
            when 'MLD' then 'Moderate learning difficulty'
            when 'SLD' then 'Severe learning difficulty'
            when 'PMLD' then 'Profound and multiple learning difficulty'
            when 'SEMH' then 'Social, emotional and mental health'
            when 'SLCN' then 'Speech, language and communication needs'
            when 'HI' then 'Hearing impairment'
            when 'VI' then 'Vision impairment'
            when 'MSI' then 'Multi-sensory impairment'
            when 'PD' then 'Physical disability'
            when 'ASD' then 'Autistic spectrum disorder'
            when 'DS' then 'Down syndrome'
            when 'OTH' then 'Other difficulty/disability'
            else 'Need unknown'
        end as need_group,
        row_number() over (
            partition by file_id, request_record
            order by sen_type_rank asc nulls last, item_record asc
        ) = 1 and coalesce(sen_type_rank = '1', false) as is_primary
    from stated
)

select * from final
