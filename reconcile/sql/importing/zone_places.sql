-- A time beside the zone that its cell names, where PST means what the clocks of Los Angeles show, in
-- summer, too. A time that they skip is counted from UTC-8, which comes to the same as moving it on.
create or replace macro settled(local_time, z, zoned) as
    case
        when not zoned and z = '' then local_time
        when not zoned then null
        when timezone(zone_place(z), timezone(zone_place(z), local_time)) = local_time
            then timezone(zone_place(z), local_time) at time zone 'UTC'
        else local_time - to_seconds(zone_seconds(z))
    end;
