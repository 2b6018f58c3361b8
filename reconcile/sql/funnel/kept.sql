-- One row per lead of the filter before whose attribute is one of some values, '' being none. All others are left out.
select *
from kept1 -- last step
where
    list_contains(
        $values2, -- last step
        coalesce(columns(lambda name: name = $name2)::varchar, '') -- last step
    )
