-- What makes two rows versions of one. Each statement stands alone.

-- A variable: the first half of the keys of all ids that name no lead, in any case. Needed only for
-- batches of format 1, which name the whole row of every row; later ones name it only where the id
-- names no lead. The words are those of `usable_id`.
set variable placeholder_key = (
    select list(
        key_hi(
            array_to_string(
                list_transform(
                    range(length(word)),
                    lambda i: case when (bits >> i) & 1 = 1 then upper(word[i + 1]) else word[i + 1] end
                ),
                ''
            )
        )
    )
    from (
        select
            unnest(['0', 'null', 'none', 'nan', 'n/a', 'na', '-', 'test']) as word,
            unnest([1, 16, 16, 8, 8, 4, 1, 16]) as spellings
    )
    cross join range(16) as every_case (bits)
    where bits < spellings
);

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
