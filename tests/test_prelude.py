"""The prelude's functions keep their contracts: literal values that every engine must give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reconcile.engine import Engine
from tests.reference_terms import canonical, loose

INVISIBLE = {
    "no-break space": "\u00a0",
    "zero width space": "\u200b",
    "zero width joiner": "\u200d",
    "byte order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "left-to-right mark": "\u200e",
    "right-to-left override": "\u202e",
    "word joiner": "\u2060",
    "line separator": "\u2028",
    "ideographic space": "\u3000",
    "tab": "\t",
    "line feed": "\n",
    "escape": "\x1b",
}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = Engine()
    yield engine
    engine.close()


def answer(engine: Engine, expression: str, *values: Any) -> Any:
    """Return what an expression of `?` says of values."""
    row = engine._con.execute(f"select {expression}", list(values)).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("X b", "Xb"),
        ("AB-x", "AB-x"),
        ("1B4E28BA-2FA1-11D2-883F-0016D3CCA427", "1b4e28ba-2fa1-11d2-883f-0016d3cca427"),
        ("", None),
        (None, None),
        (" \u00a0\u200b", None),
        (" AB12 ", "ab12"),
        ("ABCDEF0123456789-", "abcdef0123456789-"),
        ("abcdefg", "abcdefg"),
        ("ABCDEFG", "ABCDEFG"),
        ("0042", "0042"),
        ("a.b", "a.b"),
        ("A:B", "A:B"),
        ("A,B", "A,B"),
        ("A[B]", "A[B]"),
        ("A{B}~", "A{B}~"),
        ("A!B", "A!B"),
        ("K\u00e9-9z", "K\u00e9-9z"),
        ("\U0001f600A", "\U0001f600A"),
        ("\uff21\uff22", "\uff21\uff22"),  # full width letters are no hexadecimal digits
    ],
)
def test_a_canonical_id_keeps_every_visible_character(engine, raw, expected):
    """Case folds only where nothing but hexadecimal digits and dashes is left."""
    assert answer(engine, "norm_key(?)", raw) == expected


@pytest.mark.parametrize("char", INVISIBLE.values(), ids=INVISIBLE)
def test_invisible_characters_are_no_part_of_an_id(engine, char):
    """In front, behind and within, for every kind of id."""
    assert answer(engine, "norm_key(?)", f"{char}Le{char}ad-1{char}") == "Lead-1"
    assert answer(engine, "norm_key(?)", f"{char}AB{char}12{char}") == "ab12"


def test_a_look_alike_is_another_id(engine):
    """Cyrillic a and e, Greek omicron: two leads are never merged by their looks."""
    for latin, other in (("lead", "le\u0430d"), ("lead", "l\u0435ad"), ("Zoo", "Z\u03bfo")):
        assert answer(engine, "norm_key(?)", other) == other
        assert answer(engine, "norm_key(?) <> norm_key(?)", latin, other) is True
        assert answer(engine, "loose_key(?) <> loose_key(?)", latin, other) is True


def test_a_combining_mark_is_a_visible_character(engine):
    """An accent written apart is not the letter with its accent, but loosely it is no letter."""
    assert answer(engine, "norm_key(?)", "Ke\u0301z") == "Ke\u0301z"
    assert answer(engine, "loose_key(?)", "Ke\u0301z") == "kez"


@pytest.mark.parametrize(
    ("norm", "expected"),
    [
        ("00-Le\u00e4d/7.0", "le\u00e4d70"),
        ("Lead-X7", "leadx7"),
        ("0042", "42"),
        ("4.2", "42"),
        ("100", "100"),
        ("00-0", None),
        ("--", None),
        ("\u00c9", "\u00e9"),
        ("\u0661\u0662", "\u0661\u0662"),  # digits of another script stay
        (None, None),
    ],
)
def test_a_loose_id_is_letters_and_digits_without_leading_zeros(engine, norm, expected):
    assert answer(engine, "loose_key(?)", norm) == expected


def test_the_example_of_a_loose_id_in_the_documents_is_true(engine):
    """The two ids that its row names as equal are, and the one that it names as another is not."""
    page = (Path(__file__).parents[1] / "docs" / "matching.md").read_text(encoding="utf-8")
    (row,) = (line for line in page.splitlines() if line.startswith("| `loose_id` |"))
    one, same, other = re.findall("`([^`]+)`", row)[1:]
    assert answer(engine, "loose_key(?) = loose_key(?)", one, same) is True
    assert answer(engine, "loose_key(?) <> loose_key(?)", one, other) is True


def test_every_character_of_the_basic_plane_is_read_as_the_rules_read_it(engine):
    """Between letters and alone among hexadecimal digits."""
    chars = [chr(n) for n in range(1, 0x10000) if not 0xD800 <= n < 0xE000]
    raws = [f"Z{c}y" for c in chars] + [f"A{c}b1" for c in chars]
    engine.upload("raw_id", {"raw": "varchar"}, [(raw,) for raw in raws])
    found = engine._con.table("raw_id").project("raw, norm_key(raw), loose_key(norm_key(raw))")
    wrong = [raw for raw, norm, _ in found.fetchall() if norm != canonical(raw)]
    assert wrong == []
    wrong = [raw for raw, norm, key in found.fetchall() if key != loose(norm)]
    assert wrong == []


@pytest.mark.parametrize("norm", ["0", "null", "NULL", "none", "NaN", "N/A", "na", "-", "Test"])
def test_placeholders_in_any_case_identify_nothing(engine, norm):
    assert answer(engine, "usable_id(?)", norm) is False


@pytest.mark.parametrize("norm", ["00", "nul", "nulls", "test1", "--", "n", "tests", "a"])
def test_what_only_looks_like_a_placeholder_identifies(engine, norm):
    assert answer(engine, "usable_id(?)", norm) is True


def test_no_id_is_not_usable_and_that_is_known(engine):
    """False and not unknown: a condition on it must not lose rows."""
    assert answer(engine, "usable_id(?)", None) is False


@pytest.mark.parametrize(
    ("norm", "high", "low"),
    [
        ("ab12-cd34", 6126177449719731550, 6452793014338989157),
        ("LeadX7", 4474434188087551232, 7122408808379408763),
        ("K\u00e9-9z", 4614599790378757480, 7776158983295388405),
    ],
)
def test_the_halves_of_a_key_are_the_same_for_ever(engine, norm, high, low):
    """The md5, its last byte the highest, as one number: its upper and its lower 63 bits.

    They are stored in batches: a change of theirs would part old rows from new ones.
    """
    assert (answer(engine, "key_hi(?)", norm), answer(engine, "key_lo(?)", norm)) == (high, low)


def test_key_halves_are_never_negative_and_never_both_alike(engine):
    """Each has 63 bits; md5's highest bits are set about half the time."""
    rows = [(f"lead-{n}",) for n in range(5000)]
    engine.upload("norm_id", {"norm": "varchar"}, rows)
    keys = engine._con.table("norm_id").project("key_hi(norm), key_lo(norm)").fetchall()
    assert all(0 <= half < 2**63 for key in keys for half in key)
    assert len(set(keys)) == len(rows)
    assert any(high > 2**62 for high, _ in keys)
    assert any(low > 2**62 for _, low in keys)
    assert answer(engine, "key_hi(?)", None) is answer(engine, "key_lo(?)", None) is None


