"""Bad files end in one paragraph that names file, place, finding and cure; nothing is kept."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from cli_help import CLAIMS, EVENTS, LEADS, PERIOD, assert_refused, call, month, write


def _zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("events.csv", EVENTS)
        archive.writestr("more.csv", EVENTS)
    return stream.getvalue()


def _workbook(*titles: str) -> bytes:
    book, stream = Workbook(), io.BytesIO()
    book.active.title = titles[0]
    for title in titles[1:]:
        book.create_sheet(title)
    for sheet in book.worksheets:
        for line in EVENTS.splitlines():
            sheet.append(line.split(","))
    book.save(stream)
    return stream.getvalue()


MIXED = EVENTS.encode() + "sale,tü,,,,,,\n".encode() + "sale,tü,,,,,,\n".encode("cp1252")
HEADLESS = EVENTS.partition("\n")[2]
BAD_EVENTS: dict[str, tuple[bytes | str, int, tuple[str, ...]]] = {
    "empty": (b"", 2, ("0 bytes", "header")),
    "blank_lines": ("\n\n", 2, ("header",)),
    "no_header": (HEADLESS, 2, ("header", "line 1", "sale, t1", "[columns]")),
    "unknown_columns": ("foo,bar\n1,2\n", 2, ("foo, bar", "[columns]")),
    "mixed_encodings": (MIXED, 2, ("line 5", "line 6", "UTF-8")),
    "nul_bytes": (EVENTS.replace("t2", "t\0002"), 2, ("NUL", "UTF-8")),
    "binary": (bytes(range(256)) * 20, 2, ()),
    "program": (b"\x7fELF\x02\x01\x01\x00", 2, ("program",)),
    "picture": (b"\x89PNG\r\n\x1a\n", 2, ("picture",)),
    "zip": (_zip(), 4, ("2 files", "--answer member=events.csv")),
    "cut_zip": (_zip()[:-20], 2, ("damaged",)),
    "cut_workbook": (_workbook("One")[:300], 2, ("damaged",)),
    "cut_gzip": (gzip.compress(EVENTS.encode())[:-12], 2, ("packed file", "Fetch it again")),
    "totals": ("campaign,leads,revenue\nc1,20,300\n", 2, ("totals", "by lead")),
    "two_sheets": (_workbook("May", "June"), 4, ("May, June", "sheet =")),
    "twice_the_header": (EVENTS.replace("buyer", "revenue"), 4, ("revenue (5)", "revenue (7)")),
    "odd_dates": (EVENTS.replace("2026-11-", "11/").replace("T", " "), 4, ("line 2", "date_form")),
    "odd_marks": (EVENTS.replace("0.00", "1.234"), 4, ("'41.234'", "line 2", "decimal =")),
}


def _assert_untouched(folder: Path, home: Path) -> None:
    """Nothing was written where results or batches would be."""
    assert not (folder / "out").exists()
    assert not list((home / "warehouse").rglob("*.parquet")) if home.exists() else True
    assert not list(folder.glob(".writing*"))


@pytest.mark.parametrize("name", BAD_EVENTS)
def test_compare_refuses_a_bad_file_and_writes_nothing(tmp_path, home, name):
    """The message names the file and the cure; the folder of results is not even made."""
    content, code, words = BAD_EVENTS[name]
    bad, claims = write(tmp_path, "bad.csv", content), write(tmp_path, "claims.csv", CLAIMS)
    pair = ("--events", bad, "--claims", claims)
    ran = call("compare", *pair, *PERIOD, "--out", tmp_path / "out")
    assert_refused(ran, str(bad), *words, code=code)
    _assert_untouched(tmp_path, home)


@pytest.mark.parametrize("name", BAD_EVENTS)
def test_import_refuses_a_bad_file_and_keeps_nothing(tmp_path, home, name):
    """No batch is visible and no file is left in the warehouse."""
    content, code, words = BAD_EVENTS[name]
    bad = write(tmp_path, "bad.csv", content)
    ran = call("import", bad, "--kind", "event", "--zone", "UTC")
    assert_refused(ran, str(bad), *words, code=code)
    assert call("batches", "--format", "json").rows == []
    _assert_untouched(tmp_path, home)


def test_an_export_that_names_no_event_is_asked_for_it(tmp_path, home):
    """Nobody could say later which event its rows were; a constant may be the answer."""
    bad = write(tmp_path, "bad.csv", EVENTS.replace("event_id", "foo"))
    ran = call("import", bad, "--kind", "event")
    assert_refused(ran, str(bad), "event_id=foo", "constants.event_id", "[columns]", code=4)


@pytest.mark.parametrize(
    ("content", "option"),
    [(CLAIMS, "--leads"), (EVENTS, "--leads"), (EVENTS, "--claims"), (LEADS, "--events")],
)
def test_a_file_given_as_another_kind_is_refused(tmp_path, home, content, option):
    """Swapped options are told by the columns before anything is compared."""
    options = month(tmp_path)
    bad = write(tmp_path, "bad.csv", content)
    ran = call("compare", *options, option, bad, *PERIOD, "--out", tmp_path / "out")
    assert_refused(ran, str(bad), "columns are those of")
    _assert_untouched(tmp_path, home)


def test_a_report_given_as_events_is_refused_by_import(tmp_path, home):
    """There its status is all that tells it from an export."""
    bad = write(tmp_path, "bad.csv", CLAIMS)
    assert_refused(call("import", bad, "--kind", "event"), str(bad), "status", "--kind claim")


def test_a_report_compared_with_itself_has_no_finding(tmp_path, home):
    """Its status is no reason to refuse it as events here."""
    both = write(tmp_path, "both.csv", CLAIMS)
    ran = call("compare", "--events", both, "--claims", both, *PERIOD, "--out", tmp_path / "out")
    assert ran.code == 0


def test_missing_files_and_folders_are_told_before_the_first_import(tmp_path, home):
    """A slip in the second name leaves the first file alone, too."""
    good = write(tmp_path, "events.csv", EVENTS)
    missing = tmp_path / "nowhere.csv"
    assert_refused(call("import", good, missing, "--kind", "event"), str(missing), "no such file")
    (tmp_path / "empty").mkdir()
    empty = call("import", good, tmp_path / "empty", "--kind", "event")
    assert_refused(empty, "the folder holds no file")
    assert call("batches", "--format", "json").rows == []


@pytest.mark.parametrize("option", ["--events", "--claims", "--leads", "--settings", "--mapping"])
def test_compare_names_the_file_that_is_missing_or_a_folder(tmp_path, home, option):
    """Whatever it was for."""
    options = month(tmp_path)
    for bad in (tmp_path / "nowhere.toml", tmp_path):
        ran = call("compare", *options, option, bad, *PERIOD, "--out", tmp_path / "out")
        assert_refused(ran, str(bad))
    _assert_untouched(tmp_path, home)


MAPPINGS = {
    'kind = "claim"\n[columns]\nrevenue = "Payout"': ("Payout", "line 1", "revenue"),
    "kind = 'clam'": ("kind", "claim", "clam"),
    "foo = 1": ("foo", "Known are"),
    "x": ("is not TOML",),
    '[status]\ngood = "great"': ("'good'", "approved", "'great'"),
}


@pytest.mark.parametrize("text", MAPPINGS)
def test_a_mapping_that_does_not_fit_is_refused(tmp_path, home, text):
    """It names the mapping, what it says, and what is there instead."""
    options = month(tmp_path)
    mapping = write(tmp_path, "acme.toml", text)
    ran = call("compare", *options, "--mapping", mapping, *PERIOD, "--out", tmp_path / "out")
    assert_refused(ran, str(mapping), *MAPPINGS[text])
    _assert_untouched(tmp_path, home)


HEADER = "campaign_id,event_id,is_conversion,position\n"
SETTINGS = {
    HEADER + "c1,sale,maybe,1\n": ("line 2", "is_conversion", "'maybe'"),
    HEADER + "c1,sale,yes,first\n": ("line 2", "position", "'first'"),
    HEADER + "c1,,yes,1\n": ("line 2", "event_id", "blank"),
    HEADER + "c1,sale,yes,1\nc1,sale,no,2\n": ("line 3", "line 2", "second time"),
    HEADER + "c1,sale\n": ("line 2", "2 cells"),
    "campaign,event\nc1,sale\n": ("line 1", "'campaign'", "campaign_id"),
    "": ("line 1", "campaign_id"),
}


@pytest.mark.parametrize("text", SETTINGS)
def test_nonsense_settings_are_refused_and_those_in_force_stay(tmp_path, home, text):
    """The line is named; neither compare nor the store takes half of them."""
    options = month(tmp_path)
    bad = write(tmp_path, "bad.csv", text)
    ran = call("compare", *options[:-2], "--settings", bad, *PERIOD, "--out", tmp_path / "out")
    assert_refused(ran, str(bad), *SETTINGS[text])
    assert call("settings", tmp_path / "settings.csv").code == 0
    assert_refused(call("settings", bad), str(bad), *SETTINGS[text])
    assert "Sale" in call("settings").out


def test_results_of_an_earlier_comparison_survive_a_refused_one(tmp_path, home):
    """Bytes and times of every file stay as they were."""
    options, out = month(tmp_path), tmp_path / "out"
    assert call("compare", *options, *PERIOD, "--out", out).code == 1
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in out.iterdir()}
    bad = write(tmp_path, "bad.csv", CLAIMS.replace("approved", "golden"))
    ran = call("compare", *options, "--claims", bad, *PERIOD, "--out", out)
    assert_refused(ran, "'golden'", f"{bad} line 2", '"golden" = ', code=4)
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in out.iterdir()} == before


def test_an_id_and_a_time_are_all_that_a_compared_file_needs(tmp_path, home):
    """What such rows can mean is little, but they count."""
    bare = write(tmp_path, "bare.csv", "transaction_id,occurred_at\nt1,2026-11-02T10:00:00Z\n")
    ran = call("compare", "--events", bare, "--claims", bare, *PERIOD, "--out", tmp_path / "out")
    assert ran.code == 1
    assert "unknown_event" in (tmp_path / "out" / "rows.csv").read_text()
