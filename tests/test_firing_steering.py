"""The commands beside firing, by the command line: stop, go on, run by itself, prove it."""

from __future__ import annotations

import csv
import gc
import os
import re
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import time
import tracemalloc
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from cli_help import PERIOD, assert_refused, call, load_month
from firing_world import RULES, approved, need, needs, truth
from reconcile.errors import FiringError
from reconcile.firing import PostbackState, load_plan, make_plan, open_ledger, receipts
from reconcile.firing.ledger import this_user
from reconcile.firing.settings import Endpoint, FiringSettings
from reconcile.sandbox import Sandbox, running_sandbox


@pytest.fixture
def sandbox(home):
    """Serve a sandbox, with a plan of one postback of 40 dollars that is approved."""
    ledger = open_ledger(home)
    with running_sandbox(Sandbox(RULES)) as url:
        approved(ledger, [need()], url)
        ledger.close()
        yield url


def test_a_stopped_ledger_fires_only_after_it_is_resumed(sandbox, home):
    """The switches are read before each postback; the STOP file is told apart."""
    assert call("stop").code == 0
    told = call("fire", 1).out
    assert "Ended by stopped" in told
    assert "until the stop is taken back: reconcile resume" in told
    assert truth(sandbox)["read"] == 0
    stop_file = home / "sandbox" / "STOP"
    stop_file.touch()
    assert "delete it" in call("resume").out
    stop_file.unlink()
    assert call("pause").code == 0
    assert call("resume").code == 0
    assert "1 Confirmed" in call("fire", 1).out


def test_what_to_type_next_names_the_target_that_was_named(sandbox):
    """Without it the number would be looked up in the ledger of another target."""
    with closing(open_ledger(Path(os.environ["RECONCILE_HOME"]))) as ledger:
        made = make_plan(ledger, needs(4), host=sandbox)
    shown = call("plan", "--show", made.id, "--host", sandbox).out
    assert f"reconcile approve {made.id} --phrase '{made.phrase}' --host {sandbox}" in shown
    assert f"reconcile receipt {made.id} --out plan.csv --host {sandbox}" in shown
    again = f"reconcile fire {made.id} --host {sandbox}"
    assert again in call("approve", made.id, "--host", sandbox, "--phrase", made.phrase).out
    assert again in call("fire", made.id, "--host", sandbox, "--limit", 1).out
    call("stop", "--host", sandbox)
    told = call("fire", made.id, "--host", sandbox).out
    assert f"taken back: reconcile resume --host {sandbox}" in told


