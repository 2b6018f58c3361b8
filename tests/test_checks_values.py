"""What the values of all rows show before a file counts: one hit and one near miss each."""

from __future__ import annotations

import pytest

from reconcile.importing.checking.checked import Level
from test_checks import checked

HEAD = "transaction_id,occurred_at,revenue,status,reason\n"


def with_ids(ids):
    """Return a file of these ids."""
    return HEAD + "".join(f"{name},2026-11-01 10:00:00,1.50,sold,\n" for name in ids)


def test_ids_that_lost_their_zeros_are_doubted(tmp_path):
    """Eleven of six digits, one of five; a zero that stayed, or counting on, clears them."""
    ids = [str(400_000 + 7 * n) for n in range(11)]
    found = checked(tmp_path, with_ids([*ids, "81234"]))["leading_zeros"]
    assert found.level is Level.DOUBT
    assert "'81234' (line 13)" in found.text
    assert "leading_zeros" not in checked(tmp_path, with_ids([*ids, "012345", "81234"]))
    assert "leading_zeros" not in checked(tmp_path, with_ids([*ids, "99999"]))
    assert "leading_zeros" not in checked(tmp_path, with_ids(ids))


@pytest.mark.parametrize(("name", "is_hit"), [("04-Mar", True), ("Mar-99", True), ("Mar", False)])
def test_codes_that_became_months_are_doubted(tmp_path, name, is_hit):
    """3-4 is 04-Mar once a spreadsheet has seen it; a word is none."""
    found = checked(tmp_path, with_ids(["a-1", name]))
    assert ("month_names" in found) == is_hit


def test_negative_amounts_are_told_by_their_kind(tmp_path):
    """By status or reason; what neither tells is unexplained."""
    text = HEAD + (
        "t1,2026-11-01 10:00:00,-5.50,returned,\n"
        "t2,2026-11-01 10:00:00,-2.25,sold,Charge-back\n"
        "t3,2026-11-01 10:00:00,-1.25,sold,\n"
    )
    text = checked(tmp_path, text)["negative_kinds"].text
    assert "1 chargeback (-2.2500), 1 return (-5.5000), 1 unexplained (-1.2500)" in text


def test_times_of_an_hour_that_repeats_are_told(tmp_path):
    """Half past one comes twice that night; three o'clock does not."""
    zone = 'zone = "America/Los_Angeles"'
    row = "t1,2026-11-01 {}:30:00,1.50,sold,\nt2,2026-11-02 09:00:00,2.50,sold,\n"
    assert "repeated_hour" in checked(tmp_path, HEAD + row.format("01"), mapping=zone)
    assert "repeated_hour" not in checked(tmp_path, HEAD + row.format("03"), mapping=zone)


def test_what_told_the_form_of_the_times_is_said(tmp_path):
    """The order with the value that proves it; ISO needs no word."""
    row = "t1,{},1.50,sold,\n"
    said = checked(tmp_path, HEAD + row.format("20/11/2026"))["times"].text
    assert "day first, told by '20/11/2026' (line 2)" in said
    assert "times" not in checked(tmp_path, HEAD + row.format("2026-11-20"))
