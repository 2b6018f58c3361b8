-- One row: the longest time a lead took to reach the step, in whole seconds; null if none did.
select max((epoch_us(t2) - epoch_us(entered)) // 1000000) as seconds -- last step
from funnel_kept
where t2 <= entered + $window -- last step
