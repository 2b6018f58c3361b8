"""A comparison checks its files as an import does: doubts are told, what is asked stops it."""

from __future__ import annotations

import json

from cli_help import PERIOD, call, write

HEAD = "transaction_id,event_id,occurred_at,revenue,buyer\n"
EVENTS = "transaction_id,event_id,occurred_at,revenue,pid,campaign_id,buyer\n"


def day(number: int, clock: str = "10:00:00", amount: str = "1.00") -> str:
    """Return a line of a report."""
    return f"t{number},sale,2026-11-{number:02} {clock},{amount},acme\n"


def compared(folder, claims: str, *options: object):
    """Compare one event with a report."""
    events = write(folder, "events.csv", EVENTS + "t1,sale,2026-11-01 10:00:00,1.00,s1,c1,acme\n")
    report = write(folder, "claims.csv", claims)
    files = ("--events", events, "--claims", report)
    return call("compare", *files, *PERIOD, "--out", folder / "out", *options)


def test_a_total_that_does_not_fit_stops_a_comparison(tmp_path, home):
    """The answer is a line of the mapping; nothing is written before it is given."""
    text = HEAD + day(1) + day(2) + "Total,,,3.50,\n"
    told = compared(tmp_path, text)
    assert told.code == 4
    assert 'accept_total = "2/3.5"' in told.err
    assert not (tmp_path / "out").exists()
    mapping = write(tmp_path, "m.toml", 'kind = "claim"\naccept_total = "2/3.5"\n')
    told = compared(tmp_path, text, "--mapping", mapping)
    assert told.code == 1
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    [doubt] = [d for file in summary["files"] for d in file["doubts"]]
    assert doubt["check"] == "control_total"
    assert doubt["text"] in told.out


def test_a_total_that_fits_and_a_full_clock_stop_nothing(tmp_path, home):
    """Doubts are told of files that have them, and of no others."""
    told = compared(tmp_path, HEAD + day(1) + day(2) + "Total,,,2.00,\n")
    assert told.code == 1
    assert "claims.csv:" not in told.out


def test_hours_that_have_lost_am_and_pm_stop_a_comparison(tmp_path, home):
    """Half of the times would be twelve hours early."""
    rows = "".join(day(n, f"{n % 12 + 1:02}:15:00") for n in range(1, 29))
    told = compared(tmp_path, HEAD + rows)
    assert told.code == 4
    assert 'clock = "24"' in told.err
