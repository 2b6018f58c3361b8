-- One row per decision of a person on findings of a run, in the order in which they were made; undoes names
-- the decision that an undo takes back. Times are UTC text; asked is JSON: which findings were meant.
-- counterpart says what the run's claims were; the period is the run's, half open.
create table decision (
    number integer primary key autoincrement,
    action text not null check (
        action in ('accept', 'reject', 'ignore', 'dispute', 'reopen', 'assign', 'note', 'undo')
    ),
    reason text,
    note text,
    assignee text,
    undoes integer references decision (number),
    run text not null,
    counterpart text not null check (counterpart in ('claim', 'lead')),
    period_from text not null,
    period_to text not null,
    asked text not null,
    findings integer not null,
    decided_by text not null,
    decided_at text not null,
    check ((action = 'undo') = (undoes is not null)),
    check (action <> 'ignore' or reason is not null)
) strict;
