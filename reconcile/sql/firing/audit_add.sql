-- One row: a link of the audit.
insert into audit (at, user, action, detail, link) values ($at, $user, $action, $detail, $link);
