"""Which header fills which field; what has two meanings is asked, never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from importing_help import read
from reconcile.errors import BadFile, BadMapping, QuestionOpen, TotalsOnly, UnknownColumns
from reconcile.importing.fields import FIELDS, fold
from reconcile.importing.mapping.dictionary import dictionary
from reconcile.terms import Kind

AMBIGUOUS = [
    "payout",
    "cid",
    "received",
    "amount",
    "Transaction ID",
    "conversion_id",
    "external_id",
    "id",
    "subid1",
    "campaign",
    "source",
    "event",
    "type",
]


def test_the_dictionary_knows_the_thirteen_ambiguous_spellings():
    """All of them, and no other."""
    assert {fold(header) for header in AMBIGUOUS} == set(dictionary().ambiguous)


@pytest.mark.parametrize("header", AMBIGUOUS)
@pytest.mark.parametrize("kind", [Kind.CLAIM, Kind.EVENT])
def test_an_ambiguous_header_is_asked(tmp_path, header, kind):
    """Its meanings are told, and each of our fields among them is a possible answer."""
    text = f"Lead No,Who,{header}\nt1,acme,x\n"
    with pytest.raises(QuestionOpen) as error:
        read(tmp_path, text, kind=kind, mapping='[columns]\nbuyer = "Who"')
    [question] = [q for q in error.value.questions if f"{header!r} has more" in q.text]
    meanings = {m.field for m in dictionary().ambiguous[fold(header)] if m.field in FIELDS[kind]}
    keys = [key.replace("columns.", "") for key, value in question.answers if value == header]
    assert keys == [*sorted(meanings - {"buyer"}), "ignore"]
    assert question.suggestion is None


def test_a_mapping_settles_an_ambiguous_header(tmp_path):
    """By naming its field, or by saying that it is none of ours."""
    text = "Lead No,payout,status,id\nt1,1.5,ok,7\n"
    mapping = 'ignore = ["id"]\n[columns]\ntransaction_id = "Lead No"\nrevenue = "payout"'
    got = read(tmp_path, text, mapping=mapping)
    assert got.column("revenue") == [Decimal("1.5")]
    assert got.column("extra") == ['{"id":"7"}']


def test_pingtree_is_known_by_two_of_its_own_headers(tmp_path):
    """Then cid, amount and transaction_id mean what they mean there, in any spelling."""
    text = """
        Transaction ID,CID,Event ID,PID,Buyer-Name,Amount,Conversion Date,External ClickID
        t1,c9,sale,google,Acme,40.00,2025-10-01 10:00:00,x1
        """
    got = read(tmp_path, text, kind=Kind.EVENT)
    [row] = got.rows
    assert (row["transaction_id"], row["campaign_id"], row["pid"]) == ("t1", "c9", "google")
    assert (row["buyer"], row["revenue"], row["external_clickid"]) == ("Acme", Decimal(40), "x1")


def test_one_of_its_headers_is_no_fingerprint(tmp_path):
    """A near miss: one header of Pingtree's alone leaves cid open."""
    with pytest.raises(QuestionOpen, match="'cid'"):
        read(tmp_path, "lead,pid,cid\nt1,p,c\n", mapping='[columns]\ntransaction_id = "lead"')


def test_our_own_names_are_taken_at_their_word(tmp_path):
    """Three of them, the id among them; two are too few unless the caller vouches for them."""
    got = read(tmp_path, "transaction_id,amount,status\nt1,1.5,ok\n")
    assert got.column("revenue") == [Decimal("1.5")]
    with pytest.raises(QuestionOpen, match="transaction_id"):
        read(tmp_path, "transaction_id,status\nt1,ok\n")
    got = read(tmp_path, "transaction_id,status\nt1,ok\n", canonical_headers=True)
    assert got.column("status") == ["ok"]


def test_everflow_unix_times_and_its_direction(tmp_path):
    """Money is seen from the exporting account: for a claim somebody must say whose it was."""
    text = """
        conversion_id,transaction_id,network_offer_id,conversion_unix_timestamp,revenue,payout,event
        1,t1,o,1760000000,2.00,1.50,sale
        """
    with pytest.raises(QuestionOpen, match=r"--answer columns\.revenue=payout"):
        read(tmp_path, text)
    got = read(tmp_path, text, mapping='[columns]\nrevenue = "payout"', zone=None)
    [row] = got.rows
    assert (row["revenue"], row["event_id"], row["occurred_at"].year) == (
        Decimal("1.5"),
        "sale",
        2025,
    )
    got = read(tmp_path, text, kind=Kind.EVENT, zone=None)
    assert got.column("revenue") == [Decimal(2)]


