-- One row per token of which the run before has asked all leads who carries it. Left out: all others.
select token
from prior_link
where seeks
group by token
