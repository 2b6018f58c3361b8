"""What a funnel makes of one lead: the cases that the pages show, and where all rows go."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from decimal import Decimal

import pytest

from conftest import ROOT
from funnel_worlds import LEAD, World, funnel_of, lent_engine, put
from reconcile.errors import BadFunnel
from reconcile.funnel import judging
from reconcile.funnel.asking import Funnel
from reconcile.funnel.definition import FunnelDefinition, FunnelStep, Money, Order
from reconcile.funnel.facts import Around, build_facts
from reconcile.funnel.files import parse_funnel
from reconcile.funnel.view import FunnelView
from reconcile.terms import Kind
from reference_funnel import Row, at
from warehouse_data import halves, upload

__all__ = ["lent_engine"]  # a fixture

CASES = tomllib.loads((ROOT / "tests/data/funnel_cases.toml").read_text("utf-8"))["case"]
STEPS = "".join(f"[[step]]\nname = '{name}'\nevents = ['{name}']\n" for name in "ABC")
A, B = FunnelStep("A", ("A",)), FunnelStep("B", ("B",))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_every_case_of_the_pages_is_true(case, engine):
    """The steps that the lead counts in are those that the table says."""
    said = case.get("set", "")
    steps = "" if "[[step]]" in said else STEPS
    definition = parse_funnel(f"name = 'case'\n{said}\n{steps}")
    rows = [part.split() for part in case["rows"].split(",")]
    names = {"lead": LEAD}
    world = World(
        tuple(Row("one", names.get(name, name), int(time)) for name, time in rows), {"one": "p"}
    )
    with funnel_of(definition, world, engine) as asked:
        counted = [row["name"] for row in asked.counts() if row["reached"]]
    assert ", ".join(counted) == case["reached"]


def canonical(name: str, time: datetime | None, **more: object) -> dict[str, object]:
    """Return a row of a lead; without a name it has no usable id."""
    key_hi, key_lo = halves(name) if name else (None, None)
    known = {"transaction_id": name, "key_hi": key_hi, "key_lo": key_lo, "occurred_at": time}
    return known | {"campaign_id": "k1", "currency": "USD"} | more


def opened(engine, leads, events, definition):
    """Return the funnel of some canonical rows, whose data end 40 seconds after the start."""
    put(engine, World((), {}))
    upload(engine, Kind.LEAD, leads)
    upload(engine, Kind.EVENT, events)
    build_facts(engine, definition, Around())
    return Funnel(engine, definition, at(40))


def test_every_row_is_accounted_for(engine):
    """Rows without an id, a time, a lead, or of another campaign are counted, each once."""
    funnel = FunnelDefinition("f", (A, B), campaigns=("k1",))
    leads = [
        canonical("one", at(5)),
        canonical("", at(5)),
        canonical("two", None),
        canonical("three", at(5), campaign_id="k2"),
    ]
    events = [
        canonical("one", at(4), event_id="A"),
        canonical("one", at(5), event_id="A", campaign_id=None),
        canonical("one", at(6), event_id="other"),
        canonical("one", at(6), event_id="A", campaign_id="k2"),
        canonical("", at(6), event_id="A"),
        canonical("one", None, event_id="A"),
        canonical("four", at(6), event_id="A"),
        canonical("four", at(7), event_id="B"),
        canonical("five", at(7), event_id="B", campaign_id=None),
        canonical("three", at(7), event_id="B"),
    ]
    told = opened(engine, leads, events, funnel).account()
    assert told == {
        "lead_rows_read": 4,
        "lead_rows_other_campaign": 1,
        "lead_rows_without_id": 1,
        "lead_rows_without_time": 1,
        "lead_rows_counted": 1,
        "leads": 1,
        "lead_rows": 1,
        "event_rows": 8,
        "event_rows_of_leads": 2,
        "events_without_id": 1,
        "events_without_time": 1,
        "events_without_lead": 2,
        "ids_without_lead": 1,
        "events_of_other_campaigns": 1,
        "events_of_unknown_campaign": 1,
        "events_before_their_lead": 1,
        "events_by_time_received": 0,
        "lead_rows_in_other_currency": 0,
    }


def test_an_event_without_a_time_counts_when_it_was_received(engine):
    """In its zone or with its offset, and not before the data's end; what has neither is told."""
    received = ("1970", '{"received_at": "2026-11-01T00:00:06Z"}', '{"received_at": "soon"}', None)
    events = [canonical("one", at(5), event_id="A")]
    events += [canonical("one", None, event_id="B", extra=extra) for extra in received]
    asked = opened(engine, [canonical("one", at(0))], events, FunnelDefinition("f", (A, B)))
    assert [row["reached"] for row in asked.counts()] == [1, 1, 1]
    assert asked.times()[1]["median_s"] == 6
    told = asked.account()
    assert (told["events_by_time_received"], told["events_without_time"]) == (1, 3)
    build_facts(engine, asked.definition, Around(as_of=at(5)))
    assert [row["reached"] for row in Funnel(engine, asked.definition, at(5)).counts()] == [1, 1, 0]


