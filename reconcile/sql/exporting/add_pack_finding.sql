-- One row: a finding that a pack asks its buyer about.
insert into pack_finding (pack, ref, finding, called) values ($pack, $ref, $finding, $called)
