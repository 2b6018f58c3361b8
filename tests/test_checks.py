"""What the checks before an import show: one hit and one near miss each."""

from __future__ import annotations

import inspect
from datetime import datetime
from typing import Any

import pytest

from reconcile.engine import Engine
from reconcile.importing import StageOptions, import_file, load_mapping, stage
from reconcile.importing.checking.checked import Check, Level
from reconcile.importing.checking.checks import check_file
from reconcile.terms import Kind
from reconcile.warehouse import Store, open_store

NOW = datetime(2026, 11, 24, 12)


def checked(folder, content: str, **options: Any) -> dict[str, Check]:
    """Return the checks of a file by their names, beside what a store holds."""
    store: Store | None = options.pop("store", None)
    path = folder / "file.csv"
    path.write_text(inspect.cleandoc(content) + "\n", encoding="utf-8")
    if "mapping" in options:
        told = folder / "sender.toml"
        told.write_text(inspect.cleandoc(options["mapping"]), encoding="utf-8")
        options["mapping"] = load_mapping(told)
    engine = Engine()
    staged = stage(engine, path, kind=Kind.CLAIM, options=StageOptions(zone="UTC", **options))
    others = store.batches() if store else ()
    found = check_file(engine, staged, others, now=NOW)
    engine.close()
    assert len({check.name for check in found}) == len(found)
    return {check.name: check for check in found}


HEADER = "transaction_id,occurred_at,revenue"


def test_rows_in_the_future_are_doubted(tmp_path):
    """A day of grace, because a zone may be ahead; beyond it the line is named."""
    rows = [f"a{n},2026-11-{day} 12:00:00,1" for n, day in enumerate(("24", "25", "26"))]
    found = checked(tmp_path, "\n".join([HEADER, *rows]))["future"]
    assert (found.level, found.found) == (Level.DOUBT, "1")
    assert "line 4" in found.text
    assert "future" not in checked(tmp_path, "\n".join([HEADER, *rows[:2]]))


@pytest.mark.parametrize(
    ("day", "level"), [("2026-11-01", Level.DOUBT), ("2026-10-31", Level.FINE)]
)
def test_rows_outside_of_the_stated_period_are_doubted(tmp_path, day, level):
    """The period is half open: its last day is inside, the day after is not."""
    mapping = """
    [period]
    from = 2026-10-01
    to = 2026-11-01
    """
    found = checked(tmp_path, f"{HEADER}\na,{day},1\nb,2026-10-01,1", mapping=mapping)
    assert found["period"].level is level


def test_negative_and_unknown_amounts_are_counted(tmp_path):
    """Returns are a note, and so are amounts nobody knows; zero is neither."""
    found = checked(tmp_path, f"{HEADER}\na,2026-10-01,-5.50\nb,2026-10-01,\nc,2026-10-01,0")
    assert found["signs"].found == "1"
    assert "-5.5" in found["signs"].text
    assert found["unpriced"].text.startswith("1 row")


def test_identical_rows_are_no_line_items(tmp_path):
    """The same line twice is doubted, and nothing is offered to be added up."""
    found = checked(tmp_path, f"{HEADER}\na,2026-10-01,5\na,2026-10-01,5\nb,2026-10-01,5")
    assert found["identical"].found == "1"
    assert "line 3" in found["identical"].text
    assert "lines_per_id" not in found


def test_line_items_offer_their_sum(tmp_path):
    """An id on several lines of one event and other amounts may be one sale; a return is not."""
    found = checked(tmp_path, f"{HEADER}\na,2026-10-01,5\na,2026-10-01,6\nb,2026-10-01,5")
    offer = found["lines_per_id"].offer
    assert offer is not None
    assert offer.answers == (("sum_by", "transaction_id"),)
    assert "lines_per_id" not in checked(tmp_path, f"{HEADER}\na,2026-10-01,5\na,2026-10-02,-5")


TITLED = """
Settlement 2026-10-01 to 2026-10-31
Buyer: Acme

transaction_id,occurred_at,revenue
a,2026-10-01,5.50
b,{},6.25
Total,,{}

Rows: {}
"""


def test_the_totals_counts_and_periods_of_a_file_are_held_against_its_rows(tmp_path):
    """What the file says of itself is right, or the difference is told."""
    right = checked(tmp_path, TITLED.format("2026-10-31", "11.75", 2), sender="acme")
    for name in ("control_total", "row_count", "period"):
        assert right[name].level is Level.FINE
    assert "title_buyer" not in right
    wrong = checked(tmp_path, TITLED.format("2026-11-01", "11.76", 3), sender="best")
    assert (wrong["control_total"].expected, wrong["control_total"].found) == ("11.76", "11.75")
    assert (wrong["row_count"].expected, wrong["row_count"].found) == ("3", "2")
    assert wrong["period"].level is Level.DOUBT
    assert "line 6" in wrong["period"].text
    assert wrong["title_buyer"].expected == "Acme"
    assert "--answer period.from=2026-10-01" in wrong["title_period"].text


def test_an_end_without_a_line_end_is_noted(tmp_path):
    """Only where the other lines have one."""
    path = tmp_path / "cut.csv"
    path.write_text(f"{HEADER}\na,2026-10-01,5\nb,2026-10-01,12", encoding="utf-8")
    engine = Engine()
    staged = stage(engine, path, kind=Kind.CLAIM, options=StageOptions(zone="UTC"))
    assert "open_end" in {check.name for check in check_file(engine, staged, now=NOW)}
    engine.close()
    assert "open_end" not in checked(tmp_path, f"{HEADER}\na,2026-10-01,5")


def load(store: Store, folder, kind: Kind, content: str) -> None:
    """Import a file into the store."""
    path = folder / f"{kind}.csv"
    path.write_text(inspect.cleandoc(content) + "\n", encoding="utf-8")
    import_file(store, path, kind=kind, zone="UTC", sender="us")


def test_claims_are_held_against_the_events_that_are_loaded(home, tmp_path):
    """The share of rows with a known lead, and the time for which no events are there."""
    with open_store() as store:
        assert "coverage" in checked(tmp_path, f"{HEADER}\na,2026-10-01,5", store=store)
        load(
            store,
            tmp_path,
            Kind.EVENT,
            """
            transaction_id,event_id,pid,occurred_at,revenue
            a,sale,p,2026-10-01,5
            b,sale,p,2026-10-03,5
            """,
        )
        found = checked(tmp_path, f"{HEADER}\na,2026-10-01,5\nA,2026-10-02,5", store=store)
        assert found["match_rate"].found == "1.0000"
        assert found["coverage"].level is Level.FINE
        found = checked(tmp_path, f"{HEADER}\na,2026-10-01,5\nx,2026-10-09,5\ny,,1", store=store)
        assert (found["match_rate"].level, found["match_rate"].found) == (Level.DOUBT, "0.3333")
        assert found["coverage"].found == "2026-10-03 to 2026-10-09"


def test_rows_before_the_first_lead_of_their_campaign_are_doubted(home, tmp_path):
    """Nothing can be sold before it is there."""
    with open_store() as store:
        load(
            store,
            tmp_path,
            Kind.LEAD,
            """
            transaction_id,campaign_id,created_at
            a,c1,2026-10-05
            """,
        )
        rows = "transaction_id,campaign_id,occurred_at\na,c1,2026-10-04\nb,c1,2026-10-05"
        load(store, tmp_path, Kind.EVENT, "transaction_id,event_id,occurred_at\nz,sale,2026-10-04")
        found = checked(tmp_path, rows, store=store)["before_campaign"]
        assert found.level is Level.DOUBT
        assert "line 2" in found.text
