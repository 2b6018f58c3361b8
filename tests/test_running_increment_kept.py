"""What a run over an increment relies on: verdicts of ids that no new batch holds."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from pyarrow import parquet

from reconcile import increment, run
from reconcile.engine import Engine
from reconcile.errors import WarehouseError
from reconcile.importing import import_file
from reconcile.importing.records import Mapping
from reconcile.matching.parameters import RunParameters
from reconcile.running import Run
from reconcile.terms import Kind
from reconcile.warehouse import Batch, Store, open_store

HEADERS = {
    Kind.LEAD: "transaction_id,campaign_id,buyer,created_at,revenue",
    Kind.EVENT: "transaction_id,event_id,campaign_id,buyer,occurred_at,revenue",
    Kind.CLAIM: "transaction_id,event_id,campaign_id,buyer,occurred_at,revenue",
}
WITH_CLICK = {kind: f"{header},external_clickid" for kind, header in HEADERS.items()}
ASKED = RunParameters(
    date_from=date(2026, 10, 1),
    date_to=date(2026, 11, 1),
    zone="UTC",
    watermark=datetime(2026, 12, 1),
)
Import = Callable[..., Batch]


@pytest.fixture(autouse=True)
def _always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Build on a former run however much is new: a few rows are always much."""
    monkeypatch.setattr(increment, "MOST_NEW", 1000)


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with open_store(home) as store:
        yield store


@pytest.fixture
def load(store: Store, tmp_path: Path) -> Import:
    """Return a function that imports lines of one sender, made on a day of December."""

    def load(kind: Kind, made: int, *lines: str, **mapping: object) -> Batch:
        path = tmp_path / f"{kind}_{made}.csv"
        fields = lines[0].count(",")
        header = next(one[kind] for one in (HEADERS, WITH_CLICK) if one[kind].count(",") == fields)
        path.write_text("\n".join((header, *lines)) + "\n")
        said = Mapping(sender="x", zone="UTC", **mapping)  # type: ignore[arg-type]
        made_at = datetime(2026, 12, made)
        return import_file(store, path, kind=kind, mapping=said, exported_at=made_at).batch

    return load


def assert_as_a_whole_run(store: Store, *, builds: bool = True) -> None:
    found, whole = run(store, ASKED), run(store, ASKED, whole=True)
    assert (found.summary["work"]["built_on"] is not None) is builds
    assert {**found.summary, "work": 0} == {**whole.summary, "work": 0}
    for name in increment.KEPT:
        assert kept(found, name) == kept(whole, name), name


def kept(found: Run, name: str) -> list[str]:
    return sorted(map(str, parquet.read_table(found.folder / f"{name}.parquet").to_pylist()))


def test_exports_that_meet_through_a_new_one_choose_anew(store, load):
    """A lead that both hold is the newer one's from then on, though the new export lacks it."""
    load(Kind.LEAD, 1, "q1,c,acme,2026-10-02T00:00:00Z,5", "q2,c,acme,2026-10-05T00:00:00Z,5")
    load(Kind.LEAD, 2, "q1,c,bolt,2026-10-12T00:00:00Z,5", "q3,c,acme,2026-10-15T00:00:00Z,5")
    load(Kind.EVENT, 1, "q1,sale,c,,2026-10-12T00:00:00Z,5")
    load(Kind.CLAIM, 1, "q1,sale,c,acme,2026-10-12T00:00:00Z,5")
    first = run(store, ASKED)
    between = "q4,c,acme,2026-10-04T00:00:00Z,5", "q5,c,acme,2026-10-14T00:00:00Z,5"
    batch = load(Kind.LEAD, 3, *between)
    assert_as_a_whole_run(store)
    store.undo(batch.id)
    assert_as_a_whole_run(store)
    assert run(store, ASKED).findings == first.findings


