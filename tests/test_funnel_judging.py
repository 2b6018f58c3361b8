"""A funnel says how sure it is: what is asked of the fact table, held against plain Python."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from funnel_worlds import LEAD, World, put
from reconcile import Kind, import_file, open_store
from reconcile.engine import Engine
from reconcile.errors import BadFunnel
from reconcile.funnel.definition import FunnelDefinition, FunnelStep
from reconcile.funnel.facts import Around, build_facts
from reconcile.funnel.judging import Funnel
from reconcile.funnel.opening import open_funnel
from reconcile.funnel.statistics import mean_of_sums, newcombe, rate, rates_differ, welch
from reconcile.funnel.view import FunnelView
from reference_funnel import START, Row, at

DAY = 86_400
WINDOW = 5 * DAY
DAYS = 30
FUNNEL = FunnelDefinition(
    "sales", (FunnelStep("Call", ("a",)), FunnelStep("Sale", ("b",))), window_s=WINDOW
)
# Leads a day, share that is called, days from call to sale (median), pid.
SOURCES = (
    (60, 0.9, 0.4, "google"),
    (30, 0.7, 1.5, "bing"),
    (2, 0.8, 1.0, "mail"),
    (3, 0.8, 1.0, None),
)


def simulated(seed):
    """Return a world of thirty days as it is known at its end, and every sale that will be."""
    random, rows, pids, truth = Random(seed), [], {}, []
    for number in range(DAYS):
        for leads, called, days, pid in SOURCES:
            for turn in range(leads):
                lead = f"{pid}-{number}-{turn}"
                pids[lead] = pid
                came = int((number + random.random()) * DAY)
                rows.append(Row(lead, LEAD, came, None, "USD"))
                call = came + random.randrange(3_600) if random.random() < called else None
                sale = None
                if call is not None and random.random() < 0.5:
                    sale = call + int(random.lognormvariate(math.log(days * DAY), 0.7))
                price = Decimal(random.randrange(500, 5_000)) / 100
                for event, when in (("a", call), ("b", sale)):
                    if when is not None and when <= DAYS * DAY:
                        rows.append(Row(lead, event, when, price if event == "b" else None, "USD"))
                truth.append((pid, number, came, call, sale, price))
    return World(tuple(rows), pids), truth


WORLD, TRUTH = simulated(7)


@pytest.fixture(scope="module")
def funnel():
    """Lend the funnel of the simulated world."""
    engine = Engine()
    put(engine, WORLD)
    build_facts(engine, FUNNEL, Around())
    yield Funnel(engine, FUNNEL, at(DAYS * DAY))
    engine.close()


def day_of(number):
    """Return the day of a cohort by its number."""
    return START.date() + timedelta(number)


def final_rate(meant, number, *, step=3):
    """Return the share of leads of a source and day that reach a step once all is over."""
    mine = [row for row in TRUTH if meant(row[0]) and row[1] == number]
    reached = [
        row for row in mine if row[step + 1] is not None and row[step + 1] - row[2] <= WINDOW
    ]
    return len(reached) / len(mine)


def last(rows, step=3):
    """Return the rows of one step."""
    return [row for row in rows if row["step"] == step]


def test_rates_are_the_counts_with_their_wilson_intervals(funnel):
    """Nothing that was counted changes; the lead itself has no interval."""
    rows, counts = funnel.rates(), funnel.counts()
    assert [{name: row[name] for name in counts[0]} for row in rows] == counts
    sale = rows[2]
    assert (rows[0]["low"], rows[0]["ripeness"]) == (None, None)
    of_leads, before = rate(sale["reached"], sale["leads"]), rate(sale["reached"], sale["before"])
    assert (sale["low"], sale["high"]) == (of_leads.low, of_leads.high)
    assert (sale["before_low"], sale["before_high"]) == (before.low, before.high)


def test_a_lead_that_has_not_converted_is_not_taken_for_one(funnel):
    """The estimate of a step starts from what the counts say of it."""
    for by in ((), ("pid",), ("day",), ("week",), ("pid", "week")):
        for row in funnel.rates(FunnelView(by=by)):
            if row["developed"] is not None:
                assert row["developed"] == pytest.approx(min(row["of_leads"] / row["share"], 1))
                assert row["of_leads"] <= row["developed_low"] <= row["developed_high"]
            assert not (row["own_curve"] and by in (("day",), ("week",)))
            assert (row["ripeness"] == "mature") == (row["young"] == 0 and row["step"] > 1)


def test_young_days_come_nearer_to_where_they_end_than_they_are_now(funnel):
    """Seen only as the last week, in which no lead has lived through its window."""
    rows = last(funnel.rates(FunnelView(by=("day",), date_from=day_of(25))))
    known = [row for row in rows if row["developed"] is not None]
    truth = [final_rate(lambda _: True, (row["day"] - day_of(0)).days) for row in known]
    naive = sum(abs(row["of_leads"] - true) for row, true in zip(known, truth, strict=True))
    ours = sum(abs(row["developed"] - true) for row, true in zip(known, truth, strict=True))
    assert len(known) >= 4
    assert ours < naive / 2
    assert {row["ripeness"] for row in rows} <= {"immature", "too_young"}


def test_a_filter_takes_its_own_curve_if_it_has_enough_conversions(funnel):
    """The slow source is judged by its own delays; one of few sales by those of all."""

    def total(rows):
        (row,) = last(rows)
        return row["developed"], row["own_curve"], row["share"]

    recent = {"date_from": day_of(24)}
    slow = total(funnel.rates(FunnelView(only={"pid": ["bing"]}, **recent)))
    true = sum(final_rate(lambda pid: pid == "bing", number) for number in range(24, 30)) / 6
    assert slow[0] == pytest.approx(true, abs=0.06)
    by_pid = {row["pid"]: row for row in last(funnel.rates(FunnelView(by=("pid",), **recent)))}
    assert slow[2] == pytest.approx(by_pid["bing"]["share"])
    assert by_pid["bing"]["own_curve"]
    assert by_pid["google"]["share"] > by_pid["bing"]["share"] + 0.1
    few = total(funnel.rates(FunnelView(only={"pid": [None]}, **recent)))
    assert few[2] == pytest.approx(by_pid[None]["share"])
    assert not by_pid[None]["own_curve"]


def test_slices_beyond_the_most_are_estimated_as_one(funnel):
    view = FunnelView(by=("pid",), most=1)
    other = last(funnel.rates(view))[1]
    parts = [row for row in last(funnel.rates(FunnelView(by=("pid",)))) if row["pid"] != "google"]
    leads = sum(row["leads"] for row in parts)
    assert other["is_other"]
    assert other["share"] == pytest.approx(sum(p["share"] * p["leads"] for p in parts) / leads)


def test_without_a_window_or_young_leads_nothing_is_estimated(funnel):
    """No end, no estimate; a final rate is its own."""
    free = last(funnel.rates(FunnelView(window_s=None)))[0]
    assert (free["ripeness"], free["developed"], free["young"]) == (None, None, 0)
    done = last(funnel.rates(FunnelView(only_mature=True)))[0]
    assert done["ripeness"] == "mature"
    assert done["developed"] == done["of_leads"]
    for ask in (funnel.curves, funnel.growth):
        with pytest.raises(BadFunnel, match="Without a window"):
            ask(2, FunnelView(window_s=None))


def test_curves_are_those_of_all_and_of_large_slices(funnel):
    """The period of the view is left aside, and a breakdown of two is named by both."""
    found = funnel.curves(3, FunnelView(by=("pid",), date_from=day_of(29)))
    assert [(one.is_pooled, one.key) for one in found] == [
        (True, None),
        (False, "google"),
        (False, "bing"),
    ]
    assert found[0].leads == len(TRUTH)
    assert found[0].points[-1].age_s == WINDOW
    both = funnel.curves(3, FunnelView(by=("pid", "campaign_id")))
    assert [one.key for one in both[1:]] == ["google · k1", "bing · k1"]


def test_growth_counts_each_cohort_at_each_age(funnel):
    """An age that the youngest lead of a day has not reached is blank."""
    rows = funnel.growth(3)
    assert {row["age_s"] for row in rows} == {3_600, DAY, 2 * DAY, 3 * DAY, 5 * DAY}
    assert len(rows) == 5 * DAYS
    for row in rows:
        number = (row["cohort"] - day_of(0)).days
        mine = [one for one in TRUTH if one[1] == number]
        ages = [DAYS * DAY - one[2] for one in mine]
        by_then = sum(one[4] is not None and one[4] - one[2] <= row["age_s"] for one in mine)
        assert row["leads"] == len(mine)
        assert row["converted"] == (by_then if min(ages) >= row["age_s"] else None)
    weeks = funnel.growth(3, FunnelView(by=("pid", "week")))
    assert {row["cohort"].weekday() for row in weeks} == {0}


def mature(meant):
    """Return the leads of some sources and days that are older than the window."""
    return [row for row in TRUTH if meant(row) and row[2] + WINDOW <= DAYS * DAY]


def sold(rows):
    """Return how many of some leads were sold within the window, and how many there are."""
    return sum(row[4] is not None and row[4] - row[2] <= WINDOW for row in rows), len(rows)


def test_two_periods_are_compared_by_their_mature_leads(funnel):
    """The second has younger leads, which would make it look worse."""
    first = FunnelView(date_from=day_of(0), date_to=day_of(15))
    second = FunnelView(date_from=day_of(15))
    rows = funnel.compare(second, first)
    assert [(row["step"], row["ratio"]) for row in rows] == [
        (2, "of_leads"),
        (3, "of_leads"),
        (3, "of_before"),
    ]
    sale = rows[1]
    this = rate(*sold(mature(lambda row: row[1] >= 15)))
    other = rate(*sold(mature(lambda row: row[1] < 15)))
    assert (sale["this_reached"], sale["this_of"]) == (this.count, this.of)
    assert (sale["other_reached"], sale["other_of"]) == (other.count, other.of)
    assert (sale["low"], sale["high"]) == newcombe(this, other)
    assert sale["p"] == rates_differ(this, other)
    assert sale["verdict"] == "unproven"
    assert sale["text"].startswith(f"{this.value:.1%}".replace("%", " %"))


def test_each_slice_is_compared_with_all_other_leads(funnel):
    """A slow or few source against the rest of the same funnel; the mix of all others never."""
    rows = funnel.compare(FunnelView(by=("pid",), most=3))
    by_pid = {row["pid"]: row for row in rows if (row["step"], row["ratio"]) == (3, "of_leads")}
    assert set(by_pid) == {"google", "bing", None}
    assert by_pid["google"]["verdict"] == "higher"
    assert by_pid["bing"]["verdict"] == "lower"
    nameless = by_pid[None]
    assert (nameless["this_reached"], nameless["this_of"]) == sold(mature(lambda r: r[0] is None))
    assert (nameless["other_reached"], nameless["other_of"]) == sold(
        mature(lambda row: row[0] is not None)
    )
    assert all(row["p_adjusted"] >= row["p"] for row in rows)
    assert any(row["p_adjusted"] > row["p"] for row in rows)


def test_two_sources_are_compared_slice_by_slice(funnel):
    """A slice that the other side does not have is too few, not 0 %."""
    rows = funnel.compare(
        FunnelView(only={"pid": ["google"]}, by=("pid",)),
        FunnelView(only={"pid": ["bing"]}, by=("pid",)),
    )
    assert {row["verdict"] for row in rows} == {"too_few"}
    assert {row["other_rate"] for row in rows} == {None}


def test_revenue_per_lead_is_compared_exactly(funnel):
    """Mean and spread are those of the leads one by one, nothing for one that was not sold."""
    rows = funnel.compare_money(FunnelView(by=("pid",)))
    google = next(row for row in rows if row["pid"] == "google")
    assert (google["step"], google["currency"]) == (3, "USD")

    def money(meant):
        amounts = [
            row[5] if sold([row])[0] else Decimal(0) for row in mature(lambda row: meant(row[0]))
        ]
        squares = sum(amount * amount for amount in amounts)
        paying = sum(amount > 0 for amount in amounts)
        return mean_of_sums(len(amounts), sum(amounts), squares, paying)

    this, other = money(lambda pid: pid == "google"), money(lambda pid: pid != "google")
    assert google["this_epl"] == this.mean.quantize(Decimal("0.0001"))
    assert google["other_epl"] == other.mean.quantize(Decimal("0.0001"))
    assert (google["this_paying"], google["other_paying"]) == (this.paying, other.paying)
    assert (google["low"], google["high"], google["p"]) == welch(this, other)
    two = funnel.compare_money(*(FunnelView(only={"pid": [p]}) for p in ("google", "bing")))
    assert [row["this_epl"] for row in two] == [google["this_epl"]]


def test_what_cannot_be_compared_is_refused(funnel):
    """Nothing to compare with, and two breakdowns that do not meet."""
    for ask in (funnel.compare, funnel.compare_money):
        with pytest.raises(BadFunnel, match="nothing to compare with"):
            ask(FunnelView())
        with pytest.raises(BadFunnel, match="break both down by the same"):
            ask(FunnelView(by=("pid",)), FunnelView())
    with pytest.raises(BadFunnel, match="no such step"):
        funnel.curves(1)


def test_an_optional_step_is_no_step_before(funnel):
    """Its share of the step before is its share of all leads where only the lead stands before."""
    optional = FunnelStep("Call", ("a",), optional=True)
    engine = Engine()
    put(engine, World(WORLD.rows[:300], WORLD.pids))
    definition = replace(FUNNEL, steps=(optional, FUNNEL.steps[1]))
    build_facts(engine, definition, Around())
    asked = Funnel(engine, definition, at(DAYS * DAY))
    rows = asked.compare(FunnelView(by=("pid",)))
    assert {row["ratio"] for row in rows} == {"of_leads"}
    engine.close()


def test_what_happened_after_the_end_of_the_data_is_not_known(tmp_path):
    """A sale of later is none yet, and a lead of later has not come."""
    leads, events = tmp_path / "leads.csv", tmp_path / "events.csv"
    leads.write_text(
        "transaction_id,campaign_id,created_at\n"
        "lead-one,k,2026-11-01T08:00:00Z\nlead-two,k,2026-11-02T08:00:00Z\n"
    )
    events.write_text(
        "transaction_id,event_id,campaign_id,occurred_at,revenue,currency\n"
        "lead-one,b,k,2026-11-02T08:00:00Z,1.00,USD\n"
    )
    sale = replace(FUNNEL, steps=FUNNEL.steps[1:])
    with open_store(tmp_path / "home") as store:
        import_file(store, leads, kind=Kind.LEAD)
        import_file(store, events, kind=Kind.EVENT)
        found = []
        for hour in (7, 8):
            with open_funnel(store, sale, as_of=datetime(2026, 11, 2, hour)) as asked:
                found.append([row["reached"] for row in asked.rates()])
        with open_funnel(store, sale) as asked:
            found.append([row["reached"] for row in asked.rates()])
    assert found == [[1, 0], [2, 1], [2, 1]]


def test_an_empty_funnel_is_judged_as_empty():
    """No lead, no rate, no error."""
    engine = Engine()
    put(engine, World((), {}))
    build_facts(engine, FUNNEL, Around())
    empty = Funnel(engine, FUNNEL, None)
    assert [(row["reached"], row["of_leads"], row["developed"]) for row in empty.rates()] == [
        (0, None, None)
    ] * 3
    assert empty.curves(2) == []
    assert empty.growth(2) == []
    assert empty.compare(FunnelView(by=("pid",))) == []
    engine.close()
