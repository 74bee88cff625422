-- One row: a group by which the DfE breaks its figures down, in the column of its topic, and one
-- row with is_case_slot for the cases themselves. Counted together, every group has a figure,
-- nought included: which groups have a row tells nothing of the children.
with age_by_year_group (age_group) as (
    select *
    from (
        values
        ('Age under 3'),
        ('Age 3'),
        ('Age 4'),
        ('Age 5'),
        ('Age 6'),
        ('Age 7'),
        ('Age 8'),
        ('Age 9'),
        ('Age 10'),
        ('Age 11'),
        ('Age 12'),
        ('Age 13'),
        ('Age 14'),
        ('Age 15'),
        ('Age 16'),
        ('Age 17'),
        ('Age 18'),
        ('Age 19'),
        ('Age 20'),
        ('Age 21'),
        ('Age 22'),
        ('Age 23'),
        ('Age 24'),
        ('Age 25'),
        ('Age unknown')
    )
),

age_at_event_group (age_group) as (
    select *
    from (
        values
        ('Age 2 and under'),
        ('Age 3'),
        ('Age 4'),
        ('Age 5'),
        ('Age 6'),
        ('Age 7'),
        ('Age 8'),
        ('Age 9'),
        ('Age 10'),
        ('Age 11'),
        ('Age 12'),
        ('Age 13'),
        ('Age 14'),
        ('Age 15'),
        ('Age 16'),
        ('Age 17'),
        ('Age 18'),
        ('Age 19'),
        ('Age 20 and over'),
        ('Age unknown')
    )
),

sex (sex_group) as (
    select *
    from (
        values
        ('Female'),
        ('Male'),
        ('Unknown')
    )
),

ethnicity (ethnic_group) as (
    select *
    from (
        values
        ('Any other ethnic group'),
        ('Asian - Any other Asian background'),
        ('Asian - Bangladeshi'),
        ('Asian - Chinese'),
        ('Asian - Indian'),
        ('Asian - Pakistani'),
        ('Black - Any other Black background'),
        ('Black - Black African'),
        ('Black - Black Caribbean'),
        ('Mixed - Any other Mixed background'),
        ('Mixed - White and Asian'),
        ('Mixed - White and Black African'),
        ('Mixed - White and Black Caribbean'),
        ('Unclassified'),
        ('White - Any other White background'),
        ('White - Gypsy/Roma'),
        ('White - Irish'),
        ('White - Traveller of Irish heritage'),
        ('White - White British')
    )
),

need (need_group) as (
    select *
    from (
        values
        ('Autistic spectrum disorder'),
        ('Down syndrome'),
        ('Hearing impairment'),
        ('Moderate learning difficulty'),
        ('Multi-sensory impairment'),
        ('Other difficulty/disability'),
        ('Physical disability'),
        ('Profound and multiple learning difficulty'),
        ('Severe learning difficulty'),
        ('Social, emotional and mental health'),
        ('Specific learning difficulty'),
        ('Speech, language and communication needs'),
        ('Vision impairment'),
        ('Need unknown')
    )
),

request_source (source_group) as (
    select *
    from (
        values
        ('Health care professional'),
        ('Not known'),
        ('Other'),
        ('Parent or young person'),
        ('School or other education setting'),
        ('Social care professional')
    )
),

final as (
    select
        true as is_case_slot,
        'any' as age_scheme,
        cast(null as varchar) as age_group,
        cast(null as varchar) as sex_group,
        cast(null as varchar) as ethnic_group,
        cast(null as varchar) as need_group,
        cast(null as varchar) as source_group
    union all
    select
        false as is_case_slot,
        'by_year' as age_scheme,
        age_group,
        cast(null as varchar) as sex_group,
        cast(null as varchar) as ethnic_group,
        cast(null as varchar) as need_group,
        cast(null as varchar) as source_group
    from age_by_year_group
    union all
    select
        false as is_case_slot,
        'at_event' as age_scheme,
        age_group,
        cast(null as varchar) as sex_group,
        cast(null as varchar) as ethnic_group,
        cast(null as varchar) as need_group,
        cast(null as varchar) as source_group
    from age_at_event_group
    union all
    select
        false as is_case_slot,
        'any' as age_scheme,
        cast(null as varchar) as age_group,
        sex_group,
        cast(null as varchar) as ethnic_group,
        cast(null as varchar) as need_group,
        cast(null as varchar) as source_group
    from sex
    union all
    select
        false as is_case_slot,
        'any' as age_scheme,
        cast(null as varchar) as age_group,
        cast(null as varchar) as sex_group,
        ethnic_group,
        cast(null as varchar) as need_group,
        cast(null as varchar) as source_group
    from ethnicity
    union all
    select
        false as is_case_slot,
        'any' as age_scheme,
        cast(null as varchar) as age_group,
        cast(null as varchar) as sex_group,
        cast(null as varchar) as ethnic_group,
        need_group,
        cast(null as varchar) as source_group
    from need
    union all
    select
        false as is_case_slot,
        'any' as age_scheme,
        cast(null as varchar) as age_group,
        cast(null as varchar) as sex_group,
        cast(null as varchar) as ethnic_group,
        cast(null as varchar) as need_group,
        source_group
    from request_source
)

select * from final
