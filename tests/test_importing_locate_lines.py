"""Totals, notes, second tables and mended lines: each line is what it is, and none is dropped."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from importing_help import read
from reconcile.engine import Engine
from reconcile.errors import QuestionOpen
from reconcile.importing import totals

HEAD = "transaction_id,occurred_at,buyer,revenue\n"
ROWS = "t1,2025-10-01,Acme,1.50\nt2,2025-10-02,Acme,2.50\n"
APART = 'second_table = "apart"'


@pytest.mark.parametrize(
    "line",
    [
        "Total,,,4.00",
        "Total for October 2025 of all buyers,,,4.00",
        "GRAND TOTAL (2 rows),,,4.00",
        ",,Total:,4.00",
        ",Totals,2,4.00",
        "Summe: 2,,,4.00",
        ",,,4.00",
        "Total,4.00",
    ],
)
@pytest.mark.parametrize(
    "below", ["", "t3,2025-10-03,Acme,1\n", "Exported by Acme on 2025-11-01\n"]
)
def test_a_total_is_no_row_whatever_its_label(tmp_path, line, below):
    """A total that is loaded doubles the amount of the file."""
    got = read(tmp_path, HEAD + ROWS + line + "\n" + below)
    assert got.staged.line_classes["total"] == 1
    assert not [row for row in got.rows if not (row["transaction_id"] or "").startswith("t")]
    assert got.rejects == []


@pytest.mark.parametrize("label", ["Overall", "All", "Bilanz", "Итог"])
def test_an_amount_under_a_name_unlike_all_ids_is_not_counted(tmp_path, label):
    """It may be a total, or a row that lost its cells: rejected, and told."""
    rows = "".join(f"t{day},2025-10-0{day},Acme,1.50\n" for day in range(1, 6))
    got = read(tmp_path, HEAD + rows + f"{label},,,7.50\n")
    assert (got.staged.rows, [line for line, *_ in got.rejects]) == (5, [7])
    assert "a total?" in got.rejects[0][3]
    whole = read(tmp_path, HEAD + rows + f"{label},2025-10-06,Acme,7.50\nt7,,,1\n")
    assert (whole.staged.rows, whole.rejects) == (7, [])


@pytest.mark.parametrize("count", [6, 300])
@pytest.mark.parametrize("word", ["Solar", "Gewerbe"])
def test_a_word_alone_between_rows_is_no_row(tmp_path, word, count):
    """The name of a group that no label tells: rejected and told, not loaded as a lead."""
    rows = [f"t{n},2025-10-0{n % 9 + 1},Acme,1.50\n" for n in range(count)]
    half = count // 2
    got = read(tmp_path, HEAD + "".join([*rows[:half], f"{word},,,\n", *rows[half:]]))
    assert (got.staged.rows, [line for line, *_ in got.rejects]) == (count, [half + 2])
    assert "the name of the rows below?" in got.rejects[0][3]
    near = read(tmp_path, HEAD + "".join([*rows, f"{word},2025-10-06,,\n", "t-x9,,,\n"]))
    assert (near.staged.rows, near.rejects) == (count + 2, [])


def test_a_count_before_the_word_is_a_total_where_the_line_is_sparse(tmp_path):
    """A buyer called Total, whose lead has a short number and a date, keeps its row."""
    rows = "".join(f"t{day},2025-10-0{day},Acme,1.50\n" for day in range(1, 6))
    got = read(tmp_path, HEAD + rows + "5,,TOTAL,7.50\n6,2025-10-06,Total,1\n")
    assert got.staged.line_classes == {"data": 6, "header": 1, "total": 1}


ENDS = ["", ":", " =", " (40 rows)", "(2)", "s", "-7", "\u00a0x"]

FEW = "".join(f"t{day},2025-10-0{day},Acme,1.50\n" for day in range(1, 6))
MANY = "".join(f"t{n},2025-10-{n % 28 + 1:02},Acme,1.50\n" for n in range(1000, 1400))


@pytest.mark.parametrize("label", ["October total", "Abrechnung gesamt:", "Acme TOTALS", "**"])
def test_what_lacks_the_rest_is_a_total_by_the_end_of_its_name(tmp_path, label):
    """A row that has all cells keeps its amount, whatever its id is."""
    got = read(tmp_path, HEAD + FEW + f"{label},,,7.50\n" + FEW)
    assert got.staged.line_classes == {"data": 10, "header": 1, "total": 1}
    assert (got.staged.notes.totals[0].label, got.rejects) == (label, [])
    whole = read(tmp_path, HEAD + FEW + f"{label},2025-10-06,Acme,7.50\n" + FEW)
    assert (whole.staged.rows, whole.rejects) == (11, [])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Endsumme,,,600.00", "total"),
        ("Endsumme,31.10.2025,,600.00", "total"),
        ("Abrechnung gesamt,,,600.00", "total"),
        ("October total,-,,600.00", "total"),
        ("Balance,,,600.00", "data"),
        (",,Acme,600.00", "data"),
        ("Partner: Best,,,", "footer"),
        ("Lead Ref,Sold On,Customer,Price", "second_table"),
        ("Kunde,Umsatz,Tag,Anzahl", "second_table"),
    ],
)
def test_no_line_in_the_midst_of_a_long_clean_file_is_taken_for_a_row(tmp_path, line, told):
    """The engine reads such files by itself; what it must not load, it hands over to be classed."""
    text = HEAD + MANY + line + "\n" + MANY.replace("t", "u")
    got = read(tmp_path, text, answers=["second_table=apart", "part_titles=ignore"])
    lost = 400 if told == "second_table" else 0
    assert (got.staged.rows, got.column("revenue").count(600)) == (800 - lost, 0)
    if told == "data":
        assert [number for number, *_ in got.rejects] == [402]
    else:
        assert got.staged.notes.spans[1] == (402, 402 + lost, told)


def test_a_long_file_whose_rows_lack_times_or_ids_is_read_as_it_is(tmp_path):
    """What may be a label is looked at again; that alone makes it none."""
    rows = MANY + "".join(f"t{n},,Acme,2.50\n" for n in range(2000, 2100))
    rows += ",2025-10-03,Acme,4\nabc,2025-10-03,Acme,5\n" + MANY
    got = read(tmp_path, HEAD + rows)
    assert got.staged.line_classes == {"data": 902, "header": 1}
    assert got.rejects == []


def test_a_total_is_kept_as_a_control_total(tmp_path):
    """By header; a subtotal is none of the whole."""
    text = HEAD + ROWS + 'Subtotal Acme,,,4.00\nGrand total,,2,"1,234.00"\n'
    notes = read(tmp_path, text).staged.notes
    assert notes.control_totals == {"buyer": Decimal(2), "revenue": Decimal(1234)}
    assert [(total.line_no, total.label) for total in notes.totals] == [
        (4, "Subtotal Acme"),
        (5, "Grand total"),
    ]


@pytest.mark.parametrize(
    "row", ["Total-77,2025-10-03,Acme,9", "t3,2025-10-03,Total,9", "totally,,,9", ",2025-10-03,,9"]
)
def test_what_only_looks_like_a_total_is_loaded(tmp_path, row):
    """Near misses: an id that begins so, a buyer called Total, a row without an id."""
    got = read(tmp_path, HEAD + ROWS + row + "\n")
    assert (got.staged.rows, got.staged.line_classes["data"]) == (3, 3)


@pytest.mark.parametrize(
    "note",
    [
        "Generated by Acme Ads on 2025-11-01,,,",
        "Note: all times in America/New_York",
        "* unpaid rows are left out,,,",
        "Average,,,2.00",
        "Rows:,2",
        "Generated by Acme on Nov 1, 2025",
    ],
)
def test_notes_below_the_rows_are_no_rows(tmp_path, note):
    """Each is a footer, and kept as text."""
    got = read(tmp_path, HEAD + ROWS + note + "\n")
    assert got.staged.line_classes["footer"] == 1
    assert (got.staged.rows, got.rejects) == (2, [])
    assert len(got.staged.notes.footers) == 1


@pytest.mark.parametrize(
    "second",
    [
        "transaction_id,occurred_at,revenue,buyer\nt8,2025-10-01,9,Acme\n",
        "\nbuyer,leads\nAcme,40\n",
        ",,,\nWerber,Tag,Anzahl,Betrag\nAcme,2025-10-01,40,9.99\n",
        "Total,,,4.00\nbuyer,day,leads,revenue\nAcme,2025-10-01,40,9.99\n",
    ],
    ids=["same width", "narrower", "unknown words", "below a total"],
)
def test_a_second_table_is_asked_for_and_left_out(tmp_path, second):
    """Its amounts are none of the first table's, though they stand in its columns."""
    with pytest.raises(QuestionOpen) as caught:
        read(tmp_path, HEAD + ROWS + second)
    [question] = caught.value.questions
    assert (question.key, question.suggestion) == ("second_table", "apart")
    got = read(tmp_path, HEAD + ROWS + second, mapping=APART)
    assert got.column("transaction_id") == ["t1", "t2"]
    assert got.staged.line_classes["second_table"] == 2


