-- Says of one batch that its rows are in a pack now, unless they have moved meanwhile.
update batch set pack = $pack, format_version = $format_version
where id = $id and pack is $before
