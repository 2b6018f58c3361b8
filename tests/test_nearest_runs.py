"""What came nearest in a stored run: explain, findings, exports, and runs over an increment."""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cli_help import call
from nearest_help import KINDS, NOVEMBER, Cells, altered, cells, sales, write
from reconcile import explain, findings, findings_frame, increment, run
from reconcile.comparing import CompareFiles, compare
from reconcile.importing import import_file
from reconcile.importing.records import Mapping
from reconcile.matching.parameters import RunParameters
from reconcile.reading import Explanation, Record
from reconcile.terms import Kind
from reconcile.unmatched import NEAREST
from reconcile.warehouse import Batch, Store, open_store

ASKED = RunParameters(**NOVEMBER)
EVENTS = ("00A7A1 sale c acme 3T10:00 40", "q2 sale c acme 4T10:00 40", "q3 sale c acme 5T10:00 9")
CLAIMS = ("00A7AI sale c acme 3T12:00 40", "q2 sale c acme 4T10:00 40", "q9 sale d cobalt 6T9:00 7")


@dataclass(frozen=True)
class Month:
    """A run, its events and its claims: one id is misspelled, one pair is clean."""

    store: Store
    run: str
    events: Batch
    claims: Batch

    def explain(self, ref: str) -> Explanation:
        return explain(self.store, self.run, ref)

    def findings(self) -> list[Record]:
        return findings(self.store, self.run)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    """Lend one month to the tests that only look."""
    folder = tmp_path_factory.mktemp("month")
    with open_store(folder / "home") as store:
        events, claims = (
            load(store, folder, kind, *map(cells, rows))
            for kind, rows in ((Kind.EVENT, EVENTS), (Kind.CLAIM, CLAIMS))
        )
        yield Month(store, run(store, ASKED).id, events, claims)


@pytest.fixture
def copy(month: Month, tmp_path: Path) -> Iterator[Month]:
    """Lend a copy of the month whose files a test may take away."""
    shutil.copytree(month.store.home, tmp_path / "home")
    with open_store(tmp_path / "home") as store:
        yield replace(month, store=store, events=store.batch(month.events.id))


def load(store: Store, folder: Path, kind: Kind, *rows: Cells, name: str = "") -> Batch:
    name = name or str(kind)
    path = write(folder / f"{name}.csv", rows)
    return import_file(store, path, kind=kind, mapping=Mapping(sender=name)).batch


def test_an_explanation_says_what_came_nearest(month):
    """In one sentence, and as records with the places, the points and what differs."""
    told = month.explain(f"claim:{month.claims.id}:2")
    assert told.unmatched == (
        f"Nearest: event sale 40.00 on 3 Nov 2026 ({month.events.file} line 2): its id differs in "
        "one character (…A7AI / …A7A1); 2 hours earlier."
    )
    first = told.nearest[0]
    assert (first["near_ref"], first["points"], first["found"]) == (
        f"event:{month.events.id}:2",
        3,
        1,
    )
    assert (first["differs"], first["time_apart_us"]) == ("id;time", -7_200_000_000)
    assert first["near_transaction_id"] == "00A7A1"


def test_nothing_near_is_said_and_a_matched_row_is_not_asked(month):
    """Silence would leave open whether anybody looked."""
    alone = month.explain(f"claim:{month.claims.id}:4")
    assert alone.nearest == ()
    assert alone.unmatched.startswith("Nothing comes near: no row of the other side")
    matched = month.explain(f"claim:{month.claims.id}:3")
    assert (matched.row["class"], matched.nearest, matched.unmatched) == ("matched", (), None)


def test_nothing_near_claims_no_more_than_was_searched(tmp_path):
    """A paired row one character away is not looked at, so its absence must not be told."""
    events = ("00A7A1 sale c acme 3T10:00 40",)
    claims = ("00A7A1 sale c acme 3T10:00 40", "00A7AI sale c acme 3T12:00 40")
    with open_store(tmp_path / "home") as store:
        load(store, tmp_path, Kind.EVENT, *map(cells, events))
        batch = load(store, tmp_path, Kind.CLAIM, *map(cells, claims))
        told = explain(store, run(store, ASKED).id, f"claim:{batch.id}:3")
    assert told.nearest == ()
    assert "no left-over row is near by its id" in told.unmatched
    assert "paired rows of other leads are not searched" in told.unmatched


def test_findings_name_the_nearest_candidate(month):
    """As exact rows and as a frame, one line for each finding, the largest first."""
    rows = month.findings()
    told = {row["ref"]: row["nearest_ref"] for row in rows}
    assert told[f"claim:{month.claims.id}:2"] == f"event:{month.events.id}:2"
    assert told[f"event:{month.events.id}:2"] == f"claim:{month.claims.id}:2"
    assert told[f"claim:{month.claims.id}:4"] is None
    assert [row["at_stake"] for row in rows] == sorted((r["at_stake"] for r in rows), reverse=True)
    assert list(findings_frame(month.store, month.run)["nearest"].isna()) == [
        row["nearest"] is None for row in rows
    ]
    assert findings(month.store, month.run, limit=1, offset=1) == rows[1:2]


