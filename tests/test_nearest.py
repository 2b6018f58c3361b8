"""What comes nearest to a left-over row: who may be a candidate, in which order, in which words."""

from __future__ import annotations

import random

import pytest

from nearest_help import (
    KINDS,
    NOVEMBER,
    altered,
    cells,
    lines,
    nearest,
    read_nearest,
    sales,
    words,
    write,
)
from reconcile.comparing import CompareFiles, compare
from reconcile.matching import nearest as matching_nearest
from reconcile.matching.parameters import RunParameters


def hit(near, side: str, line: int) -> tuple[str, int, str]:
    """Return how the nearest candidate of a row was found, where it stands, and its points."""
    first = near[side, line][0]
    return first["found_by"], int(first["near_line"]), first["points"]


OTHER, LESS, MORE = (
    f"its id {what}"
    for what in ("differs in one character", "has one character less", "has one character more")
)
EDITS = [
    ("LEAD-00A7A1", "LEAD-00A7AI", f"{OTHER} (…A7A1 / …A7AI)"),
    ("b7f2d0c1", "b7f2dc1", f"{LESS} (…f2d0c1 / …f2dc1)"),
    ("c8f2dc1", "c8f2d0c1", f"{MORE} (…f2dc1 / …f2d0c1)"),
    ("d9f2d0c1", "d9f20dc1", "two characters of its id are swapped (…9f2d0c1 / …9f20dc1)"),
    ("xeaf2d0c", "eaf2d0c", f"{LESS} (xeaf… / eaf2…)"),
    ("Q1-a%_'\"x", "Q1-b%_'\"x", f"{OTHER} (Q1-a%_'… / Q1-b%_'…)"),
    ("0123456789abcdefg", "0123x56789abcdefg", f"{OTHER} (…1234567… / …123x567…)"),
    ("h123456789abcdef", "h123456789abcdeff", f"{MORE} (…def / …deff)"),
]


def test_an_id_one_edit_away_is_told_by_its_changed_place(tmp_path):
    """A character replaced, taken out, put in or swapped, the place shown in both spellings."""
    rest = [("sale", "c", "acme", f"2026-11-03T{n}:00:00Z", f"{n}") for n in range(10, 18)]
    events = [(own, *one) for (own, _, _), one in zip(EDITS, rest, strict=True)]
    claims = [(other, *one) for (_, other, _), one in zip(EDITS, rest, strict=True)]
    near = nearest(tmp_path, events, claims)
    for line, (_, _, said) in enumerate(EDITS, start=2):
        assert hit(near, "event", line) == ("one_edit", line, "3")
        assert words(near, "event", line) == [said]
        assert lines(near, "claim", line) == [line]


def test_ids_two_edits_away_are_not_near_by_their_id(tmp_path):
    """They are near only by their money, and not at all where that differs, too."""
    near = nearest(
        tmp_path,
        ["b7f2d0c1 sale c acme 3T10:00 40", "c9f2d0c1 sale c acme 5T10:00 35"],
        ["b7f2d0xx sale c acme 3T12:00 40", "c9f2d0xx sale c acme 5T10:00 45"],
    )
    assert hit(near, "event", 2) == ("same_amount", 2, "5")
    assert ("event", 3) not in near


def test_the_same_lead_with_another_event_or_buyer_is_near(tmp_path):
    """What differs is said with both spellings, that of the left-over row first."""
    near = nearest(
        tmp_path,
        ["q1 sale c acme 3T10:00 40", "q2 sale c acme 3T10:00 40"],
        ["q1 deposit c acme 3T10:00 40", "q2 sale c borealis 6T14:00 45"],
    )
    assert hit(near, "claim", 2) == ("same_lead", 2, "3")
    assert words(near, "claim", 2) == ["same lead", "event differs (deposit / sale)"]
    assert hit(near, "event", 3) == ("same_lead", 3, "6")
    assert words(near, "event", 3) == [
        *("same lead", "buyer differs (acme / borealis)", "5.00 more", "3 days 4 hours later")
    ]


def test_a_candidate_that_is_paired_is_shown_as_taken(tmp_path):
    """A second claim of one sale lost its event to the first, which is named by file and line."""
    near = nearest(
        tmp_path,
        ["q1 sale c acme 3T10:00 40"],
        ["q1 sale c acme 3T10:00 40", "q1 sale c acme 4T10:00 40"],
    )
    assert hit(near, "claim", 3) == ("same_lead", 2, "2")
    assert words(near, "claim", 3)[-1] == f"taken by claim {tmp_path / 'claims.csv'} line 2"
    assert [key for key in near if near[key]] == [("claim", 3)]


