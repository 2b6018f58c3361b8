"""The report on a run: one page that prints, says the same as the bridge, and trusts no text."""

from __future__ import annotations

import re
import shutil
from datetime import datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from reconcile import open_store
from reconcile.covering import _open
from reconcile.reporting import report
from reconcile.reporting.drawing import waterfall
from tests.cli_help import CLAIMS, PERIOD, assert_refused, call, run_id, run_month, write

TAGS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "header",
        "section",
        "h1",
        "h2",
        "h3",
        "p",
        "span",
        "strong",
        "div",
        "ul",
        "li",
        "br",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "th",
        "td",
        "dl",
        "dt",
        "dd",
        "figure",
        "figcaption",
        "svg",
        "desc",
        "defs",
        "pattern",
        "rect",
        "line",
        "path",
        "text",
    ]
)
CSS = "".join((ROOT / "reconcile/templates").joinpath(n).read_text() for n in ("base.css",))


class Page(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data + " "


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """Return a folder with the small month, loaded and reconciled once; for copying only."""
    folder = tmp_path_factory.mktemp("month")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECONCILE_HOME", str(folder / "home"))
        run_month(folder)
    return folder


@pytest.fixture
def month(loaded, home, tmp_path):
    """Return a folder with the small month, and a home of this test's own that holds it."""
    shutil.copytree(loaded, tmp_path, dirs_exist_ok=True)
    return tmp_path


def written(folder, *arguments) -> str:
    """Write the report by the command line and return it."""
    out = folder / "report.html"
    ran = call("report", *arguments, "--out", out)
    assert ran.code == 0, ran
    return out.read_text("utf-8")


def test_the_page_says_what_the_bridge_says(month):
    """Both ends, every bucket, the largest findings with their sentence, and the facts."""
    html = written(month)
    page = Page(html)
    for row in call("bridge", "--format", "json").rows:
        assert f"{Decimal(row['amount']):,.2f}" in page.text
    assert "Claimed 25.00 USD on 5 Nov 2026 (claims.csv line 3); no event `sale`" in page.text
    assert "November 2026" in page.text
    run = call("runs", "--format", "json").rows[0]
    for fact in (run["id"], run["result_sha256"], "days of UTC", "Re-fire the event."):
        assert fact in page.text
    for batch in call("batches", "--format", "json").rows:
        assert batch["sha256"] in page.text
        assert str(month) not in page.text  # whose folders they lay in is nobody's business


def test_the_page_needs_nothing_but_itself(month):
    """No script, no link, no font or picture from anywhere, and the same bytes again."""
    html = written(month)
    page = Page(html)
    assert set(page.tags) <= TAGS
    names = {name for name, _ in page.attributes}
    assert not names & {"src", "href", "srcset", "data", "action"}
    assert not [name for name in names if name.startswith("on")]
    addresses = set(re.findall(r"https?://[^\"' ]+", html))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert re.findall(r"url\(([^)]*)\)", html) == ["#less-1"] * html.count("url(")
    assert written(month) == html


def test_hostile_cells_are_text(month):
    """Markup, an address and characters that turn text around, in every cell that a page shows."""
    evil = "</title><script>x</script><a href=http://h>\u202egpj"
    row = f'"{evil}",sale,c1,"{evil}",2026-11-06T10:00:00Z,999,USD,approved\n'
    head = "transaction_id,event_id,campaign_id,buyer,occurred_at,revenue,currency,status\n"
    path = write(month, "<b>evil&.csv", head + row)
    assert call("import", path, "--kind", "claim", "--sender", "<i>net").code == 0
    assert call("run", *PERIOD).code == 1
    html = written(month)
    page = Page(html)
    assert set(page.tags) <= TAGS
    assert "\u202e" not in html
    assert "</title><script>x</script>" in page.text
    assert "<b>evil&.csv" in page.text
    assert "<i>net" in page.text


LATE = "t7,sale,c1,acme,2026-11-24T10:00:00Z,1.00,USD,approved\n"


def test_what_is_not_covered_stands_first(month):
    """Of two parts of a month none speaks of the rest: that is said before anything else."""
    more = write(month, "more.csv", f"{CLAIMS.splitlines()[0]}\n{LATE}")
    assert call("import", more, "--kind", "claim", "--sender", "net").code == 0
    ran = call("run", *PERIOD)
    assert ran.out.startswith("This run does not cover its whole period:\n")
    assert "The buyer reports of bolt hold nothing from" in ran.out
    html = written(month)
    assert 0 < html.index("does not cover its whole period") < html.index("<h1>")
    assert call("report", "--out", month / "x.html").out.startswith("This run does not cover")


def test_a_covered_period_says_nothing_of_it(month):
    """Stated covers hold; a file of 1 November alone is asked for that day alone."""
    cover = "from = 2026-10-01T00:00:00Z\nto = 2027-01-01T00:00:00Z\n"
    names = ("lead_cover", "event_cover", "claim_cover")
    params = write(month, "run.toml", "".join(f"[[{name}]]\n{cover}" for name in names))
    ran = call("run", *PERIOD[:3], "2026-11-20", *PERIOD[4:], "--params", params)
    assert "not cover" not in ran.out
    assert "not cover" not in written(month)


def test_what_was_done_and_what_is_left_add_up(month):
    """An ignored finding is done and not open; its sum moves from one table to the other."""
    assert "Nothing was decided on yet." in Page(written(month)).text
    decided = ("decide", "claims.csv:3", "--as", "ignore", "--reason", "small")
    assert call(*decided).code == 0
    page = Page(written(month)).text
    assert "ignored It is not worth acting on; a plan leaves it out. 1 25.00" in page
    assert "2 findings are open, with 42.50 at stake." in page
    assert "Open in all 2 42.50" in page


def test_a_run_may_be_named_and_an_unknown_one_is_told(month):
    """The newest is the default."""
    first = call("runs", "--format", "json").rows[0]["id"]
    second = run_id(call("run", *PERIOD[:3], "2026-11-10", *PERIOD[4:]))
    assert second in written(month)
    assert first in written(month, first)
    assert_refused(call("report", "nowhere", "--out", month / "y.html"), "no run 'nowhere'")
    assert not (month / "y.html").exists()


def test_a_file_that_cannot_be_written_is_told(month):
    """One paragraph, and the old file stays."""
    ran = call("report", "--out", month / "no" / "x.html")
    assert ran.code == 2
    assert "cannot be written" in ran.err


def test_a_run_of_nothing_has_a_page(month):
    """It says so instead of showing an empty one."""
    ran = call("run", "--from", "2026-12-10", "--to", "2026-12-12", "--zone", "UTC")
    assert ran.code == 0
    assert "No row was reconciled." in Page(written(month)).text


AMOUNT = st.decimals(-50_000, 50_000, places=2)


@given(events=AMOUNT, steps=st.dictionaries(st.sampled_from("abcdefgh"), AMOUNT, max_size=8))
def test_bars_stand_on_each_other_within_the_picture(events, steps):
    """Each begins where the one above ends; the last one ends where the claims do."""
    claims = events + sum(steps.values())
    rows = [{"bucket": name, "amount": amount} for name, amount in steps.items()]
    rows += [{"bucket": "events", "amount": events}, {"bucket": "claims", "amount": claims}]
    drawn = waterfall(rows)
    first, *between, last = drawn.bars
    assert len(between) == sum(1 for amount in steps.values() if amount)
    stand = first.link_x
    for bar in between:
        ends = (bar.x, round(bar.x + bar.width, 2))
        assert min(abs(stand - end) for end in ends) <= 1.5
        assert ends[0] >= 236
        assert ends[1] <= 614
        stand = bar.link_x
    assert abs(stand - last.link_x) < 0.1
    assert drawn.bars[-1].y + drawn.row <= drawn.height
    assert drawn.cut == (
        drawn.starts_at not in ("0.00", "0") and not drawn.starts_at.startswith("-")
    )


def test_texts_can_be_read_on_white_and_in_grey():
    """Every colour of letters has the contrast that WCAG asks for (4.5), hatches differ in grey."""
    letters = re.findall(r"--(?:ink|soft|alert): (#\w{6})", CSS)
    assert len(letters) == 3
    assert min(contrast(colour, "#ffffff") for colour in letters) >= 4.5
    svg = (ROOT / "reconcile/templates/waterfall.svg").read_text()
    total, more, less = "#2f4058", "#7cc3b4", "#f6d9c4"
    assert all(colour in svg for colour in (total, more, less))
    assert contrast(total, more) > 3


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


HOURS = st.integers(0, 20)
START = datetime(2026, 11, 1)


@given(st.lists(st.tuples(HOURS, HOURS), max_size=5), HOURS, HOURS)
def test_gaps_and_spans_share_every_hour_of_the_period(pairs, one, other):
    """An hour of the period is in a gap exactly if no span holds it."""
    first, last = sorted((one, other))
    hour = [START + timedelta(hours=number) for number in range(22)]
    spans = [(hour[min(pair)], hour[max(pair)]) for pair in pairs]
    gaps = list(_open((hour[first], hour[last]), spans))
    for number in range(first, last):
        held = any(start <= hour[number] < end for start, end in spans)
        assert held != any(start <= hour[number] < end for start, end in gaps)


def test_a_report_from_python_is_the_same_text(month):
    """The command line is a thin layer over it."""
    with open_store() as store:
        newest = store.runs()[0].id
        assert report(store, newest) == written(month)