def test_a_lead_counts_by_its_row_that_is_meant(engine):
    """Its row of another campaign, and one without a time, stand beside it and change nothing."""
    leads = [
        canonical("one", at(0), campaign_id="k2", pid="other"),
        canonical("one", None, pid="untimed"),
        canonical("one", at(1), pid="meant"),
        canonical("two", at(2), pid="meant"),
    ]
    events = [canonical("one", at(3), event_id="A"), canonical("two", at(3), event_id="B")]
    funnel = FunnelDefinition("f", (A,), campaigns=("k1",))
    asked = opened(engine, leads, events, funnel)
    rows = asked.counts(FunnelView(by=("pid",)))
    assert [(row["pid"], row["reached"]) for row in rows] == [("meant", 2), ("meant", 1)]


def test_money_of_a_lead_in_a_second_currency_is_told(engine):
    """Its sums are those of the currency of its first row; the other row is counted."""
    leads = [
        canonical("one", at(0), cost=Decimal(2)),
        canonical("one", at(1), cost=Decimal(3), currency="EUR"),
        canonical("one", at(2), cost=Decimal(4)),
    ]
    asked = opened(engine, leads, [], FunnelDefinition("f", (A,)))
    assert [(row["currency"], row["cost"]) for row in asked.money()] == [("USD", 6), ("USD", 6)]
    assert asked.account()["lead_rows_in_other_currency"] == 1


def test_slices_by_the_event_of_a_step_add_up(engine):
    """By the source that the event of a step names; none for who did not reach it in time."""
    leads = [canonical(f"lead {n}", at(0), pid="lead's") for n in range(5)]
    events = [
        canonical("lead 0", at(1), event_id="A", pid="x"),
        canonical("lead 0", at(0), event_id="A", pid="y", campaign_id="k2"),
        canonical("lead 1", at(2), event_id="A", pid="x"),
        canonical("lead 1", at(2), event_id="A", pid="y", revenue=Decimal(1)),
        canonical("lead 2", at(9), event_id="A", pid="x"),
        canonical("lead 3", at(3), event_id="A", pid=None),
        canonical("lead 1", at(3), event_id="B", pid="z"),
    ]
    funnel = FunnelDefinition("f", (A, B), campaigns=("k1",), window_s=100)
    asked = opened(engine, leads, events, funnel)

    def slices(view):
        """Return the counts of each slice."""
        found = {}
        for row in asked.counts(view):
            found.setdefault(row[view.by[0]], []).append(row["reached"])
        return found

    assert slices(FunnelView(5, by=("pid@2",))) == {None: [3, 1, 0], "x": [1, 1, 0], "y": [1, 1, 1]}
    assert slices(FunnelView(by=("pid@2",)))["x"] == [2, 2, 0]
    assert slices(FunnelView(by=("pid@3",))) == {None: [4, 3, 0], "z": [1, 1, 1]}
    assert slices(FunnelView(by=("event_id@2",), only={"pid@2": ["y"]})) == {"A": [1, 1, 1]}
    assert [row["transaction_id"] for row in asked.drop_off(2, FunnelView(only={"pid@2": ["x"]}))]
    asked = judging.Funnel(engine, funnel, at(40))
    young = asked.rates(FunnelView(by=("pid@2",)))
    assert {row["ripeness"] for row in young if row["step"] > 1} == {"unknown"}
    with pytest.raises(BadFunnel, match="only once it has it"):
        asked.curves(3, FunnelView(by=("pid@2",)))
    with pytest.raises(BadFunnel, match=r"no such step: 4"):
        asked.counts(FunnelView(by=("pid@4",)))
    with pytest.raises(BadFunnel, match="one step at a time"):
        FunnelView(by=("pid@2", "pid@3"))
    for name in ("sub1@2", "pid@1", "pid@x", "pid@"):
        with pytest.raises(BadFunnel, match="No attribute"):
            FunnelView(by=(name,))


