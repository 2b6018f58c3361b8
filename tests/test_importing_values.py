"""One cell becomes exactly one value, NULL or a reject with its reason; nothing is guessed."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importing_help import read
from reconcile.errors import QuestionOpen, UnknownZone
from reconcile.zones import utc_of, zone_of

HEAD = "transaction_id,occurred_at,revenue,currency,status\n"


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("12.5", "12.5"),
        ("$1234.50", "1234.50"),
        ("(3.00)", "-3"),
        ("-$5", "-5"),
        ("5.25-", "-5.25"),
        ("99999999999999.9999", "99999999999999.9999"),
        ("0.0001", "0.0001"),
    ],
)
def test_an_amount_is_read_to_its_last_digit(tmp_path, cell, amount):
    """Signs, brackets and currency signs are understood; nothing passes through a float."""
    got = read(tmp_path, f"{HEAD}t1,2025-10-01,{cell},USD,\n")
    assert got.column("revenue") == [Decimal(amount)]
    assert got.column("revenue_e4") == [int(Decimal(amount) * 10000)]


@pytest.mark.parametrize("cell", ["", "NULL", "null", "N/A", "n/a", "-", " "])
def test_a_word_for_unknown_is_no_amount_and_no_zero(tmp_path, cell):
    """Unknown is NULL."""
    got = read(tmp_path, f"{HEAD}t1,2025-10-01,{cell},USD,\n")
    assert got.column("revenue") == [None]
    assert got.rejects == []


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("1e3", "not an amount"),
        ("12.34567", "four decimals"),
        ("12.5%", "not an amount"),
        ('"1,2,3"', "not an amount"),
        ("999999999999999", "not an amount"),
        ("nan", "not an amount"),
        ("--5", "not an amount"),
        ("(-5)", "not an amount"),
        ("1_000", "not an amount"),
    ],
)
def test_what_is_no_amount_is_rejected_and_never_rounded(tmp_path, cell, why):
    """The reject names line, column, text and reason."""
    got = read(tmp_path, f"{HEAD}t1,2025-10-01,1.50,USD,\nt2,2025-10-01,{cell},USD,\n")
    [(line, column, value, reason)] = got.rejects
    assert (line, column, value) == (3, "revenue", cell.strip('"'))
    assert why in reason
    assert got.column("transaction_id") == ["t1"]


def test_a_stated_decimal_comma_is_obeyed(tmp_path):
    """Then the point marks thousands, and a decimal point is rejected."""
    text = "transaction_id;occurred_at;revenue\nt1;2025-10-01;1.234,50\nt2;2025-10-01;12.50\n"
    got = read(tmp_path, text, mapping='decimal = ","')
    assert got.column("revenue") == [Decimal("1234.50")]
    assert got.rejects[0][0] == 3


def test_an_amount_that_can_be_a_thousand_or_a_fraction_is_asked(tmp_path):
    """1.234 alone may be 1234 elsewhere; another amount of the column settles it."""
    with pytest.raises(QuestionOpen, match="decimal = "):
        read(tmp_path, f"{HEAD}t1,2025-10-01,1.234,USD,\nt2,2025-10-01,17,USD,\n")
    got = read(tmp_path, f"{HEAD}t1,2025-10-01,1.234,USD,\nt2,2025-10-01,17.5,USD,\n")
    assert got.column("revenue") == [Decimal("1.234"), Decimal("17.5")]


@pytest.mark.parametrize("cell", ["US$", "Dollar", "U5D"])
def test_a_currency_has_three_letters(tmp_path, cell):
    """usd is USD; anything else is rejected."""
    got = read(tmp_path, f"{HEAD}t1,2025-10-01,1.5,usd,\nt2,2025-10-01,1.5,{cell},\n")
    assert got.column("currency") == ["USD"]
    assert [reject[1] for reject in got.rejects] == ["currency"]


@pytest.mark.parametrize("cell", ["1.23E+15", "1.23457E+15", "1,5E+18"])
def test_an_id_that_excel_rounded_is_rejected_by_name(tmp_path, cell):
    """An id such as 12E5 is an id."""
    got = read(tmp_path, f'{HEAD}"{cell}",2025-10-01,1.5,USD,\n12E5,2025-10-01,1.5,USD,\n')
    assert got.column("transaction_id") == ["12E5"]
    assert "rounded by Excel" in got.rejects[0][3]


def test_an_id_keeps_its_zeros_and_blanks(tmp_path):
    """The raw cell is kept, placeholders too; these have no key, because they name no lead."""
    got = read(tmp_path, f"{HEAD}00007919,,1.5,,\n t2 ,,1.5,,\nnull,,1.5,,\n,,1.5,USD,\n")
    assert got.column("transaction_id") == ["00007919", " t2 ", "null", None]
    assert [key is not None for key in got.column("key_hi")] == [True, True, False, False]


@pytest.mark.parametrize(
    ("cell", "utc"),
    [
        ("2025-10-01", "2025-10-01 00:00:00"),
        ("2025-10-01 10:20", "2025-10-01 10:20:00"),
        ("2025-10-01T10:20:30.5", "2025-10-01 10:20:30.5"),
    ],
)
def test_an_iso_time_is_read_in_its_zone(tmp_path, cell, utc):
    """The codes of Pingtree know no daylight saving: PST is eight hours in summer too."""
    got = read(tmp_path, f"{HEAD}t1,{cell},1.5,,\n", zone="PST")
    shifted = datetime.fromisoformat(utc).replace(tzinfo=zone_of("PST")).astimezone(UTC)
    assert got.column("occurred_at") == [shifted.replace(tzinfo=None)]
    assert got.staged.zone_stated_by == "run"


@pytest.mark.parametrize("cell", ["2025-02-30", "2025-10-01 24:00", "2025-13-01", "25-10-01", "x"])
def test_an_impossible_time_is_rejected(tmp_path, cell):
    """One bad time costs its row, with the reason, and no other."""
    got = read(tmp_path, f"{HEAD}t1,2025-10-01,1.5,,\nt2,2025-10-01,1.5,,\nt3,{cell},1.5,,\n")
    assert len(got.rows) == 2
    assert got.rejects[0][:3] == (4, "occurred_at", cell)


def test_times_with_a_zone_need_no_other(tmp_path):
    """Offsets and Z are obeyed; the one without stands out and is rejected."""
    text = f"{HEAD}t1,2025-10-01T10:00:00Z,,,\nt2,2025-10-01T10:00:00+02:00,,,\nt3,2025-10-01,,,\n"
    got = read(tmp_path, text, zone=None)
    assert [time.hour for time in got.column("occurred_at")] == [10, 8]
    assert (got.staged.zone, got.staged.zone_stated_by) == ("UTC", "values")
    assert "without a zone" in got.rejects[0][3]


def test_times_without_a_zone_are_asked(tmp_path):
    """The message names the line to add; a stated zone is obeyed, an unknown one refused."""
    with pytest.raises(QuestionOpen, match='zone = "'):
        read(tmp_path, f"{HEAD}t1,2025-10-01 10:00:00,1.5,,\n", zone=None)
    with pytest.raises(UnknownZone, match="Mars"):
        read(tmp_path, f"{HEAD}t1,2025-10-01 10:00:00,1.5,,\n", zone="Mars/Olympus")


@pytest.mark.parametrize("cell", ["yesterday", "2025/13/13", "May 2025"])
def test_a_date_of_an_unknown_form_is_asked_with_samples(tmp_path, cell):
    """The question names two lines, and how to state a form."""
    rows = f't1,"{cell}",1.5,,\nt2,"{cell}",1.5,,\n'
    with pytest.raises(QuestionOpen, match=r"(?s)line 2.*line 3.*date_format = "):
        read(tmp_path, HEAD + rows)


@pytest.mark.parametrize(
    ("form", "cell", "utc"),
    [
        ("%m/%d/%Y %H:%M", "03/04/2025 10:30", "2025-03-04T10:30:00"),
        ("%d/%m/%Y", "03/04/2025", "2025-04-03T00:00:00"),
        ("%m/%d/%Y %I:%M %p", "03/04/2025 01:30 PM", "2025-03-04T13:30:00"),
        ("unix", "1760000000", "2025-10-09T08:53:20"),
        ("%d/%m/%Y %H:%M %z", "03/04/2025 10:30 +0200", "2025-04-03T08:30:00"),
    ],
)
def test_a_stated_date_format_is_obeyed(tmp_path, form, cell, utc):
    """One format for the column; a value of another one is rejected, a short year too."""
    text = f"{HEAD}t1,{cell},1.5,,\nt2,31/31/2025,1.5,,\nt3,03/04/24,1.5,,\n"
    got = read(tmp_path, text, mapping=f'date_format = "{form}"')
    assert [time.isoformat() for time in got.column("occurred_at")] == [utc]
    assert [reject[0] for reject in got.rejects] == [3, 4]


def test_a_zone_code_beside_the_time_is_obeyed(tmp_path):
    """Each row its own; one without a code falls back on the stated zone."""
    text = """
        transaction_id,conversion_date,conversion_timezone,pid,buyer_name
        t1,2025-07-01 10:00:00,PST,p,Acme
        t2,2025-07-01 10:00:00,,p,Acme
        t3,2025-07-01 10:00:00,XYZ,p,Acme
        """
    got = read(tmp_path, text, zone="America/New_York")
    assert [time.hour for time in got.column("occurred_at")] == [18, 14]
    assert got.rejects[0][:3] == (4, "time_zone", "XYZ")


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(
        ["America/Los_Angeles", "Europe/Berlin", "Australia/Sydney", "America/Sao_Paulo"]
    ),
    st.lists(
        st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2030-01-01")),
        min_size=1,
        max_size=30,
    ),
)
def test_local_times_become_utc_as_everywhere_else(tmp_path_factory, zone, times):
    """Of a doubled hour the second; a missing hour is rejected, never moved."""
    near = [
        *times,
        datetime.fromisoformat("2025-03-30T02:30"),
        datetime.fromisoformat("2025-11-02T01:30"),
    ]
    there = zone_of(zone)
    missing = {time for time in near if _is_missing(time, there)}
    text = HEAD + "".join(f"t,{time.isoformat(sep=' ')},,,\n" for time in near)
    got = read(tmp_path_factory.mktemp("zone"), text, zone=zone)
    kept = [time for time in near if time not in missing]
    assert got.column("occurred_at") == [utc_of(time, there) for time in kept]
    assert {value for _, _, value, _ in got.rejects} == {t.isoformat(sep=" ") for t in missing}
    assert all("the clocks of" in reason for *_, reason in got.rejects)


def _is_missing(local, zone):
    there = local.replace(tzinfo=zone).astimezone(UTC)
    return there.astimezone(zone).replace(tzinfo=None) != local


@pytest.mark.parametrize(
    ("cell", "utc"),
    [
        ("2026-09-03T07:53:28-07:00", datetime(2026, 9, 3, 14, 53, 28)),
        ("2024-02-29T00:00:00+14:59", datetime(2024, 2, 28, 9, 1)),
        ("2026-09-03 07:53:28-07:00", datetime(2026, 9, 3, 14, 53, 28)),
        ("2026-09-03T07:53:28-99:00", None),
        ("2026-09-03T07:53:28-07:60", None),
        ("2026-09-03T07:53:28+15:00", None),
        ("2026-9-03T07:53:028-07:00", None),
        ("2026-9-03T07:53:28 -07:00", datetime(2026, 9, 3, 14, 53, 28)),  # by another form
        ("2026-02-30T07:53:28-07:00", None),
        ("2026-09-03T24:00:00-07:00", None),
        ("2126-09-03T07:53:28-07:00", datetime(2126, 9, 3, 14, 53, 28)),  # by another form
    ],
)
def test_a_time_with_an_offset_is_read_exactly_or_rejected(tmp_path, cell, utc):
    """The quick way through the commonest form takes nothing that the patterns refuse."""
    good = "".join(f"t{n},2026-09-03T07:53:2{n}-07:00,1,USD,\n" for n in range(9))
    got = read(tmp_path, f"{HEAD}{good}x,{cell},1,USD,\n")
    assert [row["occurred_at"] for row in got.rows if row["transaction_id"] == "x"] == [
        time for time in (utc,) if time
    ]
    assert len(got.rejects) == (utc is None)