def test_the_first_header_again_ends_a_second_table(tmp_path):
    """Stacked tables of the same columns are one table."""
    text = HEAD + ROWS + "\nbuyer,leads\nAcme,40\n\n" + HEAD + "t3,2025-10-03,Acme,1\n"
    got = read(tmp_path, text, mapping=APART)
    assert got.column("transaction_id") == ["t1", "t2", "t3"]
    assert got.staged.line_classes == {
        "blank": 2,
        "data": 3,
        "header": 1,
        "repeated_header": 1,
        "second_table": 2,
    }


def test_a_line_that_the_end_cuts_is_truncated(tmp_path):
    """With its own class; a whole last line without a line end is only noted."""
    cut = read(tmp_path, HEAD + ROWS + "t3,2025-10-0")
    assert cut.staged.line_classes["truncated"] == 1
    assert [(line, reason[:13]) for line, _, _, reason in cut.rejects] == [(4, "the file ends")]
    whole = read(tmp_path, HEAD + ROWS + "t3,2025-10-03,Acme,1")
    assert (whole.staged.rows, whole.staged.notes.is_open_ended) == (3, True)
    assert not read(tmp_path, (HEAD + ROWS).encode()).staged.notes.is_open_ended


@pytest.mark.parametrize(
    ("line", "is_mended"),
    [
        ("t3,2025-10-03,Acme,1,234.50", True),
        ("t3,2025-10-03,Acme,1,234,567", True),
        ("t3,2025-10-03,Acme, Inc,1", False),
        ("t3,2025-10-03,Acme,1,50", False),
        ("t3,2025-10-03,1,234", False),
    ],
    ids=["thousand", "million", "a comma in a name", "a decimal comma", "a name that is a number"],
)
def test_unquoted_thousands_are_mended_only_where_nothing_else_fits(tmp_path, line, is_mended):
    """All others are rejected or typed, never guessed."""
    got = read(tmp_path, HEAD + ROWS + line + "\n")
    mended = [repair.cells[-1] for repair in got.staged.notes.repairs]
    assert mended == ([line.split(",", 3)[3]] if is_mended else [])
    assert got.staged.rows == 2 + (is_mended or line.endswith("1,234"))


