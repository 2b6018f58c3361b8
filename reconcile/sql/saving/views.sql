-- One row per saved view, by name. Left out: all but the one of $name (null: none).
select name, asked, saved_by, saved_at from saved_view
where $name is null or name = $name
order by lower(name), name
