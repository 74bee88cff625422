-- One row: the limits and choices by which the cases of a return are counted, each in one place.
-- SI 2014/1530, regulations 5, 8, 10, 13 and 20: a week is 7 days, and a case is in time while no
-- more days have passed than the limit. How the DfE draws these lines was not seen in its own
-- words: a return of which it has published the figures shows it (marts.reconciliation).
with final as (
    select
        42 as decision_limit_days,
        42 as advice_limit_days,
        112 as refusal_limit_days,
        140 as issue_limit_days,
        364 as year_limit_days,
        -- Half a year in weeks, a whole one in days, and what is due soon.
        182 as half_year_days,
        365 as full_year_days,
        28 as soon_days,
        28 as review_decision_limit_days,
        -- A year from the plan or the last review; 4 and 8 weeks from the meeting.
        12 as review_limit_months,
        84 as amended_plan_limit_days,
        -- The 20-week base leaves out a case with mediation or a tribunal about the request or the
        -- assessment; mediation and tribunals about the plan's content do not count.
        true as is_out_with_mediation_or_tribunal,
        false as is_out_with_other_mediation_or_tribunal
)

select * from final