@pytest.mark.parametrize("kind", [Kind.EVENT, Kind.CLAIM])
def test_rows_without_a_time_choose_anew_as_well(store, load, kind):
    """Their batches overlap by what these state; the id's rows are all joined before."""
    early, late = (date(2026, 10, 1), date(2026, 10, 5)), (date(2026, 10, 10), date(2026, 10, 15))
    other = Kind.CLAIM if kind is Kind.EVENT else Kind.EVENT
    row = "q1,sale,c,acme,2026-10-12T00:00:00Z"
    load(other, 1, f"{row},5", f"{row},7")
    load(kind, 1, "q1,sale,c,acme,,5", "q2,sale,c,acme,2026-10-02T00:00:00Z,5", period=early)
    load(kind, 2, "q1,sale,c,acme,,7", "q3,sale,c,acme,2026-10-12T00:00:00Z,5", period=late)
    run(store, ASKED)
    between = ("q4,sale,c,acme,2026-10-04T00:00:00Z,5", "q5,sale,c,acme,2026-10-14T00:00:00Z,5")
    load(kind, 3, *between)
    assert_as_a_whole_run(store)


def test_a_whole_delivery_that_is_confirmed_withdraws(store, load, monkeypatch):
    """Cut off it covers nothing, so that nothing is withdrawn; confirmed it may be any id."""
    rows = ("q1,sale,c,acme,2026-10-12T00:00:00Z,5", "q2,sale,c,acme,2026-10-13T00:00:00Z,5")
    load(Kind.CLAIM, 1, *rows)
    load(Kind.EVENT, 1, *rows)
    monkeypatch.setattr("reconcile.importing.staging._is_cut_off", lambda *_: True)
    later = "q3,sale,c,acme,2026-10-11T00:00:00Z,5"
    batch = load(Kind.EVENT, 2, later, rows[1], delivery="full")
    assert run(store, ASKED).summary["rows"]["event"]["read"] == 3
    store.confirm(batch.id)
    assert_as_a_whole_run(store, builds=False)
    assert run(store, ASKED).summary["rows"]["event"]["read"] == 2


def test_candidates_of_the_margin_are_kept_once(store, load):
    """An event of the margin has no verdict, but its candidates are listed."""
    load(Kind.EVENT, 1, "zz9,sale,c,acme,2026-09-20T00:00:00Z,5")
    claims = [f"{one},sale,c,acme,2026-10-12T00:00:00Z,5" for one in ("zz-9", "ZZ9", "z-z9")]
    load(Kind.CLAIM, 1, *claims[:2])
    assert len(kept(run(store, ASKED), "run_choice")) == 2
    load(Kind.CLAIM, 2, claims[2])
    assert_as_a_whole_run(store)


def test_a_run_of_an_undone_file_that_is_gone_is_not_built_on(store, load):
    """To undo a batch with a missing file and import it again is what its message asks for."""
    load(Kind.EVENT, 1, "q1,sale,c,acme,2026-10-12T00:00:00Z,5")
    row = "q1,sale,c,acme,2026-10-13T00:00:00Z,5"
    batch = load(Kind.CLAIM, 1, row)
    first = run(store, ASKED)
    shutil.rmtree(batch.path)
    other = load(Kind.CLAIM, 2, "q2,sale,c,acme,2026-10-13T00:00:00Z,5")
    with pytest.raises(WarehouseError, match=r"is missing. Restore .* or undo"):
        run(store, ASKED)
    store.undo(other.id)
    store.undo(batch.id)
    load(Kind.CLAIM, 1, row)
    assert_as_a_whole_run(store, builds=False)
    assert run(store, ASKED).findings == first.findings


def lead(lead_id: str, click: str, campaign: str = "c") -> str:
    """Return the line of a lead that carries an external id."""
    return f"{lead_id},{campaign},acme,2026-10-02T00:00:00Z,5,{click}"


def row(lead_id: str, click: str = "", event: str = "sale") -> str:
    """Return the line of an event or a claim that may name an external id."""
    return f"{lead_id},{event},c,acme,2026-10-12T00:00:00Z,5,{click}"


