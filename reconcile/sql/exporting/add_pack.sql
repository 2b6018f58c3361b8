-- One row: a pack that was made. Answers its number.
insert into pack (id, run, buyer, seal, made_by, made_at) values ($id, $run, $buyer, $seal, $made_by, $made_at)
returning number
