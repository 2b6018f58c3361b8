"""What a sheet shows beside its values: currencies, hidden rows, days from 1904, its limit."""

from __future__ import annotations

import zipfile
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from importing_help import read, read_path
from reconcile.engine import Engine
from reconcile.errors import BadFile, QuestionOpen
from reconcile.importing import Mapping, StageOptions, import_file, remap, stage
from reconcile.importing import staging as staging_room
from reconcile.importing.checking.checked import Level
from reconcile.importing.checking.checks import check_file
from reconcile.importing.opening.coins import coin_shown, is_known
from reconcile.terms import Kind
from reconcile.warehouse import open_store

HEAD = ["transaction_id", "occurred_at", "revenue", "note"]


def sheet(path, rows, *, formats=(), column: str = "C", epoch=None):
    """Write a sheet whose rows begin on line 2, with a number format for each of them."""
    book = openpyxl.Workbook()
    if epoch is not None:
        book.epoch = epoch
    page = book.active
    for row in (HEAD, *rows):
        page.append(row)
    for line, code in enumerate(formats, start=2):
        page[f"{column}{line}"].number_format = code
    book.save(path)
    return book


def checks_of(path, **options):
    engine = Engine()
    staged = stage(engine, path, kind=Kind.CLAIM, options=StageOptions(zone="UTC", **options))
    found = {check.name: check for check in check_file(engine, staged)}
    engine.close()
    return found


SHOWN = {
    "[$€-407] #,##0.00": "€",
    '"USD" 0.00': "USD",
    "$#,##0": "$",
    "[$$-409]#,##0.00;[RED]-[$$-409]#,##0.00": "USD",
    "#,##0.00\\ [$kr-41D]": "SEK",
    '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)': "$",
    "\\E\\U\\R 0.00": "EUR",
    '0.00 "Lei"': "Lei",
    '[>=0]"€"0;"$"0': "€|$",
    "#,##0.00_€": None,
    "[$-409]m/d/yy": None,
    '#,##0,"k"': None,
    "General": None,
    "0.0E+00": None,
    '0 "per lead"': None,
}


@pytest.mark.parametrize("code", SHOWN)
def test_what_a_number_format_shows(code):
    """A currency, or what could be one; a language, a width or a scale is none."""
    assert coin_shown(code) == SHOWN[code]


def test_known_currencies_are_those_of_amounts_as_text():
    """The engine's list and that of formats are one."""
    engine = Engine()
    engine.once("importing/macros_amounts")
    coins = ["$", "kr", "zł", "Fr.", "₹", "R$", "CHF", "UAH", "MAD", "XYZ", "Lei"]
    assert not any(map(is_known, ("", "€|$", "€ £", "₿", "pcs")))
    for coin in coins:
        [(known,)] = engine._con.execute("select coin_of(? || ' 1')", [coin]).fetchall()
        assert is_known(coin) == (known != "?"), coin
    engine.close()


def test_a_currency_of_the_format_is_that_of_the_row(tmp_path):
    """Each row has that of its cell; a bare dollar sign names no country, and none is guessed."""
    path = tmp_path / "a.xlsx"
    rows = [[f"t{n}", "2025-10-01", value, ""] for n, value in enumerate((10.5, -3, 7, 8, 1))]
    formats = ["[$€-407] #,##0.00", '"USD" 0.00', "$#,##0", "General", "[$£-809]0.00"]
    sheet(path, rows, formats=formats)
    got = read_path(path, zone="UTC")
    assert got.column("revenue") == [Decimal("10.5"), Decimal(-3), Decimal(7), Decimal(8), 1]
    assert got.column("currency") == ["EUR", "USD", None, None, "GBP"]
    told = checks_of(path)["sheet"]
    assert told.level is Level.NOTE
    assert "the currency of the amounts: $, USD, £, €" in told.text


def test_a_currency_of_the_format_that_contradicts_its_row_rejects_it(tmp_path):
    """As one in the text of an amount does."""
    path = tmp_path / "a.xlsx"
    book = sheet(path, [["t1", "2025-10-01", 5, "USD"], ["t2", "2025-10-01", 5, "EUR"]])
    page = book.active
    page["D1"] = "currency"
    page["C2"].number_format = page["C3"].number_format = "[$€-407] #,##0.00"
    book.save(path)
    got = read_path(path, zone="UTC")
    assert got.column("currency") == ["EUR"]
    assert [(line, column) for line, column, _, _ in got.rejects] == [(2, "revenue")]


def test_an_unknown_currency_of_the_format_is_asked(tmp_path):
    """Never dropped; what a person states holds."""
    path = tmp_path / "a.xlsx"
    sheet(path, [["t1", "2025-10-01", 5, ""]], formats=['0.00 "Lei"'])
    with pytest.raises(QuestionOpen, match=r"shows 'Lei' \('revenue', line 2\)") as caught:
        read_path(path, zone="UTC")
    assert [q.key for q in caught.value.questions] == ["currency"]
    got = read_path(path, zone="UTC", mapping=Mapping(currency="RON"))
    assert (got.column("revenue"), got.column("currency")) == ([Decimal(5)], ["RON"])


def test_formats_of_other_columns_say_nothing(tmp_path):
    """Only amounts have a currency."""
    path = tmp_path / "a.xlsx"
    sheet(path, [["t1", "2025-10-01", 5, 7]], formats=['0.00 "Lei"'], column="D")
    assert read_path(path, zone="UTC").column("currency") == [None]
    assert "sheet" not in checks_of(path)


