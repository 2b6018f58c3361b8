"""`reconcile compact`: what it says, and that the reports stay what they were."""

from __future__ import annotations

from cli_help import CLAIMS, PERIOD, call, load_month, write


def test_files_are_merged_and_the_figures_stay(tmp_path, home):
    """Two reports share a file then; the second time there is nothing to do."""
    load_month(tmp_path)
    late = CLAIMS.splitlines()[0] + "\nt2,sale,c1,acme,2026-11-04T10:00:00Z,40.00,USD,approved\n"
    added = call("import", write(tmp_path, "late.csv", late), "--kind", "claim", "--sender", "net")
    assert added.code == 0, added.err
    before = call("run", *PERIOD).out.splitlines()
    done = call("compact")
    assert done.code == 0, done.err
    assert "2 replaced files stay for a day" in done.out
    assert "There is nothing to merge." in call("compact").out
    assert call("run", *PERIOD).out.splitlines()[:-1] == before[:-1]
    last = call("batches", "--format", "json").rows[-1]
    assert call("undo", last["id"]).code == 0
    assert [b["file"] for b in call("batches", "--format", "json").rows].count(last["file"]) == 0
    assert call("run", *PERIOD).out.splitlines()[:-1] != before[:-1]