def test_a_clean_pair_of_the_same_lead_is_shown_as_taken(tmp_path):
    """Of pairs without any doubt a run keeps no row; they are looked up again for this."""
    near = nearest(
        tmp_path,
        ["q1 sale c acme 3T10:00 40", "q1 deposit c acme 3T09:00 10"],
        ["q1 sale c acme 3T10:00 40"],
    )
    assert hit(near, "event", 3)[:2] == ("same_lead", 2)
    assert words(near, "event", 3)[-1] == f"taken by event {tmp_path / 'events.csv'} line 2"


def test_the_same_money_near_in_time_is_near(tmp_path):
    """The row just before and the one just after, within a week; beyond that it is chance."""
    near = nearest(
        tmp_path,
        [
            *("e100 sale c acme 3T10:00 40", "e200 sale c acme 10T10:00 40"),
            *("e300 sale c acme 20T10:00 40", "e400 sale d borealis 10T10:00 40"),
        ],
        ["na sale c acme 9T10:00 40"],
    )
    assert lines(near, "claim", 2) == [3, 2]
    assert words(near, "claim", 2) == [
        *("same money near in time, but another id (na / e200)", "1 day later")
    ]
    assert ("event", 4) not in near
    assert ("event", 5) not in near


def test_two_leads_that_are_both_known_are_said_to_be(tmp_path):
    """Then the money alone says little."""
    lead = ("transaction_id", "created_at")
    leads = write(tmp_path / "leads.csv", [("e100", "2026-11-01"), ("f200", "2026-11-01")], lead)
    told = (["e100 sale c acme 3T10:00 40"], ["f200 sale c acme 3T11:00 40"])
    events, claims = (
        write(tmp_path / f"{name}.csv", [cells(row) for row in rows])
        for name, rows in zip(("events", "claims"), told, strict=True)
    )
    files = CompareFiles([events], [claims], [leads])
    compare(files, RunParameters(**NOVEMBER), tmp_path / "out")
    near = read_nearest(tmp_path / "out" / "nearest.csv")
    assert hit(near, "claim", 2) == ("same_amount", 2, "6")
    assert "both leads are known" in words(near, "claim", 2)


NEARER = [
    ("q0 deposit c acme 3T10:00 40", "na sale c acme 3T10:00 40"),
    ("q1 deposit c acme 3T10:00 41", "q1 deposit c borealis 3T10:00 41"),
    ("q2 deposit c acme 3T10:00 42", "q2 deposit c acme 3T10:00 45"),
    ("q3 deposit c acme 3T10:00 43", "q3 deposit c acme 5T10:00 43"),
    ("q4 deposit c acme 3T12:00 44", "q4 deposit c acme 3T13:00 44"),
    ("q5 deposit c acme 3T10:00 46", "q5 deposit c acme 3T10:00 47"),
    ("q6 deposit c acme 3T10:00 46", "q6 deposit d acme 3T10:00 46"),
]


@pytest.mark.parametrize("turned", [False, True])
def test_fewer_and_smaller_differences_come_first(tmp_path, turned):
    """Whatever the order of the rows in the file."""
    pairs = [pair[::-1] if turned else pair for pair in NEARER]
    near = nearest(
        tmp_path,
        [f"q{number} sale c acme 3T10:00 4{number}" for number in range(7)],
        [row for pair in pairs for row in pair],
    )
    for number in range(7):
        first, second = 2 * number + 2 + turned, 2 * number + 3 - turned
        assert lines(near, "event", number + 2)[:2] == [first, second], NEARER[number]


def test_what_asks_nothing_of_anybody_has_no_candidates(tmp_path):
    """Matched rows, pairs that differ, and denied claims without an event."""
    asked = {"status": {"rejected": "rejected"}}
    near = nearest(
        tmp_path,
        ["q1 sale c acme 3T10:00 40", "q2 sale c acme 3T10:00 40"],
        ["q1 sale c acme 3T10:00 40", "q2 sale c acme 3T10:00 45"],
        **asked,
    )
    assert not near


def test_a_row_outside_the_window_says_so(tmp_path):
    """The event is there, but lies too far back for this run."""
    near = nearest(
        tmp_path, ["q1 sale c acme 2026-08-20T10:00:00Z 40"], ["q1 sale c acme 20T10:00 40"]
    )
    assert hit(near, "claim", 2)[:2] == ("same_lead", 2)
    assert words(near, "claim", 2)[-1] == "outside the period and its margin"


