-- What of a finding is the house's own to correct, and what is the buyer's to answer; one rule for both lists.

-- Why a finding whose event may be wrong is not on the correction list; NULL if it is. Nobody has to accept what is
-- wrong by the platform's own rows, nor an amount below that of the claim: the buyer pays more, and would not be asked.
-- A lower claim, one in another currency and a denial are asked about until somebody accepts them.
create or replace macro not_corrected(class, reason, state, stale, claim_amount, event_amount) as
    case
        when class not in ('duplicate_event', 'orphan_event', 'revenue_mismatch', 'status_conflict') then 'other class'
        when stale is not null then 'decided on facts that moved since'
        when state in ('rejected', 'ignored', 'disputed', 'sent', 'answered', 'credited') then state
        when class = 'revenue_mismatch' and claim_amount is null then 'the claim names no amount'
        when state = 'accepted' or class in ('duplicate_event', 'orphan_event') then null
        when class = 'status_conflict' then 'denied, and nobody has accepted that: the buyer is asked'
        when reason = 'currency' then 'in another currency, and nobody has accepted that: the buyer is asked'
        when claim_amount < event_amount then 'the buyer pays less, and nobody has accepted that: the buyer is asked'
    end;
