-- The few functions that every engine must offer to the models, as DuckDB writes them.
-- Anything else in a model is the common subset of SQL.

-- '2025-01' -> 'January 2025'; '2024' -> '2024'; mid-year population '2024' -> 'mid-2024'; a month
-- '2025-09' -> 'September 2025'; year to date '2025-YTD-09' -> '2025 to September'; 12 months
-- '2025-R12-09' -> '12 months to September 2025'
create or replace macro period_label(period, period_kind) as
    case
        when period_kind = 'month'
            then
                monthname(try_cast(period || '-01' as date)) || ' ' || substr(period, 1, 4)
        when period_kind = 'year_to_date'
            then
                substr(period, 1, 4) || ' to '
                || monthname(try_cast('2000-' || substr(period, 10, 2) || '-01' as date))
        when period_kind = 'rolling_year'
            then
                '12 months to '
                || monthname(try_cast('2000-' || substr(period, 10, 2) || '-01' as date))
                || ' ' || substr(period, 1, 4)
        when period_kind = 'stock' and period like '____-01' then 'January ' || substr(period, 1, 4)
        when period_kind = 'mid_year' then 'mid-' || period
        else period
    end;

-- The same period so many years earlier: '2025-01', 2 -> '2023-01'; '2024', 1 -> '2023'
create or replace macro period_years_before(period, years) as
    cast(cast(substr(period, 1, 4) as integer) - years as varchar) || substr(period, 5);

-- The same period one year earlier: '2025-01' -> '2024-01', '2024' -> '2023'
create or replace macro period_before(period) as period_years_before(period, 1);

-- The month before: '2025-09' -> '2025-08', '2025-01' -> '2024-12'; null where it is no month
create or replace macro month_before(period) as
    substr(cast(try_cast(period || '-01' as date) - interval 1 month as varchar), 1, 7);

-- The month of a day: 2025-09-30 -> '2025-09'
create or replace macro month_of(day) as substr(cast(day as varchar), 1, 7);

-- The first day of a month: '2025-09' -> 2025-09-01
create or replace macro first_day_of(period) as cast(period || '-01' as date);

-- The last day of a month: '2024-02' -> 2024-02-29
create or replace macro last_day_of(period) as last_day(cast(period || '-01' as date));

-- The kind of a period, by its form, of a measure that is a stock or a flow. Beside a stock of
-- January, which is one of the yearly line unless it comes from an in-year extract, a council's own
-- rows give stocks of other months.
create or replace macro period_kind_of(period, measure_kind, is_in_year) as
    case
        when period like '____-YTD-__' then 'year_to_date'
        when period like '____-R12-__' then 'rolling_year'
        when measure_kind <> 'stock' and period like '____-__' then 'month'
        when is_in_year or (period like '____-__' and period not like '____-01') then 'month'
        else measure_kind
    end;

-- A number as a publisher prints it, or null where a symbol stands in its place
create or replace macro published_number(value_text) as
    try_cast(value_text as decimal(18, 6));

-- The symbol that stands in place of a number, or null where there is a number
create or replace macro published_symbol(value_text) as
    case when try_cast(value_text as decimal(18, 6)) is null then value_text end;

-- numerator / denominator * scale, half up (away from zero) at the given decimals; null over 0.
-- Both are whole numbers: the division is done on integers, so that no float decides a figure.
create or replace macro rounded_ratio(numerator, denominator, scale, decimals) as
    case
        when denominator <> 0
            then cast(
                sign(numerator) * sign(denominator)
                * (
                    (
                        2 * cast(abs(numerator) as hugeint) * cast(scale as hugeint)
                        * cast(power(10, decimals) as hugeint)
                        + cast(abs(denominator) as hugeint)
                    ) // (2 * cast(abs(denominator) as hugeint))
                ) / power(10, decimals)
                as decimal(18, 6)
            )
    end;

-- A printed number at fewer decimals, half up, exactly
create or replace macro rounded_half_up(amount, decimals) as
    rounded_ratio(cast(cast(amount as decimal(28, 6)) * 1000000 as hugeint), 1000000, 1, decimals);

-- A number in a sentence: thousands separators, the stated decimals (two at most), the unit's sign
create or replace macro number_in_words(amount, decimals, unit) as
    case when rounded_half_up(amount, decimals) < 0 then '-' else '' end
    || case
        when decimals = 0 then format('{:,}', cast(abs(rounded_half_up(amount, 0)) as bigint))
        when decimals = 1
            then cast(cast(abs(rounded_half_up(amount, 1)) as decimal(18, 1)) as varchar)
        else cast(cast(abs(rounded_half_up(amount, decimals)) as decimal(18, 2)) as varchar)
    end
    || case unit when 'percent' then '%' when 'times' then ' times' else '' end;

-- A child's age as the DfE's tables of plans in force group it: under 3, each year, 25 and over
create or replace macro age_by_year(age) as
    case
        when age is null then 'Age unknown'
        when age < 3 then 'Age under 3'
        when age > 25 then 'Age 25'
        else 'Age ' || cast(age as varchar)
    end;

-- A child's age as the DfE's other tables group it: 2 and under, each year, 20 and over
create or replace macro age_at_event(age) as
    case
        when age is null then 'Age unknown'
        when age < 3 then 'Age 2 and under'
        when age > 19 then 'Age 20 and over'
        else 'Age ' || cast(age as varchar)
    end;

-- A placement group in words
create or replace macro setting_group(placement_group) as
    case placement_group
        when 'mainstream' then 'Mainstream school'
        when 'special' then 'Special school'
        when 'alternative_provision' then 'Alternative provision'
        when 'further_education' then 'Further education'
        when 'educated_elsewhere' then 'Educated elsewhere'
        when 'early_years' then 'Early years'
        when 'unknown' then 'Placement unknown'
    end;

-- A school by its name, with the number that tells two of one name apart
create or replace macro school_group(urn, school_name) as
    case
        when urn is null then 'No school'
        when school_name is null then 'URN ' || urn
        else school_name || ' (' || urn || ')'
    end;
