"""An unseen spelling that looks like a known name is asked once; any other is shown as new."""

from __future__ import annotations

import pytest

from cli_help import call, write
from reconcile import open_store
from reconcile.importing.mapping.naming import near
from reconcile.warehouse.aliases import known_names

KNOWN = ("acme", "bolt energy", "c1", "c2", "solar-roof", "Umbra Media")
CLAIMS = """\
transaction_id,event_id,campaign_id,buyer,occurred_at,revenue,currency,status
{id},sale,c1,{buyer},2026-11-04T10:00:00Z,40.00,USD,approved
"""


def _load(folder, lead, buyer, *options):
    path = write(folder, f"{lead}.csv", CLAIMS.format(id=lead, buyer=buyer))
    return call("import", path, "--kind", "claim", "--sender", "net", *options)


@pytest.mark.parametrize(
    ("spelling", "likely"),
    [
        ("ACME", ["acme"]),
        ("Acme Inc.", ["acme"]),
        ("solar_roof", ["solar-roof"]),
        ("Umbra Meda", ["Umbra Media"]),
        ("Bolt Energie", []),
        ("c3", []),
        ("acme 2", []),
        ("zenith", []),
    ],
)
def test_what_looks_like_a_known_name(spelling, likely):
    """The same letters, another legal form, a slip of a letter; not another number."""
    assert near(spelling, KNOWN) == likely


def test_a_near_spelling_is_asked_once_and_read_as_the_known_name(home, tmp_path):
    """The answer is an alias of every later run; the next file is not asked about it."""
    assert _load(tmp_path, "t1", "acme").code == 0
    ran = _load(tmp_path, "t2", "ACME")
    assert ran.code == 4
    assert "--answer alias.buyer.ACME=acme    (it is 'acme'; suggested: --yes takes it)" in ran.err
    assert "--answer alias.buyer.ACME=new    (it is a name of its own)" in ran.err
    assert _load(tmp_path, "t2", "ACME", "--yes").code == 0
    assert _load(tmp_path, "t3", "ACME").code == 0
    with open_store(home) as store:
        assert known_names(store.catalog) == {"buyer": {"ACME": "acme"}}
        assert store.batches()[-1].buyers == ("ACME",)


def test_a_name_of_its_own_is_not_asked_again(home, tmp_path):
    """And stands for itself."""
    assert _load(tmp_path, "t1", "acme").code == 0
    assert _load(tmp_path, "t2", "Acme Inc", "--answer", "alias.buyer.Acme Inc=new").code == 0
    assert _load(tmp_path, "t3", "Acme Inc").code == 0
    with open_store(home) as store:
        assert known_names(store.catalog) == {}


def test_two_spellings_within_one_file_are_asked_about(home, tmp_path):
    """Neither is known yet."""
    text = (
        CLAIMS.format(id="t1", buyer="acme")
        + CLAIMS.format(id="t2", buyer="Acme LLC").split("\n")[1]
    )
    path = write(tmp_path, "both.csv", text)
    ran = call("import", path, "--kind", "claim", "--sender", "net")
    assert (ran.code, "alias.buyer." in ran.err) == (4, True)


def test_a_new_name_is_shown(home, tmp_path):
    """Not in an empty warehouse, where all are new."""
    assert "New:" not in _load(tmp_path, "t1", "acme").out
    assert "New: buyer 'zenith'." in _load(tmp_path, "t2", "zenith").out


def test_a_sender_in_another_spelling_is_one_sender(home, tmp_path):
    """Overlapping files of one sender count once, so that two spellings would count twice."""
    assert _load(tmp_path, "t1", "acme").code == 0
    path = write(tmp_path, "more.csv", CLAIMS.format(id="t2", buyer="acme"))
    ran = call("import", path, "--kind", "claim", "--sender", "Net")
    assert (ran.code, "--answer alias.source.Net=net" in ran.err) == (4, True)
    told = ("--answer", "alias.source.Net=net")
    assert call("import", path, "--kind", "claim", "--sender", "Net", *told).code == 0
    path = write(tmp_path, "rest.csv", CLAIMS.format(id="t3", buyer="acme"))
    assert call("import", path, "--kind", "claim", "--sender", "Net").code == 0
    assert {row["sender"] for row in call("batches", "--format", "json").rows} == {"net"}


def test_a_wrong_answer_stores_nothing(home, tmp_path):
    """What a spelling stands for must be no alias itself."""
    assert _load(tmp_path, "t1", "acme").code == 0
    assert call("alias", "add", "buyer", "acme group", "acme").code == 0
    ran = _load(tmp_path, "t2", "ACME", "--answer", "alias.buyer.ACME=acme group")
    assert (ran.code, "'acme group' stands for 'acme' itself" in ran.err) == (2, True)
    assert len(call("batches", "--format", "json").rows) == 1


def test_the_preview_asks_about_names_too(home, tmp_path):
    """And shows the rows all the same."""
    assert _load(tmp_path, "t1", "acme").code == 0
    ran = _load(tmp_path, "t2", "ACME", "--preview")
    assert "alias.buyer.ACME" in ran.out + ran.err
    assert "t2" in ran.out


def test_a_near_spelling_of_a_set_up_event_is_asked(home, tmp_path):
    """The events of the settings are the known ones; without settings none is asked about."""
    rows = CLAIMS.replace("sale", "Sale").format(id="t1", buyer="acme")
    path = write(tmp_path, "first.csv", rows.replace("t1", "t0"))
    assert call("import", path, "--kind", "claim", "--sender", "net").code == 0
    settings = write(tmp_path, "settings.csv", "campaign_id,event_id\nc1,sale\nc1,quote\n")
    assert call("settings", settings).code == 0
    path = write(tmp_path, "second.csv", rows)
    ran = call("import", path, "--kind", "claim", "--sender", "net")
    assert ran.code == 4
    assert "--answer alias.event.Sale=sale    (it is 'sale'; suggested: --yes takes it)" in ran.err
    assert call("import", path, "--kind", "claim", "--sender", "net", "--yes").code == 0
    with open_store(home) as store:
        assert known_names(store.catalog) == {"event": {"Sale": "sale"}}
    path = write(tmp_path, "third.csv", rows.replace("t1", "t3").replace("Sale", "install"))
    ran = call("import", path, "--kind", "claim", "--sender", "net")
    assert (ran.code, "New: event 'install'" in ran.out) == (0, True)
