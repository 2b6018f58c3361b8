"""What speaks against firing beside a postback's own row: caps, ages, sources, and who approves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from firing_world import FAST, RULES, approved, fired, need, needs, once, truth
from reconcile.errors import FiringError
from reconcile.firing import (
    Blocked,
    PostbackState,
    approve,
    check_approver,
    check_caps,
    fire,
    make_plan,
    open_ledger,
)
from reconcile.firing.engine import canary
from reconcile.firing.holding import Facts, hold_back
from reconcile.firing.settings import Caps, Endpoint, FiringSettings
from reconcile.sandbox import running_sandbox

HOST = "http://127.0.0.1:8900"
REAL = "https://platform.test"
NOW = datetime.fromisoformat("2026-11-10 12:00:00")
FRESH = NOW - timedelta(hours=23)


@pytest.fixture
def ledger(home):
    """Return the sandbox's ledger of an empty home."""
    ledger = open_ledger(home)
    yield ledger
    ledger.close()


def held(facts=None, settings=None, **changes):
    """Return why a need is held back, None if it is not."""
    facts = facts or Facts(REAL, NOW, FRESH)
    (found,) = hold_back([need(**changes)], facts, settings or FiringSettings())
    return found.blocked, found.blocked_detail


def test_a_need_that_nothing_speaks_against_is_let_through():
    """As it is, whatever the target."""
    assert held() == (None, "")
    assert held(Facts(HOST, NOW)) == (None, "")


def test_a_source_that_is_set_as_inactive_is_not_asked():
    """The platform would refuse it."""
    reason, detail = held(settings=FiringSettings(inactive=("s77",)))
    assert reason is Blocked.SOURCE_INACTIVE
    assert "s77" in detail


def test_a_conversion_that_is_too_old_is_not_fired():
    """The limit is one of days, exact to the second; the sandbox knows no age."""
    short = FiringSettings(oldest_days=7)
    edge = NOW - timedelta(days=7)
    assert held(settings=short, occurred_at=edge)[0] is None
    late = edge - timedelta(seconds=1)
    assert held(settings=short, occurred_at=late)[0] is Blocked.TOO_OLD
    assert held(Facts(HOST, NOW), short, occurred_at=late)[0] is None


@pytest.mark.parametrize("taken", [None, NOW - timedelta(hours=24, seconds=1)])
def test_without_a_fresh_export_nothing_is_planned_but_for_a_reason(taken):
    """What the export cannot show may have been stored since."""
    reason, detail = held(Facts(REAL, NOW, taken))
    assert reason is Blocked.OLD_EXPORT
    assert "24 hours" in detail
    told = Facts(REAL, NOW, taken, old_export_because="the platform exports weekly")
    assert held(told)[0] is None


def test_an_amount_far_above_the_campaigns_is_not_fired():
    """A slip of a decimal point would trigger a payout of a thousand sales."""
    facts = Facts(REAL, NOW, FRESH, ceilings={"c1": Decimal("50")})
    assert held(facts, revenue=Decimal(500))[0] is None
    reason, detail = held(facts, revenue=Decimal("500.01"))
    assert (reason, "p99_times" in detail) == (Blocked.TOO_MUCH, True)
    off = FiringSettings(caps=Caps(p99_times=None))
    assert held(facts, off, revenue=Decimal("500.01"))[0] is None


def test_what_was_said_of_a_need_before_stays():
    """A person's decision is told before a limit."""
    assert held(settings=FiringSettings(inactive=("s77",)), blocked=Blocked.IGNORED)[0] == "ignored"


CAPS = [
    (Caps(plan_count=2), "plan_count"),
    (Caps(plan_revenue=Decimal("119.99")), "plan_revenue"),
    (Caps(campaign_count=2), "of campaign c1, and campaign_count"),
    (Caps(campaign_revenue=Decimal("119.99")), "120.00 USD of campaign c1"),
    (Caps(day_count=2), "day_count"),
    (Caps(day_revenue=Decimal("119.99")), "day_revenue"),
]


@pytest.mark.parametrize(("caps", "says"), CAPS, ids=[says for _, says in CAPS])
def test_16_a_cap_is_never_passed(ledger, caps, says):
    """Three postbacks of 40 dollars; the message names the cap, the figures and the cure."""
    plan = make_plan(ledger, needs(3), host=HOST).id
    with pytest.raises(FiringError, match=says) as caught:
        check_caps(ledger, plan, caps)
    assert "Nothing was sent" in str(caught.value)
    wide = Caps(3, Decimal(120), 3, Decimal(120), 3, Decimal(120))
    check_caps(ledger, plan, wide)