@pytest.fixture
def affected(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the list to which every increment adds how many ids it reconciled anew."""
    counts: list[int] = []
    is_few = increment._is_few

    def count(engine: Engine, increment: increment.Increment) -> bool:
        counts.append(int(engine.query("increment/affected_count")[0][0]))
        return is_few(engine, increment)

    monkeypatch.setattr(increment, "_is_few", count)
    return counts


def test_left_over_rows_that_share_nothing_with_the_new_ones_stay(store, load, affected):
    """Each report has external ids; were all their rows looked at anew, nothing would be saved."""
    load(Kind.LEAD, 1, *(lead(f"q{n}", f"x{n}") for n in range(9)))
    load(Kind.EVENT, 1, *(row(f"q{n}") for n in range(4)))
    load(Kind.CLAIM, 1, *(row(f"gone{n}", f"x{n}") for n in range(2, 9)))
    run(store, ASKED)
    load(Kind.EVENT, 2, row("q5"))
    assert_as_a_whole_run(store)
    assert affected[-1] == 2  # the new event's, and that of the claim which names its lead's click


def test_a_new_claim_reaches_others_through_leads_that_it_does_not_name(store, load, affected):
    """It names the click of a lead whose event another claim was joined to by another click."""
    both = "q1,c,acme,2026-10-02T00:00:00Z,5,x1", "q1,c,acme,2026-10-03T00:00:00Z,5,x2"
    load(Kind.LEAD, 1, *both, lead("q2", "x9"))
    load(Kind.EVENT, 1, row("q1"), row("q2"))
    load(Kind.CLAIM, 1, row("a1", "x1"), row("a9", "x9"))
    run(store, ASKED)
    load(Kind.CLAIM, 2, row("a2", "x2"))
    assert_as_a_whole_run(store)
    assert affected[-1] == 3  # q1, a1, a2


@pytest.mark.parametrize("kind", [Kind.LEAD, Kind.EVENT, Kind.CLAIM])
def test_a_row_that_goes_parts_what_it_joined_and_joins_what_it_parted(store, load, kind):
    """Whatever goes and comes back: the lead in between, either row, or a rival of them."""
    load(Kind.LEAD, 1, lead("q7", "x7"))
    load(Kind.EVENT, 1, row("q8"))
    load(Kind.CLAIM, 1, row("a8", "x8"))
    lines = {
        Kind.LEAD: (lead("q1", "x1"), lead("q2", "x2"), lead("q3", "x2")),
        Kind.EVENT: (row("q1"), row("q2"), row("q3")),
        Kind.CLAIM: (row("a1", "x1"), row("a2", "x2"), row("1.23457E+17", "x1")),
    }
    batches = {one: load(one, 2, *lines[one]) for one in lines}
    run(store, ASKED)
    store.undo(batches[kind].id)
    assert_as_a_whole_run(store)
    load(kind, 3, *lines[kind][:2])
    assert_as_a_whole_run(store)


def test_a_claim_that_lost_its_exact_event_seeks_by_its_click(store, load):
    """Its lead was never asked for: nothing was left over that named this click."""
    load(Kind.LEAD, 1, lead("q1", "x1"), lead("q2", "x2"))
    load(Kind.CLAIM, 1, row("q2", "x1"))
    load(Kind.EVENT, 1, row("q1"))
    batch = load(Kind.EVENT, 2, row("q2"))
    run(store, ASKED)
    store.undo(batch.id)
    assert_as_a_whole_run(store)


@pytest.mark.parametrize("damaged", ["1.23457E+17", "123456789012345000", "5-Dec"])
def test_a_new_lead_may_be_what_a_damaged_id_was_made_of(store, load, damaged):
    """One lead that fits joins them, a second one parts them again."""
    whole = {"5-Dec": ("DEC5", "5dec")}.get(damaged, ("123456789012345678", "123456789012345111"))
    load(Kind.LEAD, 1, lead("other", ""))
    load(Kind.EVENT, 1, row(whole[0]), row("other"))
    load(Kind.CLAIM, 1, row(damaged), damaged_ids="keep")
    run(store, ASKED)
    load(Kind.LEAD, 2, lead(whole[0], ""))
    assert_as_a_whole_run(store)
    load(Kind.LEAD, 3, lead(whole[1], ""))
    assert_as_a_whole_run(store)
