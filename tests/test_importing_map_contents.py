"""What a column holds speaks for or against its header, and never decides alone."""

from __future__ import annotations

import pytest

from importing_help import read
from reconcile.errors import BadMapping, QuestionOpen
from reconcile.importing.mapping.contents import Look, contents
from reconcile.terms import Kind


def _questions(folder, text, **options):
    with pytest.raises(QuestionOpen) as error:
        read(folder, text, **options)
    return {question.key: question for question in error.value.questions}


@pytest.mark.parametrize(
    ("look", "values"),
    [
        (Look.DATES, ["2026-11-01", "01/02/2026 10:00 PM", "3.4.26", "4-Mar-2026", "Mar 4, 2026"]),
        (Look.AMOUNTS, ["1.50", "$1,234.50", "(12,00)", "-3.1", "€ 5", "12.00-", "12.5%"]),
        (Look.ADDRESSES, ["a.b@example.com"]),
        (Look.NUMBERS, ["12345678", "1760000000"]),
        (Look.COUNTS, ["0", "12", "1234567"]),
        (Look.CODES, ["a1", "0f0e8b1c-9d2e-4f6b-8a55-2d9fb1b0a7c3", "T-1", "DEADBEEFCAFE"]),
        (Look.WORDS, ["sold", "bad lead", "Müller"]),
        (Look.NOTHING, ["", " ", "n/a", "NULL"]),
        (Look.MIXED, ["a1", "sold"]),
    ],
)
def test_what_values_look_like(look, values):
    """Of all values of a column; blanks and words for nothing do not count."""
    [column] = contents([[value] for value in values], 1)
    assert column.look is look


def test_a_row_of_another_width_shows_nothing():
    """Its cells may stand in the wrong columns."""
    assert [c.values for c in contents([["a", "b"], ["c"], ["d", ""]], 2)] == [("a", "d"), ("b",)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("transaction_id", "2026-11-01"),
        ("transaction_id", "12.50"),
        ("transaction_id", "a@example.com"),
        ("revenue", "2026-11-01"),
        ("revenue", "1760000001"),
        ("revenue", "a1b2c3"),
        ("status", "12.50"),
        ("buyer", "2026-11-01"),
        ("occurred_at", "a1b2"),
        ("currency", "2026-11-01"),
    ],
)
def test_a_label_that_contradicts_its_values_is_asked(tmp_path, field, value):
    """It may be trusted, or be none of our fields; nothing is loaded before that is said."""
    row = {"transaction_id": "t1", "status": "sold", "revenue": "1.50", field: value}
    text = ",".join(row) + "\n" + ",".join(row.values()) + "\n"
    questions = _questions(tmp_path, text)
    question = questions[f"columns.{field}"]
    assert value in question.evidence[0]
    assert {("trust", field), ("ignore", field)} <= set(question.answers)
    assert question.suggestion is None


def test_a_contradiction_shows_the_column_that_fits(tmp_path):
    """The two were swapped."""
    text = "transaction_id,status,revenue,ref\n2026-11-01,sold,1.50,a1\n2026-11-02,sold,2.50,a2\n"
    question = _questions(tmp_path, text)["columns.transaction_id"]
    assert ("columns.transaction_id", "ref") in question.answers
    mapping = 'ignore = ["transaction_id"]\n[columns]\ntransaction_id = "ref"'
    got = read(tmp_path, text, mapping=mapping)
    assert got.column("transaction_id") == ["a1", "a2"]


def test_a_mapping_does_not_go_before_what_the_values_show(tmp_path):
    """A slip of the pen in a mapping would be as wrong; `trust` says that it is none."""
    text = "Lead No,Sold,Price\nt1,2026-11-01,1.50\n"
    wrong = '[columns]\ntransaction_id = "Sold"\nrevenue = "Price"'
    assert "columns.transaction_id" in _questions(tmp_path, text, mapping=wrong)
    got = read(tmp_path, text, mapping=f'trust = ["Sold"]\nignore = ["Lead No"]\n{wrong}')
    assert got.column("transaction_id") == ["2026-11-01"]


def test_amounts_in_millionths_and_a_single_odd_cell_are_no_contradiction(tmp_path):
    """The first is another question, the second is rejected by its line."""
    text = "transaction_id,status,revenue\n" + "".join(f"t{n},sold,1.50\n" for n in range(20))
    got = read(tmp_path, f"{text}t20,sold,a1b2\n")
    assert [line for line, *_ in got.rejects] == [22]
    [column] = contents([["12500000"], ["9990000"]], 1)
    assert not column.contradicts("revenue")


