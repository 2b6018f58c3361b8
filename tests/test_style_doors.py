"""Each engine, database and network has one door, and the package knows no dashboard."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from conftest import ROOT

PACKAGE = ROOT / "reconcile"
MODULES = sorted(PACKAGE.rglob("*.py"))

DOORS = {
    "duckdb": "engine/",
    "sqlite3": "state",
    "httpx": "firing/sender.py",
    "streamlit": None,
    "requests": None,
    "urllib.request": None,
    "http.client": None,
}


def imports(tree: ast.AST, *, type_checking: bool = False) -> list[str]:
    """Return the modules that a piece of code imports; those for types only are left out."""
    names: list[str] = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [node.module or ""]
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        names += imports(node)
    return names


def at_module_level(tree: ast.Module) -> list[str]:
    """Return what a module imports when it is itself imported."""
    outer = [n for n in tree.body if not isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return imports(ast.Module(body=outer, type_ignores=[]))


def is_of(name: str, library: str) -> bool:
    """Tell whether a dotted name is a library or part of it."""
    return name == library or name.startswith(f"{library}.")


@pytest.mark.parametrize("library", DOORS)
def test_one_door_each(library):
    """Nothing but the door imports the library, at the top or inside a function."""
    door = DOORS[library]
    through = [
        str(path.relative_to(PACKAGE))
        for path in MODULES
        if any(is_of(name, library) for name in imports(ast.parse(path.read_text("utf-8"))))
    ]
    assert [path for path in through if door is None or not path.startswith(door)] == []


def test_heavy_libraries_are_imported_where_they_are_used():
    """A module-level pandas or plotly would cost every command its start-up time."""
    heavy = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in MODULES
        for name in at_module_level(ast.parse(path.read_text("utf-8")))
        if is_of(name, "pandas") or is_of(name, "plotly.express")
    ]
    assert heavy == []


def test_tests_never_mock_an_engine():
    """A mocked DuckDB or httpx lets a wrong query or request pass."""
    mocked = re.compile(r"(patch|setattr)\(\s*[\"']?(duckdb|httpx|sqlite3)\b")
    found = [
        path.name
        for path in Path(__file__).parent.glob("*.py")
        if mocked.search(path.read_text("utf-8"))
    ]
    assert found == []