def test_quotes_that_were_not_doubled_are_read_if_one_way_alone_is_a_row(tmp_path):
    """Two ways, or none, are rejected."""
    text = HEAD + 't1,2025-10-01,"The "best" buyer",1\nt2,2025-10-01,"a",b",c",1\n'
    got = read(tmp_path, text)
    assert got.column("buyer")[0] == 'The "best" buyer'
    assert [repair.line_no for repair in got.staged.notes.repairs][:1] == [2]


def test_titles_tell_period_buyer_zone_and_rows(tmp_path):
    """As the file writes them; the days are half open."""
    text = (
        "Lead report\nBuyer:,Acme Inc.\nPeriod,2025-10-01 - 2025-10-31\nTime zone: PST\n"
        "Generated 2025-11-02\n" + HEAD + ROWS + "Records: 2\n"
    )
    notes = read(tmp_path, text).staged.notes
    assert notes.period == (date(2025, 10, 1), date(2025, 11, 1))
    assert (notes.buyer, notes.zone, notes.row_count) == ("Acme Inc.", "PST", 2)
    assert notes.titles[0] == "Lead report"


def test_the_engine_knows_the_same_words_for_total(tmp_path):
    """The words stand in Python and in SQL; what one calls a total, the other does."""
    engine = Engine()
    engine.once("importing/macros_times")
    engine.once("importing/macros_amounts")
    engine.once("importing/macros")
    asked = "select is_total($1), is_total_of($1)"
    words = [word.replace("?", "") for word in totals.WORDS.split("|")]
    befores = ["", "* ", "Grand ", "SUB-", "net", "monthly ", "Ä"]
    for word in [*words, "totalx", "Tota", "sumo"]:
        for label in (f"{b}{w}{e}" for b in befores for w in (word, word.upper()) for e in ENDS):
            found = engine._con.execute(asked, [label]).fetchone()
            assert found == (totals.is_total(label), totals.begins_as_total(label)), label
    engine.close()


