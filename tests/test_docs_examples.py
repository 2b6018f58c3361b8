"""The examples of the pages run, and print what the pages say they print."""

from __future__ import annotations

import re
import shlex
import shutil
import socket
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from reconcile import Kind, load_mapping, load_parameters, load_settings, open_store, rehearsing
from reconcile.cli import main
from reconcile.packing import pack_list
from reconcile.sandbox import Rules, Sandbox, running_sandbox

README = (ROOT / "README.md").read_text("utf-8")
DOCS = ROOT / "docs"


def blocks(text, language):
    """Return the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def section(title):
    """Return the text of one section of the README."""
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def lines_of(text):
    """Return the lines of a printed example, blanks evened out, without what was cut."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip("… ")]


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """Stand in a folder that has the sample, as a checkout does, with a store of its own."""
    (tmp_path / "data" / "tmp").mkdir(parents=True)
    (tmp_path / "data" / "sample").symlink_to(ROOT / "data" / "sample")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RECONCILE_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.fixture
def shell(checkout, monkeypatch, capsys):
    """Run one command line of a page; return its exit code and what it printed, blanks evened."""

    def run(line):
        words = [
            str(found)
            for word in shlex.split(line)[1:]
            for found in (sorted(Path().glob(word)) if "*" in word else [word])
        ]
        monkeypatch.setattr(sys, "argv", ["reconcile", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, lines_of("".join(capsys.readouterr()))

    return run


def commands_of(text):
    """Return the command lines of the shell blocks of a text, continued lines joined."""
    listed = "\n".join(blocks(text, "sh")).replace("\\\n", " ").splitlines()
    return [line for line in listed if line.startswith("reconcile ")]


def test_the_demo_prints_what_the_readme_shows(shell):
    """Every line of the shortened print stands in the whole one."""
    code, printed = shell("reconcile demo --no-open")
    assert code == 0
    assert [
        line for line in lines_of(blocks(section("Start"), "text")[0]) if line not in printed
    ] == []


def test_the_five_steps_close_the_gap(shell, checkout):
    """Import, settings, run, look, fire at a sandbox, import its export, run again."""
    sandbox = Sandbox(Rules())
    said = {}
    with running_sandbox(sandbox) as host:
        for line in commands_of(section("Six steps")):
            if line == "reconcile sandbox":
                continue
            if "data/tmp/sandbox.csv" in line:
                (checkout / "data/tmp/sandbox.csv").write_text(sandbox.export())
            code, said[line] = shell(line + (f" --host {host}" if line == "reconcile plan" else ""))
            assert code == (1 if line.startswith("reconcile run") else 0), said[line]
    explained = said["reconcile explain claims_acme.csv:33"]
    shown = lines_of(blocks(section("Six steps"), "text")[0])
    assert explained[: len(shown)] == shown
    assert "reconcile fire 1" in said
    assert len(sandbox.events) == 20
    assert (
        "Missing event 12 Re-fire the event."
        in said["reconcile run --params data/sample/params.toml"]
    )


def test_the_one_shot_comparison_writes_its_four_files(shell, checkout):
    """The command of the README works on the sample as it stands there."""
    code, printed = shell(commands_of(section("Compare files in one shot"))[0])
    assert (code, printed[-1].split(":")[1].strip()) == (1, "outputs/november/rows.csv")
    named = re.findall(r"^\| `([\w.]+)` \|", section("Compare files in one shot"), re.MULTILINE)
    assert sorted(path.name for path in (checkout / "outputs/november").iterdir()) == sorted(named)


def test_a_shop_of_ones_own_is_reconciled_as_shown(shell):
    """The files and mappings of the README give the bridge that stands below them."""
    tables, bridge = blocks(section("Your own files"), "text")
    pairs = [line.split() for line in tables.splitlines()]
    for column, name in enumerate(("order_items.csv", "payments.csv")):
        Path(name).write_text("".join(f"{pair[column]}\n" for pair in pairs))
    items, payments, _ = blocks(section("Your own files"), "toml")
    Path("items.toml").write_text(items)
    Path("payments.toml").write_text(payments)
    code, printed = shell(commands_of(section("Your own files"))[0])
    assert code == 1
    assert [line for line in lines_of(bridge) if line not in printed] == []


def test_the_python_examples_run_one_after_the_other(checkout):
    """The page of the Python API is a script that works."""
    names: dict[str, object] = {}
    for block in blocks((DOCS / "python-api.md").read_text("utf-8"), "python"):
        exec(compile(block, "python-api.md", "exec"), names)


def test_the_examples_in_toml_are_accepted(tmp_path):
    """A mapping, event settings and parameters, as the pages show them."""
    mapping, settings = blocks((DOCS / "files.md").read_text("utf-8"), "toml")
    (parameters,) = blocks((DOCS / "parameters.md").read_text("utf-8"), "toml")
    for name, text in (("m", mapping), ("s", settings), ("p", parameters)):
        (tmp_path / f"{name}.toml").write_text(text)
    assert load_mapping(tmp_path / "m.toml").kind is Kind.CLAIM
    assert load_settings(tmp_path / "s.toml")[0].event_id == "sale"
    assert load_parameters(tmp_path / "p.toml").grace_days == 3


# A page that is walked: what it begins with, its files (named by the line above), its commands,
# and what these print.
BEGINS = re.compile(r"<!-- begins with: (nothing|the sample) -->")
PART = re.compile(
    r"(?:^`(?P<file>[\w./-]+)`:\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```", re.M | re.S
)
WALKED = [path for path in sorted(DOCS.rglob("*.md")) if BEGINS.search(path.read_text("utf-8"))]
ENDS = {"asks": 4, "refused": 2, "findings": 1}
"""What the comment behind a command says of its exit code."""
FILE_COMMANDS = ("mkdir", "cp")
OF_THE_SYSTEM = ("make", "source", "export", "streamlit", "pip", "crontab", "systemctl")


def words_of(line, home):
    """Return the words of a command; BATCH and PACK stand for the newest of their kind."""
    if not {"BATCH", "PACK"} & {*line.split()}:
        return line
    with open_store(home) as store:
        newest = {"BATCH": store.batches()[-1].id if "BATCH" in line else ""}
        newest["PACK"] = pack_list(store)[0]["pack"] if "PACK" in line else ""
    return " ".join(newest.get(word, word) for word in line.split(" "))


@pytest.fixture
def own_sandbox(monkeypatch):
    """Let the default target be on a port of this test."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        host = f"http://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setattr(rehearsing, "SANDBOX", host)
    monkeypatch.setenv("RECONCILE_FIRING_HOST", host)
    return host


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.timeout(900)  # the tutorial alone is two dozen commands
@pytest.mark.parametrize("path", WALKED, ids=lambda path: path.stem)
def test_a_page_can_be_walked_from_its_first_command_to_its_last(
    path, shell, checkout, loaded_sample, own_sandbox
):
    """Its files are written, its commands run in its order, and print what stands below them."""
    text = path.read_text("utf-8")
    home = checkout / "home"
    if BEGINS.search(text)[1] == "the sample":
        shutil.copytree(loaded_sample, home)
    printed: list[str] = []
    for part in PART.finditer(text):
        if part["file"]:
            Path(part["file"]).parent.mkdir(parents=True, exist_ok=True)
            Path(part["file"]).write_text(part["text"], "utf-8")
        elif part["kind"] == "sh":
            printed = []
            for line in part["text"].replace("\\\n", " ").splitlines():
                printed += walked(line, shell, home)
        elif part["kind"] == "text":
            missing = [said for said in lines_of(part["text"]) if said not in printed]
            assert missing == [], printed


def walked(line, shell, home):
    """Do one line of a page and return what it prints."""
    command, _, comment = line.partition(" # ")
    first, *rest = shlex.split(command) or [""]
    if first == "mkdir":
        Path(rest[-1]).mkdir(parents=True, exist_ok=True)
    elif first == "cp":
        shutil.copy(*rest)
    if first != "reconcile":
        assert first in ("", *FILE_COMMANDS, *OF_THE_SYSTEM), f"nobody can run {line!r}"
        return []
    code, printed = shell(words_of(command, home))
    assert code == ENDS.get(comment.strip().partition(":")[0], 0), (line, printed)
    return printed
