-- One line per claim whose id a spreadsheet damaged, or that names another id: the kind, its place, and the event
-- that it belongs to, none where nobody can tell. Left out: all other claims. $path: the file to write.
copy (
    select
        n.name as damage,
        claim.file,
        l.line_no as line,
        event.file as partner_file,
        p.line_no as partner_line
    from sample_line as l
    inner join sample_row as r on l.case_id = r.case_id and l.row_no = r.row_no
    inner join sample_name as n on l.case_id = n.case_id
    inner join sample_sender as claim on l.sender_no = claim.sender_no
    left join sample_line as p on l.case_no = p.case_no and r.partner_no = p.row_no
    left join sample_sender as event on p.sender_no = event.sender_no
    where r.side = 'claim'
    order by l.sender_no, l.line_no
) to $path (header, delimiter ',')
