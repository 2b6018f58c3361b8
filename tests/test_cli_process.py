"""The command line as a process: exit codes, clean pipes, whole lines, help with examples."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import reconcile.cli
from cli_help import CLAIMS, PERIOD, Ran, assert_refused, call, month, write
from conftest import ROOT


def process(*arguments: object, **environment: str) -> Ran:
    """Run `python -m reconcile …` with its output in pipes."""
    done = subprocess.run(
        [sys.executable, "-m", "reconcile", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def test_a_process_ends_in_the_code_and_says_nothing_else(tmp_path, home):
    """No progress in a pipe; a mistake is one paragraph on the error stream."""
    options = month(tmp_path)
    done = process("compare", *options, *PERIOD, "--out", tmp_path / "out")
    assert (done.code, done.err) == (1, "")
    assert "3 findings" in done.out
    assert_refused(process("compare", "--nope"), "--nope")


def test_nothing_is_cut_in_a_pipe_and_json_is_clean(tmp_path, home):
    """An id of 500 letters comes through, as does one that the encoding cannot say."""
    long_id = "x" * 500
    claims = CLAIMS.replace("t3", long_id).replace("t4", "tü")
    call("import", write(tmp_path, "c.csv", claims), "--kind", "claim", "--sender", "net")
    call("run", *PERIOD)
    table = process("findings", PYTHONIOENCODING="ascii")
    assert (table.code, table.err) == (0, "")
    assert f" {long_id} " in table.out
    assert "t\\xfc" in table.out
    plain = process("findings", "--format", "json")
    assert {row["transaction_id"] for row in json.loads(plain.out)} == {"t1", long_id, "tü"}
    assert plain.err == ""


def test_a_program_gets_all_findings(tmp_path, home):
    """Only a screen stops at fifty."""
    header, first, *_ = CLAIMS.splitlines(keepends=True)
    lines = "".join(first.replace("t1", f"m{n}") for n in range(120))
    call("import", write(tmp_path, "c.csv", header + lines), "--kind", "claim", "--sender", "net")
    call("run", *PERIOD)
    assert len(call("findings", "--format", "json").rows) == 120
    assert len(call("findings", "--format", "csv", "--limit", "7").out.splitlines()) == 8


COMMANDS = [command.name for command in reconcile.cli.app.registered_commands]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_of_itself(command):
    """Nobody has to guess how a command is written."""
    ran = call(command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert "Example" in ran.out
    assert f"reconcile {command}" in ran.out.partition("Example")[2]


def test_without_a_command_the_commands_are_listed():
    """Exit code 2: nothing was asked."""
    ran = call()
    assert ran.code == 2
    for command in COMMANDS:
        assert command in ran.out
    assert ran.err == ""
    assert_refused(call("reconcil"), "reconcil")


def test_a_fault_of_ours_ends_in_two_and_not_in_findings(home, monkeypatch):
    """Python's own exit code of 1 would say that something was found."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("first line\nsecond line")

    monkeypatch.setattr("reconcile.cli.options.open_store", broken)
    ran = call("batches")
    assert ran.code == 2
    assert ran.err.startswith("ZeroDivisionError: first line")
    assert "second" not in ran.err
    monkeypatch.setenv("RECONCILE_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        call("batches")


def test_an_interrupted_command_says_so(home, monkeypatch):
    """As a shell expects it: exit code 130."""

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reconcile.cli.options.open_store", stopped)
    assert call("batches").code == 130


@pytest.mark.parametrize("error", [OSError(28, "No space left on device", "x.parquet")])
def test_a_full_disk_is_told_in_the_systems_own_words(home, monkeypatch, error):
    """With the file it was met at."""

    def full(*_: object) -> None:
        raise error

    monkeypatch.setattr("reconcile.cli.options.open_store", full)
    assert_refused(call("batches"), "x.parquet: No space left on device")
