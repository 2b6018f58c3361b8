"""A file that is read in many chunks gives what it gives in one."""

from __future__ import annotations

import gc
import gzip
import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importing_help import read, read_path
from reconcile.engine import Engine
from reconcile.errors import BadFile, QuestionOpen
from reconcile.importing import StageOptions, gather, stage
from reconcile.importing.opening import chunks, lines
from reconcile.importing.values import typed
from reconcile.terms import Kind

HEAD = "transaction_id,status,revenue\n"

LINE = st.sampled_from(
    [
        *(
            "t1,ok,1.5",
            "t2,ok,",
            "12,ok,7",
            "n/a,ok,2",
            " t3 ,ok,-",
            "1.23E+15,ok,1",
            "t4,ok,1.23.4",
        ),
        *(
            '"t5",ok,"1,000.50"',
            't6,"two\nlines",3',
            't7,"four\n\n\nlines",3',
            't8,"open,1',
            't9,a"b,2',
        ),
        *(
            '"u1", "ok",1',
            "u2,ok",
            "u3,ok,1,2",
            "",
            "Total,,9",
            ",Total,9",
            "transaction_id,status,revenue",
        ),
        *(
            " v1,ok,1",
            "v2, ok,1",
            "v3,ok ,1",
            "v4,ok,1 ",
            "v5,ok,€ 0.50",
            "v6,\u200bok,3",
            "v7,b c,1",
        ),
        *("u4\u00a0,ok,5", "ué,ok,5", "u5,ok,6\r", "u6,a\rb,7", '"', '""', 'u7,"x,\n"y,1'),
    ]
)


# The first chunk alone does not show what a column holds.
TRUSTED = 'trust = ["transaction_id", "status", "revenue"]\n'

QUOTELESS = LINE.filter(lambda line: '"' not in line and line.count(",") == 2 and "\r" not in line)


def small_chunks(patch: pytest.MonkeyPatch, size: int, *, few: int = 1) -> None:
    """Type two chunks of few bytes at once; let a record be few lines, any number of lines few."""
    patch.setenv("RECONCILE_THREADS", "2")
    patch.setattr(chunks, "CHUNK", size)
    patch.setattr(chunks, "MOST_LINES", 5)
    patch.setattr(lines, "MOST_LINES", 5)
    patch.setattr(chunks, "FEW", few)
    patch.setattr(typed, "FEW", few)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(LINE, max_size=20) | st.lists(QUOTELESS, max_size=20), st.integers(1, 200))
def test_seams_change_nothing(tmp_path_factory, text_lines, size):
    """Quotes, blank lines and odd rows may lie on both sides of a seam, or across it."""
    folder = tmp_path_factory.mktemp("seams")
    text = HEAD + "".join(f"{line}\n" for line in text_lines)
    found = []
    for limit, few in ((1 << 20, 1 << 20), (1 << 20, 1), (size, 1)):
        with pytest.MonkeyPatch.context() as patch:
            small_chunks(patch, limit, few=few)
            try:
                got = read(folder, text.encode(), canonical_headers=True, mapping=TRUSTED)
            except (QuestionOpen, BadFile) as error:
                found.append(str(error))
            else:
                found.append((got.rows, sorted(got.rejects, key=str), got.staged.line_classes))
    assert found[0] == found[1] == found[2]


