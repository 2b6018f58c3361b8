"""Tables below each other with titles: what these say of their rows is asked, and given to them."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from importing_help import read, read_path
from reconcile.engine import Engine
from reconcile.errors import BadMapping, QuestionOpen
from reconcile.importing import StageOptions, import_file, preview, stage
from reconcile.importing.checking.checks import check_file
from reconcile.terms import Kind
from reconcile.warehouse import open_store

HEAD = "transaction_id,occurred_at,revenue\n"


def part(title: str, *ids: str, month: int = 10) -> str:
    """Return a table with its title."""
    rows = "".join(f"{name},2026-{month}-0{n} 10:00:00,{n}.00\n" for n, name in enumerate(ids, 1))
    return f"{title}\n{HEAD}{rows}"


def question(folder, content: str):
    """Return what is asked about the titles of a file."""
    with pytest.raises(QuestionOpen) as caught:
        read(folder, content)
    [asked] = caught.value.questions
    return asked


def test_labelled_titles_are_suggested_and_given_to_their_rows(tmp_path):
    """`Buyer: Best` above a header names the buyer of the rows below it, and of no others."""
    text = f"{part('Buyer: Acme', 'a1', 'a2')}\n{part('Buyer: Best & Co', 'b1')}"
    asked = question(tmp_path, text)
    assert (asked.key, asked.suggestion) == ("part_titles", "buyer")
    assert [choice.value for choice in asked.choices] == ["buyer", "ignore"]
    got = read(tmp_path, text, answers=("part_titles=buyer",))
    assert got.column("buyer") == ["Acme", "Acme", "Best & Co"]
    assert got.staged.buyers == ["Acme", "Best & Co"]
    assert got.staged.told.columns.keys() == {"transaction_id", "occurred_at", "revenue"}


def test_titles_without_a_label_are_offered_but_not_suggested(tmp_path):
    """Nothing says whether they are campaigns, buyers or events."""
    text = f"All reports\n{part('Solar Roof', 'a1')}\n{part('Heat Pump', 'b1')}"
    asked = question(tmp_path, text)
    assert [choice.value for choice in asked.choices] == ["campaign", "buyer", "event", "ignore"]
    assert asked.suggestion is None
    got = read(tmp_path, text, answers=("part_titles=campaign",))
    assert got.column("campaign_id") == ["Solar Roof", "Heat Pump"]
    assert read(tmp_path, text, answers=("part_titles=event",)).column("event_id")[1] == "Heat Pump"


def test_no_field_is_offered_that_a_column_fills(tmp_path):
    """The buyer of each row stands in the file; a title that is stated to name it is refused."""
    text = "\n".join((part("Best", "a1"), part("Acme", "b1")))
    text = text.replace("revenue", "buyer").replace(".00", "")
    assert "buyer" not in [choice.value for choice in question(tmp_path, text).choices]
    with pytest.raises(BadMapping, match="buyer is filled already"):
        read(tmp_path, text, answers=("part_titles=buyer",))


@pytest.mark.parametrize(
    "second", ["", "two / names", "Region: North"], ids=["none", "two", "other"]
)
def test_a_title_that_names_nothing_is_refused_where_titles_name_the_rows(tmp_path, second):
    """Rows below it would have no buyer, or that of the part above."""
    above = "\n".join(second.split(" / "))
    text = f"{part('Buyer: Acme', 'a1')}\n{part(above, 'b1')}\n{part('Buyer: C', 'c1')}"
    if not second:
        text = f"{HEAD}x,2026-10-01 10:00:00,1.00\n{part('Buyer: Acme', 'a1')}"
    with pytest.raises(BadMapping, match="part_titles says"):
        read(tmp_path, text, answers=("part_titles=buyer",))


def test_the_header_of_a_next_page_goes_on_with_the_part(tmp_path):
    """A page has the header again, without a title of its own."""
    text = (
        f"{part('Buyer: Acme', 'a1')}\n{part('Buyer: B', 'b1')}\nPage 2\n{HEAD}b2,2026-10-03,1.00\n"
    )
    got = read(tmp_path, text, answers=("part_titles=buyer",))
    assert got.column("buyer") == ["Acme", "B", "B"]


def test_titles_of_months_are_held_against_their_rows(tmp_path):
    """The period of the file is that of all parts; a row in the wrong part is told."""
    text = f"{part('October 2026', 'a1')}\n{part('November 2026', 'b1', 'b2', month=11)}"
    assert question(tmp_path, text).suggestion == "period"
    text = text.replace("b2,2026-11", "b2,2026-10")
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    engine = Engine()
    options = StageOptions(zone="UTC", answers=("part_titles=period",))
    staged = stage(engine, path, kind=Kind.CLAIM, options=options)
    [doubt] = [check for check in check_file(engine, staged) if check.name == "part_period"]
    assert (f"{staged.period_from:%m-%d}", f"{staged.period_to:%m-%d}") == ("10-01", "12-01")
    assert "line 8" in doubt.text
    engine.close()


def test_titles_that_name_no_period_are_asked_about_again(tmp_path):
    """A template that takes them for months must not pass over names in silence."""
    text = f"{part('Solar Roof', 'a1')}\n{part('Heat Pump', 'b1')}"
    with pytest.raises(QuestionOpen):
        read(tmp_path, text, answers=("part_titles=period",))


def test_a_sheet_may_hold_several_parts_too(tmp_path):
    """Each row of a workbook gets the title above it."""
    book = Workbook()
    for line in f"{part('Buyer: Acme', 'a1')}\n{part('Buyer: Best', 'b1')}".splitlines():
        book.active.append(line.split(","))
    book.save(tmp_path / "parts.xlsx")
    options = {"zone": "UTC", "answers": ("part_titles=buyer", "decimal=.")}
    got = read_path(tmp_path / "parts.xlsx", **options)
    assert got.column("buyer") == ["Acme", "Best"]


def test_the_answer_is_kept_and_shown(home, tmp_path):
    """The next file of these headers is read by it; its preview shows whence the buyer is."""
    first, second = tmp_path / "oct.csv", tmp_path / "nov.csv"
    first.write_text(f"{part('Buyer: Acme', 'a1')}\n{part('Buyer: Best', 'b1')}", encoding="utf-8")
    second.write_text(f"{part('Buyer: Best', 'c1')}\n{part('Buyer: Acme', 'd1')}", encoding="utf-8")
    said = {"kind": Kind.CLAIM, "sender": "net"}
    with open_store() as store:
        import_file(store, first, **said, zone="UTC", answers=["part_titles=buyer"])
        seen = preview(store, second, **said)
        assert not seen.questions
        assert [row.typed["buyer"] for row in seen.rows] == ["Best", "Acme"]
        shown = seen.columns[-1]
        assert (shown.field, shown.examples) == ("buyer", ("Buyer: Best", "Buyer: Acme"))
        assert import_file(store, second, **said).batch.buyers == ("Acme", "Best")


def test_rows_may_be_parted_by_labels_alone(tmp_path):
    """A grouped list has the header once; each label says whose the rows right below it are."""
    rows = "{0}1,2026-10-01 10:00:00,1.00\n{0}2,2026-10-02 10:00:00,2.00\n"
    text = f"{HEAD}Buyer: Acme,,\n{rows.format('a')}Buyer: Best\n{rows.format('b')}"
    asked = question(tmp_path, text)
    assert (asked.key, asked.suggestion) == ("part_titles", "buyer")
    got = read(tmp_path, text, answers=("part_titles=buyer",))
    assert got.column("buyer") == ["Acme", "Acme", "Best", "Best"]
    above = text.replace("Buyer: Acme,,\n", "")
    assert [choice.value for choice in question(tmp_path, above).choices] == ["ignore"]
    assert read(tmp_path, HEAD + rows.format("a") + "Buyer: Acme\n").staged.rows == 2


def test_one_word_that_heads_many_reports_is_no_header_above_one(tmp_path):
    """`Conversions` is a title above headers that nobody knows, and no column of counts."""
    rows = "a1,2026-10-01 10:00:00,1.00\na2,2026-10-02 10:00:00,2.00\n"
    with pytest.raises(QuestionOpen) as caught:
        read(tmp_path, f"Conversions\nRef No,Booked,Worth\n{rows}")
    assert caught.value.questions[0].key == "columns.transaction_id"
