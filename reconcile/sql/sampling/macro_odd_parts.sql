-- Defines what sample_odd_id is made of. Left out: nothing.

-- A number of 18 digits of which the last three are lost in a spreadsheet.
create or replace macro sample_number(high) as
    100000000000000000 + high % 800000000000000 * 1000 + 123 + high % 777;

-- Five digits, the first no 0 and the last neither.
create or replace macro sample_digits(high) as (10001 + high % 8999 * 10)::varchar;

-- The name of a month in three letters.
create or replace macro sample_month(nth) as
    ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][1 + nth % 12];

-- Digits with the point behind the first.
create or replace macro insert_point(digits) as digits[1] || '.' || digits[2:];
