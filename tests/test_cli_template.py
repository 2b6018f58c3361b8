"""The commands on templates: listed, shown, exported, imported with a sample, forgotten."""

from __future__ import annotations

import pytest

from cli_help import assert_refused, call, write

REPORT = """\
Lead Ref,Payout,Sale Date,cid
a1x,12.50,2026-11-04 10:00:00,77
"""
ANSWERS = ("columns.transaction_id=Lead Ref", "columns.revenue=Payout", "columns.campaign_id=cid")
MORE = ("columns.occurred_at=Sale Date", "zone=PST", "sender=acme")


@pytest.fixture
def name(home, tmp_path):
    """Import an answered report; return its template's name."""
    told = [word for answer in (*ANSWERS, *MORE) for word in ("--answer", answer)]
    report = write(tmp_path, "report.csv", REPORT)
    assert call("import", report, "--kind", "claim", *told).code == 0
    (row,) = call("template", "list", "--format", "json").rows
    return row["name"]


def test_a_template_is_listed_and_shown(name):
    """As the file that it is."""
    (row,) = call("template", "list", "--format", "json").rows
    assert (row["sender"], row["kind"]) == ("acme", "claim")
    assert row["headers"] == "cid, Lead Ref, Payout, Sale Date"
    shown = call("template", "show", name).out
    assert 'transaction_id = "Lead Ref"' in shown
    assert shown.startswith("# How acme's claim files with these headers are read.")


def test_a_template_goes_to_another_warehouse(name, tmp_path):
    """Exported, forgotten, imported: the next report is read without a question."""
    kept = tmp_path / "acme.toml"
    assert call("template", "export", name, "--out", kept).code == 0
    assert call("template", "forget", name).code == 0
    report = write(tmp_path, "next.csv", REPORT.replace("a1x", "a2x"))
    assert call("import", report, "--kind", "claim").code == 4
    ran = call("template", "import", kept, "--sample", report)
    assert (ran.code, "without a question: 1 rows" in ran.out) == (0, True), ran
    assert call("import", report, "--kind", "claim").code == 0


def test_a_mapping_becomes_a_template_by_a_sample(home, tmp_path):
    """Its headers are those of the sample, of which nothing is kept."""
    mapping = write(
        tmp_path,
        "acme.toml",
        'sender = "acme"\nkind = "claim"\nzone = "PST"\nignore = ["cid"]\n[columns]\n'
        'transaction_id = "Lead Ref"\nrevenue = "Payout"\noccurred_at = "Sale Date"\n',
    )
    report = write(tmp_path, "report.csv", REPORT)
    assert_refused(call("template", "import", mapping), "--sample FILE")
    assert call("template", "import", mapping, "--sample", report).code == 0
    assert call("batches", "--format", "json").rows == []
    assert call("import", report, "--kind", "claim").code == 0


def test_a_template_that_does_not_read_its_sample_is_not_kept(name, tmp_path):
    """It has other headers, or leaves a question open."""
    kept = tmp_path / "acme.toml"
    assert call("template", "export", name, "--out", kept).code == 0
    assert call("template", "forget", name).code == 0
    other = write(tmp_path, "other.csv", REPORT.replace("\n", ",x\n"))
    assert_refused(call("template", "import", kept, "--sample", other), "is for files with")
    kept.write_text(kept.read_text().replace('zone = "PST"', ""))
    sample = write(tmp_path, "same.csv", REPORT)
    assert call("template", "import", kept, "--sample", sample).code == 4
    assert call("template", "list", "--format", "json").rows == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show",), ("name one",)),
        (("show", "acme"), ("no template 'acme'", "acme-claim-")),
        (("forget", "../catalog"), ("no template",)),
        (("export", "NAME"), ("--out FILE",)),
        (("import", "gone.toml"), ("cannot be read",)),
    ],
)
def test_what_cannot_be_done_is_told(name, arguments, words):
    """With the names that there are."""
    arguments = [name if word == "NAME" else word for word in arguments]
    assert_refused(call("template", *arguments), *words)


def test_a_template_is_made_of_a_file_that_is_not_imported(home, tmp_path):
    """All its questions are asked at once; once answered, the next report is read without one."""
    report = write(tmp_path, "report.csv", REPORT)
    asked = call("template", "make", report, "--kind", "claim")
    assert (asked.code, "columns.transaction_id" in asked.err, "zone=" in asked.err) == (4, 1, 1)
    assert call("template", "list", "--format", "json").rows == []
    told = [word for answer in (*ANSWERS, *MORE) for word in ("--answer", answer)]
    made = call("template", "make", report, "--kind", "claim", *told)
    assert (made.code, "1 rows; the template acme-claim-" in made.out) == (0, True), made
    assert call("batches", "--format", "json").rows == []
    assert call("import", report, "--kind", "claim").code == 0
    assert_refused(call("template", "make", report), "--kind")


def test_suggestions_make_a_template_where_they_are_taken(home, tmp_path):
    """What has none is given; without a sender the only buyer of the rows is it."""
    report = write(tmp_path, "report.csv", REPORT.replace("cid", "Buyer").replace(",77", ",acme"))
    given = ("--answer", "columns.revenue=Payout", "--zone", "PST", "--yes")
    made = call("template", "make", report, "--kind", "claim", *given)
    assert (made.code, "acme-claim-" in made.out) == (0, True), made
