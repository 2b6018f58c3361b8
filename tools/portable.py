"""The portable subset of SQL: a whitelist walked over sqlglot's tree.

What is on the list means the same in DuckDB, Spark and ClickHouse; whatever else SQL has is
refused, with a hint where the reason is known. The check sees no types: whether a cast widens, an
order is total or an alias is used where only DuckDB allows it is left to the reader and to a run
elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import sqlglot
from sqlglot import exp

_SKIPPED = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"", re.DOTALL)

# Node types of the portable subset, each with the parts it may have. A part that is absent, false
# or empty needs no mention, so a new clause is refused without anybody having thought of it.
PARTS: dict[type[exp.Expr], set[str]] = {
    # questions
    exp.Select: {
        "expressions",
        "from_",
        "joins",
        "where",
        "group",
        "having",
        "order",
        "with_",
        "distinct",
    },
    exp.Union: {"this", "expression", "with_", "order"},
    exp.With: {"expressions"},
    exp.CTE: {"this", "alias"},
    exp.Subquery: {"this", "alias"},
    exp.From: {"this"},
    exp.Table: {"this", "alias"},
    exp.TableAlias: {"this"},
    exp.Join: {"this", "on", "side", "kind"},
    exp.Where: {"this"},
    exp.Group: {"expressions"},
    exp.Having: {"this"},
    exp.Order: {"expressions"},
    exp.Ordered: {"this", "desc", "nulls_first"},
    exp.Distinct: set(),
    # names and values
    exp.Alias: {"this", "alias"},
    exp.Column: {"this", "table"},
    exp.Identifier: {"this", "quoted"},
    exp.Star: set(),
    exp.Placeholder: {"this"},
    exp.Literal: {"this", "is_string"},
    exp.Null: set(),
    exp.Boolean: {"this"},
    exp.Paren: {"this"},
    exp.Interval: {"this", "unit"},
    exp.Var: {"this"},
    # operators
    exp.And: {"this", "expression"},
    exp.Or: {"this", "expression"},
    exp.Not: {"this"},
    exp.EQ: {"this", "expression"},
    exp.NEQ: {"this", "expression"},
    exp.LT: {"this", "expression"},
    exp.LTE: {"this", "expression"},
    exp.GT: {"this", "expression"},
    exp.GTE: {"this", "expression"},
    exp.Is: {"this", "expression"},
    exp.NullSafeEQ: {"this", "expression"},
    exp.NullSafeNEQ: {"this", "expression"},
    exp.Between: {"this", "low", "high"},
    exp.In: {"this", "expressions"},
    exp.Add: {"this", "expression"},
    exp.Sub: {"this", "expression"},
    exp.Mul: {"this", "expression"},
    exp.Neg: {"this"},
    exp.Case: {"this", "ifs", "default"},
    exp.If: {"this", "true", "false"},
    # functions
    exp.Count: {"this", "big_int"},
    exp.Sum: {"this"},
    exp.Min: {"this"},
    exp.Max: {"this"},
    exp.Coalesce: {"this", "expressions"},
    exp.Nullif: {"this", "expression"},
    exp.Abs: {"this"},
    exp.RowNumber: set(),
    exp.Window: {"this", "partition_by", "order", "over"},
    exp.Anonymous: {"this", "expressions"},
    exp.Cast: {"this", "to", "_type"},
    exp.DataType: {"this", "expressions", "nested"},
    exp.DataTypeParam: {"this"},
}

# Why some of the refused are refused; the others are simply not on the list.
HINTS: dict[type[exp.Expr], str] = {
    exp.Div: "a quotient is DOUBLE, DECIMAL or an error by engine",
    exp.IntDiv: "engines round negative quotients differently",
    exp.Mod: "the sign of a remainder differs by engine",
    exp.Avg: "a mean has another type and precision on each engine; sum and count instead",
    exp.TryCast: "engines accept different texts; use a prelude function",
    exp.AtTimeZone: "applied twice it is hours off elsewhere; use a prelude function",
    exp.Greatest: "engines disagree on null; write a case",
    exp.Least: "engines disagree on null; write a case",
    exp.DPipe: "text is put together in the prelude",
    exp.Concat: "skips null on one engine and not on the other",
    exp.Exists: "write a left join and `is null`",
    exp.Filter: "write a sum over a case",
    exp.Limit: "without a total order it picks other rows elsewhere",
    exp.Qualify: "number the rows in a CTE and filter it",
}

AGGREGATES = (exp.Count, exp.Sum, exp.Min, exp.Max)
CONDITIONS = (
    *(exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Between, exp.Boolean),
    *(exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ),
)
TYPES = {"BIGINT", "INT", "DECIMAL", "TEXT", "DATE", "TIMESTAMPNTZ", "TIMESTAMP", "BOOLEAN"}
JOINS = {("", ""), ("", "INNER"), ("LEFT", ""), ("LEFT", "OUTER"), ("FULL", ""), ("FULL", "OUTER")}
UNITS = ("SECOND", "MINUTE", "HOUR", "DAY")

# What the tree does not show, sought in the text without comments and quoted texts.
SPELLINGS = {
    r"(?:^|\()\s*from\b": "a question begins with select or with",
    r"(?<!:):(?!:)": "an alias stands behind its expression, with `as`",
    r",\s*(?:\)|(?:from|where|group|having|order)\b)": "a comma behind the last item",
    r"==": "write `=`",
}


def portability_faults(text: str, prelude: set[str]) -> Iterator[str]:
    """Name what of a question lies outside the portable subset; `prelude` names its functions."""
    try:
        trees = sqlglot.parse(text, dialect="duckdb")
    except sqlglot.errors.ParseError as error:
        yield f"cannot be parsed: {str(error).splitlines()[0]}"
        return
    for tree in trees:
        if not isinstance(tree, exp.Select | exp.Union):
            yield "is not a select"
            continue
        for node in tree.walk():
            yield from _node_faults(node, prelude)
        yield from _order_faults(text, len(list(tree.find_all(exp.Ordered))))
    yield from _spelling_faults(text)


def _node_faults(node: exp.Expr, prelude: set[str]) -> Iterator[str]:
    """Name what is wrong with one node, not looking at the nodes below it."""
    allowed = PARTS.get(type(node))
    name = type(node).__name__.lower()
    if allowed is None:
        hint = HINTS.get(type(node))
        yield f"{_excerpt(node)}: {name} is not portable" + (f": {hint}" if hint else "")
        return
    extra = {part for part, value in node.args.items() if value not in (None, False, [])} - allowed
    if extra:
        listed = ", ".join(sorted(part.rstrip("_") for part in extra))
        yield f"{_excerpt(node)}: {name} with {listed} is not portable"
    check = CHECKS.get(type(node))
    if check is not None:
        fault = check(node)
        if fault:
            yield f"{_excerpt(node)}: {fault}"
    if isinstance(node, exp.Anonymous) and str(node.this).lower() not in prelude:
        yield f"{_excerpt(node)}: {node.this} is not a function of the prelude"


def _excerpt(node: exp.Expr) -> str:
    text = node.sql(dialect="duckdb", comments=False)
    return text if len(text) <= 60 else text[:57] + "..."


def _order_faults(text: str, ordered: int) -> Iterator[str]:
    """Ask for `nulls first` or `nulls last` on every sort key; the tree hides which is written."""
    written = len(re.findall(r"\bnulls\s+(?:first|last)\b", _SKIPPED.sub(" ", text)))
    if written < ordered:
        yield f"{ordered - written} of {ordered} sort keys lack `nulls first` or `nulls last`"


def _spelling_faults(text: str) -> Iterator[str]:
    """Name DuckDB's own spellings that the tree shows as the common ones."""
    bare = _SKIPPED.sub("''", text).strip()
    for pattern, fault in SPELLINGS.items():
        if re.search(pattern, bare):
            yield fault


