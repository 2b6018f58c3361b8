"""Personal columns are taken out of every form of file, and hashed by the salt of the home."""

from __future__ import annotations

import hashlib
import json
import stat
from datetime import datetime

import openpyxl
import pytest

from reconcile import preview, remap
from reconcile.errors import WarehouseError
from reconcile.importing import import_file, load_mapping
from reconcile.importing.keeping import SOURCE
from reconcile.importing.salting import Salt, salt_of
from reconcile.terms import Kind
from reconcile.warehouse import open_store
from tests.cli_help import call
from tests.test_personal import everything, rows_of

HEADERS = ["transaction_id", "occurred_at", "revenue", "Email", "Phone"]
ROWS = [
    ["t1", "2026-10-01 10:00:00", 1.5, "Ann@Example.com", 5550101],
    ["t2", "2026-10-02 25:00:00", 2.5, "bob@example.com", 5550102],
    ["t3", "2026-10-03 10:00:00", 3.5, "ann@example.com ", None],
]
SECRETS = ("xample.com", "5550101", "5550102", "Ann@", "bob@")
SAID = {"kind": Kind.CLAIM, "zone": "UTC"}


@pytest.fixture
def store(home):
    """Return an open store on an empty home."""
    with open_store() as opened:
        yield opened


@pytest.fixture
def mapping(tmp_path):
    """Return a mapping that drops one column and hashes another."""
    told = tmp_path / "sender.toml"
    told.write_text('sender = "acme"\ndrop = ["Phone"]\nhash = ["Email"]\n', encoding="utf-8")
    return load_mapping(told)


def csv_file(folder):
    path = folder / "file.csv"
    rows = [HEADERS, *([*row[:4], row[4] or ""] for row in ROWS)]
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n", encoding="utf-8")
    return path


def json_lines(folder):
    """Return objects, of which one names the phone again within another value."""
    path = folder / "file.jsonl"
    objects = [dict(zip(HEADERS, row, strict=True)) for row in ROWS]
    objects[0]["lead"] = {"phone": "5550101", "state": ["NV", {"E-Mail": "Ann@Example.com"}]}
    path.write_text("".join(json.dumps(line) + "\n" for line in objects), encoding="utf-8")
    return path


def sheet(folder):
    book = openpyxl.Workbook()
    page = book.active
    page.append(["October report"])
    page.append(HEADERS)
    for row in ROWS:
        page.append(row)
    page["B3"] = datetime(2026, 10, 1, 10)
    page["D5"].number_format = "000-0000"
    book.create_sheet("Contacts").append(["Ann@Example.com"])
    book["Contacts"].sheet_state = "hidden"
    path = folder / "file.xlsx"
    book.save(path)
    return path


def parquet(folder):
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = [list(column) for column in zip(*ROWS, strict=True)]
    arrays = [pa.array(c, pa.float64() if n == 2 else None) for n, c in enumerate(columns)]
    lead = pa.array([{"phone": "5550101", "state": "NV"}, None, None])
    path = folder / "file.parquet"
    table = pa.table([*arrays, lead], names=[*HEADERS, "lead"])
    pq.write_table(table.replace_schema_metadata({"note": "Ann@Example.com"}), path)
    return path


FORMS = {"csv": csv_file, "json lines": json_lines, "sheet": sheet, "parquet": parquet}
FIRST = {"csv": 2, "json lines": 1, "sheet": 3, "parquet": 1}
"""Line of the first row."""


@pytest.mark.parametrize("form", FORMS)
def test_personal_values_are_nowhere_whatever_the_form(store, tmp_path, mapping, form):
    """Not in rows, rejected lines, the kept file or the preview; lines keep their numbers."""
    path = FORMS[form](tmp_path)
    seen = preview(store, path, mapping=mapping, **SAID)
    assert not (store.home / "salt").exists()
    shown = repr((seen.rows, seen.rejects, seen.staged, seen.columns, seen.head))
    batch = import_file(store, path, mapping=mapping, **SAID).batch
    told = everything(store) + shown + call("rejected", batch.id, "--home", store.home).out
    assert [secret for secret in SECRETS if secret in told] == []
    first = FIRST[form]
    assert [(line.line_no, line.column) for line in seen.rejects] == [(first + 1, "occurred_at")]
    rows = rows_of(store)
    assert [row["line_no"] for row in rows] == [first, first + 2]
    hashed = salt_of(store.home).hashed("ann@example.com")
    assert [json.loads(row["extra"])["Email"] for row in rows] == [hashed, hashed]


