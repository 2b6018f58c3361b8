-- A time beside the zone that its cell names: `zoned` columns must name one, others must not. PST is
-- UTC-8 all year.
create or replace macro settled(local_time, z, zoned) as
    case
        when zoned then local_time - to_seconds(zone_seconds(z))
        when z = '' then local_time
    end;
