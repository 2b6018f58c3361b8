"""Every line of a file is in one class, and every data line is loaded or rejected."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importing_help import read, read_path
from reconcile.engine import Engine
from reconcile.errors import BadFile, NoHeader
from reconcile.importing import StageOptions, stage
from reconcile.terms import Kind

HEAD = "transaction_id,status,revenue\n"


def test_titles_blanks_headers_and_totals_are_set_apart(tmp_path):
    """Each is classed by what it is, and none is loaded."""
    text = (
        "Buyer report\nOctober 2025,,\n\n" + HEAD + "t1,ok,1.5\n\n,,\n" + HEAD + "t2,ok,2.5\n"
        "Total,,4.00\n,Grand total,4.00\n"
    )
    got = read(tmp_path, text)
    assert got.staged.line_classes == {
        "blank": 3,
        "data": 2,
        "header": 1,
        "repeated_header": 1,
        "title": 2,
        "total": 2,
    }
    assert got.column("line_no") == [5, 9]


def test_a_buyer_called_total_loses_no_row(tmp_path):
    """A near miss: the row names a lead, so it is none of the totals."""
    text = "transaction_id,buyer,occurred_at\nt1,Total,2025-10-01\nt2,Total,N/A\n"
    got = read(tmp_path, text)
    assert got.column("buyer") == ["Total", "Total"]


def test_short_and_long_lines_are_rejected_with_a_reason(tmp_path):
    """Their text is kept; a trailing delimiter makes no line long."""
    got = read(tmp_path, HEAD + "t1,ok\nt2,ok,1.5,x\nt3,ok,1.5,\n")
    assert got.staged.line_classes == {"data": 1, "header": 1, "long": 1, "short": 1}
    assert [reject[0] for reject in got.rejects] == [2, 3]
    assert "2 cells where the header has 3" in got.rejects[0][3]
    assert got.column("transaction_id") == ["t3"]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    """A quoted cell over three lines moves the next row down."""
    got = read(tmp_path, HEAD + 't1,"a\nb\nc",1.5\nt2,ok,2.5\n')
    assert got.column("line_no") == [2, 5]
    assert got.staged.line_classes == {"continuation": 2, "data": 2, "header": 1}


def test_a_quote_that_is_never_closed_costs_one_line(tmp_path):
    """Not the rest of the file."""
    got = read(tmp_path, HEAD + 't1,"ok,1.5\nt2,ok,2.5\nt3,"ok",3.5\n')
    assert got.column("transaction_id") == ["t2", "t3"]
    assert "quote" in got.rejects[0][3]


def test_quotes_that_would_swallow_rows_are_cut_back(tmp_path):
    """Two stray quotes around whole rows make no cell of them."""
    got = read(tmp_path, HEAD + 't1,"ok,1.5\nt2,ok,2.5\nt3,ok",3.5\n')
    assert got.column("transaction_id")[0] == "t2"
    assert got.staged.rows + got.staged.rejected == 3


def test_a_header_without_rows_is_a_file_of_no_rows(tmp_path):
    """An export of a quiet day."""
    assert read(tmp_path, HEAD).staged.rows == 0
    assert read(tmp_path, HEAD.strip()).staged.line_classes == {"data": 0, "header": 1}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path, delimiter, end):
    """All four, and all three."""
    text = f"{HEAD}t1,ok,1.5\nt2,,\n".replace(",", delimiter).replace("\n", end)
    got = read(tmp_path, text.encode())
    assert got.column("line_no") == [2, 3]
    assert got.staged.delimiter == delimiter


def test_a_sep_line_is_obeyed(tmp_path):
    """Excel's own way to say it."""
    got = read(tmp_path, "sep=;\n" + HEAD.replace(",", ";") + "t1;a,b,c;1.5\n")
    assert got.column("status") == ["a,b,c"]
    assert got.column("line_no") == [3]


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("cp1252", "cp1252"),
    ],
)
def test_encodings_are_told_by_the_bytes(tmp_path, encoding, told):
    """A buyer's name arrives as it was written, curly quote and all."""
    text = HEAD.replace("status", "buyer") + "t1,Müller’s,1.5\n"
    got = read(tmp_path, text.encode(encoding))
    assert got.column("buyer") == ["Müller’s"]
    assert got.staged.encoding == told


