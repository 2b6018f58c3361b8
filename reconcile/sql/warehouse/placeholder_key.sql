-- Sets a variable: the first half of the keys of all ids that name no lead, in any case.
-- Needed only for batches of formats 1 and 2; later ones have no key where the id names no lead. The words
-- are those of `usable_id`.
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
)
