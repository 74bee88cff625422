-- One row: how many files are at fault, by what is wrong.
with read_from as (
    select distinct file_id
    from core.published_figure
),

orphans as (
    select count(*) as orphan_count
    from read_from
    left join core.received_file on read_from.file_id = received_file.file_id
    where received_file.file_id is null
),

final as (
    select
        count(*) as row_count,
        count(*) filter (
            where row_count_in <> row_count_accepted + row_count_quarantined
        ) as rows_unaccounted_for,
        count(*) filter (where substr(sha256, 1, 16) <> substr(file_id, 1, 16)) as ids_not_of_hash,
        (select orphans.orphan_count from orphans) as figures_without_file
    from core.received_file
)

select * from final
