"""Pages: whatever a file holds, a reader sees it as text, and the page reaches for nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from jinja2 import DictLoader, UndefinedError

from reconcile import pages
from reconcile.pages import page
from reconcile.showing import moment

HOSTILE = "<script>x</script><img src=http://h/p onerror=x>\"'&\x00\u202egpj.exe"


@pytest.fixture
def template(monkeypatch):
    """Let a page be made of a text instead of a file, within the very environment."""
    environment = pages._environment().overlay()

    def render(text: str, **values: object) -> str:
        environment.loader = DictLoader({"t.txt": text})
        return environment.from_string(text).render(**values)

    return render


class Seen(HTMLParser):
    """What a browser would take for tags, and for text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize(
    "text", ["<p>{{ x }}</p>", '<p title="{{ x }}"></p>', "<p title='{{ x }}'>"]
)
def test_text_of_a_file_never_becomes_markup(template, text):
    """It stays text between tags and within attributes; what cannot be seen is made visible."""
    seen = Seen()
    made = template(text, x=HOSTILE)
    seen.feed(made)
    assert seen.tags == ["p"]
    assert "\x00" not in made
    assert "\u202e" not in made
    assert made.count("\N{REPLACEMENT CHARACTER}") == 2


def test_nothing_is_empty_and_a_missing_name_is_an_error(template):
    """None is an empty cell; a name that nobody gave is never a silent gap."""
    assert template("<{{ x }}>", x=None) == "<>"
    with pytest.raises(UndefinedError):
        template("{{ y }}")


def test_filters_say_what_the_product_says_elsewhere(template):
    """Money, counts, times and words read as in every other place."""
    text = (
        "{{ m | money }}|{{ m | signed }}|{{ n | count }}|{{ t | moment('America/Los_Angeles') }}|"
        "{{ 'missing_event' | row_class }}|{{ 'status_conflict' | row_class('returned') }}|"
        "{{ 'day_shift' | bucket }}|{{ 'unpriced' | flag }}|{{ 'missing_event' | next_step }}"
    )
    made = template(
        text, m=Decimal("12345678901234.1234"), n=1234567, t=datetime(2026, 11, 1, 5, 30)
    )
    assert made == (
        "12,345,678,901,234.1234|+12,345,678,901,234.1234|1,234,567|2026-10-31 22:30|"
        "Missing event|Denied by the buyer (returned)|"
        "Day shift|The row names no amount.|Re-fire the event."
    )


def test_a_time_is_shown_in_the_zone_asked_for():
    """A code of Pingtree is a fixed offset; an unknown time is empty."""
    assert moment(datetime(2026, 7, 1, 8, tzinfo=UTC).replace(tzinfo=None), "PST") == (
        "2026-07-01 00:00"
    )
    assert moment(None, "PST") == ""


def test_the_common_page_reaches_for_nothing_outside():
    """It forbids every request, and lets no telephone make links of numbers."""
    made = page("base.html")
    assert "default-src 'none'" in made
    assert "telephone=no" in made
    assert "http://" not in made
    assert "https://" not in made
