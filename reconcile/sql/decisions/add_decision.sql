-- One row: a decision. Answers its number.
insert into decision (
    action, step, reason, note, assignee, undoes, run, counterpart, period_from, period_to, asked, findings,
    decided_by, decided_at
) values (
    $action, $step, $reason, $note, $assignee, $undoes, $run, $counterpart, $period_from, $period_to, $asked,
    $findings, $decided_by, $decided_at
)
returning number