def _join_fault(node: exp.Expr) -> str | None:
    side, kind = (str(node.args.get(part) or "").upper() for part in ("side", "kind"))
    if (side, kind) not in JOINS:
        return f"{side} {kind} join is not portable: inner, left or full".lower().replace("  ", " ")
    return None if node.args.get("on") else "a join needs `on`"


def _literal_fault(node: exp.Expr) -> str | None:
    if node.args.get("is_string"):
        return "a backslash is an escape elsewhere" if "\\" in str(node.this) else None
    if not re.fullmatch(r"\d{1,18}", str(node.this)):
        return "a number with a fraction or exponent is DOUBLE elsewhere; integers only"
    return None


def _cast_fault(node: exp.Expr) -> str | None:
    """Allow to type a null or a parameter, to fix the type of an aggregate, to widen a decimal."""
    target = node.args["to"]
    name = str(getattr(target.this, "value", target.this)).upper()
    inner = node.this.unnest()
    if name not in TYPES:
        return f"type {name.lower()} is not portable"
    if isinstance(inner, exp.Null | exp.Placeholder):
        return None
    if name in ("BIGINT", "INT"):
        return None if _is_whole(inner) else "only counts, sums and row numbers become integers"
    if name == "DECIMAL":
        return _decimal_fault(target, inner)
    return "only null and parameters are cast to this type: casts of text differ"


