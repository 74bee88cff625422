-- One row: a child's early support or referral before any plan, from one file of the council. A
-- later file of the same kind replaces the earlier ones: is_newest marks its rows.
with version as (
    select distinct
        early_support.la_code,
        early_support.file_id,
        coalesce(case_file.vintage_order, 0) as vintage_order
    from staging.early_support
    left join core.case_file on early_support.file_id = case_file.file_id
),

newest as (
    select
        file_id,
        row_number() over (
            partition by la_code
            order by vintage_order desc, file_id desc
        ) as age_of_file
    from version
),

final as (
    select
        early_support.file_id,
        early_support.row_number,
        early_support.la_code,
        early_support.pseudonym,
        early_support.key_id,
        early_support.support_kind,
        early_support.urn,
        early_support.referral_date,
        early_support.support_start_date,
        early_support.support_end_date,
        early_support.support_outcome,
        early_support.outcome_date,
        early_support.reference_date,
        newest.age_of_file = 1 as is_newest
    from staging.early_support
    inner join newest on early_support.file_id = newest.file_id
)

select * from final
