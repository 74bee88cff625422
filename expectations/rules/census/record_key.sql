-- One row: a marked record and what a case officer may call it, 'school 3, pupil 12'. Counted in
-- the order of the file, so that the name holds nothing of the pupil.
with marked as (
    select distinct
        module,
        record
    from located_mark
),

pupil as (
    select
        'pupil_on_roll' as module,
        record,
        record as pupil_record
    from parsed.pupil_on_roll
    where record in (select record from marked where module = 'pupil_on_roll')
    union all
    select
        'fsm_period' as module,
        record,
        parent as pupil_record
    from parsed.fsm_period
    where record in (select record from marked where module = 'fsm_period')
    union all
    select
        'ap_provision' as module,
        record,
        parent as pupil_record
    from parsed.ap_provision
    where record in (select record from marked where module = 'ap_provision')
    union all
    select
        'school_arranged_ap' as module,
        record,
        parent as pupil_record
    from parsed.school_arranged_ap
    where record in (select record from marked where module = 'school_arranged_ap')
    union all
    select
        'sen_need' as module,
        record,
        parent as pupil_record
    from parsed.sen_need
    where record in (select record from marked where module = 'sen_need')
),

final as (
    select
        marked.module,
        marked.record,
        case
            when pupil.pupil_record is not null
                then concat_ws(
                    ', ', 'school ' || roll.parent, 'pupil ' || pupil.pupil_record
                )
            when marked.module = 'pupil_off_roll' then 'pupil off roll ' || marked.record
            else replace(marked.module, '_', ' ') || ' ' || marked.record
        end as record_key
    from marked
    left join pupil on marked.module = pupil.module and marked.record = pupil.record
    left join parsed.pupil_on_roll as roll on pupil.pupil_record = roll.record
)

select * from final