def test_firing_goes_on_when_whoever_started_it_has_gone(home):
    """A process group that is killed, as with a dashboard, does not take the firing with it."""
    ledger = open_ledger(home)
    with running_sandbox(Sandbox(RULES)) as url:
        plan = approved(ledger, needs(5), url)
        command = [sys.executable, "-m", "reconcile", "fire", plan, "--detach", "--limit", 3]
        started = subprocess.Popen(
            [str(part) for part in command],
            env={**os.environ, "RECONCILE_HOME": str(home)},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        told = started.stdout.readline() + started.stdout.readline()
        try:
            os.killpg(started.pid, signal.SIGKILL)
        except ProcessLookupError:
            assert started.wait() == 0  # it had ended by itself already
        started.communicate()
        log = home / "sandbox" / f"fire-{plan}.log"
        wait_for(lambda: log.is_file() and "Ended by limit" in log.read_text())
        assert ledger.counts(plan)[PostbackState.CONFIRMED] == 3
        assert str(log) in told
        # An answer may repeat what the platform knows of a lead: it is shown, and in no log.
        assert "Conversion fired" not in log.read_text()
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
        # Whoever started it reads the answers when they like.
        shown = f"reconcile plan --show {plan} --answers"
        assert shown in log.read_text()
        assert shown in told
        answered = call("plan", "--show", plan, "--answers").out
        assert answered.count("Conversion fired") == 3
        assert "3 Confirmed" in answered
        assert "2 Approved" in answered
        assert "Ended by limit" in answered
        assert "Conversion fired" in call("fire", plan, "--limit", 1).out
    ledger.close()
    assert_refused(call("plan", "--answers"), "--show 1 --answers")


def test_a_log_that_others_could_read_is_closed_to_them(sandbox, home):
    """One of an earlier release is there already."""
    log = home / "sandbox" / "fire-1.log"
    log.touch(0o644)
    call("fire", 1, "--detach")
    wait_for(lambda: "Ended by" in log.read_text())
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_rows_of_another_plan_that_lie_between_are_not_shown(home):
    """A row put in by other means is its plan's, and no other's."""
    with closing(open_ledger(home)) as ledger:
        for lead in ("a", "b"):
            approved(ledger, [need(transaction_id=lead)], "http://127.0.0.1:8900")
        with sqlite3.connect(ledger.path) as door:
            names = [row[1] for row in door.execute("pragma table_info(intent)")][1:]
            same = ", ".join("'c'" if name == "transaction_key" else name for name in names)
            door.execute(
                f"insert into intent ({', '.join(names)}) select {same} from intent limit 1"
            )
            door.execute("insert into run (plan, process, started_at) values (1, 1, '')")
            for intent in (1, 2, 3):
                door.execute(
                    "insert into attempt (intent, run, taken_at) values (?, 1, '')", [intent]
                )
        door.close()
        assert [one.number for one in load_plan(ledger, 1).page(0, 9)] == [1, 3]
        newest = ledger.query("attempt_newest", plan=1, count=-1)
        assert [row["intent"] for row in newest] == [3, 1]


def wait_for(holds, seconds=60.0):
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_receipt_holds_every_postback_and_the_head_of_the_chain(sandbox, tmp_path):
    """As CSV and as a workbook; the head is found again, and a mistyped one is not."""
    call("fire", 1)
    for name in ("receipt.csv", "receipt.xlsx"):
        written = call("receipt", 1, "--out", tmp_path / name)
        assert written.code == 0
    head = written.out.split()[-1]
    top, table = split(lines_of(tmp_path / "receipt.csv"))
    assert (top["audit_head"], top["confirmed"]) == (head, "1")
    assert (top["confirmed USD revenue"], top["times"]) == ("40.00", "UTC")
    assert [(row["state"], row["revenue"], row["http_status"]) for row in table] == [
        ("Confirmed", "40.0000", "200")
    ]
    assert '"amount":40.00' in table[0]["body"]
    book = openpyxl.load_workbook(tmp_path / "receipt.xlsx")
    cells = {row[0].value: row[1].value for row in book["Receipt"].iter_rows()}
    assert cells["audit_head"] == head
    revenue = book["Postbacks"][2][6]
    assert (revenue.value, revenue.number_format) == (40, "#,##0.00##")
    assert head in call("audit", "verify").out
    assert call("audit", "verify", "--head", head[:16]).code == 0
    assert_refused(call("audit", "verify", "--head", "0" * 64), "mistyped")
    assert_refused(call("receipt", 1, "--out", tmp_path / "receipt.pdf"), ".csv")
    for name in ("receipt.csv", "receipt.xlsx"):
        assert_refused(call("receipt", 1, "--out", tmp_path / "no" / name), "Name another")


def lines_of(path):
    """Return the cells of a CSV file."""
    return list(csv.reader(path.read_text().splitlines()))


def split(lines):
    """Return the lines before the empty one as a table of names, those after it as rows."""
    empty = lines.index([])
    header, *rows = lines[empty + 1 :]
    return dict(lines[:empty]), [dict(zip(header, row, strict=True)) for row in rows]


def test_a_workbook_takes_no_more_memory_for_more_postbacks(home, tmp_path):
    """Line by line: a plan of a million as objects in memory would be a gigabyte and more."""
    ledger, peaks = open_ledger(home), []
    for number, count in enumerate((100, 1000), 1):
        make_plan(ledger, needs(count), host=f"http://127.0.0.1:890{number}")
        tracemalloc.start()
        receipts.write_receipt(ledger, number, tmp_path / "a.xlsx")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0] + 200_000


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_receipt_that_the_disk_cannot_hold_is_refused_and_leaves_nothing(home, tmp_path, name):
    """No file may grow above four kilobytes: the error is the one of a disk that is full."""
    ledger = open_ledger(home)
    plan = approved(ledger, needs(30), "http://127.0.0.1:8900")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(FiringError, match="cannot be written"):
            receipts.write_receipt(ledger, plan, tmp_path / name)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        gc.collect()  # a half-written workbook complains now, and not in a later test
    assert [*tmp_path.glob("*a.*"), *tmp_path.glob(".receipt-*")] == []


