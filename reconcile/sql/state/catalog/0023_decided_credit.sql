-- What the counterpart credits for a finding by this decision, in ten-thousandths; null where it credits nothing.
alter table decided_finding add column credit_e4 integer check (credit_e4 is null or credit_e4 > 0);
