-- One row: a period of a return about the council's services and a group that is counted in it, the
-- whole among them. So every group has a figure, nought included, and a later return that no longer
-- names a group takes its old figure away.
with coded (breakdown_topic, group_key, breakdown) as (
    select *
    from (
        values
        ('Provision kind', 'special_school', 'Special school'),
        ('Provision kind', 'sen_unit', 'SEN unit'),
        ('Provision kind', 'resourced_provision', 'Resourced provision'),
        ('Provision kind', 'mainstream', 'Mainstream class'),
        ('Provision kind', 'alternative_provision', 'Alternative provision'),
        ('Provision kind', 'early_years', 'Early years setting'),
        ('Provision kind', 'post_16', 'College or special post-16'),
        ('School phase', 'early_years', 'Early years'),
        ('School phase', 'primary', 'Primary'),
        ('School phase', 'secondary', 'Secondary'),
        ('School phase', 'all_through', 'All-through'),
        ('School phase', 'post_16', 'Post-16'),
        ('Staff role', 'plan_writer', 'Plan writer'),
        ('Staff role', 'case_officer', 'Case officer'),
        ('Staff role', 'educational_psychologist', 'Educational psychologist'),
        ('Staff role', 'assistant_psychologist', 'Assistant psychologist'),
        ('Staff role', 'specialist_teacher', 'Specialist teacher'),
        ('Staff role', 'inclusion_officer', 'Inclusion officer'),
        ('Staff role', 'therapist', 'Therapist'),
        ('Staff role', 'health_lead', 'Health lead'),
        ('Staff role', 'social_care_lead', 'Social care lead'),
        ('Staff role', 'manager', 'Manager'),
        ('Staff role', 'administrator', 'Administrator'),
        ('Staff role', 'school_leader', 'School leader'),
        ('Staff role', 'senco', 'Special needs coordinator'),
        ('Staff role', 'teacher', 'Teacher'),
        ('Staff role', 'teaching_assistant', 'Teaching assistant'),
        ('Staff role', 'early_years_staff', 'Early years staff'),
        ('Staff role', 'governor', 'Governor'),
        ('Staff role', 'other', 'Other role'),
        ('Support kind', 'APDR', 'APDR'),
        ('Support kind', 'EAPDR', 'EAPDR'),
        ('Support kind', 'SEDIS', 'SEDIS')
    )
),

topic (dataset, breakdown_topic) as (
    select *
    from (
        values
        ('places', 'Provision kind'),
        ('places', 'School phase'),
        ('workforce', 'Staff role'),
        ('training', 'Staff role'),
        ('early_support', 'Support kind')
    )
),

-- Actions are those of the council's delivery plan that one of its returns of the kind has named:
-- of one that none names nothing is known. What else a return writes there is in the whole.
named_action as (
    select distinct
        'places' as dataset,
        la_code,
        plan_action
    from core.place
    union
    select distinct
        'training' as dataset,
        la_code,
        plan_action
    from core.training
    union
    select distinct
        'spend' as dataset,
        la_code,
        plan_action
    from core.spend
),

grouped as (
    select
        topic.dataset,
        cast(null as varchar) as la_code,
        coded.breakdown_topic,
        coded.group_key,
        coded.breakdown
    from coded
    inner join topic on coded.breakdown_topic = topic.breakdown_topic
    union all
    select
        named_action.dataset,
        plan_action.la_code,
        'Plan action' as breakdown_topic,
        plan_action.plan_action as group_key,
        plan_action.plan_action as breakdown
    from core.plan_action
    inner join named_action
        on
            plan_action.la_code = named_action.la_code
            and plan_action.plan_action = named_action.plan_action
),

of_return as (
    select
        service_return.file_id,
        'All' as breakdown_topic,
        'All' as group_key,
        'All' as breakdown
    from core.service_return
    union all
    select
        service_return.file_id,
        grouped.breakdown_topic,
        grouped.group_key,
        grouped.breakdown
    from core.service_return
    inner join grouped on service_return.dataset = grouped.dataset
    where coalesce(grouped.la_code, service_return.la_code) = service_return.la_code
),

final as (
    select
        service_window.dataset,
        service_window.file_id,
        service_window.is_stock,
        service_window.period_kind,
        service_window.period,
        service_window.first_day,
        service_window.last_day,
        service_window.is_own_month,
        service_window.is_nearest,
        of_return.breakdown_topic,
        of_return.group_key,
        of_return.breakdown
    from core.service_window
    inner join of_return on service_window.file_id = of_return.file_id
)

select * from final
