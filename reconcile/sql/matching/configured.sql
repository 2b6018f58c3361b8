-- One row per campaign whose event settings somebody has given.
-- Left out: campaigns without settings, which stay usable.
select campaign_no
from setting
group by campaign_no
