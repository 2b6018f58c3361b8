"""Exact values become text that people read and no place mistakes for markup."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from reconcile import (
    FindingFilter,
    Kind,
    RowClass,
    explain,
    finding_totals,
    findings,
    headlines,
    import_file,
    known_runs,
    open_store,
    showing,
)
from reconcile.charts.form import safe as charts_safe
from reconcile.demo import SAMPLE, load_sample, only_sample, remove_sample
from reconcile.errors import NotFound, WarehouseError
from reconcile.funnel.facts import ATTRIBUTES
from reconcile.terms import Known, attribute_label
from reconcile.warehouse.aliases import add_aliases
from views.lists import width_of
from views_help import grid, newest, open_page


@pytest.fixture
def store(sample_home):
    """Return a store that holds the sample and its run."""
    with open_store() as opened:
        yield opened


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (None, ""),
        (Decimal("0.0000"), "0.00"),
        (Decimal("-1234.5000"), "-1,234.50"),
        (Decimal("0.0050"), "0.005"),
        (Decimal("12345678901234.1234"), "12,345,678,901,234.1234"),
        (Decimal("1E+3"), "1,000.00"),
    ],
)
def test_money_keeps_every_digit(amount, text):
    assert showing.money(amount) == text


def test_a_sign_stands_before_every_change_but_none():
    assert showing.money(Decimal("2.5"), sign=True) == "+2.50"
    assert showing.money(Decimal("-2.5"), sign=True) == "-2.50"
    assert showing.money(Decimal(0), sign=True) == "0.00"
    assert showing.percent(Decimal("-2.99"), sign=True) == "-2.99 %"
    assert showing.percent(None) == "-"


def test_a_text_from_a_file_is_no_markdown():
    """Every mark that Markdown or Streamlit's directives know is escaped, lines are joined."""
    assert showing.plain("![p](http://e/x)\n:red[$a$]") == (
        "\\!\\[p\\]\\(http\\:\u2060\\/\\/e\\/x\\) \\:red\\[\\$a\\$\\]"
    )
    assert showing.plain("Grüße 42") == "Grüße 42"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("gpj\u202efdp.exe", "gpj[U+202E]fdp.exe"),
        ("A\u00a01\u200b2\ufeff", "A[U+00A0]1[U+200B]2[U+FEFF]"),
        ("a\tb\x00", "a[U+0009]b[U+0000]"),
        ("two\nlines", "two\nlines"),
        ("Grüße 42 · 東京", "Grüße 42 · 東京"),
        ("\udcff.csv", "[U+DCFF].csv"),
    ],
)
def test_what_turns_or_hides_text_is_named(text, shown):
    """Two ids that look the same and differ are told apart, in labels and cells alike."""
    assert showing.visible(text) == shown
    assert "\u202e" not in showing.plain(text)
    assert charts_safe(text) == shown


def test_a_table_shows_nothing_unseen(sample_home):
    store, _ = newest(sample_home)
    add_aliases(store.catalog, [("buyer", "ac\u200bme", "acme")])
    page = open_page("settings", area="names")
    assert list(grid(page, "Stands for")["Spelling"]) == ["ac[U+200B]me"]


def test_attributes_are_named_as_people_name_them():
    told = {attribute_label(name) for name in ATTRIBUTES}
    assert len(told) == len(ATTRIBUTES)
    assert not any("_" in one or one == "pid" for one in told)
    assert attribute_label("pid@3") == "Source of step 3"


def test_buckets_and_classes_are_named_as_people_name_them():
    assert showing.bucket_label("status_conflict:rejected") == "Denied by the buyer (rejected)"
    assert showing.bucket_label("timing") == "Other period"
    assert showing.bucket_label("campaign_shift") == "Campaign shift"


def test_headlines_agree_with_the_summary_and_the_findings(store):
    """Currencies come in the order of their size; their findings add up to the run's."""
    run = known_runs(store)[0].record
    lines = headlines(store, run.id)
    totals = {row["currency"]: row for row in json.loads(run.summary_json)["totals"]}
    assert [line.currency for line in lines] == ["USD", "CAD", "GBP", "EUR"]
    assert {line.currency: line.gap for line in lines} == {
        currency: Decimal(row["gap"]) for currency, row in totals.items()
    }
    assert sum(line.findings for line in lines) == run.finding_count
    dollars, euros = lines[0], lines[3]
    assert dollars.gap_percent == (100 * dollars.gap / dollars.events).quantize(Decimal("0.01"))
    assert euros.gap_percent is None
    assert euros.match_percent == 0


