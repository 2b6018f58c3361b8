"""`docs/performance.md`, made of the kept figures: no number of it is typed by hand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.contestants import LIMIT, title_of
from benchmarks.figures import Results, load
from benchmarks.goals import figure, ratio, table
from benchmarks.places import HERE, PAGE

M = 1_000_000
UNMEASURED = "not measured"
SHOWN = (M, 5 * M, 10 * M, 20 * M)
RIVALS = (
    *("scan", "bare_join", "text_union", "text_outer", "polars", "compare"),
    *("pandas", "pandas_group", "datacompy_pandas", "datacompy_polars"),
)
WAYS = ("load", "typed", "checked")
STORED = ("text_stored", "run", "hot_text", "hot_query", "hot_scope")


def write(results: Path, page: Path = PAGE) -> None:
    """Write the page anew."""
    page.write_text(text_of(load(results)), encoding="utf-8", newline="\n")


def text_of(results: Results) -> str:
    """Return the page that the figures make."""
    template = (HERE / "page.md").read_text("utf-8")
    return template.format(
        **_machine(results),
        sizes=_sizes(results),
        rivals=_by_size(results, RIVALS),
        stored=_by_size(results, STORED),
        goals=rows_of(("goal", "must", "aim", "is", ""), table(results)),
        growth=_growth(results),
        limited=_limited(results),
        increment=_increment(results),
        imports=_imports(results),
        readings=_readings(results),
        laptop=_laptop(results),
    )


def rows_of(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table, numbers at the right."""
    names = [*head]
    lines = [names, ["---", *["---:"] * (len(names) - 1)], *map(list, rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def _machine(results: Results) -> dict[str, Any]:
    own = {name: number for name, number in results["versions"].items() if "(" not in name}
    others = {name: number for name, number in results["versions"].items() if "(" in name}
    listed = (f"{name} {number}" for name, number in [*own.items(), *others.items()])
    all_series = {
        one["series"][:10]
        for size in results["sizes"].values()
        for one in size.values()
        if isinstance(one, dict)
    }
    return {
        **results["machine"],
        "versions": ", ".join(listed),
        "days": " and ".join(sorted(all_series)) or "no day so far",
    }


def _number(value: float | None, digits: int) -> str:
    return UNMEASURED if value is None else f"{value:,.{digits}f}"


def _cell(results: Results, rows: int, name: str) -> str:
    """Return seconds and peak memory of one figure."""
    wall = figure(results, rows, name)
    memory = figure(results, rows, name, "memory")
    if wall is None:
        return UNMEASURED
    digits = 2 if wall < 10 else 1
    return f"{wall:,.{digits}f} s" + ("" if memory is None else f" / {memory:,.0f} MB")


def _sizes(results: Results) -> str:
    head = ("rows a side", "files", "`compare`", "CPU", "`run`", "CPU")
    rows = []
    for size in SHOWN:
        files = results["sizes"].get(str(size), {}).get("input_mb")
        cells = [_millions(size), _number(files, 0) + ("" if files is None else " MB")]
        for name in ("compare", "run"):
            cpu = figure(results, size, name, "cpu")
            cells += [_cell(results, size, name), _number(cpu, 1) + ("" if cpu is None else " s")]
        rows.append(cells)
    return rows_of(head, rows)


def _by_size(results: Results, names: Iterable[str]) -> str:
    sizes = [size for size in SHOWN if str(size) in results["sizes"]]
    head = ("", *(_millions(size) for size in sizes))
    rows = [
        [title_of(name), *(_cell(results, size, name) for size in sizes)]
        for name in names
        if any(figure(results, size, name) is not None for size in sizes)
    ]
    return rows_of(head, rows)


def _growth(results: Results) -> str:
    head = ("", *(_millions(size) for size in SHOWN))
    rows = []
    for name in ("compare", "run"):
        per_million = [ratio(figure(results, size, name), size / M) for size in SHOWN]
        rows.append([f"`{name}`, seconds per million", *(_number(one, 2) for one in per_million)])
    return rows_of(head, rows)


def _limited(results: Results) -> str:
    head = ("10M a side", "no limit", f"`--memory-limit {LIMIT}`", "times the time")
    rows = []
    for name in ("compare", "run"):
        one, other = f"{name}_limited", name
        times = ratio(figure(results, 10 * M, one), figure(results, 10 * M, other))
        cells = [_cell(results, 10 * M, which) for which in (other, one)]
        rows.append([f"`{name}`", *cells, _number(times, 2)])
    return rows_of(head, rows)


def _increment(results: Results) -> str:
    sizes = [size for size in SHOWN if figure(results, size, "increment") is not None]
    if not sizes:
        return f"The gain is {UNMEASURED}.\n"
    head = ("rows a side", "the whole", "after 1 % new rows", "share")
    rows = []
    for size in sizes:
        share = ratio(figure(results, size, "increment"), figure(results, size, "run"))
        cells = [_cell(results, size, which) for which in ("run", "increment")]
        rows.append([_millions(size), *cells, _number(share, 2)])
    return rows_of(head, rows)


def _imports(results: Results) -> str:
    sizes = [size for size in SHOWN if figure(results, size, "import_event") is not None]
    head = ("", "DuckDB, typed CSV to Parquet", "`reconcile import`", "times")
    rows = []
    for size in sizes:
        for kind in ("lead", "event", "claim"):
            own, copy = f"import_{kind}", f"copy_{kind}"
            times = ratio(figure(results, size, own), figure(results, size, copy))
            cells = [_cell(results, size, which) for which in (copy, own)]
            rows.append([f"{_millions(size)} {kind}s", *cells, _number(times, 2)])
    return rows_of(head, rows) if rows else f"It is {UNMEASURED}.\n"


def _readings(results: Results) -> str:
    if figure(results, M, "load_lead") is None:
        return f"It is {UNMEASURED}.\n"
    head = ("1M, CPU seconds", "DuckDB", "typed", "times", "typed, stored, checked", "times")
    rows = []
    for kind in ("lead", "event", "claim"):
        load, *ours = (figure(results, M, f"{way}_{kind}", "cpu") for way in WAYS)
        cells = [text for own in ours for text in (_seconds(own), _number(ratio(own, load), 2))]
        rows.append([f"{kind}s", _seconds(load), *cells])
    return rows_of(head, rows)


def _seconds(value: float | None) -> str:
    return UNMEASURED if value is None else f"{value:.2f} s"


def _laptop(results: Results) -> str:
    """Return what the largest size took that was measured without a limit."""
    known = [size for size in SHOWN if figure(results, size, "compare") is not None]
    if not known:
        return f"How much fits is {UNMEASURED}."
    took = _cell(results, known[-1], "compare")
    return f"The largest size measured without a limit is {_millions(known[-1])} a side: {took}."


def _millions(rows: int) -> str:
    return f"{rows // M}M"