def test_a_plan_that_no_sheet_can_hold_is_not_cut_off(home, tmp_path, monkeypatch):
    """The cure is in the message, and a CSV holds all of it."""
    monkeypatch.setattr(receipts, "_MOST_LINES", 2)
    ledger = open_ledger(home)
    plan = approved(ledger, needs(3), "http://127.0.0.1:8900")
    with pytest.raises(FiringError, match=r"holds 2 lines, and plan 1 has 3\. Write a \.csv"):
        receipts.write_receipt(ledger, plan, tmp_path / "a.xlsx")
    assert list(tmp_path.glob("*.xlsx")) == []
    receipts.write_receipt(ledger, plan, tmp_path / "a.csv")
    assert len(split(lines_of(tmp_path / "a.csv"))[1]) == 3
    ledger.close()


def test_a_text_of_a_file_becomes_no_formula(home, tmp_path):
    """An id that a spreadsheet would calculate stays a text, in both forms."""
    ledger = open_ledger(home)
    plan = approved(ledger, [need(transaction_id="=1+1")], "http://127.0.0.1:8900")
    for name in ("a.csv", "a.xlsx"):
        receipts.write_receipt(ledger, plan, tmp_path / name)
    ledger.close()
    _, table = split(lines_of(tmp_path / "a.csv"))
    assert table[0]["transaction_id"] == "'=1+1"
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx")["Postbacks"]["D2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_long_plan_is_shown_in_part_and_says_what_is_dated_when_sent(home):
    """Drawing a hundred thousand rows takes minutes; the receipt has all of them to the byte."""
    ledger = open_ledger(home)
    undated = FiringSettings(endpoint={"c1": Endpoint.TRIGGER})
    wanted = [*needs(60), *(need(transaction_id=f"x{n}", pid=None) for n in range(52))]
    make_plan(ledger, wanted, host="http://127.0.0.1:8900", settings=undated)
    ledger.close()
    shown = call("plan", "--show", 1).out
    assert "10 more are not shown." in shown
    assert shown.count("\n") < 130
    assert 'The first is POST http://127.0.0.1:8900/api/event/trigger {"cid":"c1",' in shown
    assert "60 of them go to /api/event/trigger, which takes no date" in shown
    assert "Blocked: 2 more as pid_unknown" in shown
    assert "60 postbacks, 2,400.00 USD; 52 blocked." in shown


def test_the_audit_names_the_entry_that_was_changed(sandbox, home):
    """Whoever edits the file is found, by the chain alone."""
    door = sqlite3.connect(home / "sandbox" / "ledger.sqlite")
    door.execute("drop trigger audit_fixed")
    door.execute("update audit set user = 'somebody' where action = 'approve'")
    door.commit()
    door.close()
    assert_refused(call("audit", "verify"), "entry 2")
    assert "entry 2" in call("doctor").err


def test_what_firing_toml_says_holds(tmp_path, home):
    """A cap, a second user, a filter, a host that is not on the list, and one that is."""
    load_month(tmp_path)
    assert call("run", *PERIOD, "--currency", "USD").code == 1
    said = home / "firing.toml"
    said.write_text("[caps]\nplan_revenue = 24.99\n")
    planned = call("plan").out
    assert "may trigger payouts and buyer postbacks" in planned
    phrase = re.search(r"--phrase '(.+)'", planned).group(1)
    assert_refused(call("approve", 1, "--phrase", phrase), "plan_revenue")
    said.write_text("second_user = true\n")
    assert_refused(call("approve", 1, "--phrase", phrase), f"made by {this_user()}")
    said.write_text('host = "https://platform.test"\n')
    assert_refused(call("plan"), "not a target", "firing.toml")
    said.write_text("cap = 1\n")
    assert_refused(call("plan"), "no setting of firing")
    said.write_text('host = "https://platform.test"\nallow = ["platform.test"]\n')
    blocked = call("plan", "--filter", "campaign=c1").out
    assert "0 postbacks; 1 blocked" in blocked
    assert "Import a newer one" in blocked
    made = call("plan", "--old-export", "exports are weekly").out
    assert "exports are weekly" in made
    assert "Plan 2 for https://platform.test" in made
    assert_refused(call("plan", "--show", 2, "--host", "http://127.0.0.1:8900"), "no plan 2")
    assert_refused(call("fire", 2), "not approved")
    said.unlink()
    assert "0 postbacks; 0 blocked" in call("plan", "--filter", "campaign=none").out
