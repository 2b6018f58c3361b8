"""What is done on each screen: an address to begin at, and an action that is repeated.

Each repetition asks for something that was not asked before, where the screen has enough to ask
for: an answer that is kept from the last time would measure nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from reconcile import RowClass
from reconcile.terms import attribute_label

BRIDGE = ".js-plotly-plot .ytick"
FUNNEL = ".st-key-funnel_bars .ytick"
GRID = "[class*=st-key-grid_] [data-testid=stDataFrame] canvas"
ROW, HEAD = 35, 35
"""Pixels of a row of the grid, and of its header."""

CLASSES = [one for one in RowClass if one.is_finding]
CURRENCIES = ("USD", "CAD", "GBP", "EUR")
BUYERS = ("acme", "borealis", "cobalt", "delta_direct", "evergreen", "fathom")
BREAKDOWNS = [attribute_label(one) for one in ("pid", "buyer", "utm_source", "sub1", "campaign_id")]
"""By the words of the field: with others nothing is chosen, and nothing happens."""


@dataclass(frozen=True)
class Action:
    """One action of a person: on which screen, what, and how the n-th repetition is done."""

    screen: str
    name: str
    address: str
    drawn: str
    do: Callable[[Page, int], None]
    afresh: bool = False
    """Open the address before each repetition, because the action leads away or goes on."""


def opened(screen: str, address: str) -> Action:
    """Return the action of coming to a screen from another one, by the bar above."""
    return Action(screen, "open from another screen", "", BRIDGE, _link(address), afresh=True)


def _link(address: str) -> Callable[[Page, int], None]:
    def follow(page: Page, _: int) -> None:
        page.locator(f"a[href$='/{address}']").first.click()

    return follow


def _chosen(field: str, values: list[str]) -> Callable[[Page, int], None]:
    """Choose a value in a field by its name, as from the keyboard."""

    def choose(page: Page, n: int) -> None:
        box = page.locator(f".st-key-{field} input")
        page.evaluate("() => { window.seen.armed = false; }")
        box.fill(values[n % len(values)])
        page.evaluate("() => { window.seen.armed = true; }")
        box.press("Enter")

    return choose


def _search(page: Page, n: int) -> None:
    box = page.locator(".st-key-q input")
    page.evaluate("() => { window.seen.armed = false; }")
    box.fill(f"{n * 37 % 4096:03x}")
    page.evaluate("() => { window.seen.armed = true; }")
    box.press("Enter")


def _next_page(page: Page, _: int) -> None:
    onward = page.get_by_test_id("stPaginationNext").first
    if onward.is_enabled():
        onward.click()
    else:
        page.get_by_test_id("stPagination").first.get_by_text("1", exact=True).click()


def _tick(page: Page, n: int) -> None:
    _click_row(page, n % 9, 17)


def _look(page: Page, n: int) -> None:
    _click_row(page, n % 9, 90)


def _click_row(page: Page, place: int, x: int) -> None:
    box = page.locator(GRID).first.bounding_box()
    if box is None:
        raise SystemExit("The grid of findings is not there.")
    page.mouse.click(box["x"] + x, box["y"] + HEAD + ROW * place + ROW / 2)


def _currency(page: Page, n: int) -> None:
    names = CURRENCIES[1:] if n % 2 == 0 else CURRENCIES[:1]
    page.locator(".st-key-currency").get_by_text(names[n // 2 % len(names)], exact=True).click()


def _show(page: Page, n: int) -> None:
    shown = ("Time it takes", "Money", "Cohorts", "Steps")
    page.locator(".st-key-show").get_by_text(shown[n % 4], exact=True).click()


FINDING_WORDS = [one.label for one in CLASSES]

ACTIONS = (
    Action("Summary", "choose another currency", "", BRIDGE, _currency),
    opened("Findings", "findings"),
    Action("Findings", "filter by class", "findings", GRID, _chosen("class", FINDING_WORDS)),
    Action("Findings", "filter by buyer", "findings", GRID, _chosen("buyer", list(BUYERS))),
    Action("Findings", "search a part of an id", "findings", GRID, _search),
    Action("Findings", "next page", "findings", GRID, _next_page),
    Action("Findings", "tick a row", "findings", GRID, _tick),
    Action("Findings", "open the detail of a row", "findings", GRID, _look),
    opened("Re-fire", "refire"),
    opened("Import", "import"),
    opened("Funnels", "funnels"),
    Action("Funnels", "break down", "funnels", FUNNEL, _chosen("by", BREAKDOWNS)),
    Action("Funnels", "cohorts, time, money, steps", "funnels", FUNNEL, _show),
    Action("Funnels", "next page of lost leads", "funnels", FUNNEL, _next_page),
    opened("Activity", "activity"),
    opened("Settings", "settings"),
)
