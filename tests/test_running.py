"""What a stored run must say whatever lies around it in the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from reconcile import (
    CompareFiles,
    FindingFilter,
    Kind,
    RunParameters,
    Store,
    compare,
    explain,
    findings,
    import_file,
    load_mapping,
    open_store,
    run,
    run_again,
)

LEADS = "transaction_id,campaign_id,pid,buyer,created_at,status,revenue,currency\n"
EVENTS = "transaction_id,campaign_id,pid,buyer,event_id,conversion_date,revenue,currency\n"
CLAIMS = "transaction_id,campaign_id,buyer,event_id,occurred_at,revenue,currency,status\n"
NOVEMBER = RunParameters(date(2026, 11, 1), date(2026, 12, 1), "UTC")


@dataclass
class Desk:
    """A store, and a folder for the files that go into it."""

    store: Store
    folder: Path

    def load(
        self, kind: Kind, name: str, text: str, mapping: str = "", sender: str = "acme"
    ) -> str:
        """Import a text as a file; return its batch."""
        path, said = self.folder / name, self.folder / f"{name}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        said.write_text(mapping)
        known = load_mapping(said) if mapping else None
        done = import_file(self.store, path, kind=kind, zone="UTC", mapping=known, sender=sender)
        return done.batch.id

    def classes(self, side: str, parameters: RunParameters = NOVEMBER) -> dict[str, int]:
        """Reconcile; return the rows of a side by class and reason."""
        counts: dict[str, int] = run(self.store, parameters).summary["rows"][side]["by_reason"]
        return counts


@pytest.fixture
def desk(home: Path, tmp_path: Path) -> Iterator[Desk]:
    with open_store(home) as store:
        yield Desk(store, tmp_path)


def test_sold_leads_as_claims_speak_for_every_buyer(desk):
    """A lead export names campaigns: taken for buyers, they would leave every event uncovered."""
    leads = LEADS + (
        "L1,c1,g1,acme,2026-10-01T00:00:00Z,sold,10,USD\n"
        "L2,c1,g1,,2026-11-03T00:00:00Z,rejected,,\n"
        "L3,c1,g1,acme,2026-11-30T23:00:00Z,sold,10,USD\n"
    )
    events = EVENTS + (
        "L1,c1,g1,acme,extra,2026-11-05T00:00:00Z,10,USD\n"
        "L2,c1,g1,,sale,2026-11-05T00:00:00Z,10,USD\n"
    )
    desk.load(Kind.LEAD, "leads.csv", leads)
    desk.load(Kind.EVENT, "events.csv", events)
    asked = replace(NOVEMBER, default_event="sale")
    assert desk.classes("event", asked) == {"unclaimed_event": 2}
    files = CompareFiles(events=[desk.folder / "events.csv"], leads=[desk.folder / "leads.csv"])
    compared = compare(files, asked, desk.folder / "out").summary["rows"]
    assert compared["event"]["by_reason"] == {"unclaimed_event": 2}


def test_leads_of_a_placeholder_are_no_versions_of_each_other(desk):
    """Two sold leads without an id are two claims, in two overlapping exports as in one."""
    row = "n/a,c1,g1,acme,2026-11-0{}T00:00:00Z,sold,10,USD\n"
    same = "L1,c1,g1,acme,2026-11-09T00:00:00Z,sold,10,USD\n"
    desk.load(Kind.LEAD, "l1.csv", LEADS + row.format(2) + same)
    desk.load(Kind.LEAD, "l2.csv", LEADS + row.format(3) + same)
    asked = replace(NOVEMBER, default_event="sale")
    assert desk.classes("claim", asked)["unidentified"] == 2


def test_a_sender_word_is_obeyed_in_any_case(desk):
    """A status stands in the report as `Sold`: its meaning must not fall back to the common one."""
    desk.load(Kind.EVENT, "e.csv", EVENTS + "L1,c1,g1,acme,sale,2026-11-05T00:00:00Z,10,USD\n")
    row = "L1,c1,acme,sale,2026-11-05T00:00:00Z,10,USD,Sold\n"
    desk.load(Kind.CLAIM, "c.csv", CLAIMS + row, '[status]\n"Sold " = "rejected"\n')
    assert desk.classes("claim") == {"status_conflict:rejected": 1}


def test_the_report_of_another_buyer_moves_no_watermark(desk):
    """Acme has spoken up to 20 November only, however far the reports of others reach."""
    desk.load(Kind.EVENT, "e.csv", EVENTS + "L1,c1,g1,acme,sale,2026-11-19T00:00:00Z,10,USD\n")
    row = "L2,c1,{},other,2026-11-05T00:00:00Z,10,USD,approved\n"
    period = "[period]\nfrom = 2026-11-01\nto = {}\n"
    desk.load(Kind.CLAIM, "a.csv", CLAIMS + row.format("acme"), period.format("2026-11-20"))
    asked = replace(NOVEMBER, buyers=("acme",), grace_days=14)
    assert desk.classes("event", asked) == {"not_due_yet:grace": 1}
    desk.load(Kind.CLAIM, "b.csv", CLAIMS + row.format("bolt"), period.format("2026-12-31"), "bolt")
    assert desk.classes("event", asked) == {"not_due_yet:grace": 1}


def test_a_run_is_repeated_exactly_after_a_file_was_confirmed(desk, monkeypatch):
    """What a file covered then is part of what the run was asked."""
    monkeypatch.setattr("reconcile.importing.staging.EXPORT_LIMIT", 2)
    row = "L{},c1,g1,acme,sale,2026-11-0{}T00:00:00Z,10,USD\n"
    cut_off = desk.load(Kind.EVENT, "e.csv", EVENTS + row.format(1, 1) + row.format(2, 9))
    claim = "L3,c1,acme,sale,2026-11-05T00:00:00Z,10,USD,approved\n"
    desk.load(Kind.CLAIM, "c.csv", CLAIMS + claim)
    before = run(desk.store, NOVEMBER)
    assert "uncovered_claim" in before.summary["rows"]["claim"]["by_reason"]
    desk.store.confirm(cut_off)
    after = run(desk.store, NOVEMBER)
    assert "missing_event" in after.summary["rows"]["claim"]["by_reason"]
    assert [run_again(desk.store, one.id).reproduced for one in (before, after)] == [True, True]


def test_an_explanation_says_of_a_lead_only_what_is_known(desk):
    """Neither an id that is none, nor a pair whose partner is elsewhere, proves a lead."""
    desk.load(Kind.EVENT, "e.csv", EVENTS + "L1,c1,g1,acme,sale,2026-11-01T00:00:00Z,10,USD\n")
    claims = (
        "L1,c1,acme,sale,2026-10-31T00:00:00Z,10,USD,approved\n"
        "n/a,c1,acme,sale,2026-11-05T00:00:00Z,10,USD,approved\n"
    )
    desk.load(Kind.CLAIM, "c.csv", CLAIMS + claims)
    done = run(desk.store, NOVEMBER)
    rows = findings(desk.store, done.id, only=FindingFilter(all_classes=True))
    assert {row["class"] for row in rows} == {"timing", "unidentified"}
    for row in rows:
        assert "lead is known" not in explain(desk.store, done.id, row["ref"]).text
