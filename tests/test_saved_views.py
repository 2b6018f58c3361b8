"""Orders of the list of findings, and views of it that are kept under a name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from cli_help import assert_refused, call, run_month
from reconcile import FindingFilter, decide, findings, known_runs, open_store
from reconcile.errors import BadParameters, NotFound
from reconcile.filtering import ORDERS
from reconcile.saved import remove_view, rename_view, save_view, saved_view, saved_views
from reconcile.terms import RowClass


@pytest.fixture(scope="module")
def sample_run(loaded_sample):
    """Return the sample's store and run; for reading only."""
    with open_store(loaded_sample) as store:
        yield store, known_runs(store)[0].record.id


@pytest.fixture
def store(home) -> Iterator[object]:
    """Return an empty store."""
    with open_store() as opened:
        yield opened


KEYS = {
    "at_stake": lambda row: max(
        (row[name] for name in ("at_stake", "other_at_stake") if row[name] is not None),
        default=None,
    ),
    "class": lambda row: RowClass(row["class"]).label,
    "event": lambda row: row["event_id"],
    "file": lambda row: (row["file"].rpartition("/")[2], row["line"]),
}


@pytest.mark.parametrize("order", [*ORDERS, *(f"-{name}" for name in ORDERS)])
def test_pages_in_any_order_list_each_finding_once_and_the_unknown_last(sample_run, order):
    """A page begins where the one before ended, whatever is compared."""
    store, run_id = sample_run
    name = order.removeprefix("-")
    whole = findings(store, run_id, order=order)
    pages = [findings(store, run_id, order=order, limit=90, offset=n) for n in (0, 90, 180)]
    assert [row["ref"] for page in pages for row in page] == [row["ref"] for row in whole]
    assert len({row["ref"] for row in whole}) == len(whole) == 236
    values = [KEYS.get(name, lambda row: row[name])(row) for row in whole]
    known = [value for value in values if value is not None]
    assert values[len(known) :] == [None] * (len(values) - len(known))
    told = [value.lower() if isinstance(value, str) else value for value in known]
    assert told == sorted(told, reverse=order.startswith("-"))


def test_an_order_that_there_is_none_of_is_refused(sample_run):
    with pytest.raises(BadParameters, match=r"'--day'.*at_stake.*transaction_id"):
        findings(*sample_run, order="--day")


def test_a_view_keeps_every_word_of_its_filter(store):
    """Of each type that a filter has; nobody, and what is not stale, are words too."""
    only = FindingFilter(
        row_class="missing_event",
        day_from=date(2026, 11, 1),
        at_least=Decimal("10.50"),
        ids=("a", "b"),
        stale=False,
        assignee="",
    )
    save_view(store, "  large,\n open ", only, order="-day", user="ann")
    [kept] = saved_views(store)
    assert (kept.name, kept.only, kept.order, kept.saved_by) == ("large, open", only, "-day", "ann")
    save_view(store, "large, open", FindingFilter())
    assert saved_view(store, "large, open").only == FindingFilter()


def test_a_view_is_renamed_and_removed_and_keeps_its_name_from_others(store):
    for name in ("a", "b"):
        save_view(store, name, FindingFilter(buyer=name))
    with pytest.raises(BadParameters, match="'b' already"):
        rename_view(store, "a", "b")
    rename_view(store, "a", "c")
    remove_view(store, "b")
    assert [(one.name, one.only.buyer) for one in saved_views(store)] == [("c", "a")]
    for step in (lambda: remove_view(store, "b"), lambda: rename_view(store, "b", "d")):
        with pytest.raises(NotFound, match=r"No view is called 'b'\. There is c\."):
            step()


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_view_without_a_usable_name_is_refused(store, name):
    with pytest.raises(BadParameters, match="needs a name"):
        save_view(store, name, FindingFilter())
    assert not saved_views(store)


def test_the_command_line_saves_shows_and_changes_a_view(home, tmp_path):
    """What is asked beside the view goes before what it says."""
    run_month(tmp_path)
    assert call("view", "save", "usd", "--filter", "buyer=acme", "--order", "event").err == ""
    call("view", "rename", "usd", "--to", "acme")
    shown = call("findings", "--view", "acme", "--format", "json").rows
    assert [row["transaction_id"] for row in shown] == ["t2", "t3"]
    changed = call("findings", "--view", "acme", "--order", "-transaction_id", "--format", "json")
    assert [row["transaction_id"] for row in changed.rows] == ["t3", "t2"]
    other = call("findings", "--view", "acme", "--buyer", "bolt", "--format", "json")
    assert [row["transaction_id"] for row in other.rows] == ["t4"]
    listed = call("view", "list", "--format", "json").rows
    assert [(row["name"], row["shows"]) for row in listed] == [("acme", "buyer acme")]
    call("view", "remove", "acme")
    assert_refused(call("findings", "--view", "acme"), "'acme'", "None is saved yet")
    assert_refused(call("view", "save"), "name one")
    assert_refused(call("findings", "--order", "age"), "'age'", "at_stake")


def test_what_a_decision_was_on_is_listed_by_its_number(sample_home):
    """Also when something else was decided since; with ids beside it nothing could be meant."""
    with open_store(sample_home) as store:
        run_id = known_runs(store)[0].record.id
        made = decide(store, run_id, "accept", only=FindingFilter("missing_event", buyer="acme"))
        decide(store, run_id, "reopen", only=FindingFilter("missing_event"))
        rows = findings(store, run_id, only=FindingFilter(decision=made.decision))
        assert {(row["class"], row["buyer"]) for row in rows} == {("missing_event", "acme")}
        assert len(rows) == made.findings
        with pytest.raises(NotFound, match="no decision 9; the newest is 2"):
            findings(store, run_id, only=FindingFilter(decision=9))
        with pytest.raises(BadParameters, match="not by both"):
            FindingFilter(decision=1, ids=("a",))
    listed = call("findings", "--decision", "1", "--format", "json").rows
    assert {row["finding"] for row in listed} == {row["finding"] for row in rows}
