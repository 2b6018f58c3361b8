-- One line per event and claim: its class, or why it is left out of the run, and its partner.
-- Left out: leads. $path: the file to write. The rest are naive UTC times, half open.
-- The period decides what is context and the two local days whether a pair shifts; all else was
-- written down with the case. A row without a time is in scope, and its day differs from any.
copy (
    with
    labelled as (
        select
            l.sender_no,
            l.line_no,
            l.row_at,
            r.dated,
            r.row_class,
            r.reason,
            r.flags,
            r.shifted_flags,
            r.left_out,
            p.sender_no as partner_no,
            p.line_no as partner_line,
            p.row_at as partner_at,
            r.partner_dated
        from sample_line as l
        inner join sample_row as r on l.case_id = r.case_id and l.row_no = r.row_no
        left join sample_line as p on l.case_no = p.case_no and r.partner_no = p.row_no
        where r.side <> 'lead'
    ),

    judged as (
        select
            *,
            case
                when not dated then ''
                when row_at < $window_from or row_at >= $window_to then 'outside_window'
                when row_at < $period_from or row_at >= $period_to then 'context'
                else left_out
            end as why_out,
            partner_no is not null and case
                when dated and partner_dated then sample_day(row_at) <> sample_day(partner_at)
                else dated or partner_dated
            end as shifts
        from labelled
    )

    select
        s.side,
        s.file,
        j.line_no as line,
        case when j.why_out = '' then j.row_class end as class,
        case when j.why_out = '' then nullif(j.reason, '') end as reason,
        case
            when j.why_out = '' then nullif(case when j.shifts then j.shifted_flags else j.flags end, '')
        end as flags,
        partner.file as partner_file,
        j.partner_line,
        nullif(j.why_out, '') as left_out
    from judged as j
    inner join sample_sender as s on j.sender_no = s.sender_no
    left join sample_sender as partner on j.partner_no = partner.sender_no
    order by j.sender_no, j.line_no
) to $path (header, delimiter ',')
