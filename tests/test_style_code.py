"""Files and functions stay small, public ones are documented, and SQL stays out of Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from conftest import ROOT

PACKAGE = sorted((ROOT / "reconcile").rglob("*.py"))
SHELL = [*ROOT.glob("app.py"), *sorted((ROOT / "views").rglob("*.py"))]
CODE = [*PACKAGE, *SHELL, *sorted((ROOT / "tools").rglob("*.py"))]
TESTS = sorted((ROOT / "tests").rglob("*.py"))

MAX_FILE = 400
MAX_FUNCTION = 60
# A test's reference implementation or generator may be one long story.
MAX_TEST_FILE = 800
# A test's name of so many words is a sentence.
MIN_WORDS = 4

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path):
    """Return a path as the project sees it."""
    return str(path.relative_to(ROOT))


def functions(tree: ast.AST) -> Iterator[Function]:
    """Yield all functions of a module, methods and inner ones included."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def body_length(function: Function) -> int:
    """Return a function's lines without its signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def public(tree: ast.Module) -> Iterator[ast.Module | ast.ClassDef | Function]:
    """Yield a module and its public classes, functions and methods."""
    yield tree
    for node in tree.body:
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
            yield node
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            inner = (child for child in node.body if isinstance(child, Function))
            yield from (child for child in inner if not child.name.startswith("_"))


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_files_and_functions_stay_small(path):
    """A file fits the head, a function the screen."""
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= MAX_FILE
    assert [f.name for f in functions(ast.parse(text)) if body_length(f) > MAX_FUNCTION] == []


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_what_is_public_is_documented(path):
    """Each module, class, function and method that others may use says what it does."""
    tree = ast.parse(path.read_text("utf-8"))
    bare = [
        getattr(node, "name", path.name) for node in public(tree) if not ast.get_docstring(node)
    ]
    assert bare == []


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_every_test_has_its_sentence(path):
    """A test says what holds, by its name or below it; its file stays readable."""
    text = path.read_text("utf-8")
    tests = [f for f in functions(ast.parse(text)) if f.name.startswith("test_")]
    mute = [f.name for f in tests if f.name.count("_") < MIN_WORDS and not ast.get_docstring(f)]
    assert mute == []
    assert len(text.splitlines()) <= MAX_TEST_FILE


# The start of a statement in a string. Prose that opens with such a word has no second one.
STATEMENT = re.compile(
    r"\s*(select\b.+\bfrom\b|with\s+\w+\s+as\s*\(|insert\s+into\b|update\s+\w+\s+set\b|delete\s+from\b"
    r"|create\s+(or\s+replace\s+)?(temp\s+)?(table|view|macro|index)\b|drop\s+(table|view)\b"
    r"|copy\b.+\bto\b|pragma\s+\w+|attach\s+['\"])",
    re.IGNORECASE | re.DOTALL,
)
# The adapter's few words around a question (`create or replace table x as`) are its job.
ADAPTER = "reconcile/engine/duckdb.py"


def strings(tree: ast.AST) -> Iterator[str]:
    """Yield the texts of a module without docstrings; a hole of an f-string reads as `x`."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | Function)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    parts = {id(v) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for v in n.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(v.value if isinstance(v, ast.Constant) else "x" for v in node.values)
        elif isinstance(node, ast.Constant) and id(node) not in docstrings | parts:
            yield node.value if isinstance(node.value, str) else ""


@pytest.mark.parametrize("path", [*PACKAGE, *SHELL], ids=name_of)
def test_sql_lives_in_its_own_files(path):
    """No statement is written in Python, whole or put together."""
    if name_of(path) == ADAPTER:
        return
    found = [text for text in strings(ast.parse(path.read_text("utf-8"))) if STATEMENT.match(text)]
    assert found == []