def test_what_was_sent_today_counts_for_the_day(ledger):
    """Also of another plan; fewer of the rest may still go, the largest for all that is known."""
    with running_sandbox(rules=RULES) as url:
        fired(ledger, needs(2), url)
        more = [need(transaction_id=f"m{n}", revenue=Decimal(10 * n)) for n in (1, 2, 3)]
        plan = approved(ledger, more, url)
        day = Caps(day_count=4, day_revenue=Decimal(130))
        with pytest.raises(FiringError, match="2 of them sent today"):
            check_caps(ledger, plan, day)
        check_caps(ledger, plan, day, limit=2)
        with pytest.raises(FiringError, match="day_revenue"):
            check_caps(ledger, plan, replace(day, day_revenue=Decimal(129)), limit=2)
        ledger.clock = lambda: 4_000_000_000.0
        check_caps(ledger, plan, Caps(day_count=3))
        assert truth(url)["read"] == 2


def test_what_was_cancelled_counts_for_nothing(ledger):
    """A cap is about what may still go out or has."""
    plan = make_plan(ledger, needs(3), host=HOST).id
    ledger.cancel(plan)
    check_caps(ledger, plan, Caps(plan_count=1))


def test_who_plans_may_not_approve_where_two_have_to(ledger):
    """The user is that of the operating system, not what the environment says."""
    plan = make_plan(ledger, needs(1), host=HOST).id
    made_by = ledger.plan_row(plan)["made_by"]
    with pytest.raises(FiringError, match="second_user"):
        check_approver(ledger, plan, made_by, second_user=True)
    check_approver(ledger, plan, made_by, second_user=False)
    check_approver(ledger, plan, f"{made_by}2", second_user=True)


def test_the_canary_goes_first_and_once(ledger):
    """Three of a plan, then all; a plan of three needs none."""
    with running_sandbox(rules=RULES) as url:
        plan = approved(ledger, needs(5), url)
        assert canary(ledger, plan, 3) == 3
        assert canary(ledger, plan, 0) is None
        assert canary(ledger, plan, 5) is None
        assert canary(ledger, plan, 4) == 4
        fire(ledger, plan, pace=FAST, limit=3)
        assert canary(ledger, plan, 3) is None
        assert truth(url)["read"] == 3


def test_a_campaign_may_be_fired_at_by_the_organisations_endpoint(ledger):
    """Path and name of the amount are another, and so is the plan; without an id it is refused."""
    settings = FiringSettings(endpoint={"c1": Endpoint.GLOBAL}, org_id="o 1", amount_name="revenue")
    plain = make_plan(ledger, [need()], host=HOST)
    ledger.cancel(plain.id)
    made = make_plan(ledger, [need()], host=HOST, settings=settings)
    (one,) = made.postbacks
    assert one.path == "/api/event/global/o%201"
    assert b'"revenue":40.00' in one.body
    assert b"amount" not in one.body
    assert made.hash != plain.hash
    with pytest.raises(FiringError, match="org_id"):
        make_plan(ledger, [need()], host=HOST, settings=replace(settings, org_id=None))


def test_a_campaign_may_be_fired_at_by_the_endpoint_without_a_date(ledger):
    """The campaign stands in the body, and the amount is called revenue; no date is sent."""
    settings = FiringSettings(endpoint={"c1": Endpoint.TRIGGER})
    wanted = [need(clid="k1"), once(transaction_id="t2")]
    with running_sandbox(rules=RULES) as url:
        made = make_plan(ledger, wanted, host=url, settings=settings)
        assert [(one.path, one.body) for one in made.postbacks] == [
            (
                "/api/event/trigger",
                b'{"cid":"c1","event_id":"sale","pid":"s77","revenue":40.00,"transaction_id":"t1"}',
            ),
            (
                "/api/event/trigger",
                b'{"cid":"c1","event_id":"lead","pid":"s77","revenue":40.00,"transaction_id":"t2"}',
            ),
        ]
        approve(ledger, made.id, made.phrase)
        assert fire(ledger, made.id, pace=FAST).counts == {PostbackState.CONFIRMED: 2}
        log = truth(url)
    assert {one["amount"] for one in log["events"]} == {"40.00"}
    assert all(one["happened_at"] > "2026-11-04" for one in log["events"])
    assert make_plan(ledger, wanted, host=url).rows == 0


def test_a_plan_says_what_it_is_to_bring(ledger):
    """By campaign, buyer and source, each currency for itself."""
    wanted = [
        need(buyer="acme"),
        need(transaction_id="t2", buyer="acme", currency="CAD"),
        need(transaction_id="t3", pid="s1", revenue=Decimal("1.5")),
    ]
    made = make_plan(ledger, wanted, host=HOST, note="weekly exports")
    assert made.note == "weekly exports"
    assert made.expected() == (
        ("campaign", "c1", "CAD", 1, Decimal(40)),
        ("campaign", "c1", "USD", 2, Decimal("41.5")),
        ("buyer", "(none)", "USD", 1, Decimal("1.5")),
        ("buyer", "acme", "CAD", 1, Decimal(40)),
        ("buyer", "acme", "USD", 1, Decimal(40)),
        ("source", "s1", "USD", 1, Decimal("1.5")),
        ("source", "s77", "CAD", 1, Decimal(40)),
        ("source", "s77", "USD", 1, Decimal(40)),
    )
