"""The benchmark does right work, and its page says what was measured and nothing else."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from benchmarks import figures, goals, jobs, measuring, page, profiling, reading, truth
from benchmarks.contestants import CONTESTANTS, INNER, profiled, title_of
from benchmarks.environments import PINS
from benchmarks.places import PAGE, RESULTS, ROOT, Sample
from reconcile import sample
from reconcile.engine import Engine
from reconcile.importing import stage
from reconcile.terms import Kind

M = 1_000_000
NOTHING = {"sizes": {}, "machine": figures.machine(), "versions": figures.versions()}
HEADER = "transaction_id,event_id,revenue\n"


def results(rows=5 * M, **seconds):
    """Return figures of one size in which each named job took so many seconds."""
    size = {
        name: {"best": {"wall": wall, "memory": 100}, "series": "2026-11-24 12:00"}
        for name, wall in seconds.items()
    }
    return {**NOTHING, "sizes": {str(rows): size}}


def test_the_page_is_what_the_generator_makes_of_the_kept_figures():
    """No number of it is typed by hand; `python -m benchmarks page` writes it anew."""
    assert PAGE.read_text("utf-8") == page.text_of(figures.load(RESULTS))


def test_what_was_not_measured_is_said_to_be_absent():
    """Without figures every goal and every size is unknown, and none is reached."""
    assert {reached for *_, reached in goals.table(NOTHING)} == {"not measured"}
    text = page.text_of(NOTHING)
    sizes = re.findall(r"^\| (?:1|5|10|20)M \| (.*) \|$", text, re.MULTILINE)
    assert len(sizes) == 4
    assert set(" | ".join(sizes).split(" | ")) == {"not measured"}


@pytest.mark.parametrize(
    ("compare", "reached"),
    [(4, "aim reached"), (4.01, "reached"), (6, "reached"), (6.01, "NOT REACHED")],
)
def test_a_goal_of_less_is_reached_up_to_its_bound(compare, reached):
    """Up to must, and up to aim; a hair more is not reached."""
    known = goals.table(results(scan=1, compare=compare))
    assert known[0][-2:] == (f"{compare:.2f}{goals.TIMES}", reached)


@pytest.mark.parametrize(
    ("pandas", "reached"), [(5, "aim reached"), (3, "reached"), (2.99, "NOT REACHED")]
)
def test_a_goal_of_more_is_reached_from_its_bound_on(pandas, reached):
    """The other tool's time in ours."""
    table = goals.table(results(compare=1, pandas=pandas))
    assert [row[-1] for row in table if "pandas merge" in row[0]] == ["not measured", reached]


def test_an_answer_of_other_bytes_is_no_answer():
    """A run that is fast and wrong does not reach its goal."""
    known = results(increment=1, run=10)
    for name, answer in (("run", "aa"), ("increment", "ab")):
        known["sizes"][str(5 * M)][name]["answer"] = answer
    table = {row[0]: row[-2:] for row in goals.table(known)}
    assert table["`run` after 1 % new rows: same result as the whole, 5M"] == ("no", "NOT REACHED")
    assert table["`run` after 1 % new rows against the whole, 5M"][1] == "aim reached"


@pytest.fixture
def files(tmp_path):
    """Return a sample of seven keys, written down by hand, with what is true of them."""
    folder = tmp_path / "7"
    folder.mkdir()
    events = "a,sale,1.00\nb,sale,2.00\nc,sale,\nd,sale,4.00\nd,sale,4.00\ne,,5.00\n"
    claims = "a,sale,1.00\nb,sale,2.01\nc,sale,\nd,sale,4.00\nf,sale,6.00\na,call,7.00\n"
    (folder / "events.csv").write_text(HEADER + events)
    (folder / "claims_acme.csv").write_text(HEADER + claims)
    return Sample(folder)


@pytest.mark.parametrize("rows_at_once", [truth.ROWS_AT_ONCE, 2])
def test_the_truth_counts_keys_rows_and_money(files, monkeypatch, rows_at_once):
    """Two unpriced rows match; a key that stands twice on a side is `several`; in parts, too."""
    monkeypatch.setattr(truth, "ROWS_AT_ONCE", rows_at_once)
    truth.make(files)
    counted = json.loads((files.folder / "truth.json").read_text("utf-8"))
    assert counted["counts"] == {
        "differs": [1, 1, 1, "2.00", "2.01"],
        "matched": [2, 2, 2, "1.00", "1.00"],
        "only_claim": [2, 0, 2, "0.00", "13.00"],
        "only_event": [1, 1, 0, "5.00", "0.00"],
        "several": [1, 2, 1, "8.00", "4.00"],
    }
    assert counted["rows"] == {"both": 4, "only_event": 2, "only_claim": 2}


def test_a_tool_that_counts_wrong_is_noticed(files):
    """One key too many, or a class that does not exist, or one row left out."""
    truth.make(files)
    counted = json.loads((files.folder / "truth.json").read_text("utf-8"))
    keys = {name: numbers[:1] for name, numbers in counted["counts"].items()}
    assert truth.agrees(counted, {"counts": keys})
    assert not truth.agrees(counted, {"counts": {**keys, "matched": [3]}})
    assert not truth.agrees(counted, {"counts": {**keys, "other": [0]}})
    assert not truth.agrees(counted, {"counts": {"matched": keys["matched"]}})
    assert not truth.agrees(counted, {"rows": {**counted["rows"], "both": 3}})