def test_the_command_line_says_the_same(month, tmp_path):
    """`explain` as text and JSON, and the CSV of `findings`."""
    home = ("--home", str(month.store.home))
    text = call("explain", f"claim:{month.claims.id}:2", *home).out
    sentence = month.explain(f"claim:{month.claims.id}:2").unmatched
    assert sentence in text.splitlines()
    assert "  1. event sale 40.00 on 3 Nov 2026" in text
    told = json.loads(call("explain", f"claim:{month.claims.id}:2", "--format", "json", *home).out)
    assert told[0]["unmatched"] == sentence
    assert told[0]["nearest"][0]["near_line"] == 2
    listed = csv.DictReader(io.StringIO(call("findings", "--format", "csv", *home).out))
    said = {row["ref"]: (row["nearest"], row["nearest_ref"]) for row in listed}
    assert said[f"claim:{month.claims.id}:4"] == ("", "")
    assert said[f"claim:{month.claims.id}:2"][1] == f"event:{month.events.id}:2"
    assert f"Nearest: {said[f'claim:{month.claims.id}:2'][0]}." in sentence


def test_compare_writes_what_a_run_says(month, tmp_path):
    """One line for each candidate in `nearest.csv`, with the same sentence."""
    files = CompareFiles([Path(month.events.file)], [Path(month.claims.file)])
    compare(files, ASKED, tmp_path / "out")
    with (tmp_path / "out" / "nearest.csv").open(newline="", encoding="utf-8") as stream:
        written = [
            (row["side"], int(row["line"]), row["nearest"]) for row in csv.DictReader(stream)
        ]
    said = [
        (side, line, near["text"])
        for side, batch in (("event", month.events), ("claim", month.claims))
        for line in (2, 3, 4)
        for near in month.explain(f"{side}:{batch.id}:{line}").nearest
    ]
    assert written == said
    assert len(written) == 2


def test_a_run_of_an_earlier_release_says_that_it_cannot_tell(copy):
    """The first runs did not keep what is needed to look for candidates later."""
    for name in (NEAREST, "run_left.parquet"):
        (copy.store.run_path(copy.run) / name).unlink()
    told = copy.explain(f"claim:{copy.claims.id}:2")
    assert told.unmatched == (
        f"What came nearest cannot be said: run {copy.run} was made by an earlier release; a new "
        "run says it."
    )
    assert {row["nearest"] for row in copy.findings()} == {None}


def test_rows_that_are_gone_leave_the_findings_readable(copy):
    """The candidates cannot be looked for any more; what the run kept still stands."""
    (copy.store.run_path(copy.run) / NEAREST).unlink()
    for path in copy.events.rows_paths:
        path.unlink()
    assert {row["nearest"] for row in copy.findings()} == {None}


def kept(store: Store, run_id: str) -> list[str]:
    """Return what the file beside a run holds, after a first reader has looked."""
    findings(store, run_id, limit=1)
    rows = pq.read_table(store.run_path(run_id) / NEAREST).to_pylist()
    return sorted(map(repr, rows))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "home") as store:
        yield store


def test_a_first_reader_finds_what_the_run_would_have_kept(store, tmp_path, monkeypatch):
    """Runs of an increment leave the file to the reader, who finds the same rows."""
    monkeypatch.setattr(increment, "MOST_NEW", 1000)
    pick = random.Random(3)
    events, claims = sales(40, pick)
    claims = [
        altered(row, pick.choice(KINDS), pick) if pick.random() < 0.6 else row for row in claims
    ]
    leads = [(row[0], row[2], "2026-10-20T10:00:00Z") for row in events[::2]]
    path = write(tmp_path / "leads.csv", leads, ("transaction_id", "campaign_id", "created_at"))
    import_file(store, path, kind=Kind.LEAD, mapping=Mapping(sender="leads"))
    parts = {"e1": events[:30], "c1": claims[::2], "c2": claims[1::2], "e2": events[30:]}
    asked = replace(ASKED, watermark=datetime(2026, 12, 1))
    built = 0
    for name, rows in parts.items():
        load(store, tmp_path, Kind.EVENT if name[0] == "e" else Kind.CLAIM, *rows, name=name)
        found = run(store, asked)
        if found.summary["work"]["built_on"] is None:
            continue
        built += 1
        whole = run(store, asked, whole=True)
        assert kept(store, found.id) == kept(store, whole.id)
    assert built == 2
    told = kept(store, whole.id)
    assert len(told) > 20
    (store.run_path(whole.id) / NEAREST).unlink()
    assert kept(store, whole.id) == told


def test_an_id_one_edit_from_a_matched_row_or_a_lead_is_explained(tmp_path):
    """Its true partner is taken by another row; ids that are numbered in a row say nothing."""
    events = (
        "ab7f01 sale c acme 3T10:00 40",
        *(f"10000{n} sale c acme 4T10:00 9" for n in range(8)),
    )
    claims = (*events, "ab7f0i sale c acme 5T10:00 41", "100009 sale c acme 6T10:00 9")
    with open_store(tmp_path / "home") as store:
        load(store, tmp_path, Kind.EVENT, *map(cells, events))
        batch = load(store, tmp_path, Kind.CLAIM, *map(cells, claims))
        done = run(store, ASKED).id
        [near] = explain(store, done, f"claim:{batch.id}:11").misspelled
        assert near["text"].startswith("ab7f01 (event, not left over, ")
        assert explain(store, done, f"claim:{batch.id}:12").misspelled == ()
        assert explain(store, done, f"claim:{batch.id}:2").misspelled == ()
        told = call("explain", f"claim:{batch.id}:11", "--home", store.home).out
    assert "Ids one character away" in told
