-- What makes two rows versions of one. Each statement stands alone.

-- The first half of the key of the lead that a row names; NULL where its id names none, so that only its
-- whole content says which row it is. Batches of formats 1 and 2 have a key there, too.
create or replace macro lead_key(row_hi, key_hi) as
    case
        when row_hi is null then key_hi
        when list_contains(getvariable('placeholder_key'), key_hi) then null
        else key_hi
    end;

-- What tells the events and claims of one lead apart: event, time, and whether money was taken back. An
-- event is the same under each of its spellings, so that a corrected one is a version of what it corrects.
-- Mixed into the second half of a key of 126 bits, so that it matters only among the rows of one lead.
create or replace macro event_hash(bare, event_id, occurred_at, revenue_e4, part) as
    case
        when bare then hash(part)
        else hash(part, known_event(event_id), occurred_at, coalesce(revenue_e4 < 0, false))
    end;
