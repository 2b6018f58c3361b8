-- One row: a finding that a pack asks its buyer about, and what was decided on it.
insert into pack_finding (pack, ref, finding, called, state, decided_at)
values ($pack, $ref, $finding, $called, $state, $decided_at)