def test_money_names_what_its_ratios_are_of(engine):
    """Costs are those of all leads; a denied lead is not valid; nothing divided by 0 is null."""
    leads = [
        canonical("one", at(0), cost=Decimal(2), ad_spend=Decimal(1), status="sold"),
        canonical("two", at(0), cost=Decimal(2), revenue=Decimal(5), status="rejected"),
        canonical("three", at(0), cost=Decimal(7), currency="EUR"),
    ]
    events = [canonical("one", at(1), event_id="A", revenue=Decimal(30))]
    asked = opened(engine, leads, events, FunnelDefinition("f", (A, B)))
    euro, dollar = asked.money()[:3], asked.money()[3:]
    assert [row["currency"] for row in (*euro, *dollar)] == ["EUR"] * 3 + ["USD"] * 3
    assert dollar[1] == {
        "is_other": False,
        "step": 2,
        "name": "A",
        "leads": 3,
        "reached": 1,
        "currency": "USD",
        "valid": 2,
        "revenue": Decimal(30),
        "cost": Decimal(4),
        "ad_spend": Decimal(1),
        "profit": Decimal(25),
        "epl": Decimal("10.0000"),
        "rpl": Decimal("15.0000"),
        "cpl": Decimal("1.6667"),
        "cost_per_reached": Decimal("5.0000"),
        "roas": Decimal("30.0000"),
        "margin": Decimal("0.8333"),
    }
    assert (dollar[0]["revenue"], euro[0]["cost"], euro[1]["roas"]) == (5, 7, None)
    assert (dollar[2]["cost_per_reached"], dollar[2]["margin"]) == (None, None)


def test_further_money_counts_from_when_its_step_is_reached(engine):
    """Not before the chain comes there, not behind an exclusion; also where an event came early."""
    steps = (A, B, FunnelStep("Returned", ("returned",), exclusion=True))
    funnel = FunnelDefinition("f", steps, order=Order.UNORDERED, money=Money.ALL)
    leads, events = [], []
    for name in ("first rows", "row by row"):
        leads.append(canonical(name, at(10)))
        for second, amount in ((11, 1), (12, 2), (18, 4)):
            events.append(canonical(name, at(second), event_id="B", revenue=Decimal(amount)))
        events.append(canonical(name, at(15), event_id="A"))
        events.append(canonical(name, at(17), event_id="returned"))
    events.append(canonical("row by row", at(5), event_id="B", revenue=Decimal(8)))
    asked = opened(engine, leads, events, funnel)
    for window, revenue in ((4, 0), (5, 6), (20, 6)):
        brought = {row["step"]: row["revenue"] for row in asked.money(FunnelView(window))}
        assert brought.get(3, 0) == revenue


def test_slices_beyond_the_most_are_one(engine):
    """The two largest stay, the others are summed, and a filter lets only some leads pass."""
    pids = ["a", "a", "a", "b", "b", "c", None]
    leads = [canonical(f"lead {n}", at(n), pid=pid) for n, pid in enumerate(pids)]
    events = [canonical("lead 5", at(8), event_id="A")]
    asked = opened(engine, leads, events, FunnelDefinition("f", (A,)))
    rows = asked.counts(FunnelView(by=("pid",), most=2))
    assert [(r["pid"], r["is_other"], r["step"], r["reached"]) for r in rows] == [
        ("a", False, 1, 3),
        ("a", False, 2, 0),
        ("b", False, 1, 2),
        ("b", False, 2, 0),
        (None, True, 1, 2),
        (None, True, 2, 1),
    ]
    only = asked.counts(FunnelView(only={"pid": ["b", None], "campaign_id": ["k1"]}))
    assert [row["reached"] for row in only] == [3, 0]
    nobody = asked.counts(FunnelView(only={"sub1": ["x"]}))
    assert [(row["reached"], row["of_leads"]) for row in nobody] == [(0, None), (0, None)]


