"""A status word that nobody has translated is told at import, with the answers it may have."""

from __future__ import annotations

from cli_help import call, write
from reconcile import import_file, open_store
from reconcile.terms import Kind

CLAIMS = """\
transaction_id,event_id,campaign_id,buyer,occurred_at,revenue,currency,status
t1,sale,c1,acme,2026-11-04T10:00:00Z,40.00,USD,Bad Lead
t2,sale,c1,acme,2026-11-05T10:00:00Z,40.00,USD,bad lead
t3,sale,c1,acme,2026-11-05T10:00:00Z,40.00,USD,approved
"""


def _words(outcome):
    return [(check.found, check.offer.key) for check in outcome.checks if check.name == "status"]


def test_an_unknown_status_word_is_told_with_its_answers(home, tmp_path):
    """Once, whatever its case; common words and those of the sender are known."""
    path = write(tmp_path, "c.csv", CLAIMS)
    with open_store(home) as store:
        outcome = import_file(store, path, kind=Kind.CLAIM)
        assert _words(outcome) == [("Bad Lead", "status.Bad Lead")]
        store.undo(outcome.batch.id)
        answers = ["status.Bad Lead=rejected"]
        outcome = import_file(store, path, kind=Kind.CLAIM, answers=answers)
        assert _words(outcome) == []
        assert outcome.batch.status_words == {"bad lead": "rejected"}


def test_a_status_of_other_words_than_ours_is_found_by_some_of_them(home, tmp_path):
    """A column of which nobody says that it is the status would make all claims approved."""
    text = CLAIMS.replace("status\n", "Outcome\n").replace("approved", "Sold")
    ran = call("import", write(tmp_path, "c.csv", text), "--kind", "claim")
    assert (ran.code, "--answer columns.status=Outcome" in ran.err) == (4, True)


def test_many_unknown_words_are_told_in_one_sentence(home, tmp_path):
    """It may be no status at all."""
    rows = "".join(f"t{n},sale,c1,acme,2026-11-04T10:00:00Z,1,USD,word {n}\n" for n in range(25))
    ran = call("import", write(tmp_path, "c.csv", CLAIMS + rows), "--kind", "claim")
    assert ran.code == 0
    assert "6 more status words are in no table" in ran.out
