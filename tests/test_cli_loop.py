"""The loop by the command line alone: plan, approve, fire, export, import, run: nothing is left."""

from __future__ import annotations

import re
import shutil
import urllib.request

import pytest

from cli_help import PERIOD, SETTINGS, assert_refused, call, load_month, write
from reconcile.firing import open_ledger
from reconcile.importing import load_settings
from reconcile.sandbox import Rules, Sandbox, running_sandbox


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    """Return a home with the month loaded and reconciled."""
    path = tmp_path_factory.mktemp("month")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECONCILE_HOME", str(path))
        load_month(tmp_path_factory.mktemp("files"))
        assert call("run", *PERIOD, "--currency", "USD").code == 1
    return path


@pytest.fixture
def sandbox(month, tmp_path, home):
    """Take a copy of the month, and serve a sandbox; return it and its address."""
    shutil.copytree(month, home, dirs_exist_ok=True)
    rules = Rules(settings=tuple(load_settings(write(tmp_path, "settings.csv", SETTINGS))))
    served = Sandbox(rules)
    with running_sandbox(served) as url:
        yield served, url


def planned(url: str) -> str:
    """Plan what is missing; return the phrase that approves it."""
    ran = call("plan", "--host", url)
    assert ran.code == 0
    found = re.search(r"approve 1 --phrase '(.+)'", ran.out)
    assert found is not None
    return found.group(1)


def test_what_was_missing_is_fired_once_and_proven_by_the_export(sandbox, tmp_path):
    """The second firing sends nothing; after the export the finding is closed."""
    served, url = sandbox
    phrase = planned(url)
    assert call("approve", 1, "--phrase", phrase).code == 0
    assert "1 Confirmed" in call("fire", 1).out
    assert call("fire", 1).code == 0
    assert served.log()["read"] == served.log()["stored"] == 1
    with urllib.request.urlopen(f"{url}/__export.csv") as answer:
        export = write(tmp_path, "export.csv", answer.read())
    assert "1 postback(s) are now verified" in call("import", export, "--kind", "event").out
    call("run", *PERIOD, "--currency", "USD")
    assert call("findings", "--class", "missing_event", "--format", "json").rows == []
    again = call("plan", "--host", url)
    assert "0 postbacks; 0 blocked" in again.out


def test_nothing_is_sent_before_the_very_phrase_is_typed(sandbox):
    """Another phrase, a missing approval and an unknown plan are refused."""
    served, url = sandbox
    phrase = planned(url)
    for typed in ("", "yes", phrase.lower(), phrase.replace("1", "2"), f"{phrase}."):
        assert_refused(call("approve", 1, "--phrase", typed), phrase)
    assert_refused(call("fire", 1), "not approved", phrase)
    assert_refused(call("fire", 7), "7")
    assert served.log()["read"] == 0


HOSTS = (
    *("https://api.pingtree.com", "http://10.0.0.1", "http://127.0.0.1.evil.example", ""),
    *("http://user@127.0.0.1:8900", "http://127.0.0.1:99999", "ftp://127.0.0.1"),
)


def test_no_host_but_a_sandbox_is_planned_for(sandbox):
    """No plan is made, and none can be fired."""
    for host in HOSTS:
        assert_refused(call("plan", "--host", host), repr(host), "sandbox")
    assert_refused(call("plan", "--show", 1), "no plan 1")


def test_a_ref_that_is_no_missing_event_is_refused(sandbox):
    """Instead of a plan that silently lacks it."""
    _, url = sandbox
    rows = call("findings", "--format", "json").rows
    (missing,) = [row["ref"] for row in rows if row["class"] == "missing_event"]
    other = next(row["ref"] for row in rows if row["class"] == "unclaimed_event")
    asked = ("plan", "--host", url, "--finding", missing)
    assert_refused(call(*asked, "--finding", other), other, "missing event")
    assert "1 postbacks, 25.00 USD" in call(*asked).out


def test_another_process_that_fires_ends_this_one_in_three(sandbox, home):
    """Nothing is sent twice, and the exit code says why."""
    served, url = sandbox
    call("approve", 1, "--phrase", planned(url))
    other = open_ledger(home)
    with other.held():
        assert_refused(call("fire", 1), "process", code=3)
    other.close()
    assert served.log()["read"] == 0
    assert call("fire", 1).code == 0
