-- What makes two rows versions of one. Each statement stands alone.

-- Whether a row's id names no lead, so that only its whole content says which row it is.
create or replace macro is_bare(row_hi, key_hi) as
    case
        when row_hi is null then false
        when key_hi is null then true
        else list_contains(getvariable('placeholder_key'), key_hi)
    end;

-- What tells the events and claims of one lead apart: event, time, and whether money was taken back.
-- Mixed into the second half of a key of 126 bits, so that it matters only among the rows of one lead.
create or replace macro event_hash(bare, event_id, occurred_at, revenue_e4, part) as
    case
        when bare then hash(part)
        else hash(part, event_id, occurred_at, coalesce(revenue_e4 < 0, false))
    end;
