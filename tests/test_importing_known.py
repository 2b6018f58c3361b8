"""What one file proves, the next file of its template is read by; what a template tells is told."""

from __future__ import annotations

import inspect
import zipfile

import pytest
import xlsxwriter

from reconcile.errors import QuestionOpen
from reconcile.importing import import_file, remap
from reconcile.importing.mapping.naming_places import lasting
from reconcile.importing.mapping.templates import load_templates, templates_folder
from reconcile.terms import Kind
from reconcile.warehouse import open_store

ANSWERS = ("columns.transaction_id=Lead", "columns.revenue=Payout", "zone=UTC", "sender=acme")
ASKED = {"kind": Kind.CLAIM, "answers": ANSWERS}


@pytest.fixture
def store(home):
    """Return an open store on an empty home."""
    with open_store() as opened:
        yield opened


def sales(*rows):
    """Return a report of these days and amounts."""
    lines = [f"L-{n};{day};{amount}" for n, (day, amount) in enumerate(rows, 1)]
    return "\n".join(["Lead;Conversion Date;Payout", *lines]) + "\n"


def file_of(folder, text, name):
    """Write a file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def known(store):
    """Return what the only template keeps as proved."""
    [template] = load_templates(templates_folder(store.home))
    return template.mapping.known


PROVES = sales(("13/04/2026", "1.250,00"), ("14/04/2026", "2,50"))
OPEN = sales(("03/04/2026", "1.250"), ("04/05/2026", "2.500"))


def test_what_a_file_proves_reads_the_next_one_and_is_told(store, tmp_path):
    """Nobody was asked for the order of dates or the decimal mark, and nobody is."""
    import_file(store, file_of(tmp_path, PROVES, "a.csv"), **ASKED)
    assert known(store) == {"date_format": "dmy", "decimal": ","}
    done = import_file(store, file_of(tmp_path, OPEN, "b.csv"), kind=Kind.CLAIM)
    assert f"{done.staged.first_at:%Y-%m-%d}" == "2026-04-03"
    told = " ".join(done.staged.from_template)
    assert "read as dmy" in told
    assert "','" in told
    assert "acme's file" in told
    assert done.staged.comma


def test_what_contradicts_what_was_proved_is_asked(store, tmp_path):
    """Its own values are clear, but the layout may be another one."""
    import_file(store, file_of(tmp_path, PROVES, "a.csv"), **ASKED)
    other = file_of(tmp_path, sales(("04/13/2026", "1,250.00"), ("04/14/2026", "2.50")), "b.csv")
    with pytest.raises(QuestionOpen) as told:
        import_file(store, other, kind=Kind.CLAIM)
    asked = {question.key: question for question in told.value.questions}
    assert set(asked) == {"date_format", "decimal"}
    assert [choice.value for choice in asked["date_format"].choices] == ["mdy", "dmy"]
    assert asked["date_format"].suggestion is asked["decimal"].suggestion is None
    answers = ["date_format=mdy", "decimal=."]
    done = import_file(store, other, kind=Kind.CLAIM, answers=answers)
    assert (done.batch.rows, done.batch.rejected) == (2, 0)
    assert known(store) == {}


def test_a_later_file_adds_what_it_proves(store, tmp_path):
    """The first one left the decimal mark open, and nobody had to say it."""
    first = sales(("13/04/2026", "10"), ("14/04/2026", "12"))
    import_file(store, file_of(tmp_path, first, "a.csv"), **ASKED)
    assert known(store) == {"date_format": "dmy"}
    second = sales(("15/04/2026", "10,50"))
    done = import_file(store, file_of(tmp_path, second, "b.csv"), kind=Kind.CLAIM)
    assert done.proved == {"decimal": ","}
    assert known(store) == {"date_format": "dmy", "decimal": ","}


def test_what_is_stated_is_not_kept_as_proved(store, tmp_path):
    """A statement holds for all files; a proof only where a file is open."""
    answers = (*ANSWERS, "date_format=dmy", "decimal=,")
    import_file(store, file_of(tmp_path, PROVES, "a.csv"), kind=Kind.CLAIM, answers=answers)
    assert known(store) == {}


def test_the_sender_of_a_template_is_told_only_if_nobody_said_it(store, tmp_path):
    """By the option it is the user's word."""
    import_file(store, file_of(tmp_path, PROVES, "a.csv"), **ASKED)
    later = file_of(tmp_path, PROVES.replace("L-", "M-"), "b.csv")
    done = import_file(store, later, kind=Kind.CLAIM, sender="acme")
    assert done.staged.from_template == ()
    assert done.batch.sender == "acme"


