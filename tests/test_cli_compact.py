"""`reconcile compact`: what it says, and that the reports stay what they were."""

from __future__ import annotations

from cli_help import PERIOD, call, load_month


def test_files_are_merged_and_the_figures_stay(tmp_path, home):
    """Three kinds have a file each of an old form; the second time there is nothing to do."""
    load_month(tmp_path)
    before = call("run", *PERIOD).out.splitlines()
    done = call("compact")
    assert done.code == 0, done.err
    assert "3 replaced files stay for a day" in done.out
    assert "There is nothing to merge." in call("compact").out
    assert call("run", *PERIOD).out.splitlines()[:-1] == before[:-1]
    (claims,) = [b for b in call("batches", "--format", "json").rows if b["kind"] == "claim"]
    assert call("undo", claims["id"]).code == 0
    assert "claims" not in [b["file"] for b in call("batches", "--format", "json").rows]
