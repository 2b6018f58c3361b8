"""The life of a finding, with real files: decided, fired or disputed, closed by evidence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from deciding_world import named, states
from reconcile import (
    Kind,
    RunParameters,
    approve,
    decide,
    fire,
    import_file,
    load_mapping,
    open_store,
    plan,
    remap,
    run,
    undo_decision,
    verify,
)
from reconcile import findings as list_findings
from reconcile.errors import FiringError
from reconcile.reading import campaign_currencies
from reconcile.sandbox import Rules, Sandbox, running_sandbox
from tests.cli_help import CLAIMS, load_month

NOVEMBER = RunParameters(date_from=date(2026, 11, 1), date_to=date(2026, 12, 1), zone="UTC")
OPEN = {"t2": "open", "t3": "open", "t4": "open"}


@pytest.fixture
def store(home, tmp_path):
    """Return a store with the small month: t2 is unclaimed, t3 missing, t4 priced differently."""
    load_month(tmp_path)
    with open_store(home) as opened:
        yield opened


def put(store, folder: Path, name: str, text: str, **options):
    """Import a report of the same sender; return its batch."""
    (folder / name).write_text(text)
    options = {"sender": "net"} | options
    return import_file(store, folder / name, kind=Kind.CLAIM, **options).batch


def again(store) -> str:
    """Reconcile what is loaded now; return the run."""
    return run(store, NOVEMBER).id


def blocked(made) -> dict[str, tuple[str, str]]:
    """Return transaction id to reason and detail of what a plan leaves out."""
    return {one.transaction_id: (str(one.reason), one.detail) for one in made.blocked}


def test_a_decision_stands_when_a_superset_is_imported(store, tmp_path):
    """The same report with two more lines above, as another file: another batch, other lines."""
    first = again(store)
    assert states(store, first) == OPEN
    decide(store, first, "accept", only=named("t3"))
    decide(store, first, "dispute", only=named("t4"))
    header, *lines = CLAIMS.splitlines(keepends=True)
    more = "t9,sale,c1,acme,2026-11-02T10:00:00Z,5.00,USD,approved\n"
    put(store, tmp_path, "more.csv", "".join([header, more, *reversed(lines)]))
    later = again(store)
    assert states(store, later) == OPEN | {"t3": "accepted", "t4": "disputed", "t9": "open"}
    assert list_findings(store, later, only=named("t3"))[0]["file"].endswith("more.csv")


def test_a_corrected_amount_makes_it_stale_and_a_plan_leaves_it_out(store, tmp_path):
    """The same claim of 26 instead of 25; deciding again is on 26."""
    decide(store, again(store), "accept", only=named("t3"))
    put(store, tmp_path, "corrected.csv", CLAIMS.replace("25.00", "26.00"))
    later = again(store)
    assert states(store, later)["t3"] == "accepted (amount)"
    [(reason, detail)] = blocked(plan(store, later)).values()
    assert reason == "stale"
    assert "since then moved: amount. Decide again." in detail
    decide(store, later, "accept", only=named("t3"))
    made = plan(store, later)
    assert [one.transaction_id for one in made.postbacks] == ["t3"]
    assert made.blocked == ()


def test_a_withdrawn_row_closes_its_finding_and_undo_brings_it_back(store, tmp_path):
    """A whole delivery lacks the claim; once that is undone, the decision counts again."""
    decide(store, again(store), "ignore", only=named("t3"), reason="test lead")
    (tmp_path / "whole.toml").write_text(
        'sender = "net"\nkind = "claim"\ndelivery = "full"\nzone = "UTC"\n'
        "[period]\nfrom = 2026-11-01\nto = 2026-12-01\n"
    )
    kept = "".join(line for line in CLAIMS.splitlines(keepends=True) if not line.startswith("t3"))
    whole = put(
        store,
        tmp_path,
        "whole.csv",
        kept,
        mapping=load_mapping(tmp_path / "whole.toml"),
        sender=None,
    )
    gone = again(store)
    assert "t3" not in states(store, gone)
    assert states(store, gone, state="closed") == {"t3": "closed"}
    store.undo(whole.id)
    assert states(store, again(store))["t3"] == "ignored"


def test_a_report_read_in_another_zone_keeps_its_decisions(store, tmp_path):
    """`remap` moves its times: the decision is there, and stale by the time."""
    text = CLAIMS.replace("T", " ").replace("Z,", ",").replace("t3", "t7")
    put(store, tmp_path, "local.csv", text, zone="UTC", sender="other")
    first = again(store)
    decide(store, first, "ignore", only=named("t7"), reason="test lead")
    batch = next(one for one in store.batches() if one.file.endswith("local.csv"))
    remap(store, batch.id, answers=["zone=America/New_York"])
    assert states(store, again(store))["t7"] == "ignored (time)"


@pytest.mark.parametrize(
    ("action", "reason", "words"),
    [
        ("reject", "ignored", "Rejected by ann on "),
        ("ignore", "ignored", "decision 1: no such call"),
        ("dispute", "disputed", "Disputed by ann on "),
    ],
)
def test_a_plan_leaves_out_what_was_decided_against(store, action, reason, words):
    """With who, when and why; reopened, it is planned again."""
    run_id = again(store)
    decide(store, run_id, action, only=named("t3"), reason="no such call", user="ann")
    made = plan(store, run_id)
    assert made.postbacks == ()
    assert blocked(made)["t3"][0] == reason
    assert words in blocked(made)["t3"][1]
    decide(store, run_id, "reopen", only=named("t3"))
    assert [one.transaction_id for one in plan(store, run_id).postbacks] == ["t3"]


def test_a_plan_with_what_was_decided_against_since_is_refused(store):
    """Neither approved nor, once approved, fired; taken back, it goes on."""
    run_id = again(store)
    made = plan(store, run_id)
    first = decide(store, run_id, "reject", only=named("t3"), user="ann")
    with pytest.raises(FiringError, match=r"holds 1 postback.* t3: rejected by ann, decision 1"):
        approve(store, made.id, made.phrase)
    undo_decision(store, first.decision)
    approve(store, made.id, made.phrase)
    decide(store, run_id, "ignore", only=named("t3"), reason="test lead")
    with pytest.raises(FiringError, match=r"ignored by .* Nothing was sent now\. Cancel it"):
        fire(store, made.id)


def test_a_finding_is_fired_and_then_closed_by_the_export(store, tmp_path):
    """Open, accepted, fired, closed; the next run does not have it any more."""
    run_id = again(store)
    decide(store, run_id, "accept", only=named("t3"))
    sandbox = Sandbox(Rules(tuple(store.settings()), currencies=campaign_currencies(store)))
    with running_sandbox(sandbox) as host:
        made = plan(store, run_id, host=host)
        assert states(store, run_id)["t3"] == "accepted"
        approve(store, made.id, made.phrase)
        fire(store, made.id)
        assert states(store, run_id)["t3"] == "fired"
        [row] = list_findings(store, run_id, only=named("t3"))
        assert (row["postback"], row["stale"]) == ("confirmed", None)
        (tmp_path / "export.csv").write_text(sandbox.export())
        import_file(store, tmp_path / "export.csv", kind=Kind.EVENT)
        verify(store, host=host)
    assert states(store, run_id)["t3"] == "closed"
    later = again(store)
    assert "t3" not in states(store, later)
    assert states(store, later, state="closed") == {"t3": "closed"}
