"""The page of the funnel benchmark says what was measured and nothing else."""

from __future__ import annotations

from benchmarks.figures import load
from benchmarks.funnel import page
from benchmarks.funnel.ours import QUESTIONS
from benchmarks.funnel.sample import FunnelSample


def test_the_page_is_what_the_generator_makes_of_the_kept_figures():
    """No number of it is typed by hand; `python -m benchmarks.funnel page` writes it anew."""
    assert page.PAGE.read_text("utf-8") == page.text_of(load(page.RESULTS))


def test_every_question_that_is_measured_is_on_the_page():
    """A new one has a title and a goal."""
    assert set(QUESTIONS) == {n for n in page.QUESTIONS if not n.startswith(("polars", "pandas"))}


def test_what_was_not_measured_is_said_to_be_absent():
    """No goal is reached without a figure."""
    text = page.text_of({"sizes": {}})
    assert "reached" not in text.lower().replace("not reached", "")
    assert text.count("| not measured |") >= len(QUESTIONS) - 1  # one has no goal


def test_a_goal_is_reached_up_to_its_bound():
    """CPU seconds of ours in those of one windowFunnel."""

    def verdict(cpu):
        """Return what is said of counts that took so long."""
        size = {name: {"best": {"cpu": 1, "wall": 1}} for name in page.BUILDS}
        size["counts"] = {"best": {"cpu": cpu, "wall": 1}}
        text = page.text_of({"sizes": {"7": size}}, 7)
        return next(line for line in text.splitlines() if line.startswith("| counts |"))

    assert verdict(0.15).endswith("| reached |")
    assert verdict(0.16).endswith("| NOT REACHED |")


def test_the_sample_is_the_same_every_time(tmp_path, monkeypatch):
    """Rows of both exports, and of the steps alone; ids agree, and some leads are sent again."""
    import duckdb

    from benchmarks.funnel.sample import question

    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    con.sql(question("lead"), params={"leads": 300}).create("lead")
    counts = []
    for name in ("lead_export", "event_export"):
        con.sql(question(name)).write_csv(str(tmp_path / f"{name}.csv"), header=True)
        counts.append(con.sql(question(name)).shape[0])
    files = {k: str(tmp_path / f"{k[:-1]}_export.csv") for k in ("leads", "events")}
    numbered = con.sql(question("numbered"), params=files)
    steps = dict(numbered.aggregate("step, count(*)").fetchall())
    assert steps[1] == counts[0] > 300
    assert steps[1] > steps[2] > steps[3] > steps[4] > steps[5] > 0
    assert sum(steps.values()) < sum(counts)
    assert FunnelSample(tmp_path / "300").events == 300
