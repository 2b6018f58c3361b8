-- One row: a view under its name, in the place of one that had it.
insert into saved_view (name, asked, saved_by, saved_at)
values ($name, $asked, $saved_by, $saved_at)
on conflict (name) do update set asked = excluded.asked, saved_by = excluded.saved_by, saved_at = excluded.saved_at
