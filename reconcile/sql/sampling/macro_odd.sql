-- Defines sample_odd_id(form, high, nth): ids that a spreadsheet takes for numbers and dates, and what it makes of
-- them; `nth` counts the occurrences of a case. Left out: `none`, a row without an id.
create or replace macro sample_odd_id(form, high, nth) as
    case form
        when 'number' then sample_number(high)::varchar
        when 'number_next' then (sample_number(high) + 1)::varchar
        when 'exponent'
            then insert_point(((sample_number(high) + 500000000000) // 1000000000000)::varchar) || 'E+17'
        when 'cut' then (sample_number(high) // 1000 * 1000)::varchar
        when 'rounded' then ((sample_number(high) + 500) // 1000 * 1000)::varchar
        when 'with_e' then sample_digits(high) || 'E' || (10 + nth % 60)
        when 'with_e_shown' then insert_point(sample_digits(high)) || 'E+' || (14 + nth % 60)
        when 'month' then upper(sample_month(nth)) || (1 + nth // 12 % 99)
        when 'month_shown'
            then case
                when nth // 12 % 99 < 31 then (1 + nth // 12 % 99) || '-' || sample_month(nth)
                else sample_month(nth) || '-' || (1 + nth // 12 % 99)
            end
    end
