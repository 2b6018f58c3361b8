"""The pages say what the code says: tables, commands, names, parameters, links."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields

import pytest

import reconcile
from conftest import ROOT
from reconcile.importing.mapping import mappings
from reconcile.matching.parameters import RunParameters
from tools.docs_tables import commands, main, pages, rewritten, run_options, table

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *pages()]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# Hosts of packages, paths of one machine, and notes of a writer to himself.
FORBIDDEN = re.compile(
    r"(?<![\w.])/(?:work|root|home|Users|tmp)/|pypi\.|pythonhosted|index-url"
    r"|\b(?:TODO|FIXME|XXX|lorem)\b",
    re.IGNORECASE,
)


def text_of(name):
    """Return a page of docs/ as text."""
    return (ROOT / "docs" / name).read_text("utf-8")


def prose(text):
    """Return a page without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(text):
    """Return the anchors of a page's headings, as the forges make them."""
    headings = re.findall(r"^#+ (.*)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_table_is_in_step_with_the_code(path):
    """`python -m tools.docs_tables` would change nothing."""
    text = path.read_text("utf-8")
    assert rewritten(text) == text


def test_a_table_that_is_out_of_step_is_noticed():
    """A changed word in a table is put right, and the text around it is left alone."""
    text = f"before\n<!-- table: flags -->\n{table('flags')}<!-- end -->\nafter\n"
    assert rewritten(text.replace("The row names no amount.", "Old words.")) == text
    assert main(["--check"]) == 0


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_inside_the_project_resolves(path):
    """File and heading exist."""
    lost = []
    for link in LINK.findall(path.read_text("utf-8")):
        target, _, anchor = link.partition("#")
        if "://" in link:
            continue
        file = (path.parent / target) if target else path
        if not file.is_file() or (anchor and anchor not in anchors(file.read_text("utf-8"))):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_names_a_machine_or_a_registry(path):
    """What is written holds on every machine."""
    lines = path.read_text("utf-8").splitlines()
    assert [line for line in lines if FORBIDDEN.search(line)] == []


def test_every_page_is_reached_from_the_readme():
    """From it, or from the index that it names: nobody has to guess that a page exists."""
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "(docs/index.md)" in readme
    index = text_of("index.md")
    inside = [page.relative_to(ROOT / "docs").as_posix() for page in pages()]
    assert [name for name in inside if name != "index.md" and f"({name})" not in index] == []
    assert len(readme.splitlines()) <= 250


def test_every_command_is_described_with_an_example():
    """Each command has a section with its options and an example; no section is left over."""
    sections = dict(
        re.findall(r"^## ([\w-]+)\n(.*?)(?=^## |\Z)", text_of("command-line.md"), re.M | re.S)
    )
    assert list(sections) == list(commands())
    assert [n for n, text in sections.items() if f"reconcile {n}" not in text] == []
    assert [n for n, text in sections.items() if f"<!-- table: command {n} -->" not in text] == []


def test_every_option_of_every_command_is_described():
    """In the command's table, or, for parameters of a run, on their own page."""
    pool = text_of("command-line.md") + text_of("parameters.md")
    spelled = {o for c in commands().values() for p in c.params for o in p.opts if o[0] == "-"}
    assert sorted(option for option in spelled if f"`{option}" not in pool) == []


def test_no_example_uses_an_option_that_does_not_exist():
    """Each command line in a page is made of options its command has."""
    wrong = []
    for page in PAGES:
        blocks = "\n".join(re.findall(r"^```sh\n(.*?)^```", page.read_text("utf-8"), re.M | re.S))
        for line in blocks.replace("\\\n", " ").splitlines():
            words = line.split("#")[0].split()
            if words[:1] == ["reconcile"]:
                known = {
                    o for p in commands()[words[1]].params for o in (*p.opts, *p.secondary_opts)
                }
                wrong += [
                    f"{line}: {w}" for w in words[2:] if w.startswith("--") and w not in known
                ]
    assert wrong == []


def test_every_public_name_stands_in_an_example():
    """Each name of `reconcile.__all__` is used on the page, not only listed."""
    code = "\n".join(re.findall(r"^```python\n(.*?)^```", text_of("python-api.md"), re.M | re.S))
    assert [n for n in reconcile.__all__ if not re.search(rf"\b{n}\b", code)] == []


def test_every_parameter_is_described_with_its_option_and_default():
    """One line of the table for each field of RunParameters, in its order."""
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|", text_of("parameters.md"), re.M)
    described = {name: (option, default) for name, option, default in rows if name in run_options()}
    assert list(described) == [field.name for field in fields(RunParameters)]
    options = {p.name: p.opts[0] for p in commands()["run"].params}
    for name, (option, _) in described.items():
        assert option == (f"`{options[name]}`" if name in options else "only TOML")


def test_every_default_on_the_page_is_that_of_the_code():
    """Numbers and truth values are written as they are."""
    rows = re.findall(r"^\| `(\w+)` \| .*? \| (.*?) \|", text_of("parameters.md"), re.M)
    shown = dict(rows)
    for field in fields(RunParameters):
        if field.default is MISSING:
            assert shown[field.name] in ("needed", "`{}`")
        elif field.default is not None:
            assert shown[field.name] == str(field.default).lower()


def test_every_key_of_a_mapping_is_described():
    """All keys that `load_mapping` knows stand in the table of the page."""
    text = text_of("files.md")
    tables = [f"[{name}]" for name in mappings._TABLES if name != "alias"]
    listed = [key for key in mappings._KNOWN if key not in mappings._TABLES]
    listed += [*tables, "[alias.buyer]"]
    assert [key for key in listed if f"| `{key}` |" not in text] == []
