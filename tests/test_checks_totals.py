"""A file's own total and number of rows: where they do not fit, nothing is imported unasked."""

from __future__ import annotations

import inspect

import pytest

from reconcile.errors import BadFile, BadMapping, QuestionOpen
from reconcile.importing import import_file, load_mapping, preview
from reconcile.importing.mapping.templates import load_templates, templates_folder
from reconcile.importing.remapping import remap
from reconcile.terms import Kind
from reconcile.warehouse import open_store

SAID = {"kind": Kind.CLAIM, "sender": "acme", "zone": "UTC"}


def written(folder, content: str):
    path = folder / "acme.csv"
    path.write_text(inspect.cleandoc(content) + "\n", encoding="utf-8")
    return path


def asked(store, path, **options):
    """Return the questions by key, and hold that nothing was stored."""
    with pytest.raises(QuestionOpen) as caught:
        import_file(store, path, **SAID, take_suggestions=True, **options)
    assert store.batches() == []
    assert list(templates_folder(store.home).glob("*.toml")) == []
    return {question.key: question for question in caught.value.questions}


WRONG = """
    transaction_id,occurred_at,revenue
    a,2026-10-01,10.00
    b,2026-10-02,20.00
    Total,,31.50

    Rows: 3
    """


def test_a_total_that_does_not_fit_is_asked_and_never_suggested(home, tmp_path):
    """Both figures are in the answer; `--yes` does not take it."""
    with open_store() as store:
        found = asked(store, written(tmp_path, WRONG))
        assert set(found) == {"accept_total", "accept_count"}
        assert [q.suggestion for q in found.values()] == [None, None]
        assert found["accept_total"].answers == (
            ("accept_total", "30/31.5"),
            ("accept_total", "stop"),
        )
        seen = preview(store, written(tmp_path, WRONG), **SAID)
        assert [q.key for q in seen.questions] == ["accept_total", "accept_count"]
        assert len(seen.rows) == 2


def test_an_accepted_total_holds_for_its_file_alone(home, tmp_path):
    """No template takes it, and the next wrong total is asked, even under the same mapping."""
    accepted = ["accept_total=30/31.5", "accept_count=2/3"]
    with open_store() as store:
        done = import_file(store, written(tmp_path, WRONG), **SAID, answers=accepted)
        assert {c.name for c in done.checks if "accepted" in c.text} == {
            "control_total",
            "row_count",
        }
        [template] = load_templates(templates_folder(store.home))
        assert (template.mapping.accept_total, template.mapping.accept_count) == (None, None)
        later = written(tmp_path, WRONG.replace("a,2026-10-01,10.00", "c,2026-11-01,9.00"))
        with pytest.raises(QuestionOpen, match=r"accept_total=29/31\.5"):
            import_file(store, later, **SAID)
        told = tmp_path / "acme.toml"
        told.write_text('accept_total = "30/31.5"\naccept_count = "2/3"\n')
        with pytest.raises(QuestionOpen, match=r"accept_total=29/31\.5"):
            import_file(store, later, **SAID, mapping=load_mapping(told))
        assert len(store.batches()) == 1


def test_stop_refuses_a_file_only_if_its_total_does_not_fit(home, tmp_path):
    """An automatic import can say beforehand that it wants no such file."""
    stop = ["accept_total=stop", "accept_count=stop"]
    with open_store() as store:
        with pytest.raises(BadFile, match="was not imported, as accept_total = stop says"):
            import_file(store, written(tmp_path, WRONG), **SAID, answers=stop)
        assert store.batches() == []
        right = written(tmp_path, WRONG.replace("31.50", "30.00").replace("Rows: 3", "Rows: 2"))
        assert import_file(store, right, **SAID, answers=stop).batch.rows == 2


def test_an_accepted_figure_must_be_one(tmp_path):
    """`yes` would hold for every file to come."""
    told = tmp_path / "acme.toml"
    told.write_text('accept_total = "yes"\n')
    with pytest.raises(BadMapping, match="the two figures that may differ"):
        load_mapping(told)


REJECTS = """
    transaction_id,occurred_at,revenue
    a,2026-10-01,10.00
    b,2026-13-02,20.00
    c,2026-13-03,{}
    Total,,{}
    """


@pytest.mark.parametrize(
    ("amount", "total", "said"),
    [
        ("11.50", "41.50", "the 2 rejected lines hold 31.5, which is all of the difference"),
        ("11.50", "50.00", "the 2 rejected lines hold 31.5, and the difference is 40"),
        ("n/k", "50.00", "hold 20, and 1 of them no amount that can be read, and the difference"),
    ],
)
def test_rejected_lines_that_explain_a_difference_are_said(home, tmp_path, amount, total, said):
    """What they hold is read from the file again."""
    with open_store() as store:
        found = asked(store, written(tmp_path, REJECTS.format(amount, total)))
        assert said in found["accept_total"].text


