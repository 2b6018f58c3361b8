-- One row per settled attempt of a postback, oldest first.
select reason from attempt where intent = $intent and reason is not null order by id;
