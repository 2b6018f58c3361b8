-- Finds what was decided on a finding, and tells the last word on each without reading their rows.
create index decided_subject on decided_finding (subject, place, decision);
