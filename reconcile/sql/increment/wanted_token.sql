-- One row per external or damaged id that a row seeks its lead by and that no lead has been asked for yet, neither
-- by the run before nor by this one. Left out: all others, whose leads are known.
select
    l.token,
    case when starts_with(l.token, 'external ') then substr(l.token, 10) end as external,
    case when not starts_with(l.token, 'external ') then l.token end as damage,
    damage_digits(l.token) as digits
from link as l
anti join asked_token using (token)
where
    l.seeks
    and not starts_with(l.token, 'loose ')
    and not starts_with(l.token, 'decision ')
group by l.token
