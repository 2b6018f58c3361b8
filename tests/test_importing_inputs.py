"""JSON lines, Zstandard and Parquet: exact text on the way in, or a reject that says why."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reconcile.engine import Engine
from reconcile.errors import BadFile, NoHeader, QuestionOpen, UnknownColumns
from reconcile.importing import StageOptions, stage
from reconcile.importing.opening import chunks
from reconcile.importing.reading import jsonlines
from reconcile.terms import Kind
from tests.importing_help import Read, read


def lines(*objects: str) -> bytes:
    return "\n".join(objects).encode() + b"\n"


def taken(folder: Path, content: bytes, **options: Any) -> Read:
    """Stage a report in our own names."""
    return read(folder, content, **{"canonical_headers": True} | options)


def sale(**members: Any) -> str:
    """Return a line with an id and an amount, and what else is given."""
    return json.dumps({"transaction_id": "lead-0001", "revenue": "1.50"} | members)


def extra_of(row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row["extra"])
    return found


class TestJsonLines:
    """One object a line; what it says is kept to the letter."""

    @pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gz"])
    def test_is_read_as_the_same_rows_as_csv(
        self, tmp_path: Path, pack: Callable[[bytes], bytes]
    ) -> None:
        text = lines(
            '{"transaction_id":"lead-0001","occurred_at":"2026-11-03T10:00:00Z","revenue":1.50}',
            '{"transaction_id":"lead-0002","occurred_at":"2026-11-03T11:00:00Z","revenue":null}',
        )
        csv = (
            b"transaction_id,occurred_at,revenue\n"
            b"lead-0001,2026-11-03T10:00:00Z,1.50\n"
            b"lead-0002,2026-11-03T11:00:00Z,\n"
        )
        expected = [row | {"line_no": row["line_no"] - 1} for row in taken(tmp_path, csv).rows]
        got = taken(tmp_path, pack(text))
        assert got.rows == expected
        assert (got.staged.rows, got.staged.line_classes) == (2, {"data": 2})

    def test_numbers_never_become_floats(self, tmp_path: Path) -> None:
        got = taken(
            tmp_path,
            lines(
                '{"transaction_id": 12345678901234567890, "revenue": 0.10, "weight": 0.10}',
                '{"transaction_id": 12345678901234567891, "revenue": 99999999999999.9999}',
            ),
        )
        assert got.column("transaction_id") == ["12345678901234567890", "12345678901234567891"]
        assert got.column("revenue") == [Decimal("0.1000"), Decimal("99999999999999.9999")]
        assert extra_of(got.rows[0]) == {"weight": "0.10"}

    @pytest.mark.parametrize(
        ("number", "reason"),
        [
            ("1e3", "not an amount"),
            ("0.30000000000000004", "more than four decimals; amounts are never rounded"),
        ],
    )
    def test_an_amount_is_judged_as_it_is_spelled(
        self, tmp_path: Path, number: str, reason: str
    ) -> None:
        line = f'{{"transaction_id": "lead-0002", "revenue": {number}}}'
        got = taken(tmp_path, lines(line, sale()))
        assert got.column("transaction_id") == ["lead-0001"]
        assert got.rejects == [(1, "revenue", number, reason)]

    @pytest.mark.parametrize("number", ["1.2345678901234568e+19", "12.0", "1E3"])
    def test_an_id_that_was_a_float_is_refused(self, tmp_path: Path, number: str) -> None:
        got = taken(tmp_path, lines(f'{{"transaction_id": {number}, "revenue": 1}}', sale()))
        assert [reject[:3] for reject in got.rejects] == [(1, "transaction_id", number)]
        assert "export it as text" in got.rejects[0][3]
        assert got.column("transaction_id") == ["lead-0001"]

    def test_an_id_that_is_a_string_may_look_like_anything(self, tmp_path: Path) -> None:
        got = taken(tmp_path, lines(sale(transaction_id="1e30"), sale(transaction_id="00012.0")))
        assert got.column("transaction_id") == ["1e30", "00012.0"]

    def test_strings_are_unescaped(self, tmp_path: Path) -> None:
        """Quotes, backslashes and letters beyond the first plane come out as they were meant."""
        got = taken(
            tmp_path,
            b'{"transaction_id":"a\\u00e9\\ud83d\\ude00\\"\\\\n","revenue":"1,234.50",'
            b'"note":"two\\nlines","gone":"","no":null,"flag":true,"off":false}\r\n',
        )
        assert got.column("transaction_id") == ['aé😀"\\n']
        assert got.column("revenue") == [Decimal("1234.5000")]
        assert extra_of(got.rows[0]) == {
            "note": "two\nlines",
            "gone": None,
            "no": None,
            "flag": "true",
            "off": "false",
        }

    def test_the_header_is_all_keys_of_the_whole_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(chunks, "CHUNK", 1 << 10)
        monkeypatch.setattr(chunks, "MOST_LINES", 3)
        early = [sale(transaction_id=f"lead-{n:04}", a="x") for n in range(200)]
        late = '{"late": 1, "status": "sold", "transaction_id": "lead-9999", "revenue": 2}'
        got = taken(tmp_path, lines(*early, late))
        assert got.staged.rows == 201
        assert list(extra_of(got.rows[0])) == ["a", "late"]
        assert extra_of(got.rows[-1]) == {"a": None, "late": "1"}
        assert got.column("status") == [None] * 200 + ["sold"]
        assert got.column("line_no") == list(range(1, 202))

    def test_a_nested_value_of_a_mapped_key_is_rejected(self, tmp_path: Path) -> None:
        nested = '{"transaction_id": "lead-0001", "revenue": {"USD": [0.10, "é"]}}'
        got = taken(tmp_path, lines(nested, sale()))
        assert got.rejects == [
            (1, "revenue", '{"USD": [0.10, "é"]}', "a nested value, not one of a cell")
        ]
        assert got.staged.line_classes == {"data": 2}
        assert (got.staged.rows, got.staged.rejected) == (1, 1)

    def test_a_nested_value_of_another_key_is_kept_as_its_text(self, tmp_path: Path) -> None:
        line = '{"transaction_id": "lead-0001", "revenue": 1, "tags": [0.10, 1e3, {"a": null}]}'
        got = taken(tmp_path, lines(line))
        assert extra_of(got.rows[0]) == {"tags": '[0.10, 1e3, {"a": null}]'}

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ('{"transaction_id": "x", "revenue": 1, "revenue": 2}', "more than once"),
            ('{"transaction_id": "x", "other": {"a": 1, "a": 2}}', "'a' stands more than once"),
            ('{"transaction_id": "x", "revenue": NaN}', "NaN"),
            ('{"transaction_id": "x", "revenue": -Infinity}', "-Infinity"),
            ('{"transaction_id": "x", "revenue": 1,}', "no JSON"),
            ('{"transaction_id": "x", "revenue": 01}', "no JSON"),
            ('{"transaction_id": "x"} {"transaction_id": "y"}', "no JSON"),
            ('{"transaction_id": "x", "reve', "no JSON"),
            ('{"transaction_id": "a\tb"}', "no JSON"),
            ('{"transaction_id": "x\\u0000"}', "NUL"),
            ('{"transaction_id": "x", "\\ud800": 1}', "surrogate"),
            ('{"transaction_id": "x", "a": [{"b": "\\udfff"}]}', "surrogate"),
            ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
            ("[1, 2]", "no JSON object"),
            ("1" * 10_000, "no JSON object"),
            ("null", "no JSON object"),
            ("transaction_id,revenue", "no JSON"),
        ],
    )
    def test_a_line_that_is_no_object_is_rejected_whole(
        self, tmp_path: Path, line: str, reason: str
    ) -> None:
        got = taken(tmp_path, lines(sale(), line, "", sale()))
        [(number, column, value, told)] = got.rejects
        assert (number, column, value) == (2, None, line[:500])
        assert reason in told
        assert got.column("line_no") == [1, 4]
        assert got.staged.line_classes == {"blank": 1, "data": 3}

    def test_other_encodings_and_blank_lines_above(self, tmp_path: Path) -> None:
        text = '\r\n  \r\n {"transaction_id": "Zoë", "revenue": 1}\r\n'
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
            got = taken(tmp_path, text.encode(encoding))
            assert got.column("transaction_id") == ["Zoë"], encoding
            assert got.staged.line_classes == {"blank": 2, "data": 1}

    def test_one_document_over_many_lines_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(NoHeader, match="one whole object on each line"):
            taken(tmp_path, json.dumps({"transaction_id": "x"}, indent=1).encode())

    def test_an_array_is_refused_by_name(self, tmp_path: Path) -> None:
        with pytest.raises(BadFile, match=r"JSON array.*one object on each line"):
            taken(tmp_path, b'\n[\n  {"transaction_id": "x", "revenue": 1}\n]\n')

    def test_keys_used_as_data_are_refused(self, tmp_path: Path) -> None:
        every = [f'{{"transaction_id": "x", "k{n}": 1}}' for n in range(jsonlines.MOST_KEYS)]
        with pytest.raises(BadFile, match="keys are used as data"):
            taken(tmp_path, lines(*every))

    def test_asks_and_refuses_as_csv_does(self, tmp_path: Path) -> None:
        with pytest.raises(UnknownColumns, match="no column for transaction_id"):
            taken(tmp_path, b'{"revenue": 1, "status": "sold"}')
        with pytest.raises(QuestionOpen, match="zone"):
            taken(tmp_path, lines(sale(occurred_at="2026-11-03 10:00:00")), zone=None)

    def test_a_key_may_be_named_like_anything(self, tmp_path: Path) -> None:
        line = '{"transaction_id": "x", "revenue": 1, "": "a", "c0": "b", "line_no": 7, "é\\"": 1}'
        got = taken(tmp_path, lines(line))
        assert extra_of(got.rows[0]) == {"column 3": "a", "c0": "b", "line_no": "7", 'é"': "1"}

    def test_a_failure_leaves_nothing_behind(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(chunks, "CHUNK", 1 << 10)
        monkeypatch.setattr(chunks, "MOST_LINES", 3)
        path = tmp_path / "file.jsonl"
        path.write_bytes(lines(*[sale(revenue="1.234")] * 100))
        with pytest.raises(QuestionOpen, match="thousand"):
            stage_into(tmp_path / "parts", path)
        assert list((tmp_path / "parts").iterdir()) == []


@pytest.mark.parametrize("form", ["json", "parquet"])
def test_progress_is_told_in_bytes_up_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr("reconcile.importing.reading.parquet.ROWS", 10)
    ids = [f"lead-{n:04}" for n in range(40)]
    path = tmp_path / "file"
    if form == "json":
        path.write_bytes(lines(*(sale(transaction_id=lead) for lead in ids)))
    else:
        path.write_bytes(parquet(tmp_path, {"transaction_id": ids, "revenue": [1] * 40}))
    told: list[tuple[int, int]] = []
    engine = Engine()
    options = StageOptions(canonical_headers=True)
    stage(engine, path, kind=Kind.CLAIM, options=options, progress=lambda *now: told.append(now))
    engine.close()
    size = path.stat().st_size
    assert told == sorted(told)
    assert told[0][0] < size
    assert told[-1] == (size, size)


@pytest.mark.parametrize("form", ["json", "parquet"])
def test_lines_of_one_id_are_added_up(tmp_path: Path, form: str) -> None:
    ids = ["lead-0001", "lead-0002", "lead-0001"]
    if form == "json":
        content = lines(*(sale(transaction_id=lead) for lead in ids))
    else:
        content = parquet(tmp_path, {"transaction_id": ids, "revenue": ["1.5"] * 3})
    got = taken(tmp_path, content, mapping='sum_by = "transaction_id"')
    by_id = {row["transaction_id"]: row["revenue"] for row in got.rows}
    assert by_id == {"lead-0001": Decimal(3), "lead-0002": Decimal("1.5")}


def stage_into(folder: Path, path: Path) -> None:
    folder.mkdir()
    engine = Engine()
    try:
        options = StageOptions(zone="UTC", folder=folder, canonical_headers=True)
        stage(engine, path, kind=Kind.CLAIM, options=options)
    finally:
        engine.close()


def zstd(text: bytes) -> bytes:
    return pa.compress(text, codec="zstd", asbytes=True)  # type: ignore[no-any-return]


class TestZstandard:
    """Unpacked while it is read, whatever it packs."""

    CSV = b"transaction_id,revenue\nlead-0001,1.50\nlead-0002,2.50\n"

    @pytest.mark.parametrize(
        "text",
        [
            CSV,
            CSV.decode().encode("utf-16"),
            CSV.replace(b"0001", b"\xe9"),
            lines(sale(), sale(transaction_id="lead-0002")),
        ],
        ids=["csv", "utf-16", "cp1252", "json"],
    )
    def test_is_read_as_what_it_packs(self, tmp_path: Path, text: bytes) -> None:
        plain, packed = taken(tmp_path, text), taken(tmp_path, zstd(text))
        assert packed.rows == plain.rows
        assert len(plain.rows) == 2
        assert packed.staged.encoding == plain.staged.encoding
        assert packed.staged.sha256 == hashlib.sha256(zstd(text)).hexdigest()

    def test_several_frames_are_one_text(self, tmp_path: Path) -> None:
        skipped = b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd"
        half = len(self.CSV) // 2
        frames = zstd(self.CSV[:half]), skipped, zstd(self.CSV[half:]), zstd(b"")
        got = taken(tmp_path, skipped + b"".join(frames))
        assert got.column("transaction_id") == ["lead-0001", "lead-0002"]

    @pytest.mark.parametrize("size", [1 << 10, 1 << 21], ids=["at its head", "far below"])
    def test_a_damaged_stream_is_refused_and_leaves_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
    ) -> None:
        monkeypatch.setattr(chunks, "CHUNK", 1 << 16)
        rows = (f"lead-{n:09},{n % 997}.{n % 89:02}\n" for n in range(size // 20))
        whole = zstd(b"transaction_id,revenue\n" + "".join(rows).encode())
        for name, bad in {"cut off": whole[:-7], "more behind": whole + b"garbage"}.items():
            path = tmp_path / "file.csv"
            path.write_bytes(bad)
            with pytest.raises(BadFile, match="packed file is damaged or cut off"):
                stage_into(tmp_path / name, path)
            assert list((tmp_path / name).iterdir()) == []

    def test_an_empty_one_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(NoHeader, match="empty"):
            taken(tmp_path, zstd(b""))


def parquet(folder: Path, columns: dict[str, Any], **options: Any) -> bytes:
    """Return the bytes of a Parquet file of these columns."""
    path = folder / "made.parquet"
    pq.write_table(pa.table(columns), path, **options)
    return path.read_bytes()


IDS = ["lead-0001", "lead-0002"]


class TestParquet:
    """Every value as the exact text of its type, or a refusal by name."""

    def test_is_read_as_the_same_rows_as_csv(self, tmp_path: Path) -> None:
        at = [datetime(2026, 11, 3, 10), datetime(2026, 11, 3, 11, 0, 0, 500)]
        made = parquet(
            tmp_path,
            {
                "transaction_id": pa.array(IDS).dictionary_encode(),
                "occurred_at": pa.array(at, pa.timestamp("us")),
                "revenue": pa.array([Decimal("1.50"), None], pa.decimal128(18, 4)),
                "status": pa.array(["sold", ""], pa.large_string()),
                "note": ["", "x"],
            },
        )
        csv = (
            b"transaction_id,occurred_at,revenue,status,note\n"
            b"lead-0001,2026-11-03 10:00:00,1.50,sold,\n"
            b"lead-0002,2026-11-03 11:00:00.0005,,,x\n"
        )
        expected = [row | {"line_no": row["line_no"] - 1} for row in taken(tmp_path, csv).rows]
        got = taken(tmp_path, made)
        assert got.rows == expected
        assert got.staged.line_classes == {"data": 2}
        assert got.staged.sha256 == hashlib.sha256(made).hexdigest()

    def test_ids_keep_every_digit(self, tmp_path: Path) -> None:
        unique = [uuid4().bytes, None]
        made = parquet(
            tmp_path,
            {
                "transaction_id": pa.array([2**64 - 1, 2**53 + 1], pa.uint64()),
                "event_id": pa.array([b"sale", None], pa.binary()),
                "clid": pa.array([Decimal(10**37 + 1), None], pa.decimal128(38, 0)),
                "external_clickid": pa.array(unique, pa.uuid()),
            },
        )
        [first, second] = taken(tmp_path, made).rows
        assert first["transaction_id"] == "18446744073709551615"
        assert second["transaction_id"] == "9007199254740993"
        assert (first["event_id"], first["clid"]) == ("sale", str(10**37 + 1))
        assert first["external_clickid"] == str(UUID(bytes=unique[0]))

    @pytest.mark.parametrize("kind", [pa.float64(), pa.float32()], ids=["double", "float"])
    def test_an_id_in_floats_is_refused_by_name(self, tmp_path: Path, kind: pa.DataType) -> None:
        made = parquet(tmp_path, {"transaction_id": pa.array([1.0], kind), "revenue": [1]})
        with pytest.raises(BadFile, match=r"'transaction_id'.*holds floats: ids beyond 2\^53"):
            taken(tmp_path, made)

    def test_a_double_amount_is_taken_where_it_is_told_exactly(self, tmp_path: Path) -> None:
        exact = [0.1, 1234.5, -9999999999.9999, 0.0001, 0.0, None]
        lossy = [0.1 + 0.2, 1e10, -123456789012.34, float("nan"), float("inf"), 1e-7, 0.00001]
        made = parquet(
            tmp_path,
            {
                "transaction_id": [f"lead-{n:04}" for n in range(len(exact + lossy))],
                "revenue": pa.array(exact + lossy, pa.float64()),
            },
        )
        got = taken(tmp_path, made)
        assert got.column("revenue") == [
            None if amount is None else Decimal(repr(amount)) for amount in exact
        ]
        assert [reject[:3] for reject in got.rejects] == [
            (7, "revenue", "0.30000000000000004"),
            (8, "revenue", "1e+10"),
            (9, "revenue", "-1.2345678901234e+11"),
            (10, "revenue", "nan"),
            (11, "revenue", "inf"),
            (12, "revenue", "1e-7"),
            (13, "revenue", "0.00001"),
        ]
        assert "may have lost its decimals" in got.rejects[1][3]
        assert got.staged.line_classes == {"data": 13}

    def test_an_amount_in_short_floats_is_refused_by_name(self, tmp_path: Path) -> None:
        made = parquet(
            tmp_path, {"transaction_id": ["x"], "revenue": pa.array([123456.78], pa.float32())}
        )
        with pytest.raises(BadFile, match=r"'revenue'.*floats of 32 bits"):
            taken(tmp_path, made)

    def test_decimals_of_any_scale_are_exact(self, tmp_path: Path) -> None:
        amounts = ["0", "12.5", "-0.0001", "1234.500000001"]
        made = parquet(
            tmp_path,
            {
                "transaction_id": ["a", "b", "c", "d"],
                "revenue": pa.array(map(Decimal, amounts), pa.decimal128(38, 9)),
            },
        )
        got = taken(tmp_path, made)
        assert got.column("revenue") == [Decimal(amount) for amount in amounts[:3]]
        assert [reject[:3] for reject in got.rejects] == [(4, "revenue", "1234.500000001")]
        thousandths = pa.array([Decimal("1.234"), Decimal("2.000")], pa.decimal128(9, 3))
        made = parquet(tmp_path, {"transaction_id": IDS, "revenue": thousandths})
        assert taken(tmp_path, made).column("revenue") == [Decimal("1.234"), Decimal(2)]

    @pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
    def test_times_with_a_zone_are_instants(self, tmp_path: Path, unit: str) -> None:
        zoned = pa.array([1_793_700_000], pa.int64()).cast(pa.timestamp("s"))
        kind = pa.timestamp(unit, "America/New_York")
        made = parquet(
            tmp_path,
            {"transaction_id": ["x"], "occurred_at": zoned.cast(pa.timestamp(unit)).cast(kind)},
        )
        got = taken(tmp_path, made, zone="Asia/Tokyo")
        assert got.column("occurred_at") == [datetime(2026, 11, 3, 10)]

    def test_nanoseconds_are_cut(self, tmp_path: Path) -> None:
        """Times are kept to the microsecond; rounding could move one into the next day."""
        at = pa.array([1_793_700_000_123_456_789], pa.int64()).cast(pa.timestamp("ns", "UTC"))
        got = taken(tmp_path, parquet(tmp_path, {"transaction_id": ["x"], "occurred_at": at}))
        assert got.column("occurred_at") == [datetime(2026, 11, 3, 10, 0, 0, 123_456)]

    def test_local_times_and_dates_are_placed_by_the_zone(self, tmp_path: Path) -> None:
        for value in (datetime(2026, 11, 3), date(2026, 11, 3)):
            made = parquet(tmp_path, {"transaction_id": ["x"], "occurred_at": [value]})
            got = taken(tmp_path, made, zone="Asia/Tokyo")
            assert got.column("occurred_at") == [datetime(2026, 11, 2, 15)]
            with pytest.raises(QuestionOpen, match="zone"):
                taken(tmp_path, made, zone=None)

    def test_nested_values_are_refused_where_mapped_else_kept(self, tmp_path: Path) -> None:
        nested = pa.array([[Decimal("0.10")], None], pa.list_(pa.decimal128(9, 2)))
        made = parquet(
            tmp_path,
            {
                "transaction_id": IDS,
                "tags": nested,
                "seen": pa.array([{"a": 1, "é": None}, None]),
                "raw": pa.array([b"\xff", b"ok"]),
                "flag": [True, False],
                "empty": pa.nulls(2),
            },
        )
        [first, second] = taken(tmp_path, made).rows
        assert extra_of(first) == {
            "tags": '["0.10"]',
            "seen": '{"a": 1, "é": null}',
            "raw": "\\xff",
            "flag": "true",
            "empty": None,
        }
        assert extra_of(second)["flag"] == "false"
        made = parquet(tmp_path, {"transaction_id": IDS, "revenue": nested})
        with pytest.raises(BadFile, match=r"'revenue'.*is nested"):
            taken(tmp_path, made)

    def test_text_that_is_no_text_is_refused_by_name(self, tmp_path: Path) -> None:
        raw = pa.array([b"\xff\xfe"], pa.binary())
        broken = pa.Array.from_buffers(pa.string(), 1, raw.buffers())
        for column in (raw, broken):
            made = parquet(tmp_path, {"transaction_id": column, "revenue": [1]})
            with pytest.raises(BadFile, match="'transaction_id' holds what cannot be told as text"):
                taken(tmp_path, made)

    def test_rows_are_numbered_through_the_whole_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("reconcile.importing.reading.parquet.ROWS", 7)
        ids = [f"lead-{n:04}" for n in range(50)]
        revenue = pa.array([1e12 if n == 33 else 1.5 for n in range(50)])
        made = parquet(tmp_path, {"transaction_id": ids, "revenue": revenue}, row_group_size=10)
        got = taken(tmp_path, made)
        assert got.column("line_no") == [n for n in range(1, 51) if n != 34]
        assert got.column("transaction_id") == [lead for lead in ids if lead != "lead-0033"]
        assert [reject[0] for reject in got.rejects] == [34]

    def test_columns_may_be_named_like_anything(self, tmp_path: Path) -> None:
        names = ["transaction_id", "revenue", "line_no", 'c"0', "", "line_no"]
        path = tmp_path / "made.parquet"
        pq.write_table(pa.Table.from_arrays([pa.array(["1"])] * len(names), names=names), path)
        got = taken(tmp_path, path.read_bytes())
        assert extra_of(got.rows[0]) == {
            "line_no": "1",
            'c"0': "1",
            "column 5": "1",
            "line_no (6)": "1",
        }

    def test_a_file_without_rows_is_one(self, tmp_path: Path) -> None:
        made = parquet(tmp_path, {"transaction_id": pa.array([], pa.string()), "revenue": []})
        assert taken(tmp_path, made).staged.line_classes == {"data": 0}

    def test_may_be_packed_as_a_whole(self, tmp_path: Path) -> None:
        made = parquet(tmp_path, {"transaction_id": IDS, "revenue": [1, 2]})
        assert taken(tmp_path, gzip.compress(made)).column("transaction_id") == IDS

    def test_a_damaged_file_is_refused_and_leaves_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("reconcile.importing.reading.parquet.ROWS", 100)
        ids = [f"lead-{n * 7919:09}" for n in range(5000)]
        whole = parquet(
            tmp_path,
            {"transaction_id": ids, "revenue": [1] * 5000},
            row_group_size=500,
            write_page_checksum=True,
        )
        middle = len(whole) // 2
        torn = whole[:middle] + b"\xaa" * 64 + whole[middle + 64 :]
        for name, bad in {"cut": whole[:-9], "torn": torn, "stub": b"PAR1"}.items():
            path = tmp_path / "file.csv"
            path.write_bytes(bad)
            with pytest.raises(BadFile, match="Parquet file is damaged or cut off"):
                stage_into(tmp_path / name, path)
            assert list((tmp_path / name).iterdir()) == []
