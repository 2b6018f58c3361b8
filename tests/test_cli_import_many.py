"""Several files and folders in one import: each is told by itself."""

from __future__ import annotations

from tests.cli_help import call

GOOD = "transaction_id,occurred_at,revenue,buyer\nt1,2026-10-01T10:00:00Z,1.50,acme\n"
ASKS = GOOD.replace("T10:00:00Z", " 10:00:00").replace("t1", "t2")
REFUSED = "%PDF-1.7\n"


def folder_of(tmp_path, **texts):
    """Write a folder of files."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def test_a_file_that_asks_does_not_stop_the_others(home, tmp_path):
    """The code is that of the worst, and a line at the end sums up."""
    folder = folder_of(tmp_path, a=ASKS, b=GOOD, c=GOOD)
    told = call("import", folder, "--kind", "claim")
    assert told.code == 4
    assert "b.csv: batch" in told.out
    assert "3 files: 1 with open questions, 1 imported, 1 loaded already." in told.out
    assert "a.csv: The times" in told.err
    assert len(call("batches", "--format", "json").rows) == 1


def test_a_refused_file_is_worse_than_a_question(home, tmp_path):
    """And what could be imported is."""
    folder = folder_of(tmp_path, a=ASKS, b=REFUSED, c=GOOD)
    told = call("import", *sorted(folder.iterdir()), "--kind", "claim")
    assert told.code == 2
    assert "PDF" in told.err
    assert "1 with open questions, 1 refused, 1 imported" in told.out


def test_several_that_are_all_fine_end_with_0(home, tmp_path):
    """Hidden files of a folder are none of them; a file named twice counts once."""
    folder = folder_of(tmp_path, a=GOOD)
    (folder / ".hidden").write_text("x")
    told = call("import", folder, folder / "a.csv", "--kind", "claim")
    assert (told.code, told.err) == (0, "")
    assert "files:" not in told.out


def test_a_preview_of_a_folder_shows_each_file(home, tmp_path):
    """It stores nothing, and its code says that one asks."""
    folder = folder_of(tmp_path, a=ASKS, b=GOOD)
    told = call("import", folder, "--kind", "claim", "--preview")
    assert told.code == 4
    assert told.out.count("Nothing was stored.") == 2
    assert call("batches", "--format", "json").rows == []


def test_an_empty_folder_and_a_missing_name_stop_all(home, tmp_path):
    """Before anything is imported."""
    folder = folder_of(tmp_path, a=GOOD)
    told = call("import", folder, tmp_path / "nowhere.csv", "--kind", "claim")
    assert told.code == 2
    (tmp_path / "empty").mkdir()
    told = call("import", folder, tmp_path / "empty", "--kind", "claim")
    assert (told.code, "holds no file" in told.err) == (2, True)
    assert call("batches", "--format", "json").rows == []
