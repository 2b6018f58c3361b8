-- One row per reason for which findings of a plan are not fired: how many, the most frequent first.
select reason, count(*) as rows from blocked_row where plan = $plan
group by reason
order by rows desc, reason;
