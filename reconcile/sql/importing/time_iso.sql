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