def test_ten_thousandths_become_money_exactly(engine):
    """Up to the widest amount, below zero, and unknown."""
    widest = 123456789012341234
    assert answer(engine, "money_of(?)", widest) == Decimal("12345678901234.1234")
    assert answer(engine, "money_of(?)", -1) == Decimal("-0.0001")
    assert answer(engine, "money_of(?)", None) is None
    assert answer(engine, "typeof(money_of(?))", widest) == "DECIMAL(38,4)"


def test_a_sum_of_ten_thousandths_is_exact_and_no_float(engine):
    """A sum of BIGINT is a HUGEINT, which Parquet would get as a DOUBLE."""
    engine.upload("amount", {"e4": "bigint"}, [(999999999999999999,), (1,), (3,)] * 7)
    found = engine._con.table("amount").aggregate("exact_sum(e4), typeof(exact_sum(e4))")
    assert found.fetchall() == [(Decimal(7000000000000000021), "DECIMAL(30,0)")]
    total = engine._con.table("amount").aggregate("money_of(exact_sum(e4))").fetchall()
    assert total == [(Decimal("700000000000000.0021"),)]


@pytest.mark.parametrize(
    ("utc", "offset", "expected"),
    [
        (datetime(2026, 11, 1, 6, 59, 59), -7 * 3600, date(2026, 10, 31)),
        (datetime(2026, 11, 1, 7), -7 * 3600, date(2026, 11, 1)),
        (datetime(2026, 12, 31, 18, 14, 59), 20700, date(2026, 12, 31)),  # Kathmandu, +5:45
        (datetime(2026, 12, 31, 18, 15), 20700, date(2027, 1, 1)),
        (datetime(2026, 2, 28, 23, 59, 59, 999999), 0, date(2026, 2, 28)),
        (None, 0, None),
        (datetime(2026, 1, 1), None, None),
    ],
)
def test_a_local_day_begins_at_local_midnight(engine, utc, offset, expected):
    """The zone's own offset at that time is what counts."""
    assert (
        answer(engine, "local_day(?::timestamp, to_seconds(?::integer))", utc, offset) == expected
    )


