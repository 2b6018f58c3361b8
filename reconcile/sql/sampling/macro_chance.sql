-- Defines what chance gives an occurrence of a case: sample_high and sample_low, two numbers of 63 bits
-- that are cut into decimal places, and sample_id.
-- Chance is the md5 of seed and number, so that every run and every number of threads draws the same,
-- and nothing has to be kept. Ids begin with a letter: none is a number or has leading zeros.
create or replace macro sample_high(seed, case_no) as
    (md5_number(seed || ':' || case_no) >> 65)::bigint;

create or replace macro sample_low(seed, case_no) as
    (md5_number(seed || ':' || case_no) & 9223372036854775807::uhugeint)::bigint;

create or replace macro sample_id(seed, case_no, high) as
    chr(97 + (high % 6)::integer) || substr(md5(seed || '/' || case_no), 1, 23);

-- One of three decimal places of `high`, as a number of a pool of choices.
create or replace macro sample_pick(first_no, high, place, size) as
    first_no + (high // place % 1000 % size)::integer;

-- The day in the zone of the sample, which leaves daylight time on 1 November 2026, 09:00Z.
create or replace macro sample_day(utc) as
    (utc - case when utc < timestamp '2026-11-01 09:00:00' then interval 7 hour else interval 8 hour end)::date;
