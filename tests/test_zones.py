"""Zones: names, days, and the hours that the clocks skip or repeat."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.errors import UnknownZone
from reconcile.zones import PINGTREE_OFFSETS, day_offsets, midnight_utc, utc_of, zone_of

PACIFIC = zone_of("America/Los_Angeles")


@pytest.mark.parametrize(("code", "hours"), PINGTREE_OFFSETS.items())
def test_a_pingtree_code_is_a_fixed_offset_in_summer_too(code, hours):
    assert utc_of(datetime(2026, 7, 1), zone_of(code)) == datetime(2026, 7, 1) - timedelta(
        hours=hours
    )


def test_a_zone_nobody_knows_is_refused_with_its_nearest_names():
    with pytest.raises(UnknownZone, match="America/Los_Angeles"):
        zone_of("America/Los_Angelos")


@pytest.mark.parametrize("name", ["", "../etc/passwd", "PDT", "\0"])
def test_what_is_no_zone_is_refused(name):
    with pytest.raises(UnknownZone):
        zone_of(name)


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        (datetime(2025, 3, 9, 2, 30), datetime(2025, 3, 9, 10, 30)),  # missing: moved forward
        (datetime(2025, 11, 2, 1, 30), datetime(2025, 11, 2, 9, 30)),  # doubled: the second
        (datetime(2025, 11, 2, 0, 59), datetime(2025, 11, 2, 7, 59)),
        (datetime(2025, 11, 2, 2, 0), datetime(2025, 11, 2, 10, 0)),
    ],
)
def test_skipped_and_doubled_hours_have_one_reading(local, utc):
    assert utc_of(local, PACIFIC) == utc


def test_a_day_that_begins_with_a_skipped_hour_begins_after_it():
    assert midnight_utc(date(2018, 11, 4), zone_of("America/Sao_Paulo")) == datetime(2018, 11, 4, 3)


def test_the_change_of_clocks_is_found_to_the_second():
    ((_, change, before, after),) = day_offsets(date(2026, 11, 1), date(2026, 11, 1), PACIFIC)
    assert (change, before, after) == (
        datetime(2026, 11, 1, 9),
        timedelta(hours=-7),
        timedelta(hours=-8),
    )


@given(
    st.datetimes(datetime(2015, 1, 1), datetime(2027, 1, 1)),
    st.sampled_from(
        ["America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata"]
    ),
)
def test_the_table_of_offsets_gives_the_zones_own_local_time(utc, name):
    zone = ZoneInfo(name)
    ((_, change, before, after),) = day_offsets(utc.date(), utc.date(), zone)
    local = utc + (before if utc < change else after)
    assert local == utc.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None)
