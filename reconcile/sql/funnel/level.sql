-- One row per lead that counts: how many needed steps it reached. Nothing is left out.
select
    lead,
    level
from funnel_kept
