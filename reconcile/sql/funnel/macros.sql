-- What the questions of a funnel are written with. Each statement stands alone.

-- A time as text, in UTC; one that names no offset is that of its file's zone. NULL where it is no time.
create or replace macro received_time(x, zone) as
    case
        when regexp_full_match(trim(x), '.*:.*(Z|z|[+-][0-9]{2}(:?[0-9]{2})?)')
            then try_cast(trim(x) as timestamptz) at time zone 'UTC'
        else (try_cast(trim(x) as timestamp) at time zone zone) at time zone 'UTC'
    end;
