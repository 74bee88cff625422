-- One row: a council whose queue is simulated. Asked for: la_code.
with final as (
    select distinct backlog_forecast.la_code
    from marts.backlog_forecast
    inner join asked_for on backlog_forecast.la_code = asked_for.la_code
)

select * from final
order by la_code
