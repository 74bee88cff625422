-- One row: a need of a child with a plan in force, in one return, in the DfE's words. Of two needs
-- of rank 1 the first in the file counts.
with final as (
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
    from staging.sen2_sen_need
)

select * from final