@pytest.mark.parametrize(
    "only",
    [
        FindingFilter(),
        FindingFilter(row_class="missing_event"),
        FindingFilter(row_class="status_conflict", reason="rejected", buyer="acme"),
        FindingFilter(row_class="timing", all_classes=True),
        FindingFilter(search="A9", currency="USD"),
        FindingFilter(search="no such id"),
    ],
    ids=str,
)
def test_totals_of_a_filter_count_the_rows_it_lists(store, only):
    """The pager relies on it."""
    run_id = known_runs(store)[0].record.id
    listed = findings(store, run_id, only=only, limit=10_000)
    totals = finding_totals(store, run_id, only=only)
    assert sum(row["findings"] for row in totals) == len(listed)
    at_stake = sum((row["at_stake"] or 0 for row in totals), Decimal(0))
    sides = ("at_stake", "other_at_stake")
    assert at_stake == sum((row[side] or 0 for row in listed for side in sides), Decimal(0))


def test_both_sides_of_a_pair_stand_side_by_side_and_what_differs_is_marked(store):
    run_id = known_runs(store)[0].record.id
    only = FindingFilter(row_class="revenue_mismatch", reason="amount")
    why = explain(store, run_id, findings(store, run_id, only=only, limit=1)[0]["ref"])
    lines = {line["Field"]: line for line in showing.side_by_side(why)}
    assert lines["Revenue"]["Differs"] == "differs"
    assert lines["Transaction id"]["Differs"] == ""
    assert lines["Revenue"]["Claim"] == showing.money(why.row["revenue"])
    assert lines["File and line"]["Claim"].startswith("claims_")
    assert lines["File and line"]["Event"].startswith("events.csv line ")


def test_a_row_without_a_partner_has_none_beside_it(store):
    run_id = known_runs(store)[0].record.id
    only = FindingFilter(row_class=RowClass.UNCLAIMED_EVENT)
    why = explain(store, run_id, findings(store, run_id, only=only, limit=1)[0]["ref"])
    lines = {line["Field"]: line for line in showing.side_by_side(why)}
    assert lines["File and line"]["Claim"] == "none"
    assert {line["Differs"] for line in lines.values()} == {""}


def test_a_row_summed_of_several_lines_names_them_all():
    row = {"side": "claim"}
    source = {"file": "in/acme.csv", "line_no": 2, "source_lines": "2,17"}
    why = type("Why", (), {"row": row, "source": source, "partner_source": None})
    assert showing.side_by_side(why)[0]["Claim"] == "acme.csv lines 2,17"


def test_removing_the_sample_leaves_its_run_on_record_and_its_settings_unsaid(store):
    """What a person set before the sample came stays as it was set."""
    mine = replace(store.settings()[0], allows_duplicates=Known.YES, is_conversion=Known.YES)
    store.replace_settings([mine])
    assert only_sample(store)
    loaded = store.batches()
    assert {one.id for one in remove_sample(store)} == {one.id for one in loaded}
    assert not store.batches()
    assert not only_sample(store)
    assert [run.current for run in known_runs(store)] == [False]
    said = [s for s in store.settings() if s.is_conversion is not Known.UNKNOWN]
    assert said == [mine]
    assert remove_sample(store) == []


def test_the_sample_never_mixes_with_data_of_ones_own(home, tmp_path):
    with open_store() as store:
        import_file(store, SAMPLE / "leads.csv", kind=Kind.LEAD)
        with pytest.raises(WarehouseError, match="data of your own"):
            load_sample(store)
        with pytest.raises(NotFound, match="no folder of sample data"):
            load_sample(store, tmp_path)


def test_a_fitted_column_is_as_wide_as_its_longest_text_wherever_it_stands():
    """The table measures its first rows only; the head counts, and no column takes all room."""
    short = [{"Event": "sale", "A long head": "x"}] * 50
    long = "6713c0ffee5e77ab1e0dca5e"
    fitted = width_of([*short, {"Event": long}], "Event")
    assert width_of(short, "Event") < 6 * len(long) < fitted
    assert width_of(short, "A long head") > width_of(short, "Event")
    assert width_of([{"Event": "x" * 500}], "Event") == width_of([{"Event": "x" * 900}], "Event")
    assert width_of([], "Event") == width_of([{"Event": ""}], "Event")
