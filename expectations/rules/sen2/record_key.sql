-- One row: a marked record and what a case officer may call it, 'person 3, request 1, placement 2'.
-- Records are counted in the order of the file, so that the name holds nothing of the person.
with marked as (
    select distinct
        module,
        record
    from located_mark
),

-- The modules of which a request has one are called by the request.
located as (
    select
        'person' as module,
        record,
        person_record,
        null as request_record,
        null as piece_place
    from parsed.person
    where record in (select record from marked where module = 'person')
    union all
    select
        'request' as module,
        record,
        person_record,
        record as request_record,
        null as piece_place
    from parsed.request
    where record in (select record from marked where module = 'request')
    union all
    select
        'assessment' as module,
        record,
        person_record,
        request_record,
        null as piece_place
    from parsed.assessment
    where record in (select record from marked where module = 'assessment')
    union all
    select
        'named_plan' as module,
        record,
        person_record,
        request_record,
        null as piece_place
    from parsed.named_plan
    where record in (select record from marked where module = 'named_plan')
    union all
    select
        'active_plan' as module,
        record,
        person_record,
        request_record,
        null as piece_place
    from parsed.active_plan
    where record in (select record from marked where module = 'active_plan')
    union all
    select
        'plan_detail' as module,
        record,
        person_record,
        request_record,
        row_number() over (partition by parent order by record) as piece_place
    from parsed.plan_detail
    where
        exists (select 1 from marked where marked.module = 'plan_detail')
        and parent in (
            select sibling.parent from parsed.plan_detail as sibling
            where sibling.record in (select record from marked where module = 'plan_detail')
        )
    union all
    select
        'placement_detail' as module,
        record,
        person_record,
        request_record,
        row_number() over (partition by parent order by record) as piece_place
    from parsed.placement_detail
    where
        exists (select 1 from marked where marked.module = 'placement_detail')
        and parent in (
            select sibling.parent from parsed.placement_detail as sibling
            where sibling.record in (select record from marked where module = 'placement_detail')
        )
    union all
    select
        'sen_need' as module,
        record,
        person_record,
        request_record,
        row_number() over (partition by parent order by record) as piece_place
    from parsed.sen_need
    where
        exists (select 1 from marked where marked.module = 'sen_need')
        and parent in (
            select sibling.parent from parsed.sen_need as sibling
            where sibling.record in (select record from marked where module = 'sen_need')
        )
),

request_place as (
    select
        record as request_record,
        row_number() over (partition by person_record order by record) as request_place
    from parsed.request
    where person_record in (select person_record from located)
),

final as (
    select
        marked.module,
        marked.record,
        case
            when marked.module = 'header' then 'return'
            else concat_ws(
                ', ',
                'person ' || located.person_record,
                'request ' || request_place.request_place,
                case located.module
                    when 'plan_detail' then 'named setting '
                    when 'placement_detail' then 'placement '
                    when 'sen_need' then 'need '
                end || located.piece_place
            )
        end as record_key
    from marked
    left join located
        on marked.module = located.module and marked.record = located.record
    left join request_place on located.request_record = request_place.request_record
)

select * from final