@pytest.mark.parametrize("gap", ["", "\n"], ids=["right above", "above a blank line"])
def test_the_title_of_a_part_is_asked_about(tmp_path, gap):
    """Rows of a part are read without what its title says, so a person must know."""
    part = f"Buyer: Best\n{gap}{HEAD}t8,2025-10-01,,9.00\n"
    with pytest.raises(QuestionOpen) as caught:
        read(tmp_path, HEAD + ROWS + part)
    [question] = caught.value.questions
    assert (question.key, question.suggestion) == ("part_titles", None)
    assert "Buyer: Best" in question.text
    got = read(tmp_path, HEAD + ROWS + part, mapping='part_titles = "ignore"')
    assert got.column("transaction_id") == ["t1", "t2", "t8"]


@pytest.mark.parametrize(
    "between", ["Page 2 of 3\n", "\n", "Generated by ACME on 2025-10-02\n\nPage 2\n"]
)
def test_what_stands_between_pages_is_no_title(tmp_path, between):
    """A report that was printed has the header on each page."""
    part = f"{between}{HEAD}t8,2025-10-01,,9.00\n"
    got = read(tmp_path, HEAD + ROWS + part)
    assert got.column("transaction_id") == ["t1", "t2", "t8"]


def test_a_total_whose_thousands_a_blank_parts_is_compared(tmp_path):
    """A control total that is not read is never compared, and nobody is told."""
    rows = HEAD + "t1,2025-10-01,Acme,€1230.00\nt2,2025-10-02,Acme,€4.00\nTotal,,,€1\u00a0234.00\n"
    assert read(tmp_path, rows).staged.notes.control_totals == {"revenue": Decimal(1234)}


def test_dashes_in_place_of_an_id_hide_no_total_and_lose_no_row(tmp_path):
    """Google Ads writes `--` into each cell of a total that says nothing, into the id, too."""
    head = "buyer,transaction_id,occurred_at,revenue\nAcme,t1,2025-10-01,1.50\n"
    got = read(tmp_path, head + "Total: Account,--,--,6.50\nTotal: Acme,--,2025-10-03,5\n")
    assert got.staged.line_classes["total"] == 1
    assert [str(amount) for amount in got.column("revenue")] == ["1.5000", "5.0000"]
