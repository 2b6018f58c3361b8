-- One row per id and token that rows seek by now and that no lead has been asked for: rows that were joined exactly
-- before. Left out: all others.
select l.*
from new_link as l
anti join asked_token using (token)
where l.seeks
