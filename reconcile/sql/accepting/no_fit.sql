-- No row: the shape of the leads that damaged ids fit. Left out: everything.
select null::varchar as odd_id, null::varchar as lead_id
where false
