-- One row: what changes when an event export, a setting, an alias or a decision comes or goes.
select
    (select max(imported_at) from batch where kind = 'event') as imported,
    (select max(undone_at) from batch where kind = 'event') as undone,
    (select count(*) from batch where kind = 'event' and undone_at is null) as exports,
    (select max(number) from event_setting) as setting,
    (select max(number) from alias) as alias,
    (select max(number) from decision) as decision
