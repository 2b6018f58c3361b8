"""A test that is skipped or expected to fail turns the run red."""

from __future__ import annotations

from pathlib import Path

import pytest

CONFTEST = (Path(__file__).parent / "conftest.py").read_text(encoding="utf-8")

NOT_RUN = {
    "skip mark": "@pytest.mark.skip(reason='later')\ndef test_a(): pass",
    "skip call": "def test_a(): pytest.skip('later')",
    "skipif": "@pytest.mark.skipif(True, reason='later')\ndef test_a(): pass",
    "expected failure": "@pytest.mark.xfail\ndef test_a(): assert 0",
    "unexpected pass": "@pytest.mark.xfail(strict=False)\ndef test_a(): pass",
    "xfail call": "def test_a(): pytest.xfail('later')",
    "whole file": "pytest.skip('later', allow_module_level=True)",
    "missing library": "pytest.importorskip('no_such_library')",
}


@pytest.fixture
def run(pytester):
    """Return a function that runs one test file under this project's conftest."""

    def run_file(text):
        pytester.makeconftest(CONFTEST)
        pytester.makepyfile(f"import pytest\n{text}")
        # Playwright's plugin refuses to run inside itself.
        return pytester.runpytest_inprocess("-p", "no:playwright")

    return run_file


@pytest.mark.parametrize("text", NOT_RUN.values(), ids=NOT_RUN)
def test_what_does_not_run_fails(run, text):
    """Skips and expected failures of every spelling end in a failure or an error."""
    outcome = run(text)
    assert outcome.ret != 0
    outcome.stdout.fnmatch_lines("*this test did not run to a verdict*")


def test_what_runs_and_holds_passes(run):
    """The rule fails nothing else."""
    assert run("def test_a(): pass").ret == 0
