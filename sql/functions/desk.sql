-- What the desk at the door needs beside the engine's own: ages in whole years, and one spelling of
-- what identifies a person.

-- Whole years between a birth date and a date; who was born on 29 February is older on 1 March.
create or replace macro full_years(birth_date, at_date) as cast(
    date_part('year', at_date) - date_part('year', birth_date)
    - case when strftime(at_date, '%m%d') < strftime(birth_date, '%m%d') then 1 else 0 end
    as integer
);

-- A name without case, accents, spaces and punctuation; null where nothing is left.
create or replace macro folded_name(printed) as
nullif(regexp_replace(upper(strip_accents(printed)), '[^\p{L}\p{N}]', '', 'g'), '');

-- A code or postcode without spaces, in capitals; null where nothing is left.
create or replace macro folded_code(printed) as
nullif(upper(regexp_replace(printed, '\s', '', 'g')), '');

-- The code that a printed code stands for; null where the list does not hold it, so that nothing
-- which strayed into a column of codes leaves the door. (A list is one row: were a code one, the
-- engine would keep all rows of the select once for each column of codes.)
create or replace macro known_code(wanted_list, printed) as (
    select codes
    from door.code
    where list_name = wanted_list
)[printed];

-- A text of a given form, or null.
create or replace macro of_form(printed, pattern) as
case when regexp_full_match(printed, pattern) then printed end;

-- HMAC-SHA256 (RFC 2104) under the pseudonym key, whose two blocks stand in door.pad: 32 digits.
create or replace macro keyed_hash(text_to_hash) as substr(
    sha256(
        (select outer_pad from door.pad)
        || unhex(sha256((select inner_pad from door.pad) || encode(text_to_hash)))
    ), 1, 32
);