def test_a_time_comes_back_from_its_microseconds(engine):
    """Before 1970, too, and NULL stays NULL."""
    for time in (datetime(2026, 11, 1, 12, 0, 0, 1), datetime(1969, 12, 31, 23, 59, 59), None):
        assert answer(engine, "time_at(microseconds_of(?::timestamp))", time) == time


def test_times_are_compared_in_whole_microseconds(engine):
    """Whichever comes first; unknown if either is."""
    early, late = datetime(2026, 1, 1), datetime(2026, 1, 1, 0, 0, 1, 1)
    distance = "microseconds_between(?::timestamp, ?::timestamp)"
    assert answer(engine, distance, early, late) == answer(engine, distance, late, early) == 1000001
    assert answer(engine, distance, early, None) is None
    assert answer(engine, "days_before(?::timestamp, ?)", late, 31) == datetime(
        2025, 12, 1, 0, 0, 1, 1
    )
    assert answer(engine, "last_instant(?::timestamp)", early) == datetime(
        2025, 12, 31, 23, 59, 59, 999999
    )
    assert answer(engine, "utc_day(?::timestamp)", late) == date(2026, 1, 1)


def test_words_are_looked_up_trimmed_and_in_lower_case(engine):
    assert answer(engine, "status_key(?)", "  On Hold ") == "on hold"


def test_flags_are_listed_without_gaps(engine):
    """None at all is null, not an empty text."""
    flags = "flag_list(null, ?, null, ?, null, null, null, null, null, null)"
    assert answer(engine, flags, "day_shift", "undated") == "day_shift;undated"
    assert answer(engine, flags, None, None) is None


def test_a_bucket_is_a_class_and_its_reason(engine):
    assert answer(engine, "bucket_name(?, ?)", "not_due_yet", "grace") == "not_due_yet:grace"
    assert answer(engine, "bucket_name(?, ?)", "matched", None) == "matched"


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("1.23457E+17", "number 123457 17"),
        ("1,5e+08", "number 15 8"),
        ("1E+100", "number 1 100"),
        ("0E+11", None),
        ("-1.2E+17", None),
        ("1.234567890123456E+17", None),  # more digits than a spreadsheet has
        ("123456789012345000", "number 123456789012345 17"),
        ("123456789012345600", None),
        ("012345678901234000", None),
        ("1-Dec", "date 12 1"),
        ("31-AUG", "date 8 31"),
        ("Mar-05", "date 3 5"),
        ("1-Foo", None),
        ("ab-12", None),
        (None, None),
    ],
)
def test_damage_is_told_by_its_form(engine, shown, expected):
    """What may be damaged holds all that is, and an id in its short form is no usable one."""
    assert answer(engine, "damage_of(?::varchar)", shown) == expected
    if expected is not None:
        assert answer(engine, "may_be_damaged(?::varchar)", shown) is True
    if shown is not None:
        assert answer(engine, "usable_id(?)", shown) is ("E+" not in shown.upper())


@pytest.mark.parametrize(
    ("lead", "digits", "expected"),
    [
        ("123456789012345678", 6, "number 123457 17"),
        ("00123456789012345678", 3, "number 123 17"),
        ("999999999999999999", 3, "number 100 18"),
        ("125", 2, "number 13 2"),
        ("3e10", 3, "number 300 10"),
        ("12E5", 1, "number 1 6"),
        ("0", 3, None),
        ("12ab", 3, None),
    ],
)
def test_a_number_is_shown_rounded(engine, lead, digits, expected):
    """Half up, in as many digits as asked, whatever the length."""
    assert answer(engine, "shown_number(?, ?)", lead, digits) == expected


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        ("dec1", {"date 12 1"}),
        ("1DEC", {"date 12 1"}),
        ("MARCH2005", {"date 3 5"}),
        ("SEPT-2", {"date 9 2"}),
        ("12-1", {"date 12 1", "date 1 12"}),
        ("2005/3", {"date 3 5"}),
        ("13-31", set()),
        ("DECO1", set()),
        ("DEC123", set()),
        ("1-2-3", set()),
    ],
)
def test_an_id_is_a_date_by_name_or_number(engine, lead, expected):
    """The month is the first of two numbers, or the second."""
    asked = ("named_date(?)", "numbered_date(?, 1)", "numbered_date(?, 2)")
    assert {answer(engine, one, lead) for one in asked} - {None} == expected


def test_a_number_is_cut_behind_its_fifteenth_digit(engine):
    assert answer(engine, "cut_number('123456789012345999')") == "number 123456789012345 17"
    assert answer(engine, "cut_number('x')") is None


def test_a_flag_is_a_whole_word_of_the_list(engine):
    for flags, expected in (("no_lead", True), ("a;no_lead;b", True), ("no_leads", False)):
        assert answer(engine, "has_flag(?, 'no_lead')", flags) is expected
    assert answer(engine, "has_flag(null, 'no_lead')") is False
