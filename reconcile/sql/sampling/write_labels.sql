-- One line per event and claim: its class, or why it is left out of the run, and its partner.
-- Left out: leads. $path: the file to write. The rest are naive UTC times, half open.
-- The period decides what is context and the two local days whether a pair shifts; all else was
-- written down with the case. A row without a time is in scope, and its day differs from any.
copy (
    with
    labelled as (
        select
            l.case_no,
            case when l.side = 'event' then 'events.csv' else 'claims_' || l.sender || '.csv' end as file,
            l.line_no,
            r.side,
            r.row_class,
            r.reason,
            r.flags,
            r.pair_no,
            case
                when not r.dated then ''
                when l.row_at < $window_from or l.row_at >= $window_to then 'outside_window'
                when l.row_at < $period_from or l.row_at >= $period_to then 'context'
                else r.left_out
            end as why_out,
            case
                when not r.dated then null
                when l.row_at < timestamp '2026-11-01 09:00:00' then (l.row_at - interval 7 hour)::date
                else (l.row_at - interval 8 hour)::date
            end as local_day
        from sample_line as l
        inner join sample_row as r on l.case_id = r.case_id and l.row_no = r.row_no
        where l.side <> 'lead'
    ),

    partnered as (
        select
            one.*,
            two.file as partner_file,
            two.line_no as partner_line,
            two.file is not null and one.local_day is distinct from two.local_day as shifts
        from labelled as one
        left join labelled as two
            on one.case_no = two.case_no and one.pair_no = two.pair_no and one.side <> two.side
    )

    select
        side,
        file,
        line_no as line,
        case when why_out = '' then row_class end as class,
        case when why_out = '' then nullif(reason, '') end as reason,
        case
            when why_out = '' then nullif(list_aggregate(
                list_sort(case when shifts then list_append(flags, 'day_shift') else flags end),
                'string_agg', ';'
            ), '')
        end as flags,
        partner_file,
        partner_line,
        nullif(why_out, '') as left_out
    from partnered
    order by side, file, line_no
) to $path (header, delimiter ',')
