-- One line per campaign and event of the settings. $path: the file to write.
copy (
    select *
    from sample_setting
    order by campaign_id, position
) to $path (header, delimiter ',')
