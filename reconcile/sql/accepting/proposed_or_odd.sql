-- One row if a row of a stored run is in a proposed pair, or has an id that a spreadsheet may have damaged.
-- Left out: all other rows.
select 1 as one
where
    may_be_damaged(norm_key($id))
    or exists (
        select 1
        from run_proposal
        where
            ($side = 'claim' and claim_batch = $batch and claim_line = $line)
            or ($side = 'event' and event_batch = $batch and event_line = $line)
    )
