-- One row per line below the header: its cells as text, without blanks around them, NULL where nothing
-- is said. The id keeps its blanks: postbacks send it as it came. What guarded it from a spreadsheet is
-- taken off, a dash in its place is none, and its cell as written goes into `extra`. `class` says what a
-- line is that is no data, asked where `is_suspect`. $exponents: ids may be damaged. Left out: nothing.
with trimmed_id as (
    select
        *,
        case
            when is_dash(c_transaction_id) then null
            when $exponents then unwrapped(c_transaction_id)
            else c_transaction_id
        end as given_id,
        cell(given_id) as id
    from text_line
),

told as (
    select
        *,
        is_suspect(
            id, $id_header,
            $has_time and coalesce(c_occurred_at >= '0' and c_occurred_at < ':', false),
            -- Nothing so short is a time.
            not $has_time or coalesce(strlen(c_occurred_at) < 5, true), cells
        ) as is_suspect
    from trimmed_id
)

select
    line_no,
    is_suspect,
    case
        when is_suspect
            then line_class(
                id, c_occurred_at, list_transform(cells, lambda x: coalesce(trimmed(x), '')), $headers
            )
    end as class,
    given_id as transaction_id,
    case when $exponents then unwrapped(cell(c_campaign_id)) else cell(c_campaign_id) end as campaign_id,
    cell(c_pid) as pid,
    cell(c_buyer) as buyer,
    known_cell(c_occurred_at) as time_text,
    cell(c_time_zone) as zone_code,
    known_cell(c_revenue) as revenue_text,
    case when more_revenue is not null then list_transform(more_revenue, lambda x: coalesce(known(x), '')) end
        as more_text,
    upper(known_cell(c_currency)) as currency,
    cell(c_status) as status,
    cell(c_external_clickid) as external_clickid,
    cell(c_clid) as clid,
    case when $exponents then unwrapped(cell(c_event_id)) else cell(c_event_id) end as event_id,
    cell(c_source) as source,
    cell(c_reason) as reason,
    known_cell(c_cost) as cost_text,
    known_cell(c_ad_spend) as ad_spend_text,
    -- What stands in columns that no row may fill.
    new_cells,
    trimmed(array_to_string(new_cells, '')) as new_text,
    cell(c_sub1) as sub1, cell(c_sub2) as sub2, cell(c_sub3) as sub3,
    cell(c_sub4) as sub4, cell(c_sub5) as sub5,
    cell(c_adv1) as adv1,
    cell(c_adv2) as adv2,
    cell(c_adv3) as adv3,
    cell(c_adv4) as adv4,
    cell(c_adv5) as adv5,
    cell(c_utm_source) as utm_source,
    cell(c_utm_medium) as utm_medium,
    cell(c_utm_campaign) as utm_campaign,
    cell(c_utm_adgroup) as utm_adgroup,
    cell(c_utm_matchtype) as utm_matchtype,
    cell(c_utm_term) as utm_term,
    cell(c_utm_content) as utm_content,
    cell(c_utm_creative) as utm_creative,
    cell(c_utm_placement) as utm_placement,
    case
        when is_dash(c_transaction_id) or ($exponents and given_id <> c_transaction_id)
            then with_raw(extra, $id_header, c_transaction_id)
        else extra
    end as extra
from told
