-- Shows again the batch that another version of its file had taken the place of. Left out: one whose
-- bytes are visible already.
update batch set undone_at = null, undone_by = null
where
    id = $id
    and undone_at is not null
    and not exists (
        select 1 from batch as other
        where other.kind = batch.kind and other.sha256 = batch.sha256 and other.undone_at is null
    )