def test_an_id_of_too_many_rows_is_told(tmp_path, monkeypatch):
    """They are not looked at one by one, and silence would look like an answer."""
    monkeypatch.setitem(matching_nearest._LIMITS, "most_pairs", 3)
    near = nearest(
        tmp_path,
        [f"q1 sale c acme {day}T10:00 40" for day in (3, 4)],
        [f"q1 deposit c acme {day}T10:00 45" for day in (3, 4)],
    )
    assert [row["nearest"] for row in near["event", 2]] == [
        "too many rows share its id, or one like it, to be looked at one by one"
    ]
    monkeypatch.setitem(matching_nearest._LIMITS, "most_pairs", 4)
    near = nearest(
        tmp_path,
        [f"q1 sale c acme {day}T10:00 40" for day in (3, 4)],
        [f"q1 deposit c acme {day}T10:00 45" for day in (3, 4)],
    )
    assert lines(near, "event", 2) == [2, 3]


def test_at_most_five_candidates_are_kept_and_all_are_counted(tmp_path):
    """The counter says how many there were."""
    near = nearest(
        tmp_path,
        ["q1 sale c acme 3T10:00 40"],
        [f"q1 deposit c acme {day}T10:00 40" for day in range(3, 10)],
    )
    assert lines(near, "event", 2) == [2, 3, 4, 5, 6]
    assert {row["found"] for row in near["event", 2]} == {"7"}


STRANGE = ("", "%", "'", '"', "100%_'\"", "=1+1", "a" * 90_000, "İı\u200b", "\\", "ab")


def test_no_text_of_a_cell_does_harm(tmp_path):
    """It is compared as text, shown as text, and found by its money where nothing else is left."""
    rest = [("sa'le%", "c", 'ac"me', f"2026-11-03T{n}:00:00Z", f"{n}") for n in range(10, 20)]
    events = [(text, *one) for text, one in zip(STRANGE, rest, strict=True)]
    claims = [(f"{text}~x", *one) for text, one in zip(STRANGE, rest, strict=True)]
    near = nearest(tmp_path, events, claims)
    for line, text in enumerate(STRANGE, start=2):
        assert lines(near, "event", line) == [line], text[:20]
        assert near["event", line][0]["nearest"].startswith("claim sa'le% 1")


def test_of_fifty_partners_altered_in_one_field_nearly_all_are_on_top(tmp_path):
    """Ids one edit away, lost or exchanged, another event, buyer, sign, or a time far off."""
    pick = random.Random(11)
    events, claims = sales(400, pick)
    for number in range(50):
        claims[number * 7] = altered(events[number * 7], KINDS[number % len(KINDS)], pick)
    order = list(range(len(claims)))
    pick.shuffle(order)
    near = nearest(tmp_path, events, [claims[number] for number in order])
    right = wrong = 0
    for line, number in enumerate(order, start=2):
        if number % 7 or number >= 350:
            assert ("claim", line) not in near
            continue
        # A claim of another season is not in the run, so there it is the event that asks.
        apart = claims[number][4] != events[number][4]
        side, own, other = ("event", number + 2, line) if apart else ("claim", line, number + 2)
        found = lines(near, side, own)[:1] == [other]
        right, wrong = right + found, wrong + (not found)
    assert (right >= 48, right + wrong) == (True, 50), f"{right} right, {wrong} wrong"


def test_the_order_of_rows_changes_nothing(tmp_path):
    """Shuffled files name the same candidates by content, in the same order."""
    pick = random.Random(5)
    rows = [
        cells(
            f"{pick.choice('ab')}{number % 9}00 {pick.choice(('sale', 'deposit'))} c acme "
            f"{pick.randrange(1, 8)}T10:00 {pick.choice((40, 45))}"
        )
        for number in range(60)
    ]
    events, claims = rows[:30], rows[30:]
    told = []
    for seed in range(2):
        shuffle = random.Random(seed).shuffle
        shuffle(events)
        shuffle(claims)
        (tmp_path / str(seed)).mkdir()
        near = nearest(tmp_path / str(seed), events, claims)
        sides = {"event": (events, claims), "claim": (claims, events)}
        told.append(
            sorted(
                (
                    side,
                    sides[side][0][line - 2],
                    [sides[side][1][n - 2] for n in lines(near, side, line)],
                )
                for side, line in list(near)
            )
        )
    assert told[0]
    assert told[0] == told[1]
