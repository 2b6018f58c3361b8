-- How a column of times of any other form is read. `form`: dmy, mdy, ymd, named, digits, excel, unix_ms.
-- `mark`: what parts the numbers (`mark_of`), blank for any mark. `zoned`: each names its zone. `serials`: true
-- dates of a workbook stand beside the texts, as ISO or as days since 1899-12-30.
-- Trap: a lambda costs twice as much as naming the parts of a text again, which are found once.
create or replace macro time_of(x, form, mark, zoned, serials) as
    case
        when serials and serial_time(x) is not null then serial_time(x)
        when serials and iso_local(x) is not null then iso_local(x)
        when form in ('dmy', 'mdy', 'ymd') then
            case
                when mark = '' or mark_of(numbers_in(x)) = mark
                    then settled(ordered_time(numbers_in(x), form), numbers_in(x).zone, zoned)
            end
        when form = 'named' and x < ':'
            then settled(named_time(day_name_in(x)), day_name_in(x).zone, zoned)
        when form = 'named' then
            coalesce(
                settled(named_time(name_day_in(x)), name_day_in(x).zone, zoned),
                settled(named_time(day_name_in(x)), day_name_in(x).zone, zoned)
            )
        when form = 'digits' then settled(digits_time(digits_in(x)), digits_in(x).zone, zoned)
        when form = 'unix_ms' then unix_ms_utc(x)
        when form = 'excel' then serial_time(x)
    end;

-- Why a text is no time of its column's form.
create or replace macro time_fault(x, form, zoned) as
    case
        when form in ('dmy', 'mdy', 'ymd') and ordered_time(numbers_in(x), form) is not null
            then case
                when zoned and numbers_in(x).zone = '' then 'a time without a zone in a column of times with one'
                when zoned or zone_seconds(numbers_in(x).zone) is null and numbers_in(x).zone <> ''
                    then 'a zone that is not known'
                when numbers_in(x).zone <> '' then 'a time with a zone in a column of times without one'
                else 'its numbers are parted by another mark than those of its column'
            end
        when form in ('dmy', 'mdy', 'ymd')
            and coalesce(
                ordered_time(numbers_in(x), 'dmy'), ordered_time(numbers_in(x), 'mdy'),
                ordered_time(numbers_in(x), 'ymd')
            ) is not null
            then 'breaks the order of its column, ' || form_words(form)
        when serial_time(x) is not null then 'a serial of a spreadsheet among times of another form'
        else 'not a time of the form of its column'
    end;