@pytest.mark.parametrize("job", ["text_union", "text_outer"])
def test_the_text_key_jobs_count_as_plain_python_does(job, tmp_path, capsys):
    """Placeholders, crowds, rows without an amount and local times are all in the sample."""
    files = Sample(tmp_path / "1000")
    sample(files.folder, rows=1000)
    truth.make(files)
    counted = json.loads((files.folder / "truth.json").read_text("utf-8"))
    jobs.JOBS[job](files)
    said = json.loads(capsys.readouterr().out)
    assert said["counts"] == counted["counts"]


def test_a_process_is_measured_with_what_it_says():
    """CPU of its own work, the peak of its memory, and its last line of JSON."""
    work = "x = bytearray(300_000_000); sum(range(3_000_000)); print('{\"counts\": {}}')"
    taken, said = measuring.run([sys.executable, "-c", work])
    idle, nothing = measuring.run([sys.executable, "-c", "print('no json')"])
    assert (said, nothing) == ({"counts": {}}, {})
    assert 300 < taken["memory"] < 600
    assert taken["cpu"] > idle["cpu"]


def test_what_is_measured_may_keep_its_compiled_modules(monkeypatch):
    """As on the machine of everybody who installed it."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    asked = "import json, sys; print(json.dumps({'kept': not sys.dont_write_bytecode}))"
    assert measuring.run([sys.executable, "-c", asked])[1] == {"kept": True}


def test_what_measures_is_small_itself():
    """A process begins with the peak of the one that started it: nothing heavy is loaded there."""
    loaded = "import benchmarks.__main__, benchmarks.rounds, sys; print(*sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    assert {"duckdb", "pandas", "pyarrow", "reconcile"}.isdisjoint(said.split())


def test_a_process_that_fails_is_not_measured():
    """Its complaint is shown."""
    with pytest.raises(SystemExit, match="no such luck"):
        measuring.run([sys.executable, "-c", "raise SystemExit('no such luck')"])


def test_goals_can_be_held_against_cpu_seconds():
    """On a busy machine wall seconds are worth little."""
    known = results(scan=1, compare=7)
    for one in known["sizes"][str(5 * M)].values():
        one["best"]["cpu"] = 2
    assert goals.table(known)[0][-1] == "NOT REACHED"
    assert goals.table({**known, "by": "cpu"})[0][-1] == "aim reached"


def test_a_part_is_measured_and_only_that_is_replaced(tmp_path):
    """From the sample to the figures; they name no folder."""
    kept = tmp_path / "results.json"
    older = {"best": {"wall": 1.0, "cpu": 1.0}, "median": {"wall": 1.0}}
    kept.write_text(json.dumps({"sizes": {"1000": {"polars": older, "scan": older}}}))
    asked = ["--rows", "1000", "--times", "1", "--only", "scan,text_union,compare"]
    folders = ["--folder", str(tmp_path), "--results", str(kept)]
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks", *asked, *folders],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    size = json.loads(kept.read_text("utf-8"))["sizes"]["1000"]
    assert size["polars"] == older
    assert size["scan"] != older
    assert set(size) == {"scan", "text_union", "compare", "polars", "input_mb"}
    assert all(size["compare"]["best"][what] > 0 for what in ("wall", "cpu", "memory"))
    assert len(size["compare"]["answer"]) == 64
    assert str(tmp_path) not in kept.read_text("utf-8")
    assert "read floor" in said
    assert said.count("(an older series)") == 1


def test_the_hot_query_is_asked_by_the_names_that_are_timed(tmp_path):
    """Renamed steps would be timed as nothing; afterwards the engine is as it was."""
    asked = Engine.__dict__[profiling.ASK]
    files = Sample(tmp_path / "1000")
    with profiling.Watch() as watch:
        profiling.reconcile(profiled("compare", files))
    for name in (*profiling.HOT, *profiling.SCOPE):
        assert watch.taken[name][2] > 0, name
    assert Engine.__dict__[profiling.ASK] is asked
    with pytest.raises(KeyError, match="none of these was asked"):
        watch.of("matching/no_such_step")


def test_every_figure_has_a_title():
    """A name without a title would break the page of whoever measures it."""
    names = [own for name, one in CONTESTANTS.items() for own in one.inner or (name,)]
    assert [name for name in names if not title_of(name)] == []
    assert set(INNER) == {own for one in CONTESTANTS.values() for own in one.inner}


def test_other_tools_are_pinned():
    """Figures of other releases would be other figures."""
    for pins in PINS.values():
        lines = [line for line in pins.read_text("utf-8").splitlines() if line[0] != "#"]
        assert [line for line in lines if not re.fullmatch(r"[a-z]+==[\d.]+", line)] == []


def test_reading_is_measured_on_lines_that_are_all_plain(tmp_path, capsys):
    """Ours and DuckDB read the same rows, and none of them is refused."""
    files = Sample(tmp_path / "900")
    sample(files.folder, rows=1000)
    reading.reading(files)
    said = json.loads(capsys.readouterr().out)
    assert set(said["figures"]) == set(CONTESTANTS["reading"].inner)
    for kind in Kind:
        path = reading.clean(files, kind)
        staged = stage(Engine(), path, kind=kind)
        assert staged.rows == len(path.read_text("ascii").splitlines()) - 1
        assert not staged.rejected
