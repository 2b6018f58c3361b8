"""The first screen: do the two sides agree, what explains the gap, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import reconcile
from reconcile import ReconcileError, Store, charts
from reconcile.demo import only_sample
from reconcile.headlines import Headline, KnownRun
from reconcile.showing import money, percent, plain, row_count_texts, source_texts, time
from reconcile.terms import RowClass
from views.address import keep_to, read_address, write_address
from views.answers import StoredRun, the_store
from views.findings import choose_bucket, show_findings

IMPORT_HELP = """\
reconcile import --kind lead  leads.csv
reconcile import --kind event events.csv
reconcile import --kind claim --sender acme acme_november.csv
reconcile run --from 2026-11-01 --to 2026-12-01 --zone America/Los_Angeles"""


def page() -> None:
    """Draw the screen, or what to do first."""
    read_address()
    try:
        store = the_store()
        runs = reconcile.known_runs(store)
    except ReconcileError as error:
        st.error("The warehouse cannot be read.")
        st.text(str(error))
        return
    current = [run for run in runs if run.current]
    if not store.batches():
        _no_data(store)
    elif not current:
        _no_run()
    else:
        _summary(store, runs, default=current[0].record.id)


def _no_data(store: Store) -> None:
    _, middle, _ = st.columns([1, 3, 1])
    with middle.container(border=True):
        st.subheader("No data yet", anchor=False)
        st.text(
            "See a month reconciled with made-up data: leads, events and the reports of seven "
            "buyers, with every kind of difference in them."
        )
        if st.button("Try with sample data"):
            _load_sample(store)
        st.text(
            "Or bring your own: CSV, JSON lines, XLSX or Parquet of the platform and your buyers."
        )
        st.code(IMPORT_HELP, language=None, wrap_lines=True)


def _load_sample(store: Store) -> None:
    with st.status("Loading the sample", expanded=False) as box:
        try:
            run = reconcile.load_sample(
                store, progress=lambda text: box.update(label=plain(text).capitalize())
            )
        except ReconcileError as error:
            box.update(label="The sample could not be loaded", state="error", expanded=True)
            st.text(str(error))
            return
    st.session_state["run"] = run.id
    st.rerun()


def _no_run() -> None:
    with st.container(border=True):
        st.subheader("Loaded, not yet reconciled", anchor=False)
        st.text("Choose the period in the zone of your reports, then look here again.")
        st.code(IMPORT_HELP.splitlines()[-1], language=None)


def _summary(store: Store, runs: list[KnownRun], *, default: str) -> None:
    if only_sample(store):
        _sample_banner(store)
    known = _choose_run(runs, default)
    run = StoredRun(store, known.record.id)
    lines = run.headlines()
    summary = json.loads(known.record.summary_json)
    if lines:
        _reconciled(run, lines, _buckets(summary["rows"]))
    else:
        st.text("No row lies in this period: the table of rows below says where they are.")
    _sources(store, known, summary["rows"])
    first = lines[0].currency if lines else None
    write_address({"run": default, "currency": first or "none", "page": 1})


def _reconciled(run: StoredRun, lines: list[Headline], buckets: list[str]) -> None:
    line = _choose_currency(lines)
    _figures(line)
    left, right = st.columns([5, 3], gap="medium")
    with left:
        _bridge(run, line)
    with right:
        _gap_per_day(run, line)
        if len(lines) > 1:
            _currencies(lines)
    show_findings(run, buckets)


def _sample_banner(store: Store) -> None:
    text, button = st.columns([6, 1], vertical_alignment="center")
    text.info("Sample data, made up. Re-firing goes to the sandbox on this machine.")
    if button.button("Remove", width="stretch", help="Take the sample out again."):
        reconcile.remove_sample(store)
        st.session_state.pop("run", None)
        st.rerun()


def _choose_run(runs: list[KnownRun], default: str) -> KnownRun:
    by_id = {run.record.id: run for run in runs}
    keep_to("run", list(by_id))
    st.session_state.setdefault("run", default)
    title, choice = st.columns([3, 2], vertical_alignment="bottom")
    chosen = choice.selectbox(
        "Run", list(by_id), key="run", format_func=lambda name: _run_label(by_id[name])
    )
    with title:
        st.header("Summary", anchor=False)
        st.text(_period(by_id[chosen]))
    return by_id[chosen]


def _run_label(run: KnownRun) -> str:
    asked = json.loads(run.record.params_json)["parameters"]
    made = time(run.record.created_at)[:16]
    last = date.fromisoformat(asked["date_to"]) - timedelta(days=1)
    label = f"{asked['date_from']} to {last} · made {made} UTC"
    return label if run.current else f"{label} · its data was removed"


def _period(run: KnownRun) -> str:
    asked = json.loads(run.record.params_json)["parameters"]
    last = date.fromisoformat(asked["date_to"]) - timedelta(days=1)
    share = (100 * Decimal(asked["tolerance_rel"])).normalize()
    return (
        f"{asked['date_from']} to {last}, days in {asked['zone']}. "
        f"Tolerance {asked['tolerance']}, or {share:f} % of the event."
    )


def _choose_currency(lines: list[Headline]) -> Headline:
    by_name = {line.currency or "none": line for line in lines}
    keep_to("currency", list(by_name))
    if len(lines) == 1:
        return lines[0]
    st.session_state.setdefault("currency", next(iter(by_name)))
    chosen = st.segmented_control(
        "Currency", list(by_name), key="currency", required=True, format_func=plain
    )
    return by_name[chosen or next(iter(by_name))]


def _figures(line: Headline) -> None:
    unit = f" ({plain(line.currency)})" if line.currency else ""
    ours, theirs, gap, score, found = st.columns(5)
    _card(ours, f"Our revenue{unit}", money(line.events), "Sum of the events.")
    _card(
        theirs,
        f"Buyer revenue{unit}",
        money(line.claims),
        "Sum of what the buyers' reports owe: denied and pending claims count nothing.",
    )
    _card(
        gap,
        f"Gap{unit}",
        money(line.gap, sign=True),
        "Buyer revenue less our revenue.",
        f"{percent(line.gap_percent, sign=True)} of our revenue",
    )
    _card(
        score,
        "Match score",
        percent(line.match_percent),
        "Rows whose two sides agree, of all that agree or are findings: a share of rows, not of "
        "money. A pair counts as two rows.",
    )
    _card(
        found,
        "Open findings",
        f"{line.findings:,}",
        "Rows and pairs that ask for something. At stake is what they change in the bridge.",
        f"{money(line.at_stake)} at stake",
    )


def _card(place: DeltaGenerator, label: str, value: str, meaning: str, more: str = "") -> None:
    place.metric(
        label,
        value,
        delta=more or None,
        delta_color="off",
        delta_arrow="off",
        help=meaning,
        border=True,
        height="stretch",
    )


def _bridge(run: StoredRun, line: Headline) -> None:
    st.subheader("What explains the gap", anchor=False)
    rows = run.bridge(line.currency)
    key = f"bridge_{line.currency}_{st.session_state.get('bridge_no', 0)}"
    st.plotly_chart(
        charts.inked(charts.waterfall(rows), _ink()),
        key=key,
        on_select=lambda: _clicked(key),
        selection_mode="points",
        config={"displayModeBar": False},
        alt=charts.waterfall_text(rows),
    )
    st.text("Click a bar to see the findings behind it.")


def _clicked(key: str) -> None:
    points = st.session_state[key]["selection"]["points"]
    buckets = [str(value) for point in points for value in point.get("customdata") or ()]
    known = [bucket for bucket in buckets if bucket.partition(":")[0] in set(RowClass)]
    choose_bucket(known[0] if known else None)


def _gap_per_day(run: StoredRun, line: Headline) -> None:
    st.subheader("Gap per day", anchor=False)
    rows = run.bridge(line.currency, by=("currency", "day"))
    text = charts.gap_per_day_text(rows)
    st.plotly_chart(
        charts.inked(charts.gap_per_day(rows), _ink()),
        key="gaps",
        config={"displayModeBar": False},
        alt=text,
    )
    st.text(text)


def _ink() -> str:
    """Return the colour of the text around a chart: the built-in grey is too pale to read."""
    return "#e8edf4" if st.context.theme.type == "dark" else "#1b2430"


def _currencies(lines: list[Headline]) -> None:
    st.subheader("All currencies", anchor=False)
    measures: dict[str, Callable[[Headline], str]] = {
        "Our revenue": lambda line: money(line.events),
        "Buyer revenue": lambda line: money(line.claims),
        "Gap": lambda line: money(line.gap, sign=True),
        "Gap in percent": lambda line: percent(line.gap_percent, sign=True),
        "Match score": lambda line: percent(line.match_percent),
        "Open findings": lambda line: f"{line.findings:,}",
        "At stake": lambda line: money(line.at_stake),
    }
    texts = [
        {"Figure": name} | {line.currency or "none": said(line) for line in lines}
        for name, said in measures.items()
    ]
    _numbers(texts, left=("Figure",), alt="The figures of every currency.")


def _buckets(rows: dict[str, dict[str, dict[str, int]]]) -> list[str]:
    """Return the classes of a run in their order, each followed by its reasons if it has any."""
    seen = {bucket for side in rows.values() for bucket in side["by_reason"]}
    buckets: list[str] = []
    for row_class in RowClass:
        reasons = sorted(b for b in seen if b.partition(":")[0] == row_class)
        if not reasons or row_class is RowClass.MATCHED:
            continue
        with_reason = [b for b in reasons if ":" in b]
        buckets += [str(row_class), *with_reason]
    return buckets


def _sources(store: Store, known: KnownRun, rows: dict[str, dict[str, int]]) -> None:
    st.subheader("Sources", anchor=False)
    used = known.record.batch_ids
    batches = [b for b in store.batches(with_undone=True) if b.id in used or b.undone_at is None]
    _numbers(
        source_texts(batches, used),
        left=("Kind", "File", "Sender", "In this run"),
        alt="The files that are loaded, how many rows each has, and up to when.",
    )
    st.subheader("Every row read", anchor=False)
    _numbers(
        row_count_texts(rows), left=("Side",), alt="Rows read, reconciled, and not, by reason."
    )


def _numbers(texts: list[dict[str, str]], *, left: tuple[str, ...], alt: str) -> None:
    """Draw a small table of texts, figures to the right."""
    names = [name for name in texts[0] if name not in left] if texts else []
    st.dataframe(
        pd.DataFrame(texts),
        hide_index=True,
        height="content",
        column_config={name: st.column_config.TextColumn(alignment="right") for name in names},
        alt=alt,
    )


page()
