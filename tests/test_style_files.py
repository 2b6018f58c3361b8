"""What is committed names no machine and no registry, and holds no leftovers."""

from __future__ import annotations

import re
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from conftest import ROOT

BINARY = {".parquet", ".xlsx", ".png", ".gz", ".zip", ".sqlite", ".pdf", ".ico", ".woff2"}
# Each pattern is written so that it does not find itself.
MACHINE = re.compile(
    r"(?<![\w.])/(?:work|root|home|Users|tmp)/[\w.]"
    r"|\b[A-Z]:\\Users\\"
    r"|pypi\.(?:org|python)|files\.pythonhosted|(?:extra-)?index[-_]url\s*[=: ]\s*\w+:"
    r"|--(?:extra-)?index-url|trusted-host|find[-]links\s+\S*[/:]",
)
LEFTOVER = re.compile(r"^(?:<{7}|>{7}|={7}$)|\b(?:breakpoint\(\)|pdb\.set_trace)", re.MULTILINE)


def tracked() -> list[Path]:
    """Return the committed text files that exist in the work tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix not in BINARY]


def hits(pattern: re.Pattern[str]) -> list[str]:
    """Return where a pattern is found, as file:line."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in tracked()
        if path != Path(__file__)
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_nothing_names_a_machine_or_a_registry():
    """A path or host of one machine breaks on every other."""
    assert hits(MACHINE) == []


def test_nothing_is_left_over():
    """No merge marker and no breakpoint is committed."""
    assert hits(LEFTOVER) == []


@pytest.mark.parametrize(
    "line",
    [
        "see /work/main/x",
        "open('/root/.config')",
        "--index-url https://host",
        "extra-index-url = http://host",
        "https://pypi.org/simple",
        "C:\\Users\\me",
    ],
)
def test_a_machine_is_recognised(line):
    """Each form of a machine's path or a registry's address is found."""
    assert MACHINE.search(line)


def test_pins_hold_nothing_but_names_and_versions():
    """The pins install from whatever index the reader uses."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pin = re.compile(r"[a-z0-9-]+==[\w.]+( ; [\w .'=<>!]+)?$")
    assert [line for line in lines if not line.startswith("#") and not pin.match(line)] == []
    assert [line for line in lines if line.startswith("#") and re.search(r"[/:]\S", line)] == []


def test_every_direct_dependency_is_pinned():
    """What pyproject.toml asks for, extras included, is in constraints.txt."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = chain(project["dependencies"], *project["optional-dependencies"].values())
    names = {re.split(r"[<>=!~ ;\[]", line)[0] for line in wanted}
    pins = {line.split("==")[0] for line in (ROOT / "constraints.txt").read_text().splitlines()}
    assert names - pins == set()