def test_a_field_that_no_header_names_is_looked_for_in_the_values(tmp_path):
    """What the only fitting column says is suggested; a needed field cannot be waived."""
    text = (
        "Lead No,Sold On,Price,Disposition\na1,2026-11-01,1.50,sold\na2,2026-11-02,2.50,returned\n"
    )
    questions = _questions(tmp_path, text)
    assert {key: question.suggestion for key, question in questions.items()} == {
        "columns.transaction_id": "Lead No",
        "columns.occurred_at": "Sold On",
        "columns.revenue": "Price",
        "columns.status": "Disposition",
    }
    assert ("ignore", "Lead No") not in questions["columns.transaction_id"].answers
    assert ("ignore", "Price") in questions["columns.revenue"].answers


def test_of_several_columns_that_fit_none_is_suggested(tmp_path):
    """All are shown."""
    text = "Order,Lead No,status,revenue\nx1,a1,sold,1.50\nx2,a2,sold,2.50\n"
    question = _questions(tmp_path, text)["columns.transaction_id"]
    assert question.suggestion is None
    assert [value for _, value in question.answers] == ["Order", "Lead No"]


def test_a_file_in_which_nothing_fits_offers_its_columns(tmp_path):
    """With what they hold, and none of them suggested."""
    text = "status,City,Hour\nsold,Rome,9 h\nsold,Oslo,10 h\n"
    question = _questions(tmp_path, text)["columns.transaction_id"]
    assert question.suggestion is None
    assert [(c.value, c.meaning) for c in question.choices] == [
        ("City", "holds 'Rome', 'Oslo'"),
        ("Hour", "holds '9 h', '10 h'"),
    ]


def test_a_time_that_is_not_named_is_asked_of_an_event(tmp_path):
    """And a lead's own field is called created_at."""
    text = "transaction_id,status,pid,Entered\nt1,sold,p,2026-11-01\n"
    questions = _questions(tmp_path, text, kind=Kind.LEAD)
    assert questions["columns.created_at"].suggestion == "Entered"


def test_duplicate_headers_are_told_apart_by_their_columns(tmp_path):
    """The question shows what each holds; the answer names one by its number."""
    text = "transaction_id,status,revenue,status\nt1,sold,1.50,2026\nt2,sold,1.50,2027\n"
    question = _questions(tmp_path, text)["columns.status"]
    assert question.answers == (
        ("columns.status", "status (2)"),
        ("columns.status", "status (4)"),
    )
    assert "'2026', '2027'" in question.evidence[1]
    got = read(tmp_path, text, mapping='[columns]\nstatus = "status (2)"')
    assert got.column("status") == ["sold", "sold"]
    with pytest.raises(BadMapping, match="more than one column 'status'"):
        read(tmp_path, text, mapping='[columns]\nstatus = "status"')


def test_independent_questions_of_a_file_are_asked_together(tmp_path):
    """Payout, cid and the time; one text tells all."""
    text = "Lead No,Payout,cid,Sold On\na1,1.50,77,2026-11-01\na2,1.50,78,2026-11-02\n"
    with pytest.raises(QuestionOpen, match="4 questions are open") as error:
        read(tmp_path, text)
    assert [question.key for question in error.value.questions] == [
        "columns.revenue",
        "columns.campaign_id",
        "columns.transaction_id",
        "columns.occurred_at",
    ]


def test_two_headers_that_could_be_one_field_are_both_asked(tmp_path):
    """Neither hides the other."""
    text = "transaction_id,status,buyer,payout,id\nt1,sold,acme,1.50,9\n"
    with pytest.raises(QuestionOpen) as error:
        read(tmp_path, text.replace(",id\n", ",amount\n").replace("transaction_id", "Lead No"))
    told = [q.text.split(" ")[0] for q in error.value.questions if q.key == "columns.revenue"]
    assert told == ["'payout'", "'amount'"]


def test_counted_seconds_are_looked_for_under_a_header_that_says_so(tmp_path):
    """Else a file of Everflow's is loaded without its times; other long numbers may be ids."""
    rows = "transaction_id,{},revenue,status\nt1,1790848800,1,sold\nt2,1790935200,2,sold\n"
    asked = _questions(tmp_path, rows.format("conversion_unix_timestamp"))
    assert asked["columns.occurred_at"].suggestion == "conversion_unix_timestamp"
    assert not read(tmp_path, rows.format("order_no")).column("occurred_at")[0]


def test_amounts_parted_by_no_break_blanks_are_asked_about(tmp_path):
    """They are amounts as those with commas are, and so French files have revenue."""
    rows = "transaction_id,Montant\nt1,1\u00a0234.50 €\nt2,12.00 €\n"
    assert "columns.revenue" in _questions(tmp_path, rows)