def test_cohorts_are_local_days_and_weeks(engine):
    """A lead at two in the morning of Monday, UTC, is one of Sunday in Los Angeles."""
    funnel = FunnelDefinition("f", (A,), zone="America/Los_Angeles", window_s=86_400)
    leads = [
        canonical("one", datetime(2026, 11, 2, 2)),
        canonical("two", datetime(2026, 11, 2, 9)),
    ]
    events = [canonical("one", datetime(2026, 11, 2, 20), event_id="A", revenue=Decimal(4))]
    asked = opened(engine, leads, events, funnel)
    days = [(row["day"], row["reached"]) for row in asked.counts(FunnelView(by=("day",)))]
    assert days == [
        (date(2026, 11, 1), 1),
        (date(2026, 11, 1), 1),
        (date(2026, 11, 2), 1),
        (date(2026, 11, 2), 0),
    ]
    weeks = asked.counts(FunnelView(by=("week",)))
    assert [row["week"] for row in weeks[::2]] == [date(2026, 10, 26), date(2026, 11, 2)]
    october = FunnelView(date_to=date(2026, 11, 2))
    assert [row["reached"] for row in asked.counts(october)] == [1, 1]
    cash = [(row["day"], row["step"], row["reached"]) for row in asked.cash()]
    assert cash == [(date(2026, 11, 1), 1, 1), (date(2026, 11, 2), 1, 1), (date(2026, 11, 2), 2, 1)]


def test_ages_are_cut_at_the_horizon_and_at_the_datas_end(engine):
    """A step reached too late, or not seen any more, is an age without it."""
    hour = 3600
    leads = [canonical(name, at(0)) for name in ("early", "late", "never")]
    leads.append(canonical("young", at(8 * hour)))
    events = [
        canonical("early", at(2 * hour + 5), event_id="A"),
        canonical("late", at(7 * hour), event_id="A"),
    ]
    asked = opened(engine, leads, events, FunnelDefinition("f", (A,)))
    asked.as_of = at(9 * hour)
    told = asked.ages(2, horizon_s=6 * hour)
    assert [(row["hours"], row["converted"], row["leads"]) for row in told] == [
        (1, False, 1),
        (2, True, 1),
        (6, False, 2),
    ]


def test_a_drop_off_list_tells_age_money_and_last_event(engine):
    """Pages of it hang together, and the last event may be one that the funnel does not have."""
    leads = [canonical(f"lead {n}", at(n), cost=Decimal(2), pid="p") for n in range(3)]
    events = [
        canonical("lead 1", at(5), event_id="A", revenue=Decimal(4)),
        canonical("lead 1", at(9), event_id="callback"),
    ]
    asked = opened(engine, leads, events, FunnelDefinition("f", (A, B), window_s=39))
    (row,) = asked.drop_off(2)
    assert row == {
        "transaction_id": "lead 1",
        "campaign_id": "k1",
        "pid": "p",
        "buyer": None,
        "entered_at": at(1),
        "reached_at": at(5),
        "age_s": 39,
        "waiting_s": 35,
        "is_young": False,
        "revenue": Decimal(4),
        "cost": Decimal(2),
        "ad_spend": None,
        "currency": "USD",
        "last_event": "callback",
        "last_event_at": at(9),
    }
    first, second = asked.drop_off(1, limit=1), asked.drop_off(1, limit=1, offset=1)
    assert [one["transaction_id"] for one in first + second] == ["lead 2", "lead 0"]
    assert first[0]["is_young"]


def test_what_no_funnel_can_be_asked_is_refused(engine):
    """The text says what there is."""
    asked = opened(engine, [canonical("one", at(0))], [], FunnelDefinition("f", (A,)))
    with pytest.raises(BadFunnel, match=r"no such step: 3\. 1 Lead, 2 A"):
        asked.drop_off(3)
    with pytest.raises(BadFunnel, match="is the last"):
        asked.drop_off(2)
    with pytest.raises(BadFunnel, match="No attribute of a lead is called 'colour'"):
        FunnelView(by=("colour",))
    with pytest.raises(BadFunnel, match="without a run"):
        asked.matrix()