def test_rejected_lines_of_a_decimal_comma_file_are_read_as_its_rows(home, tmp_path):
    """A thousand is no one."""
    content = """
        transaction_id;occurred_at;revenue
        a;2026-10-01;1.010,50
        b;2026-13-02;2.000,25
        Total;;3.010,75
        """
    with open_store() as store:
        found = asked(store, written(tmp_path, content))
        assert "the rejected line holds 2000.25, which is all" in found["accept_total"].text


FITTING = {
    "rounded to cents": ("a,2026-10-01,1.0049\nb,2026-10-01,1.0049", "Total,,2.01"),
    "binary noise": ("a,2026-10-01,0.1\nb,2026-10-01,0.2", "Total,,0.30000000000000004"),
    "totals of parts": ("a,2026-10-01,1\nTotal,,1\nb,2026-10-01,2", "Total,,2"),
    "a subtotal above": ("a,2026-10-01,1\nSubtotal,,1\nb,2026-10-01,2", "Total,,3"),
    "brackets": ("a,2026-10-01,1\nb,2026-10-01,(3.50)", "Total,,(2.50)"),
}


@pytest.mark.parametrize("name", FITTING)
def test_totals_that_fit_are_not_asked(home, tmp_path, name):
    """However they are written."""
    rows, total = FITTING[name]
    path = tmp_path / "acme.csv"
    path.write_text(f"transaction_id,occurred_at,revenue\n{rows}\n{total}\n")
    with open_store() as store:
        assert import_file(store, path, **SAID).batch.rows == 2


KNOWN = ("columns.transaction_id=transaction_id", "columns.revenue=amount_micros")


def test_totals_in_micros_are_counted_as_their_rows(home, tmp_path):
    """The total of a column in micros is in micros, too."""
    content = """
        transaction_id,occurred_at,amount_micros
        a,2026-10-01,1500000
        b,2026-10-02,2250000
        Total,,{}
        """
    said = {**SAID, "answers": ["units.revenue=micros", *KNOWN]}
    with open_store() as store:
        with pytest.raises(QuestionOpen, match=r"accept_total=3\.75/3\.76"):
            import_file(store, written(tmp_path, content.format(3760000)), **said)
        assert (
            import_file(store, written(tmp_path, content.format(3750000)), **said).batch.rows == 2
        )


def test_remap_asks_again_where_other_figures_come_out(home, tmp_path):
    """What was accepted of one reading says nothing of another."""
    content = WRONG.replace("10.00", "1.000").replace("20.00", "2.000").replace("31.50", "3.001")
    with open_store() as store:
        said = {**SAID, "answers": ["decimal=.", "accept_total=3/3.001", "accept_count=2/3"]}
        batch = import_file(store, written(tmp_path, content), **said).batch
        with pytest.raises(QuestionOpen, match="accept_total=3000/3001"):
            remap(store, batch.id, answers=["decimal=,"])
        again = remap(store, batch.id, answers=["decimal=,", "accept_total=3000/3001"])
        assert again.batch.rows == 2


PARTS = """
    transaction_id,occurred_at,revenue
    a-1,2026-10-01,10.00
    a-2,2026-10-02,20.00
    Total North,,{north}
    b-1,2026-10-03,5.00
    Total South,,5.00
    Subtotal,,35.00
    c-1,2026-10-04,4.00
    Total West,,4.00
    """


def names_of(store, path) -> dict[str, str]:
    """Return the doubts of a file with their texts."""
    seen = preview(store, path, **SAID)
    return {check.name: check.text for check in seen.checks if check.level == "doubt"}


def test_each_total_of_a_part_is_held_against_the_rows_above_it(home, tmp_path):
    """A total may sum up one part or several; the one that fits none is told with its line."""
    with open_store() as store:
        assert "section_total" not in names_of(
            store, written(tmp_path, PARTS.format(north="30.00"))
        )
        found = names_of(store, written(tmp_path, PARTS.format(north="31.00")))
        assert "line 4 is 31" in found["section_total"]


def test_a_row_that_adds_up_those_above_it_is_told(home, tmp_path):
    """A label that no list of words knows, with a date, is read as a row, but never in silence."""
    rows = "\n".join(f"    a-{n},2026-10-{n:02},{n}.00" for n in range(1, 13))
    text = f"transaction_id,occurred_at,revenue\n{rows}\n    Week forty,2026-10-12,78.00\n"
    path = tmp_path / "weeks.csv"
    path.write_text(inspect.cleandoc(text).replace("    ", "") + "\n", encoding="utf-8")
    with open_store() as store:
        assert "Line 14" in names_of(store, path)["unnamed_total"]
        path.write_text(path.read_text().replace("78.00", "77.00"), encoding="utf-8")
        assert "unnamed_total" not in names_of(store, path)
