-- At most one row: the link of the audit that begins with these characters.
select id from audit where substr(link, 1, length($head)) = $head limit 1;
