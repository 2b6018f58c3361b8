"""The first screen: do the two sides agree, what explains the gap, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from reconcile import FindingFilter, RowClass, charts
from reconcile.headlines import Headline
from reconcile.showing import (
    class_label,
    money,
    percent,
    place,
    plain,
    row_count_texts,
    source_texts,
    stake_in,
)
from views.address import keep_to, write_address
from views.answers import StoredRun
from views.findings import choose_bucket
from views.frame import Looked, ink, looked_at
from views.lists import say, table

LARGEST = 5
_TIMES = ("From (UTC)", "Up to (UTC)", "Imported (UTC)")


def page() -> None:
    """Draw the screen, or what to do first."""
    looked = looked_at("Summary")
    if looked is None:
        return
    lines = looked.run.headlines()
    if lines:
        _reconciled(looked, lines)
    else:
        say("No row lies in this period: the table of rows below says where they are.")
    _sources(looked)
    first = lines[0].currency if lines else None
    write_address(("run", "currency"), {"run": looked.default, "currency": first or "none"})


def _reconciled(looked: Looked, lines: list[Headline]) -> None:
    line = _choose_currency(lines)
    _figures(line)
    left, right = st.columns([5, 3], gap="medium")
    with left:
        _bridge(looked.run, line)
    with right:
        _gap_per_day(looked.run, line)
        if len(lines) > 1:
            _currencies(lines)
    _largest(looked, line)


def _largest(looked: Looked, line: Headline) -> None:
    """Show the findings that matter most, and lead on to all of them."""
    st.subheader("Largest findings", anchor=False)
    only = FindingFilter(currency=line.currency)
    rows = looked.run.findings(only, limit=LARGEST, offset=0)
    texts = [
        {
            "Finding": class_label(row["class"], row["reason"]),
            "Buyer": row["buyer"] or "",
            "Transaction id": row["transaction_id"] or "",
            "Where": place(row["file"], row["line"]),
            "Next step": RowClass(row["class"]).next_step,
            "At stake": money(stake_in(row, line.currency)),
        }
        for row in rows
    ]
    table(
        texts,
        left=("Finding", "Buyer", "Transaction id", "Where", "Next step"),
        alt=f"The {LARGEST} findings with the largest amount at stake.",
    )
    unit = f" in {line.currency}" if line.currency else ""
    if st.button(plain(f"All findings{unit}"), shortcut="A"):
        choose_bucket(None, line.currency)
        st.switch_page("findings.py")


def _choose_currency(lines: list[Headline]) -> Headline:
    by_name = {line.currency or "none": line for line in lines}
    keep_to("currency", list(by_name))
    if len(lines) == 1:
        return lines[0]
    st.session_state.setdefault("currency", next(iter(by_name)))
    chosen = st.segmented_control(
        "Currency",
        list(by_name),
        key="currency",
        persist_state="session",
        required=True,
        format_func=plain,
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
        f"{line.all_findings:,}",
        "Rows and pairs that ask for something; a pair in two currencies is one of both. At stake "
        "is what they change in the bridge.",
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
    # After a click the chart is drawn anew, under another key: its own mark would stay on the bar.
    key = f"bridge_{line.currency}_{st.session_state.get('bridge_no', 0)}"
    chosen = st.plotly_chart(
        charts.inked(charts.waterfall(rows), ink()),
        key=key,
        on_select="rerun",
        selection_mode="points",
        config={"displayModeBar": False},
        alt=charts.waterfall_text(rows),
    )
    say("Click a bar to see the findings behind it.")
    points = chosen["selection"]["points"]
    buckets = [str(value) for point in points for value in point.get("customdata") or ()]
    known = [bucket for bucket in buckets if bucket.partition(":")[0] in set(RowClass)]
    if known:
        st.session_state["bridge_no"] = st.session_state.get("bridge_no", 0) + 1
        choose_bucket(known[0], line.currency)
        st.switch_page("findings.py")


def _gap_per_day(run: StoredRun, line: Headline) -> None:
    st.subheader("Gap per day", anchor=False)
    rows = run.bridge(line.currency, by=("currency", "day"))
    text = charts.gap_per_day_text(rows)
    st.plotly_chart(
        charts.inked(charts.gap_per_day(rows), ink()),
        key="gaps",
        config={"displayModeBar": False},
        alt=text,
    )
    say(text)


def _currencies(lines: list[Headline]) -> None:
    st.subheader("All currencies", anchor=False)
    measures: dict[str, Callable[[Headline], str]] = {
        "Our revenue": lambda line: money(line.events),
        "Buyer revenue": lambda line: money(line.claims),
        "Gap": lambda line: money(line.gap, sign=True),
        "Gap in percent": lambda line: percent(line.gap_percent, sign=True),
        "Match score": lambda line: percent(line.match_percent),
        "Open findings": lambda line: f"{line.all_findings:,}",
        "At stake": lambda line: money(line.at_stake),
    }
    texts = [
        {"Figure": name} | {line.currency or "none": said(line) for line in lines}
        for name, said in measures.items()
    ]
    table(texts, left=("Figure",), alt="The figures of every currency.")


def _sources(looked: Looked) -> None:
    st.subheader("Sources", anchor=False)
    used = looked.known.record.batch_ids
    batches = [
        batch
        for batch in looked.store.batches(with_undone=True)
        if batch.id in used or batch.undone_at is None
    ]
    table(
        source_texts(batches, used),
        left=("Kind", "File", "Sender", *_TIMES, "In this run"),
        alt="The files that are loaded, how many rows each has, and up to when.",
    )
    st.subheader("Every row read", anchor=False)
    table(
        row_count_texts(looked.summary["rows"]),
        left=("Side",),
        alt="Rows read, reconciled, and not, by reason.",
    )


if __name__ == "__main__":
    page()