def test_days_from_1904_are_read_as_such(tmp_path):
    """True dates by the reader, bare serials by us, texts as they are."""
    path = tmp_path / "a.xlsx"
    when = datetime.fromisoformat("2025-10-01 12:34:56")
    serial = (when - datetime(1904, 1, 1)).total_seconds() / 86400
    rows = [["t1", when, 1, ""], ["t2", serial, 1, ""]]
    sheet(path, rows, formats=["yyyy-mm-dd hh:mm", "General"], column="B", epoch=CALENDAR_MAC_1904)
    got = read_path(path, zone="UTC")
    assert got.column("occurred_at") == [when, when]
    assert "from 1904-01-01" in checks_of(path)["sheet"].text
    sheet(path, [["t1", 45931.524259259, 1, ""]], formats=["General"], column="B")
    assert read_path(path, zone="UTC").column("occurred_at") == [when]


def test_hidden_rows_are_imported_and_told(tmp_path):
    """A filter may hide what its sender did not mean to send; blank rows do not count."""
    path = tmp_path / "a.xlsx"
    book = sheet(path, [[f"t{n}", "2025-10-01", n, ""] for n in range(5)])
    page = book.active
    for line in (1, 3, 5, 40):
        page.row_dimensions[line].hidden = True
    book.save(path)
    assert len(read_path(path, zone="UTC").rows) == 5
    told = checks_of(path)["hidden_rows"]
    assert (told.level, told.found) == (Level.DOUBT, "2")
    assert told.text.startswith("2 row(s) are hidden in the sheet, the first on line 3.")
    page.auto_filter.ref = "A1:D6"
    book.save(path)
    assert "hidden by a filter" in checks_of(path)["hidden_rows"].text
    other = book.create_sheet("Other")
    other.append(["x"])
    other.row_dimensions[1].hidden = True
    for line in (3, 5):
        page.row_dimensions[line].hidden = False
    book.save(path)
    assert "hidden_rows" not in checks_of(path, mapping=Mapping(sheet="Sheet"))


def test_a_sheet_at_its_limit_is_probably_cut_off(tmp_path, monkeypatch):
    """As Pingtree's export of 100,000 rows; a text that Excel has saved, too, but no JSON lines."""
    monkeypatch.setattr(staging_room, "SHEET_LIMIT", 3)
    path = tmp_path / "a.xlsx"
    sheet(path, [["t1", "2025-10-01", 5, ""], ["t2", "2025-10-01", 5, ""]])
    assert read_path(path, zone="UTC").staged.cut_off
    head = "transaction_id,occurred_at,revenue\n"
    assert read(tmp_path, head + "a,2025-10-01,1\nb,2025-10-01,1\n").staged.cut_off
    assert not read(tmp_path, head + "a,2025-10-01,1\n").staged.cut_off
    line = '{"transaction_id": "a", "occurred_at": "2025-10-01", "revenue": 1}\n'
    assert not read(tmp_path, (line * 3).encode()).staged.cut_off


def test_what_a_sheet_shows_outlives_its_personal_columns(home, tmp_path):
    """The kept text of a sheet knows formats and days from 1904."""
    path = tmp_path / "a.xlsx"
    when = datetime.fromisoformat("2025-10-01 12:34:56")
    serial = (when - datetime(1904, 1, 1)).total_seconds() / 86400
    book = sheet(path, [["t1", serial, 5, "ann"]], formats=["[$€-407]0"], epoch=CALENDAR_MAC_1904)
    book.active["B2"].number_format = "General"
    book.active.row_dimensions[2].hidden = True
    book.save(path)
    said = {"kind": Kind.CLAIM, "zone": "UTC", "sender": "acme"}
    with open_store() as store:
        batch = import_file(store, path, mapping=Mapping(drop=("note",)), **said).batch
        again = remap(store, batch.id, answers=["delivery=part"])
        assert again.staged.first_at == when
        assert {"hidden_rows", "sheet"} <= {check.name for check in again.checks}
        assert again.batch.rows == 1


def test_a_sheet_without_a_name_of_its_own_is_read_as_any(home, tmp_path):
    """In an archive, and as the file that a batch keeps: neither ends in .xlsx."""
    path = tmp_path / "a.xlsx"
    sheet(path, [["t1", "2025-10-01", 5, "#N/A"]], formats=["[$€-407]0"])
    said = {"kind": Kind.CLAIM, "zone": "UTC", "sender": "acme"}
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(path, "inner.xlsx")
    with open_store() as store:
        batch = import_file(store, tmp_path / "a.zip", **said).batch
        again = remap(store, batch.id, answers=["delivery=part"]).batch
        assert (batch.rows, again.rows) == (1, 1)


def test_a_total_in_the_currency_of_its_format_is_held_against_the_rows(home, tmp_path):
    """Whatever the currency is called."""
    path = tmp_path / "a.xlsx"
    rows = [["t1", "2025-10-01", 5, ""], ["t2", "2025-10-01", 6, ""], ["Total", None, 12, ""]]
    sheet(path, rows, formats=['0.00 "zł"'] * 3)
    with open_store() as store, pytest.raises(QuestionOpen, match="accept_total=11/12"):
        import_file(store, path, kind=Kind.CLAIM, zone="UTC", sender="acme")


def test_a_damaged_kept_sheet_is_told(tmp_path):
    """As any other damaged file."""
    with pytest.raises(BadFile, match="the kept sheet is damaged"):
        read(tmp_path, "#reconcile sheet 1\n{}\n")
