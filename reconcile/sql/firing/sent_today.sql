-- One row per postback that was sent since the beginning of a day, in whatever plan, to whatever host.
-- Left out: what was taken and given back.
select revenue_e4, currency from intent
where sent_at >= $day and state not in ('planned', 'approved', 'cancelled');
