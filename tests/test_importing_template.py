"""What was answered is kept as a template, and found again by a file's headers."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from reconcile import import_file, open_store
from reconcile.errors import BadMapping, NoHeader, NotFound, QuestionOpen
from reconcile.importing import Mapping
from reconcile.importing.mapping.templates import (
    fingerprint,
    load_templates,
    named_template,
    save_template,
    templates_folder,
)
from reconcile.terms import Kind

NOVEMBER = """
    Lead Ref,Payout,Sale Date,cid
    a1,12.50,2026-11-04 10:00:00,77
    """
DECEMBER = """
    LEAD REF;cid;payout;Sale date
    a2;77;13.50;2026-12-04 10:00:00
    """
ANSWERS = (
    "columns.transaction_id=Lead Ref",
    "columns.revenue=Payout",
    "columns.occurred_at=Sale Date",
    "columns.campaign_id=cid",
    "zone=PST",
    "sender=acme",
)


def _load(home: Path, name: str, text: str, **options: object):
    path = home / name
    path.write_text(inspect.cleandoc(text))
    with open_store(home) as store:
        return import_file(store, path, **{"kind": Kind.CLAIM} | options)


def test_a_fingerprint_is_that_of_the_set_of_columns():
    """Neither order nor case nor punctuation counts; how often a header stands there does."""
    assert fingerprint(["Lead Ref", "cid"]) == fingerprint(["CID", "lead_ref"])
    assert fingerprint(["a", "a"]) != fingerprint(["a"])
    assert fingerprint(["ab", "c"]) != fingerprint(["a", "bc"])


def test_the_answers_of_one_file_are_those_of_the_next(home):
    """It is called otherwise, its columns stand in another order and are spelled otherwise."""
    first = _load(home, "november.csv", NOVEMBER, answers=ANSWERS)
    assert first.template == f"acme-claim-{fingerprint(['cid', 'leadref', 'payout', 'saledate'])}"
    second = _load(home, "report (7).csv", DECEMBER)
    assert second.staged.template == first.template
    assert second.template is None
    assert (second.batch.sender, str(second.batch.first_at)) == ("acme", "2026-12-04 18:00:00")
    assert second.staged.mapping["revenue"] == "payout"


def test_a_file_that_asked_nothing_and_one_that_was_not_answered_leave_no_template(home):
    """There is nothing to keep."""
    _load(home, "own.csv", "transaction_id,status,buyer\nt1,ok,acme")
    with pytest.raises(QuestionOpen):
        _load(home, "november.csv", NOVEMBER)
    assert load_templates(templates_folder(home)) == ()


def test_what_holds_for_one_file_alone_is_not_kept(home):
    """Its period and its header's line. The place in an archive tells that of the next month."""
    mapping = Mapping(
        kind=Kind.CLAIM, sender="acme", header=3, member="a.csv", currency="USD", period=None
    )
    save_template(templates_folder(home), mapping, ["a", "b"])
    [template] = load_templates(templates_folder(home))
    kept = template.mapping
    assert (kept.header, kept.member, kept.currency, kept.headers) == (
        None,
        "a.csv",
        "USD",
        ("a", "b"),
    )


def test_two_senders_of_one_layout_are_told_apart_by_a_person(home):
    """Neither is taken; the answer is one of them."""
    _load(home, "acme.csv", NOVEMBER, answers=ANSWERS)
    _load(
        home,
        "bolt.csv",
        NOVEMBER.replace("a1", "b1"),
        answers=[*ANSWERS[:5], "sender=bolt"],
        sender="bolt",
    )
    with pytest.raises(QuestionOpen, match=r"acme-claim-.* and of the template bolt") as error:
        _load(home, "next.csv", DECEMBER)
    [question] = error.value.questions
    assert question.answers == (("sender", "acme"), ("sender", "bolt"))
    assert _load(home, "next.csv", DECEMBER, answers=["sender=bolt"]).batch.sender == "bolt"


def test_a_template_of_another_sender_or_kind_is_not_taken(home):
    """The layout may be that of a platform which both use."""
    _load(home, "acme.csv", NOVEMBER, answers=ANSWERS)
    with pytest.raises(QuestionOpen, match="has more than one meaning"):
        _load(home, "next.csv", DECEMBER, sender="bolt")
    with pytest.raises(QuestionOpen, match="cid"):
        _load(home, "next.csv", DECEMBER.replace("payout", "amount"), kind=Kind.EVENT)


WIDER = """
    Lead Ref,Payout,Sale Date,cid,Note
    a3,1.50,2026-11-05 10:00:00,77,x
    """


def test_new_columns_of_a_known_template_are_shown(home):
    """Its sender is asked, since another's file may have the same headers and more."""
    _load(home, "november.csv", NOVEMBER, answers=ANSWERS)
    with pytest.raises(QuestionOpen, match="the new 'Note' it has all headers of") as error:
        _load(home, "wider.csv", WIDER)
    assert error.value.questions[0].suggested == ("sender", "acme")
    got = _load(home, "wider.csv", WIDER, sender="acme")
    assert got.staged.new_columns == ("Note",)
    assert got.batch.rows == 1


def test_a_frozen_template_asks_about_new_columns(home):
    """The answer may be that it is none of our fields."""
    _load(home, "november.csv", NOVEMBER, answers=[*ANSWERS, "new_columns=freeze"])
    with pytest.raises(QuestionOpen, match="'Note'") as error:
        _load(home, "wider.csv", WIDER, sender="acme")
    assert ("ignore", "Note") in error.value.questions[0].answers
    answered = _load(home, "wider.csv", WIDER, sender="acme", answers=["ignore=Note"])
    assert answered.template is not None
    assert _load(home, "again.csv", WIDER.replace("a3", "a4")).staged.new_columns == ()


def test_a_damaged_template_is_named(home):
    """And so is one that says neither its kind nor its headers."""
    folder = templates_folder(home)
    folder.mkdir()
    (folder / "acme.toml").write_text("zone = 3")
    with pytest.raises(BadMapping, match=r"acme\.toml: zone must be"):
        load_templates(folder)
    (folder / "acme.toml").write_text('headers = ["a"]')
    with pytest.raises(BadMapping, match=r"acme\.toml: a template needs kind"):
        load_templates(folder)


def test_a_name_that_no_template_has_is_told_with_the_nearest(home):
    """Or that there is none."""
    with pytest.raises(NotFound, match="there is no template yet"):
        named_template((), "acme")
    _load(home, "november.csv", NOVEMBER, answers=ANSWERS)
    with pytest.raises(NotFound, match="the nearest are acme-claim"):
        named_template(load_templates(templates_folder(home)), "acme-claim")


def test_a_header_of_which_nobody_knows_a_word_is_found_by_its_template(home):
    """Below title lines, and in another place than before."""
    text = "Ref;Preis;Am\na1;1,50;2026-11-04 10:00:00\n"
    answers = [
        "columns.transaction_id=Ref",
        "columns.revenue=Preis",
        "columns.occurred_at=Am",
        "decimal=,",
        "zone=PST",
        "sender=acme",
    ]
    with pytest.raises(NoHeader):
        _load(home, "first.csv", text)
    _load(home, "first.csv", text, answers=answers)
    got = _load(home, "second.csv", "Report of November;;\n\n" + text.replace("a1", "a2"))
    assert got.batch.rows == 1
    assert got.staged.line_classes == {"blank": 1, "data": 1, "header": 1, "title": 1}
