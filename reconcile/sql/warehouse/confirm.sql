-- Says of one batch that its file is whole.
update batch set confirmed = 1 where id = $id
