-- How far the counterpart was asked: a step is a dispute that went on. Null for all other decisions.
alter table decision add column step text check (
    step is null or (action = 'dispute' and step in ('send', 'answer', 'credit'))
);