def test_two_columns_for_one_field_are_asked(tmp_path):
    """A mapping settles it; the other one stays in extra."""
    text = "transaction_id,status,amount,revenue\nt1,ok,1.5,2.5\n"
    with pytest.raises(QuestionOpen, match="'amount' and 'revenue'"):
        read(tmp_path, text)
    got = read(tmp_path, text, mapping='[columns]\nrevenue = "revenue"')
    assert got.column("revenue") == [Decimal("2.5")]
    assert got.column("extra") == ['{"amount":"1.5"}']


def test_unmapped_columns_are_kept_as_json(tmp_path):
    """Headers are data: quotes in them reach neither SQL nor broken JSON."""
    text = 'transaction_id,status,revenue,"a ""b"" \'); drop",city,city\nt1,ok,1.5,x,"B\\n""",\n'
    got = read(tmp_path, text)
    assert got.column("extra") == ['{"a \\"b\\" \'); drop":"x","city":"B\\\\n\\"","city (6)":null}']


@pytest.mark.parametrize(
    ("kind", "header", "option"),
    [
        (Kind.CLAIM, "transaction_id,event_id,pid,occurred_at,revenue", "--events"),
        (Kind.LEAD, "transaction_id,event_id,pid,occurred_at,revenue", "--events"),
        (Kind.EVENT, "transaction_id,pid,created_at,status", "--leads"),
        (Kind.EVENT, "transaction_id,occurred_at,status,reason", "--claims"),
    ],
)
def test_a_file_given_as_another_kind_is_refused(tmp_path, kind, header, option):
    """The text names the option that fits."""
    with pytest.raises(BadFile, match=option):
        read(tmp_path, header + "\n", kind=kind, canonical_headers=True)


def test_a_lead_export_may_be_read_as_claims(tmp_path):
    """A sold lead is the counterpart's word; its time is that of the lead."""
    text = "transaction_id,pid,created_at,status,revenue\nt1,p,2025-10-01,sold,1.5\n"
    assert read(tmp_path, text).column("occurred_at")[0].day == 1
    assert read(tmp_path, text, kind=Kind.LEAD).staged.rows == 1


@pytest.mark.parametrize(
    "header",
    [
        "id,name,leads_total,leads_accepted,gross_revenue,net_revenue",
        "buyer,status,Total,revenue",
        "campaign_id,buyer,Count,revenue",
    ],
)
def test_a_report_of_totals_is_named_as_such(tmp_path, header):
    """It holds no row per conversion, so there is nothing to reconcile row by row."""
    with pytest.raises(TotalsOnly, match="holds totals"):
        read(tmp_path, header + "\n" + ",".join("1" for _ in header.split(",")) + "\n")


def test_a_missing_column_is_asked_among_those_that_exist(tmp_path):
    """Those that fill a field already are not offered; the other cure is in the text."""
    with pytest.raises(QuestionOpen, match=r"event_id.*constants\.event_id=NAME") as told:
        read(
            tmp_path,
            "Lead No,conversion_date,Ort\nt1,2025-10-01,Bonn\n",
            kind=Kind.EVENT,
            mapping='[columns]\ntransaction_id = "Lead No"',
        )
    [question] = told.value.questions
    assert question.answers == (("columns.event_id", "Ort"),)
    assert (question.suggestion, question.is_free) == (None, True)


def test_a_missing_column_of_a_file_that_is_only_compared_is_told_with_those_that_exist(tmp_path):
    """There is nobody to be asked; the cure is in the text."""
    with pytest.raises(UnknownColumns, match=r"transaction_id.*status, buyer, Ort.*\[columns\]"):
        read(tmp_path, "status,buyer,Ort\nsold,b,Bonn\n", canonical_headers=True)


def test_a_mapping_that_names_another_files_header_is_refused(tmp_path):
    """Both files are named, and what was found."""
    with pytest.raises(BadMapping, match=r"Lead Nr.*status, revenue"):
        read(
            tmp_path,
            "transaction_id,status,revenue\nt1,ok,1\n",
            mapping='[columns]\ntransaction_id = "Lead Nr"',
        )
