-- One row per token that all leads have been asked for just now. Left out: nothing.
select token
from wanted_token
