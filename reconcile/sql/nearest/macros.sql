-- How near rows are told apart and worded. Each statement stands alone.

-- One number for the place of a row.
create or replace macro row_no(file_no, line_no) as file_no * 1099511627776::bigint + line_no;

-- One number for a buyer and a campaign, either of them unknown or not.
create or replace macro both_no(buyer_no, campaign_no) as
    coalesce(buyer_no, 0) * 4294967296::bigint + coalesce(campaign_no, 0);

-- An id as its cell has it, without what only a blank or an invisible character would show.
create or replace macro shown_id(raw, norm) as case when lower(raw) = lower(norm) then raw else norm end;

-- The first place at which two texts differ.
create or replace macro first_difference(a, b) as
    coalesce(
        list_position(
            list_transform(range(1, least(length(a), length(b)) + 1), lambda i: substr(a, i, 1) = substr(b, i, 1)),
            false
        ),
        least(length(a), length(b)) + 1
    );

-- A text around a place, three characters to either side; points stand for what is left out.
create or replace macro around(x, place) as
    case when place > 4 then '…' else '' end
    || substr(x, greatest(place - 3, 1), least(place, 4) + 3)
    || case when place + 3 < length(x) then '…' else '' end;

-- An amount to the cent, or with all its digits where it has more.
create or replace macro amount_text(x) as
    case
        when x = x::decimal(38, 2) then x::decimal(38, 2)::varchar
        else rtrim(x::varchar, '0')
    end;

-- A count and its noun.
create or replace macro plural(n, noun) as n::bigint || ' ' || noun || case when n = 1 then '' else 's' end;

-- A text of a cell, its middle left out where it would fill a screen.
create or replace macro clipped(x) as
    case when length(x) > 60 then left(x, 28) || '…' || right(x, 28) else x end;

-- What is unlike, and both spellings: that of the left-over row first.
create or replace macro both_text(what, own, near) as
    what || ' (' || coalesce(clipped(own), 'none') || ' / ' || coalesce(clipped(near), 'none') || ')';

-- How two ids that are one edit apart differ, around the place where they do.
create or replace macro edit_text(own, near, place) as
    both_text(
        case
            when length(near) > length(own) then 'its id has one character more'
            when length(near) < length(own) then 'its id has one character less'
            when substr(own, place + 1) = substr(near, place + 1) then 'its id differs in one character'
            else 'two characters of its id are swapped'
        end,
        around(own, place),
        around(near, place)
    );

-- A stretch of microseconds in its two largest units.
create or replace macro stretch_text(us) as
    case
        when us >= 86400000000
            then
                plural(us // 86400000000, 'day')
                || case
                    when us % 86400000000 // 3600000000 > 0
                        then ' ' || plural(us % 86400000000 // 3600000000, 'hour')
                    else ''
                end
        when us >= 3600000000 then plural(us // 3600000000, 'hour')
        when us >= 60000000 then plural(us // 60000000, 'minute')
        else plural(us // 1000000, 'second')
    end;

-- In what the id of a candidate differs from that of the left-over row.
create or replace macro near_id_text(n) as
    case n.found_by
        when 'same_lead' then 'same lead'
        when 'similar_id' then both_text('its id is spelled otherwise', n.own_id, n.near_id)
        when 'rule_choice' then both_text('another id, but a fallback rule fits', n.own_id, n.near_id)
        when 'external_id' then both_text('another id, but the same external id', n.own_id, n.near_id)
        when 'one_edit'
            -- The place is computed once: written into the text, it would stand there 15 times.
            then list_transform(
                [first_difference(lower(n.own_id), lower(n.near_id))],
                lambda place: edit_text(n.own_id, n.near_id, place)
            )[1]
        else both_text('same money near in time, but another id', n.own_id, n.near_id)
    end;

-- All in which a candidate differs from the left-over row, and what else stands in its way.
create or replace macro near_differences(n) as
    concat_ws(
        '; ',
        near_id_text(n),
        case
            when n.own_event is distinct from n.near_event_id
                then both_text('event differs', n.own_event, n.near_event_id)
        end,
        case when n.own_buyer <> n.near_buyer then both_text('buyer differs', n.own_buyer, n.near_buyer) end,
        case
            when n.own_campaign <> n.near_campaign_id
                then both_text('campaign differs', n.own_campaign, n.near_campaign_id)
        end,
        case
            when n.own_currency <> n.near_currency
                then both_text('currency differs', n.own_currency, n.near_currency)
        end,
        case
            when n.amount_apart > 0 then amount_text(n.amount_apart) || ' more'
            when n.amount_apart < 0 then amount_text(-n.amount_apart) || ' less'
            when (n.own_revenue is null) <> (n.near_revenue is null) then 'one of them has no amount'
        end,
        case
            when n.time_apart_us >= 60000000 then stretch_text(n.time_apart_us) || ' later'
            when n.time_apart_us <= -60000000 then stretch_text(-n.time_apart_us) || ' earlier'
        end,
        case
            when n.near_meaning <> 'approved'
                then 'its status ' || clipped(n.near_status) || ' means ' || n.near_meaning
        end,
        case when contains(n.differs, 'two_leads') then 'both leads are known' end,
        case n.near_left_out
            when 'no_time' then 'it has no time, and its file states no period of the run'
            when 'outside_window' then 'outside the period and its margin'
            when 'not_in_run' then 'not among the rows of the run'
            when 'not_conversion' then 'no conversion by the settings'
        end,
        'taken by ' || n.side || ' ' || n.taken_file || ' line ' || n.taken_line
    );

-- One sentence on a candidate of a left-over row: what it is, where it stands, what differs.
-- Trap: n is a column that holds the row. The row itself, an alias, is built anew for every cell of it that is read,
-- which takes ten times as long.
create or replace macro near_text(n) as
    case
        when n.found_by = 'crowded' then 'too many rows share its id, or one like it, to be looked at one by one'
        else
            case n.side when 'event' then 'claim' else 'event' end
            || coalesce(' ' || clipped(n.near_event_id), ' of no name')
            || coalesce(
                ' ' || amount_text(n.near_revenue) || coalesce(' ' || n.near_currency, ''), ' without an amount'
            )
            || coalesce(' on ' || strftime(n.near_day, '%-d %b %Y'), ' without a time')
            || ' (' || n.near_file || ' line ' || n.near_line || '): ' || near_differences(n)
    end;

-- What names a candidate in its run; NULL where it has no batch.
create or replace macro near_ref(n) as
    case n.side when 'event' then 'claim' else 'event' end || ':' || n.near_batch || ':' || n.near_line;
