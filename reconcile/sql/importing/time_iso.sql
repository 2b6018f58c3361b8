-- How a column of ISO times, of unix seconds or of a stated form is read: `form` says which. `serials`:
-- true dates of a workbook, which come as ISO, are taken beside the stated form.
create or replace macro time_of(x, form, format, zoned, serials) as
    case
        when form = 'iso_local' then iso_local(x)
        when form = 'iso_utc' then iso_utc(x)
        when form = 'unix' then unix_utc(x)
        when serials then coalesce(stated_time(x, format), iso_local(x))
        else stated_time(x, format)
    end;

-- Why a text is no time of its column's form. Apart from that of other forms, which takes long to plan.
create or replace macro time_fault(x, form, zoned) as
    case
        when form = 'iso_local' and iso_utc(x) is not null
            then 'a time with a zone in a column of times without one'
        when form = 'iso_utc' and iso_local(x) is not null
            then 'a time without a zone in a column of times with one'
        when form like 'iso%' and regexp_full_match(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}.*') then 'no such date or time'
        when serial_time(x) is not null then 'a serial of a spreadsheet among times of another form'
        else 'not a time of the form of its column'
    end;
