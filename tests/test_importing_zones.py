"""Matched events suggest a zone and a date order, with their figures; a person answers."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from importing_help import read
from reconcile.errors import QuestionOpen
from reconcile.importing import import_file
from reconcile.importing.forms.evidence import zone_said
from reconcile.terms import Kind
from reconcile.warehouse import open_store
from reconcile.zones import zone_of

MINUTES = random.Random(5)


def pairs(zone: str, months: list[int], count: int = 40):
    """Return events of some months, each with the local time of a row some minutes later."""
    found = []
    for number in range(count):
        event = datetime(2025, months[number % len(months)], 1 + number % 27, number % 24)
        later = (event + timedelta(minutes=MINUTES.randrange(1, 59))).replace(tzinfo=UTC)
        found.append((event, later.astimezone(zone_of(zone)).replace(tzinfo=None)))
    return found


@pytest.mark.parametrize("zone", ["PST", "America/Los_Angeles", "UTC", "Europe/Berlin"])
def test_a_zone_is_told_by_winter_and_summer_together(zone):
    """Fixed PST is told from Los Angeles, whose clocks change."""
    said = zone_said(pairs(zone, [1, 2, 6, 7], 80))
    assert said.suggestion == zone
    assert "100% of them lie within 1 h" in said.lines[0]
    assert any("in summer" in line for line in said.lines)


def test_winter_alone_does_not_tell_pst_from_los_angeles():
    """Nothing is suggested, and both are named."""
    said = zone_said(pairs("PST", [1, 2]))
    assert said.suggestion is None
    assert "America/Los_Angeles, PST" in said.lines[-1]


@pytest.mark.parametrize("count", [0, 5, 19])
def test_few_pairs_suggest_nothing(count):
    """Twenty are enough."""
    assert zone_said(pairs("PST", [1, 7], count)).suggestion is None
    assert zone_said(pairs("PST", [1, 7], 24)).suggestion == "PST"


def test_days_without_a_clock_suggest_nothing():
    """They can show that a zone is missing, not which."""
    days = [(event, local.replace(hour=0, minute=0)) for event, local in pairs("PST", [1, 7])]
    assert zone_said(days).suggestion is None


class Known:
    """Events by id."""

    def __init__(self, times):
        self.times = times

    def of(self, ids):
        return {name: self.times[name] for name in ids if name in self.times}


def test_the_order_of_dates_is_suggested_by_matched_events(tmp_path):
    """Both orders fit the values; the events of the leads fit but one, and no answer is taken."""
    events = {f"t{n}": datetime(2025, 1 + n % 12, 1 + n % 11, 9) for n in range(60)}
    rows = "".join(
        f"{name},{at + timedelta(hours=3):%d/%m/%Y %H:%M},1.5\n" for name, at in events.items()
    )
    with pytest.raises(QuestionOpen) as caught:
        read(tmp_path, "transaction_id,occurred_at,revenue\n" + rows, known_times=Known(events))
    [question] = caught.value.questions
    assert question.suggestion == "dmy"
    assert any("60 rows match" in line for line in question.evidence)


def test_an_import_holds_times_against_the_stored_events(tmp_path):
    """The question for the zone shows what the events say; the suggestion can be taken."""
    local = ZoneInfo("America/Los_Angeles")
    moments = [datetime(2025, 1 + n % 12, 2 + n % 25, n % 24, tzinfo=UTC) for n in range(120)]
    events = "".join(f"t{n},sale,{at:%Y-%m-%dT%H:%M:%SZ},5\n" for n, at in enumerate(moments))
    claims = "".join(
        f"t{n},{(at + timedelta(minutes=7)).astimezone(local):%Y-%m-%d %H:%M},5.5,acme,sold\n"
        for n, at in enumerate(moments)
    )
    (tmp_path / "e.csv").write_text("transaction_id,event_id,conversion_date,revenue\n" + events)
    (tmp_path / "c.csv").write_text("transaction_id,occurred_at,revenue,buyer,status\n" + claims)
    with open_store(tmp_path / "home") as store:
        import_file(store, tmp_path / "e.csv", kind=Kind.EVENT)
        with pytest.raises(QuestionOpen, match="America/Los_Angeles 100% of them") as caught:
            import_file(store, tmp_path / "c.csv", kind=Kind.CLAIM)
        zone = next(q for q in caught.value.questions if q.key == "zone")
        assert zone.suggestion == "America/Los_Angeles"
        done = import_file(store, tmp_path / "c.csv", kind=Kind.CLAIM, take_suggestions=True)
    assert done.staged is not None
    assert done.staged.first_at == min(moments).replace(tzinfo=None) + timedelta(minutes=7)
