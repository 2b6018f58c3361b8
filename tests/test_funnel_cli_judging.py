"""`reconcile funnel show --what rates`, its charts, and `reconcile funnel-compare`."""

from __future__ import annotations

import csv
import io

import pytest

from cli_help import assert_refused, call, write

DEFINITION = """\
name = "Sold"
window = "2d"

[[step]]
name = "Sale"
events = ["sale"]
"""


@pytest.fixture(scope="module")
def sold(tmp_path_factory):
    """Import 80 leads of two sources: one sells half and the other a tenth; ten are young."""
    folder = tmp_path_factory.mktemp("sold")
    leads = ["transaction_id,campaign_id,pid,created_at"]
    events = ["transaction_id,event_id,campaign_id,occurred_at,revenue,currency"]
    for number in range(80):
        day = 1 + number % 8
        leads.append(f"lead-{number:02},k,{'ab'[number % 2]},2026-11-{day:02}T08:00:00Z")
        if number % 4 == 0 or number % 20 == 1:
            events.append(f"lead-{number:02},sale,k,2026-11-{day:02}T10:00:00Z,5.00,USD")
    events.append("lead-78,other,k,2026-11-09T08:00:00Z,,USD")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECONCILE_HOME", str(folder / "home"))
        for kind, lines in (("lead", leads), ("event", events)):
            path = write(folder, f"{kind}s.csv", "\n".join(lines) + "\n")
            assert call("import", path, "--kind", kind).code == 0
        yield write(folder, "sold.toml", DEFINITION)


def words(text):
    """Return the lines of a printed table, blanks made one."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_rates_are_shown_with_their_intervals_and_what_will_be(sold):
    """A person reads percentages, a program six decimals; young leads are told."""
    lines = words(call("funnel", "show", sold, "--what", "rates", "--by", "pid").out)
    assert lines[0] == "pid step name reached of leads of before young ripeness will be"
    assert lines[2].startswith("a 2 Sale 20 50.0% (35.2% to 64.8%)")
    (lead, sale) = call("funnel", "show", sold, "--what", "rates", "--format", "json").rows
    assert (lead["low"], lead["ripeness"]) == (None, None)
    assert (sale["reached"], sale["of_leads"], sale["young"]) == (24, "0.300000", 10)
    assert sale["ripeness"] == "unknown"
    done = call("funnel", "show", sold, "--what", "rates", "--mature", "--format", "json").rows[1]
    assert (done["ripeness"], done["developed"]) == ("mature", done["of_leads"])


def test_curves_and_growth_are_written_for_programs(sold):
    """CSV has the columns of JSON; too few conversions make no curve."""
    for what in ("rates", "growth"):
        asked = ("funnel", "show", sold, "--what", what, "--format")
        rows = call(*asked, "json").rows
        lines = list(csv.DictReader(io.StringIO(call(*asked, "csv").out)))
        assert len(lines) == len(rows) > 0
        assert list(lines[0]) == list(rows[0])
    assert call("funnel", "show", sold, "--what", "curve", "--format", "json").rows == []
    refused = call("funnel", "show", sold, "--what", "curve", "--window", "none")
    assert_refused(refused, "Name a window, such as 30d")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("--what", "rates", "--by", "pid"), "Funnel of a: Lead 40; Sale 20 (50.0 %"),
        (("--by", "day"), "Sale by day: "),
        (("--what", "curve"), "Time to convert: Too few leads for a curve. Of 24 leads"),
        (("--what", "growth"), "Growth by age: no cohort has 30 leads"),
    ],
)
def test_a_question_is_drawn_on_a_page_with_its_text(sold, tmp_path, asked, told):
    """The text stands on the screen and below the chart."""
    path = tmp_path / "chart.html"
    ran = call("funnel", "show", sold, *asked, "--chart", path)
    assert ran.code == 0, ran.err
    assert f"{path}: {told}" in ran.out
    page = path.read_text("utf-8")
    assert f"<figcaption>{told}" in page
    assert "Plotly.newPlot" in page
    refused = call("funnel", "show", sold, "--what", "money", "--chart", path)
    assert_refused(refused, "money has no chart")


def test_sources_and_periods_are_compared(sold):
    """One source sells five times as often; a few days against others show nothing."""
    rows = call("funnel-compare", sold, "--by", "pid", "--format", "json").rows
    assert [(row["pid"], row["verdict"]) for row in rows] == [("a", "higher"), ("b", "lower")]
    against = ("--only", "pid=a", "--against-only", "pid=b")
    (row,) = call("funnel-compare", sold, *against, "--format", "json").rows
    assert (row["this_of"], row["other_of"]) == (40, 30)
    assert row["text"].endswith("higher, p 0.001.")
    days = ("--day", "2026-11-05..", "--against-day", "..2026-11-04")
    lines = words(call("funnel-compare", sold, *days).out)
    assert lines[0] == "name ratio text"
    assert lines[1].endswith("no difference shown, p 0.383.")
    assert lines[2] == "Left out, as they are younger than the window: 10 and 0 leads."
    assert_refused(call("funnel-compare", sold), "There is nothing to compare with")


def test_revenue_per_lead_is_compared_by_currency(sold):
    """Four sales of one source are too few, and money stays exact."""
    asked = ("funnel-compare", sold, "--by", "pid", "--what", "money", "--format", "json")
    first = call(*asked).rows[0]
    assert (first["pid"], first["currency"], first["verdict"]) == ("a", "USD", "too_few")
    assert (first["this_epl"], first["other_paying"]) == ("2.5000", 4)
