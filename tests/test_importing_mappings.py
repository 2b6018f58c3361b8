"""What a person may state about a sender's files, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from importing_help import read
from reconcile.errors import BadMapping, QuestionOpen, UnknownZone
from reconcile.importing import load_mapping
from reconcile.terms import Kind


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("zon = 'UTC'", "unknown key 'zon'.*Known are: sender, kind"),
        ("zone = 3", "zone must be a text"),
        ("kind = 'sale'", "kind must be"),
        ("decimal = ';'", "decimal must be"),
        ("date_format = 'DD/MM'", "strptime"),
        ("currency = 'Dollar'", "three letters"),
        ("sum_by = 'buyer'", "sum_by must be"),
        ("delivery = 'whole'", 'delivery must be "part" or "full"'),
        ("ignore = 'id'", "ignore must be"),
        ("columns = 3", "must be a table"),
        ("[columns]\nlead = 'x'", "unknown field 'lead'.*Known are"),
        ("[columns]\nbuyer = ['a', 'b']", "only the amounts"),
        ("[columns]\nrevenue = ['a', 'a']", "to itself"),
        ("[columns]\nrevenue = 'a'\namount = 'b'", "a second time"),
        ("[columns]\nbuyer = ''", "header in quotes"),
        ("[constants]\nrevenue = '5'", "no constant"),
        ("[constants]\nbuyer = 5", "text in quotes"),
        ("[columns]\nbuyer = 'a'\n[constants]\nbuyer = 'b'", "column and as a constant"),
        ("[period]\nfrom = 2025-10-01", "needs to"),
        ("[period]\nfrom = 2025-10-01\nto = 2025-10-01", "ends before"),
        ("[period]\nsince = 2025-10-01", "unknown key 'since'"),
        ("[status]\nsold = 'fine'", "must be one of approved"),
        ("[status_event]\nsold = 1", "text in quotes"),
        ("[status]\nSold = 'approved'\n'sold ' = 'rejected'", "'sold '.*two things"),
        ("= 3", "is not TOML"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, text, why):
    """The text names the file and the cure."""
    path = tmp_path / "acme.toml"
    path.write_text(text)
    with pytest.raises(BadMapping, match=f"(?s)acme.toml.*{why}"):
        load_mapping(path)


def test_a_zone_nobody_knows_is_refused_at_once(tmp_path):
    """Not only when a file needs it; and a mapping that is not there is told."""
    path = tmp_path / "acme.toml"
    path.write_text("zone = 'Europe/Berln'")
    with pytest.raises(UnknownZone, match="Europe/Berlin"):
        load_mapping(path)
    with pytest.raises(BadMapping, match="cannot be read"):
        load_mapping(tmp_path / "gone.toml")


def test_a_mapping_carries_its_words_to_the_file(tmp_path):
    """Sender, constants, currency, statuses and the period; zones of the mapping go first."""
    mapping = """
        sender = "acme"
        zone = "PST"
        currency = "usd"
        [columns]
        transaction_id = "Lead No"
        [constants]
        buyer = "Acme"
        [period]
        from = 2025-10-01
        to = 2025-11-01
        [status]
        Sold = "approved"
        [status_event]
        Sold = "sale"
        """
    got = read(tmp_path, "Lead No,Status\nt1,Sold\n", mapping=mapping)
    [row] = got.rows
    assert (row["source"], row["buyer"], row["currency"]) == ("acme", "Acme", "USD")
    assert (got.staged.zone, got.staged.zone_stated_by) == ("PST", "mapping")
    assert str(got.staged.period_from) == "2025-10-01 08:00:00"
    assert str(got.staged.period_to) == "2025-11-01 08:00:00"
    assert got.staged.status_words == {"sold": "approved"}
    assert got.staged.status_events == {"sold": "sale"}
    assert not got.staged.has_amount


def test_a_period_in_no_zone_is_asked(tmp_path):
    """Its days begin somewhere."""
    mapping = '[columns]\ntransaction_id = "Lead"\n[period]\nfrom = 2025-10-01\nto = 2025-10-02'
    with pytest.raises(QuestionOpen, match="zone = "):
        read(tmp_path, "Lead,Status\nt1,Sold\n", mapping=mapping, zone=None)


def test_a_mapping_is_for_one_kind(tmp_path):
    """One made for claims reads no events."""
    with pytest.raises(BadMapping, match="for files of claims"):
        read(tmp_path, "x\n", kind=Kind.EVENT, mapping='kind = "claim"')


SUM = """
    sum_by = "transaction_id"
    [columns]
    transaction_id = "order"
    revenue = ["price", "freight"]
    """


def test_lines_of_one_id_are_added_up(tmp_path):
    """The first line gives the row its number; columns that differ leave extra."""
    text = """
        order,price,freight,shop,item,occurred_at
        t1,1.10,0.20,s,1,2025-10-02
        t2,5.00,0.00,s,1,2025-10-01
        T-1,9.00,0.00,s,1,2025-10-01
        t1,0.10,0.20,s,2,2025-10-01
        """
    got = read(tmp_path, text, mapping=SUM)
    assert got.column("revenue") == [Decimal("1.6"), Decimal(5), Decimal(9)]
    assert got.column("source_lines") == ["2,5", "3", "4"]
    assert got.rows[0]["occurred_at"].day == 1
    assert got.column("extra") == ['{"shop":"s"}', *['{"item":"1","shop":"s"}'] * 2]
    assert got.staged.line_classes == {"data": 4, "header": 1}


def test_lines_that_disagree_are_rejected_together(tmp_path):
    """The reason names the field; other ids are not touched."""
    text = """
        order,price,freight,status
        t1,1.10,0.20,sold
        t1,0.10,0.20,returned
        t2,0.10,0.20,sold
        """
    got = read(tmp_path, text, mapping=SUM)
    assert got.column("transaction_id") == ["t2"]
    assert [(line, column) for line, column, _, _ in got.rejects] == [(2, "status"), (3, "status")]


def test_an_unknown_amount_is_not_added(tmp_path):
    """Unknown plus five is unknown, and never five."""
    text = """
        order,price,freight
        t1,1.10,
        t2,,
        t3,1.10,x
        t4,1.10,0.20
        t4,,
        """
    got = read(tmp_path, text, mapping=SUM)
    assert got.column("transaction_id") == ["t2"]
    assert got.column("revenue") == [None]
    assert [reject[0] for reject in got.rejects] == [2, 4, 5, 6]


@pytest.mark.parametrize(("said", "stored"), [("", "part"), ('delivery = "full"', "full")])
def test_a_delivery_is_a_part_unless_said_to_be_whole(tmp_path, said, stored):
    """A part says nothing of the rows it lacks."""
    mapping = f'{said}\n[columns]\ntransaction_id = "lead"'
    got = read(tmp_path, "lead,occurred_at\nt1,2025-10-01\n", mapping=mapping)
    assert got.staged.delivery == stored
