"""The SQL files keep house form and the matching questions stay portable, and the lint sees it."""

from __future__ import annotations

import pytest

from tools.portable import portability_faults
from tools.sql_lint import PRELUDE, SQL, faults, form_faults, prelude_names

PRELUDE_NAMES = prelude_names(PRELUDE.read_text(encoding="utf-8"))
FILES = sorted(SQL.rglob("*.sql"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_sql_file_passes_the_lint(path):
    """House form for all of them, the portable subset for those of matching."""
    assert list(faults(path, PRELUDE_NAMES)) == []


PORTABLE = """
-- One row per pair.
with pair as (
    select e.key_hi, count(*)::bigint as n, sum(e.revenue)::decimal(38, 4) as money
    from event as e
    left join claim as c
        on e.key_hi = c.key_hi
        and c.occurred_at between e.occurred_at - interval 5 day and e.occurred_at
    full outer join lead as l on l.buyer is not distinct from e.buyer
    where c.status in ('sale', 'paid') and l.buyer is distinct from $buyer and c.line_no is null
    group by e.key_hi
    having count(*) > 1
)

select
    pair.*,
    cast(null as varchar) as reason,
    true as known,
    $from::timestamp as start,
    case when -n * 2 + 1 <> abs(n) then coalesce(n, 0) else nullif(n, 1) end as weight,
    key_hi('x') as key,
    cast(count(*) over (partition by n) as bigint) as peers,
    row_number() over (partition by n order by money desc nulls last) as place
from pair
inner join (select distinct buyer from lead) as b on true
union all
select * from other
order by key_hi nulls first
"""


def test_what_engines_agree_on_is_let_pass():
    """One question that uses the whole list has no fault."""
    assert list(portability_faults(PORTABLE, {"key_hi"})) == []


TRAPS = """
select a / b from t
select a // b from t
select a % b from t
select a ** b from t
select avg(a) from t
select median(a) from t
select stddev(a) from t
select count(*) from t
select count(distinct a)::bigint from t
select count(*) filter (where a) from t
select sum(a order by b) from t
select sum(a > 1) from t
select min(a, 3) from t
select any_value(a) from t
select first(a) from t
select list(a order by b) from t
select string_agg(a, ',') from t
select arg_max(a, b) from t
select sum(a) over (order by b nulls last) from t
select rank() over (order by b nulls last) from t
select lag(a) over (order by b nulls last) from t
select row_number() over () from t
select row_number() over (order by a) from t
select sum(a) over (order by b nulls last rows between 1 preceding and current row) from t
select a from t qualify row_number() over (order by a nulls last) = 1
select a from t limit 5
select a from t order by a nulls last limit 5
select a from t order by a
select a from t order by 1 nulls last
select a from t order by all
select distinct on (a) a from t
select a from t union select a from u
select a from t intersect select a from u
select a from t except select a from u
select a from t union all by name select a from u
select a from t group by all
select a from t group by rollup (a)
select a from t group by cube (a)
select a from t group by grouping sets ((a), ())
select * exclude (a) from t
select * replace (1 as a) from t
select * rename (a as b) from t
select columns(*) from t
select a from t join u using (a)
select a from t natural join u
select a from t asof join u on t.a >= u.a
select a from t positional join u
select a from t semi join u on t.a = u.a
select a from t anti join u on t.a = u.a
select a from t right join u on t.a = u.a
select a from t cross join u
select a from t, u
select a from t join lateral (select 1) as u on true
select a from t tablesample 10%
select a from t using sample 5
from t
select x: a from t
select a, from t
select a from t where a == 1
select a from t where exists (select 1 from u)
select a from t where a in (select a from u)
select a from t where a not in (1, null)
select a from t where a = any (select a from u)
select (select max(a) from u) from t
with recursive r as (select 1) select * from r
with r as materialized (select 1) select * from r
values (1)
pivot t on a using sum(b)
unpivot t on a, b into name n value v
select unnest(a) from t
select try_cast(a as integer) from t
select a::integer from t
select a::varchar from t
select '1.6'::integer from t
select '2025-01-01'::date from t
select timestamp '2025-01-01' from t
select a::double from t
select a::hugeint from t
select a::decimal(18, 2) from t
select a::decimal(38, 0) from t
select '1.5'::decimal(38, 4) from t
select a::timestamptz from t
select cast(null as double) from t
select cast(null as integer[]) from t
select 1.5 from t
select 1e3 from t
select 99999999999999999999 from t
select 'a\\b' from t
select a || b from t
select concat(a, b) from t
select lower(a) from t
select trim(a) from t
select substring(a, 1, 2) from t
select length(a) from t
select replace(a, 'x', '') from t
select regexp_replace(a, 'x', '') from t
select regexp_matches(a, 'x') from t
select a from t where a like 'x%'
select a from t where a ilike 'x%'
select a from t where a ~ 'x'
select a from t where a glob 'x*'
select greatest(a, b) from t
select least(a, b) from t
select ifnull(a, b) from t where if(a, b, c)
select round(a) from t
select floor(a) from t
select sqrt(a) from t
select (a > b) + 1 from t
select a & b from t
select a << 2 from t
select xor(a, b) from t
select hash(a) from t
select md5(a) from t
select random() from t
select uuid() from t
select current_date from t
select now() from t
select epoch(a) from t
select epoch_us(a) from t
select date_diff('hour', a, b) from t
select date_trunc('day', a) from t
select extract(dow from a) from t
select dayofweek(a) from t
select a + interval 1 month from t
select a + interval (b) day from t
select a + to_seconds(b) from t
select strftime(a, '%Y') from t
select strptime(a, '%Y') from t
select a at time zone 'UTC' from t
select timezone('UTC', a) from t
select make_timestamp(a) from t
select [a, b] from t
select {'a': a} from t
select map {'a': a} from t
select a[1] from t
select a.b.c from t
select a -> 'b' from t
select list_transform(a, lambda x: x + 1) from t
select row(a, b) from t
select (a, b) = (1, 2) from t
select a from 'file.parquet'
select a from read_csv($path)
select a from read_parquet($path)
select a from range(5)
select getvariable('a') from t
select nextval('a') from t
select unknown_macro(a) from t
insert into t select a from u
create table t as select a from u
delete from t
""".strip().splitlines()


@pytest.mark.parametrize("trap", TRAPS)
def test_what_engines_disagree_on_is_refused(trap):
    """The whitelist lets none of the known traps pass."""
    assert list(portability_faults(trap, PRELUDE_NAMES)) != []


FORMS = {
    "no comment first": "select 1 as a\n",
    "two statements": "-- One row.\nselect 1 as a; select 2 as b\n",
    "a tab": "-- One row.\nselect\t1 as a\n",
    "upper case": "-- One row.\nSELECT 1 as a\n",
    "too long": "-- One row.\nselect 1 as a\n" + "-- more\n" * 80,
    "too wide": "-- One row.\nselect 1 as a -- " + "x" * 120 + "\n",
    "nothing": "-- One row.\n",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_each_fault_of_form_is_named(text):
    """One fault each, and it is found."""
    assert len(list(form_faults(text))) == 1


def test_quotes_and_comments_may_hold_what_they_like():
    """Capitals, semicolons and comment marks in a text or a comment are no fault."""
    text = "-- One row; All of it.\nselect 'A; -- B' as a, \"C\" from t; -- END; Of it\n"
    assert list(form_faults(text)) == []


def test_a_trigger_is_one_statement():
    """SQLite closes the statements inside a trigger with semicolons of their own."""
    text = "-- Rows stay.\ncreate trigger t before delete on a\nbegin\n    select 1;\nend;\n"
    assert list(form_faults(text)) == []
