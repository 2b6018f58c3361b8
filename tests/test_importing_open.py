"""Opening by the bytes: encodings, archives and workbooks, each read whole or refused by name."""

from __future__ import annotations

import base64
import gzip
import io
import zipfile
import zlib

import pytest

from importing_help import read, read_path
from reconcile.errors import BadFile, BadMapping, QuestionOpen
from reconcile.importing import Mapping
from reconcile.importing.checking.checked import Level
from reconcile.importing.checking.stated_checks import stated_checks

TEXT = "transaction_id,status,revenue\nt1,ok,1.50\nt2,Müller,2.50\n"


def zipped(**members: bytes | str) -> bytes:
    """Return an archive; `__` in a name is a point."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return target.getvalue()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gz"])
def test_utf16_without_a_mark_is_told_by_its_nul_bytes(tmp_path, encoding, pack):
    """Those of digits and line ends stand on one side."""
    got = read(tmp_path, pack(TEXT.encode(encoding)))
    assert got.column("status") == ["ok", "Müller"]
    assert got.staged.encoding == encoding


def test_nul_bytes_on_both_sides_are_no_text(tmp_path):
    """Neither is a file in which they are few."""
    for content in (TEXT.encode().replace(b"1", b"\0\0"), TEXT.encode() + b"\0\n"):
        with pytest.raises(BadFile, match="NUL"):
            read(tmp_path, content)


def test_a_guessed_encoding_is_shown_with_its_cells(tmp_path):
    """One cell for each new letter; a stated encoding shows none."""
    got = read(tmp_path, TEXT.encode("cp1252"))
    assert [(cell.line_no, cell.text) for cell in got.staged.notes.non_ascii] == [(3, "Müller")]
    assert read(tmp_path, TEXT.encode()).staged.notes.non_ascii == ()


def test_the_one_file_of_an_archive_is_read(tmp_path):
    """What an operating system adds is none; a packed or transcoded file in it is read too."""
    for content in (TEXT.encode(), TEXT.encode("utf-16"), gzip.compress(TEXT.encode())):
        added = {"__MACOSX/._a__csv": "x", "__DS_Store": "x", "a__csv": content}
        got = read(tmp_path, zipped(**added))
        assert got.column("status") == ["ok", "Müller"]


def test_several_files_of_an_archive_are_asked(tmp_path):
    """An answer names one; a name that is not there is told."""
    content = zipped(a__csv=TEXT, b__csv=TEXT.replace("t1", "t9"))
    with pytest.raises(QuestionOpen, match=r"member=b\.csv") as caught:
        read(tmp_path, content)
    assert [question.key for question in caught.value.questions] == ["member"]
    got = read(tmp_path, content, mapping='member = "b.csv"')
    assert got.column("transaction_id") == ["t9", "t2"]
    with pytest.raises(BadMapping, match=r"it has a\.csv, b\.csv"):
        read(tmp_path, content, mapping='member = "c.csv"')


def test_archives_that_hold_no_table_are_refused(tmp_path):
    """A bomb is refused before it is unpacked."""
    bomb = zipped(a__csv=TEXT + "t3,ok,1\n" * (1 << 25))
    assert len(bomb) < 1 << 20
    locked = bytearray(zipped(a__csv=TEXT))
    locked[6] |= 1
    place = locked.rindex(b"PK\x01\x02")
    locked[place + 8] |= 1
    for content, what in (
        (bomb, "as no table does"),
        (bytes(locked), "encrypted"),
        (zipped(a__zip=zipped(b__csv=TEXT)), "ZIP archive in a ZIP archive"),
        (zipped(__DS_Store="x"), "holds no file"),
        (zipped(a__csv=TEXT)[:-30], "damaged or cut off"),
        (b"PK\x05\x06" + bytes(18), "without a file"),
        (b"Rar!\x1a\x07", "RAR"),
    ):
        with pytest.raises(BadFile, match=what):
            read(tmp_path, content)


def test_a_packed_line_without_end_is_refused_before_it_fills_the_memory(tmp_path, monkeypatch):
    """Lines of usual length are read whatever the size of the file."""
    monkeypatch.setattr("reconcile.importing.opening.chunks.MOST_BYTES", 1 << 21)
    monkeypatch.setattr("reconcile.importing.opening.chunks.CHUNK", 1 << 20)
    with pytest.raises(BadFile, match="no table"):
        read(tmp_path, gzip.compress(TEXT.encode() + b"x" * (1 << 23)))
    rows = "".join(f"t{number},{'x' * 60},1\n" for number in range(50_000))
    assert read(tmp_path, gzip.compress((TEXT + rows).encode())).staged.rows == 50_002


def test_a_damaged_member_is_refused(tmp_path):
    """Its checksum tells."""
    content = bytearray(zipped(a__csv=TEXT * 50))
    content[60] ^= 255
    with pytest.raises(BadFile, match="damaged or cut off"):
        read(tmp_path, bytes(content))


_ODS_CELL = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'


_ODS_NUMBER = (
    '<table:table-cell office:value-type="float" office:value="{0}"><text:p>{0:08}</text:p>'
    "</table:table-cell>"
)


def ods_cell(cell: str | int, more: str) -> str:
    """Return a cell: a text, an error if `more` says so, or a number that is shown padded."""
    if isinstance(cell, int):
        return _ODS_NUMBER.format(cell)
    return _ODS_CELL.format(more if cell == "#N/A" else "", cell)


def ods(rows: list[list[str | int]], more: str = "") -> bytes:
    """Return a spreadsheet in the form of OpenDocument."""
    names = "urn:oasis:names:tc:opendocument:xmlns"
    told = "".join(
        "<table:table-row>" + "".join(ods_cell(cell, more) for cell in row) + "</table:table-row>"
        for row in rows
    )
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{names}:office:1.0" '
        f'xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0" xmlns:calcext="urn:c" '
        f'office:version="1.2"><office:body><office:spreadsheet><table:table table:name="A">{told}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    return zipped(
        mimetype="application/vnd.oasis.opendocument.spreadsheet",
        **{"META-INF/manifest.xml": manifest, "content.xml": content},
    )


def test_a_spreadsheet_of_opendocument_is_read(tmp_path):
    """One with a cell in error is refused: its reader gives an empty cell."""
    rows = [["transaction_id", "status", "revenue"], ["t1", "ok", "1.50"]]
    got = read(tmp_path, ods(rows))
    assert (got.column("revenue")[0], got.staged.encoding, got.staged.sheet) == (1.5, "ods", "A")
    with pytest.raises(BadFile, match="cells in error"):
        read(tmp_path, ods([*rows, ["t2", "ok", "#N/A"]], ' calcext:value-type="error"'))


def test_ids_that_opendocument_keeps_as_numbers_are_told(tmp_path):
    """The sheet shows 00000042, its reader gives 42: the zeros must not be lost in silence."""
    rows: list[list[str | int]] = [["transaction_id", "status", "revenue"], [42, "ok", "1.50"]]
    found = read(tmp_path, ods(rows)).staged
    doubts = [check for check in stated_checks(found) if check.level is Level.DOUBT]
    assert [(check.name, "line 2" in check.text) for check in doubts] == [("number_ids", True)]
    rows[1][0] = "t1"
    assert not list(stated_checks(read(tmp_path, ods(rows)).staged))


OLD_BOOK = (
    "c-rk)O=uHA6#izDG(WWIrlvwGlu)qNwwEG^mv&o0d$Lq7iVAhx>>;FVWV03Ypw*hAAb3)|6ngPe_2LhD(3=OLqM#"
    "rMi5@)(3Le_5Z(epKwLLVTL1n&W-n@A;Z|Cj2H*a_L)oQA|biccTUoeUgs$Lu|buvLE9yD}NzvoFdsAE(-g?|e17"
    "&)>ff+uY+qtb`c-xX-M7k*9@_(<h6&SJ7)TbU-}AlqOHX~PInf!icWqKmESU^>fm2h+Pe@+s3XmRw^xLSxI~Bvy^"
    "dfdhUNpU`@_F9~_yhph9SCBx{%3mL_iu8Z2(2*#b9Irn#V^n_cn4D#EAWm}FpS4Nr~xQuUJ2KXB6)MptbZ?0T`<l"
    "i^Sqg%*tXklOh-Wd+?5+&ESp_+ro*RY?w3@%B)bxgZx&bqmRJ)O(aCM~+AJ6|N%JJvbNp0_A^-C-hyd_rbv-qres"
    "UERjf-byr!cIHzY^E&12wL4#4ADNjlrdhJUnY@<ocS{rD;j+{q<s|oLOr@;@%nvfX!gt-pd^giH*-v%fRHx4zUgR"
    "-Xxwntz*~fTe?5X4Xi7$OV`lzS$$=FN$%0%TtdgYz5gkD;rEa}T@5kq1~+`1|8*a&Lj=Y|hVyEf&Cn5O%-d;UwU9"
    "qULin_^mP$<+}*TbjRCQd?}HEm%9`j~A>h*X^PvTT=TJsgG(Mc)&|HR`*s-KtVx4K|w)5K|!He5dPP^{B{ld=M8y"
    "Ui2DC^)~Qt0Z<7BO$55clrGx1q*i<_>-%$MQL_`Gl65G@X{ufFdr`a9kF~fG`8;)N(?TPy5*|wto`?gS{^H&?O^A"
    "FGe1BFY;Zv"
)


def old_book() -> bytes:
    """Return an old workbook (made by xlwt): a header, and t1 with 1.5 and ok."""
    return zlib.decompress(base64.b85decode(OLD_BOOK))


def test_an_old_workbook_is_read(tmp_path):
    """One with a cell in error, or encrypted, is refused."""
    got = read(tmp_path, old_book())
    assert (got.column("transaction_id"), got.staged.encoding) == (["t1"], "xls")
    error = b"\x05\x02\x08\x00" + bytes(6) + b"\x2a\x01"
    with pytest.raises(BadFile, match="cells in error"):
        read(tmp_path, old_book() + error)
    with pytest.raises(BadFile, match="password"):
        read(tmp_path, old_book() + "EncryptedPackage".encode("utf-16-le"))


def test_a_binary_workbook_is_refused_with_the_cure(tmp_path):
    """Its errors cannot be told from empty cells."""
    path = tmp_path / "a.xlsb"
    path.write_bytes(zipped(**{"xl/workbook.bin": b"x"}))
    with pytest.raises(BadFile, match=r"Save it as \.xlsx"):
        read_path(path, mapping=Mapping())