def test_a_mixed_or_undecodable_file_is_refused(tmp_path):
    """Either reading would be wrong for some of its lines."""
    mixed = HEAD.encode() + "t1,é,1\n".encode() + "t2,é,1\n".encode("cp1252")
    with pytest.raises(BadFile, match="line 2 is UTF-8, line 3 is not"):
        read(tmp_path, mixed)
    with pytest.raises(BadFile, match="cp1252"):
        read(tmp_path, HEAD.encode() + b"t1,\x81\x8d,1\n")


def test_an_empty_file_a_folder_and_no_file_are_told_apart(tmp_path):
    """Each text names the cure."""
    with pytest.raises(NoHeader, match="0 bytes"):
        read(tmp_path, b"")
    with pytest.raises(BadFile, match="folder"):
        read_path(tmp_path)
    with pytest.raises(BadFile, match="no such file"):
        read_path(tmp_path / "gone.csv")
    with pytest.raises(NoHeader, match="line 1 holds hello, world"):
        read(tmp_path, "hello,world\n1,2\n")


def test_gzip_is_read_and_a_cut_one_refused(tmp_path):
    """Told by its first bytes, whatever it is called."""
    packed = gzip.compress((HEAD + "t1,ok,1.5\n" * 1000).encode())
    assert read(tmp_path, packed).staged.rows == 1000
    with pytest.raises(BadFile, match="cut off"):
        read(tmp_path, packed[:-20])


def test_a_row_has_a_key_of_its_content_where_its_id_identifies_nothing(tmp_path):
    """Equal ones have the same; rows with an id are known by that."""
    got = read(tmp_path, HEAD + "n/a,ok,1.5\nt2,ok,1.5\nn/a,ok,1.50\nn/a,ok,2\n")
    first, named, same, other = [(row["row_hi"], row["row_lo"]) for row in got.rows]
    assert named == (None, None)
    assert first == same != other
    assert None not in first


@pytest.mark.usefixtures("all_cores")
def test_line_numbers_are_right_in_a_large_file(tmp_path):
    """The engine reads with several threads; every id says the line it stands on."""
    path = tmp_path / "large.csv"
    pad = "x" * 60
    lines = "".join(f"line{number},{pad},1.5\n" for number in range(2, 300_002))
    path.write_text(HEAD + lines)
    engine = Engine()
    staged = stage(engine, path, kind=Kind.CLAIM, options=StageOptions())
    wrong = engine._con.table("claim").filter("transaction_id <> 'line' || line_no")
    assert wrong.select("line_no").fetchall() == []
    assert staged.rows == 300_000
    engine.close()


def test_exactly_the_cap_of_an_export_is_cut_off(tmp_path):
    """100,000 rows; one fewer is a whole file."""
    head = "transaction_id,pid,created_at\n"
    row = "t1,p,2025-10-01\n"
    full = read(tmp_path, head + row * 100_000, kind=Kind.LEAD)
    assert full.staged.cut_off
    assert not read(tmp_path, head + row * 99_999, kind=Kind.LEAD).staged.cut_off


TOLD = """
second_table = "apart"
part_titles = "ignore"
header_rows = "1"
decimal = "."
trust = ["transaction_id", "status", "revenue"]
"""

_CELL = st.sampled_from(
    ["t1", "", " ", "Total", "1.5", "1,5", '"', '""', '"a', 'b"', "x\ny", "\r", "é", "NULL", "a;b"]
)
_QUOTED = _CELL.map(lambda cell: '"' + cell.replace('"', '""') + '"')
_LINE = st.one_of(
    st.lists(st.one_of(_CELL, _QUOTED), min_size=0, max_size=5).map(",".join),
    st.just("transaction_id,status,revenue"),
    st.just("t9,ok,2.50"),
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from(["Report", "", "From,To"]), max_size=2),
    st.lists(_LINE, max_size=12),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_the_lines_add_up(tmp_path_factory, titles, lines, end, is_ended):
    """Law 1: classes add up to the lines; data lines are loaded or rejected, each named once."""
    text = end.join([*titles, "transaction_id,status,revenue", *lines]) + (end if is_ended else "")
    folder = tmp_path_factory.mktemp("messy")
    got = read(folder, text.encode(), mapping=TOLD)
    classes = got.staged.line_classes
    physical = text.replace("\r\n", "\n").replace("\r", "\n")
    count = physical.count("\n") + (not physical.endswith("\n"))
    assert sum(classes.values()) == count
    data = sum(classes.get(name, 0) for name in ("data", "short", "long", "truncated"))
    assert got.staged.rows + got.staged.rejected == data
    named = got.column("line_no") + [reject[0] for reject in got.rejects]
    assert len(set(named)) == len(named) == data