@pytest.mark.parametrize("form", FORMS)
def test_the_kept_file_is_read_again_with_the_same_lines(store, tmp_path, mapping, form):
    """What was dropped stays dropped, what was hashed is not hashed twice."""
    batch = import_file(store, FORMS[form](tmp_path), mapping=mapping, **SAID).batch
    before = rows_of(store)
    again = remap(store, batch.id, answers=["currency=EUR"]).batch
    assert (again.rows, again.rejected, again.line_classes) == (2, 1, batch.line_classes)
    after = rows_of(store)
    names = ("line_no", "transaction_id", "occurred_at", "revenue", "extra")
    assert [[row[n] for n in names] for row in after] == [[row[n] for n in names] for row in before]
    last = remap(store, again.id, answers=["drop=Email"]).batch
    kept = (last.path / SOURCE).read_bytes()
    assert kept != (again.path / SOURCE).read_bytes()
    assert "Email" not in {k for r in rows_of(store) for k in json.loads(r["extra"] or "{}") if r}


def test_one_value_hashes_alike_in_all_forms_of_file(store, tmp_path, mapping):
    """An id in a hashed column still matches."""
    found = set()
    for form, write in FORMS.items():
        batch = import_file(store, write(tmp_path), mapping=mapping, **SAID).batch
        found |= {json.loads(row["extra"])["Email"] for row in rows_of(store)}
        store.undo(batch.id)
        assert len(found) == 1, form
    plain = hashlib.sha256(b"ann@example.com").hexdigest()
    assert found != {plain}


def test_the_salt_is_secret(store, tmp_path, mapping):
    """Its owner alone can read it, and nothing prints it."""
    outcome = import_file(store, csv_file(tmp_path), mapping=mapping, **SAID)
    path = store.home / "salt"
    secret = path.read_text().strip()
    assert len(secret) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(store.home.glob(".salt*")) == []
    path.unlink()
    told = everything(store) + repr(outcome) + call("batches", "--home", store.home).out
    assert secret not in told
    path.write_text(secret + "\n")
    assert Salt(path).mark() == outcome.staged.hashed_by


def test_a_lost_salt_is_told(store, tmp_path, mapping):
    """Hashes of another salt match nothing: the import names the batch; with the old one, not."""
    import_file(store, csv_file(tmp_path), mapping=mapping, **SAID)
    path = store.home / "salt"
    secret = path.read_text()
    path.unlink()
    done = import_file(store, json_lines(tmp_path), mapping=mapping, **SAID)
    [check] = [check for check in done.checks if check.name == "salt"]
    assert "do not match those of 1 other batch(es), such as " in check.text
    assert "file.csv" in check.text
    store.undo(done.batch.id)
    path.write_text(secret)
    done = import_file(store, parquet(tmp_path), mapping=mapping, **SAID)
    assert [check for check in done.checks if check.name == "salt"] == []


def test_a_preview_says_what_becomes_of_personal_columns(home, tmp_path, mapping):
    """Dropped and hashed ones are not kept as they are."""
    told = str(tmp_path / "sender.toml")
    shown = call(
        "import",
        sheet(tmp_path),
        "--kind",
        "claim",
        "--zone",
        "UTC",
        "--mapping",
        told,
        "--preview",
        "--home",
        home,
    ).out
    assert [word in shown for word in ("(dropped)", "(hashed)", "(kept as it is)")] == [
        *(True, True),
        False,
    ]


def test_a_damaged_salt_stops(tmp_path):
    """A short one would hash otherwise, without a word."""
    path = tmp_path / "salt"
    path.write_text("abc\n")
    with pytest.raises(WarehouseError, match="is damaged"):
        Salt(path).hashed("a")


def test_a_line_that_may_hold_it_anywhere_is_withheld(store, tmp_path, mapping):
    """No JSON, a shifted row of a sheet, a second table of the same width."""
    lines = json_lines(tmp_path)
    lines.write_text(lines.read_text() + '{"transaction_id": "t4", "Email": "bob@example.com"\n')
    assert import_file(store, lines, mapping=mapping, **SAID).batch.rejected == 2
    path = sheet(tmp_path)
    book = openpyxl.load_workbook(path)
    book.active.append(["t5", "2026-10-05", 1, "", "bob@example.com", "5550102"])
    book.save(path)
    batch = import_file(store, path, mapping=mapping, **SAID).batch
    assert batch.rejected == 2
    text = csv_file(tmp_path)
    more = "\nEmail,Phone,lead,state,note\nbob@example.com,5550102,x,NV,y\n"
    text.write_text(text.read_text() + more)
    said = {**SAID, "answers": ["second_table=apart"]}
    import_file(store, text, mapping=mapping, **said)
    told = everything(store)
    assert [secret for secret in SECRETS if secret in told] == []
    assert told.count("(withheld)") >= 2