@pytest.mark.usefixtures("all_cores")
def test_a_large_file_is_written_in_parts(tmp_path, monkeypatch):
    """The parts together are the rows; the view holds them beside those of small files."""
    monkeypatch.setattr(chunks, "CHUNK", 1 << 21)
    path = tmp_path / "large.csv"
    text = HEAD + "".join(f"line{number},{'x' * 90},1.5\n" for number in range(2, 400_002))
    path.write_text(text)
    folder = tmp_path / "parts"
    folder.mkdir()
    engine = Engine()
    steps = []
    options = StageOptions(folder=folder, to_keep=False)
    staged = stage(
        engine, path, kind=Kind.CLAIM, options=options, progress=lambda *done: steps.append(done)
    )
    small = tmp_path / "small.csv"
    small.write_text(HEAD + "s1,ok,2\n")
    few = stage(engine, small, kind=Kind.CLAIM, options=StageOptions(file_no=2))
    gather(engine, [staged, few])
    count, wrong = engine._con.execute(
        "select count(*), count(*) filter (transaction_id <> 'line' || line_no) from claim"
    ).fetchone()
    assert (count, wrong, few.parts) == (400_001, 1, ())
    assert staged.parts == tuple(sorted(folder.iterdir()))
    assert len(staged.parts) > 1
    assert staged.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert steps == sorted(steps)
    assert steps[-1] == (path.stat().st_size, path.stat().st_size)
    engine.close()


def test_a_fault_far_down_is_found_and_leaves_nothing(tmp_path, monkeypatch):
    """The last line is no text: nothing of the lines above it stays behind."""
    small_chunks(monkeypatch, 200)
    path = tmp_path / "file.csv"
    path.write_bytes(HEAD.encode() + b"t1,ok,1.5\n" * 100 + b"t2,\0,1\n")
    folder = tmp_path / "parts"
    folder.mkdir()
    engine = Engine()
    with pytest.raises(BadFile, match="line 102 holds NUL"):
        stage(engine, path, kind=Kind.CLAIM, options=StageOptions(folder=folder))
    assert list(folder.iterdir()) == []
    assert engine._con.execute("show tables").fetchall() == []


def test_what_only_a_late_line_tells_counts(tmp_path, monkeypatch):
    """The encoding, an amount that settles the decimal mark, a time without a zone."""
    small_chunks(monkeypatch, 200)
    late = HEAD + "t1,ok,1.234\n" * 100
    with pytest.raises(QuestionOpen, match="line 2"):
        read(tmp_path, late)
    assert read(tmp_path, late + "t2,ok,0.5\n").staged.rows == 101
    odd = read(tmp_path, (late + "t2,ok\u00e9,0.5\n").encode("cp1252"))
    assert (odd.staged.encoding, odd.staged.rows) == ("cp1252", 101)
    assert odd.rows[-1]["status"] == "ok\u00e9"
    timed = "transaction_id,status,revenue,conversion_date,time_zone\n"
    timed += "t1,ok,1.5,2025-10-01 10:00,PST\n" * 50 + "t2,ok,1.5,2025-10-01 10:00,\n"
    with pytest.raises(QuestionOpen, match="zone"):
        read(tmp_path, timed, zone=None, canonical_headers=True)


def test_a_packed_file_is_read_in_chunks(tmp_path, monkeypatch):
    """Its hash is that of the bytes given; a cut one is refused."""
    small_chunks(monkeypatch, 200)
    path = tmp_path / "file.csv"
    packed = gzip.compress((HEAD + "t1,ok,1.5\n" * 500).encode())
    path.write_bytes(packed)
    got = read_path(path, zone="UTC")
    assert (got.staged.rows, got.staged.sha256) == (500, hashlib.sha256(packed).hexdigest())
    path.write_bytes(packed[:-9])
    with pytest.raises(BadFile, match="damaged or cut off"):
        read_path(path, zone="UTC")


def test_no_text_of_a_file_stays_in_memory_once_it_is_read(tmp_path, monkeypatch):
    """Odd lines wait for a second look; their chunks are freed without the collector."""
    small_chunks(monkeypatch, 200, few=1)
    rows = "".join(f"t{n},ok,1.50\n" + f"u{n}, ok,€ 2.50\n" * (n % 9 == 0) for n in range(60))
    gc.collect()
    gc.disable()
    try:
        got = read(tmp_path, HEAD + rows, mapping=TRUSTED)
        left = [one for one in gc.get_objects() if isinstance(one, chunks.Chunk)]
    finally:
        gc.enable()
    assert len(got.rows) == 67
    assert left == []
