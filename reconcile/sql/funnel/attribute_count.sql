-- One row: how many lead rows fill each attribute that a funnel can be broken down by. Nothing is left out.
select count(columns(lambda name: list_contains($attributes, name)))
from lead
