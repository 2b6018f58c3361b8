-- Finds what was decided on a finding.
create index decided_subject on decided_finding (subject, place, number);