def _is_whole(node: exp.Expr) -> bool:
    """Tell whether an expression is built of counts, sums, row numbers and integers alone."""
    if isinstance(node, exp.Window):
        return _is_whole(node.this)
    if isinstance(node, exp.Add | exp.Sub | exp.Mul):
        return _is_whole(node.left.unnest()) and _is_whole(node.right.unnest())
    if isinstance(node, exp.Coalesce):
        return all(_is_whole(part.unnest()) for part in (node.this, *node.expressions))
    if isinstance(node, exp.Literal):
        return not node.is_string
    return isinstance(node, exp.Count | exp.Sum | exp.RowNumber)


def _decimal_fault(target: exp.Expr, inner: exp.Expr) -> str | None:
    sizes = [int(str(size.this.this)) for size in target.expressions]
    if isinstance(inner, exp.Literal) and inner.is_string:
        return "casts of text differ"
    if len(sizes) != 2 or sizes[0] != 38 or sizes[1] < 4:
        return "only to decimal(38, 4) or wider: narrowing rounds here and truncates elsewhere"
    return None


def _window_fault(node: exp.Expr) -> str | None:
    numbered = isinstance(node.this, exp.RowNumber)
    if numbered and not node.args.get("order"):
        return "row_number needs a total order"
    if not numbered and not isinstance(node.this, AGGREGATES):
        return "only row_number, count, sum, min and max go over a window"
    if not numbered and node.args.get("order"):
        return "a running aggregate depends on the default frame"
    return None


def _number_fault(node: exp.Expr) -> str | None:
    """Refuse arithmetic on conditions: true is no number elsewhere."""
    operands = (node.args.get("this"), node.args.get("expression"))
    if any(
        isinstance(side, exp.Expr) and isinstance(side.unnest(), CONDITIONS) for side in operands
    ):
        return "a condition is not a number elsewhere; write a case"
    return None


def _select_fault(node: exp.Expr) -> str | None:
    for column in node.expressions:
        value = column.unalias()
        value = value.this if isinstance(value, exp.Window) else value
        if isinstance(value, exp.Count):
            return "a count is unsigned elsewhere: cast it to bigint"
    return None


def _subquery_fault(node: exp.Expr) -> str | None:
    return None if isinstance(node.parent, exp.From | exp.Join) else "join it instead"


def _if_fault(node: exp.Expr) -> str | None:
    return None if isinstance(node.parent, exp.Case) else "write a case"


def _in_fault(node: exp.Expr) -> str | None:
    if any(not isinstance(value, exp.Literal) for value in node.expressions):
        return "`in` takes literals only: a null among them changes its meaning"
    return None


def _union_fault(node: exp.Expr) -> str | None:
    return "write `union all`" if node.args.get("distinct") else None


def _count_fault(node: exp.Expr) -> str | None:
    if isinstance(node.this, exp.Distinct):
        return "distinct counts of buckets do not add up; group first"
    return None


def _interval_fault(node: exp.Expr) -> str | None:
    unit = str(node.args.get("unit")).upper()
    if not isinstance(node.this, exp.Literal) or not str(node.this.this).isdigit():
        return "an interval is a literal number"
    return None if unit in UNITS else f"write the unit as one of {', '.join(UNITS).lower()}"


def _table_fault(node: exp.Expr) -> str | None:
    if not isinstance(node.this, exp.Identifier):
        return "a table function is not portable"
    return None if re.fullmatch(r"\w+", str(node.this.this)) else "a file is not a table"


def _ordered_fault(node: exp.Expr) -> str | None:
    return "sort by a column, not by its number" if isinstance(node.this, exp.Literal) else None


CHECKS: dict[type[exp.Expr], Callable[[exp.Expr], str | None]] = {
    exp.Join: _join_fault,
    exp.Literal: _literal_fault,
    exp.Cast: _cast_fault,
    exp.Window: _window_fault,
    exp.Add: _number_fault,
    exp.Sub: _number_fault,
    exp.Mul: _number_fault,
    exp.Neg: _number_fault,
    exp.Sum: _number_fault,
    exp.Min: _number_fault,
    exp.Max: _number_fault,
    exp.Count: _count_fault,
    exp.Select: _select_fault,
    exp.If: _if_fault,
    exp.Subquery: _subquery_fault,
    exp.In: _in_fault,
    exp.Union: _union_fault,
    exp.Interval: _interval_fault,
    exp.Table: _table_fault,
    exp.Ordered: _ordered_fault,
}
