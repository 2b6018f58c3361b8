"""A comparison writes all its files or none, and never over what it reads."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cli_help import month, write
from reconcile import CompareFiles, RunParameters, compare
from reconcile.errors import BadMapping, BadParameters

NOVEMBER = RunParameters(date(2026, 11, 1), date(2026, 12, 1), "UTC")


def files(folder: Path, **changes: object) -> CompareFiles:
    month(folder)
    chosen = {
        "events": [folder / "events.csv"],
        "claims": [folder / "claims.csv"],
        "leads": [folder / "leads.csv"],
    }
    return CompareFiles(**chosen | changes)


@pytest.mark.parametrize("place", ["file", "file/under", "link"])
def test_a_file_in_the_way_of_the_folder_is_refused_before_anything_is_read(tmp_path, place):
    """Nothing is read: the inputs need not even exist."""
    write(tmp_path, "file", "x")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    none = CompareFiles(events=[tmp_path / "no.csv"], claims=[tmp_path / "no.csv"])
    with pytest.raises(BadParameters, match="is a file"):
        compare(none, NOVEMBER, tmp_path / place)
    assert (tmp_path / "file").read_text() == "x"


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    """The system's own word is passed on."""
    with pytest.raises(BadParameters, match="too long"):
        compare(files(tmp_path), NOVEMBER, tmp_path / ("x" * 300))
    with pytest.raises(BadParameters, match="cannot be written"):
        compare(files(tmp_path), NOVEMBER, Path("/proc/none/out"))


def test_a_folder_that_holds_a_folder_of_our_names_is_refused(tmp_path):
    """Else half of the files would be new."""
    (tmp_path / "out" / "rows.csv").mkdir(parents=True)
    with pytest.raises(BadParameters, match=r"rows\.csv is a folder"):
        compare(files(tmp_path), NOVEMBER, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["rows.csv"]


def test_a_file_to_read_is_never_written_over(tmp_path):
    """By whatever path it is named."""
    (tmp_path / "here").mkdir()
    claims = write(tmp_path, "rows.csv", "transaction_id,event_id\n")
    (tmp_path / "link.csv").symlink_to(claims)
    named = files(tmp_path, claims=[tmp_path / "link.csv"])
    with pytest.raises(BadParameters, match="written over"):
        compare(named, NOVEMBER, tmp_path / "here" / "..")
    assert claims.read_text() == "transaction_id,event_id\n"


def test_two_mappings_for_one_kind_are_refused(tmp_path):
    """Nobody could say which file each is for; one without a kind is for all kinds."""
    acme = write(tmp_path, "acme.toml", 'kind = "claim"')
    bolt = write(tmp_path, "bolt.toml", 'sender = "bolt"')
    with pytest.raises(BadMapping, match=r"acme\.toml and .*bolt\.toml"):
        compare(files(tmp_path, mappings=[acme, bolt]), NOVEMBER, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_second_comparison_replaces_the_first_and_leaves_nothing_aside(tmp_path):
    """Files of others in the folder stay."""
    out = tmp_path / "out"
    compare(files(tmp_path), NOVEMBER, out)
    write(out, "notes.txt", "mine")
    first = (out / "rows.csv").read_bytes()
    done = compare(files(tmp_path), NOVEMBER, out, matched=True)
    assert done.findings == 3
    assert (out / "rows.csv").read_bytes() != first
    assert sorted(path.name for path in out.iterdir()) == [
        *("bridge.csv", "nearest.csv", "notes.txt", "rejected.csv", "rows.csv", "summary.json")
    ]


def test_progress_is_told_in_sentences(tmp_path):
    """Each file is named when its turn comes."""
    told: list[str] = []
    compare(files(tmp_path), NOVEMBER, tmp_path / "out", progress=told.append)
    assert [text.split()[0] for text in told] == [
        *["reading"] * 3,
        *("reconciling", "looking", "writing"),
    ]
