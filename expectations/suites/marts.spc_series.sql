-- One row: how many judged series are at fault, by what is wrong.
with final as (
    select
        count(*) as row_count,
        count(*) filter (
            where (spc_standing in ('limits', 'trial_limits')) <> (upper_limit is not null)
        ) as limits_against_standing,
        count(*) filter (
            where
            upper_limit is null
            and (variation is not null or assurance is not null or spc_rule is not null)
        ) as signal_without_limits,
        count(*) filter (
            where not (
                lower_limit <= near_lower_limit
                and near_lower_limit <= centre_line
                and centre_line <= near_upper_limit
                and near_upper_limit <= upper_limit
            )
        ) as limits_out_of_order,
        count(*) filter (
            where variation is not null and (variation = 'common_cause') <> (spc_rule is null)
        ) as signal_against_rule
    from marts.spc_series
)

select * from final