def book(folder, name, sheets):
    """Write a workbook of these sheets."""
    path = folder / name
    with xlsxwriter.Workbook(path) as made:
        for title, rows in sheets.items():
            page = made.add_worksheet(title)
            for place, row in enumerate(rows):
                page.write_row(place, 0, row)
    return path


ROWS = [["Lead", "Conversion Date", "Payout"], ["L-1", "2026-10-13", "1.50"]]
LATER = [ROWS[0], ["L-2", "2026-11-13", "2.50"]]
NOTES = [["Note", "By"], ["all fine", "Ann"]]


def test_the_sheet_of_another_month_is_the_templates(store, tmp_path):
    """It is called otherwise; the batch can be typed again from that sheet."""
    first = book(tmp_path, "a.xlsx", {"Notes": NOTES, "Oct 2026": ROWS})
    import_file(store, first, kind=Kind.CLAIM, answers=(*ANSWERS, "sheet=Oct 2026"))
    second = book(tmp_path, "b.xlsx", {"Notes": NOTES, "November 2026": LATER})
    done = import_file(store, second, kind=Kind.CLAIM)
    assert done.staged.sheet == "November 2026"
    assert any("'November 2026' was read" in text for text in done.staged.from_template)
    again = remap(store, done.batch.id, answers=["zone=PST"])
    assert again.staged.sheet == "November 2026"


def test_two_months_beside_each_other_are_asked(store, tmp_path):
    """Though one is called as the sheet of the first file was."""
    first = book(tmp_path, "a.xlsx", {"Notes": NOTES, "Oct 2026": ROWS})
    import_file(store, first, kind=Kind.CLAIM, answers=(*ANSWERS, "sheet=Oct 2026"))
    both = book(tmp_path, "b.xlsx", {"Oct 2026": ROWS, "Nov 2026": LATER})
    with pytest.raises(QuestionOpen, match="several sheets"):
        import_file(store, both, kind=Kind.CLAIM)


def test_a_sheet_is_known_by_its_headers(store, tmp_path):
    """The first file had but one, so that nobody has named it."""
    import_file(store, book(tmp_path, "a.xlsx", {"Data": ROWS}), **ASKED)
    second = book(tmp_path, "b.xlsx", {"Notes": NOTES, "Page": LATER})
    assert import_file(store, second, kind=Kind.CLAIM).staged.sheet == "Page"


def archive(folder, name, members):
    """Write an archive."""
    path = folder / name
    with zipfile.ZipFile(path, "w") as made:
        for member, text in members.items():
            made.writestr(member, text)
    return path


def test_the_file_of_an_archive_is_the_templates(store, tmp_path):
    """By what stays in its name beside the month."""
    notes = "Note,By\nfine,Ann\n"
    first = archive(tmp_path, "a.zip", {"readme.csv": notes, "sales_2026-10.csv": PROVES})
    answers = (*ANSWERS, "member=sales_2026-10.csv")
    import_file(store, first, kind=Kind.CLAIM, answers=answers)
    later = PROVES.replace("L-", "M-")
    second = archive(tmp_path, "b.zip", {"readme.csv": notes, "sales_2026-11.csv": later})
    done = import_file(store, second, kind=Kind.CLAIM)
    assert any("'sales_2026-11.csv' was read" in text for text in done.staged.from_template)
    third = archive(tmp_path, "c.zip", {"sales_2026-12.csv": notes, "readme.csv": later})
    with pytest.raises(QuestionOpen, match="holds 2 files"):
        import_file(store, third, kind=Kind.CLAIM)


def test_the_line_of_a_header_is_none_of_the_template(store, tmp_path):
    """The next file has another number of titles above it."""
    text = "Total;9\n\n" + PROVES
    path = file_of(tmp_path, text, "a.csv")
    import_file(store, path, kind=Kind.CLAIM, answers=(*ANSWERS, "header=3"))
    second = file_of(tmp_path, inspect.cleandoc("Report\nOctober\n\n\n") + "\n" + OPEN, "b.csv")
    assert import_file(store, second, kind=Kind.CLAIM).batch.rows == 2


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Oct 2026", "#"),
        ("October", "#"),
        ("sales_2026-10.csv", "sales_#.csv"),
        ("Sales Nov 26", "sales #"),
        ("Sheet1", None),
        ("Mayflower", None),
        ("Sales", None),
    ],
)
def test_what_stays_in_a_name(name, told):
    """Months, days and years are one mark; a name without them is only itself."""
    assert lasting(name) == told
