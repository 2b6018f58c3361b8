"""Write the tables of docs/*.md that the code knows better than any writer.

    python -m tools.docs_tables            writes them anew
    python -m tools.docs_tables --check    names the pages that are out of step, and fails

A table stands between `<!-- table: NAME -->` and `<!-- end -->`; everything else of a page is left
as it is. Names are those of `TABLES`, and `command NAME` for the options of one command.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import itertools
import json
import re
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import typer

import reconcile
from reconcile import errors
from reconcile.cli import app
from reconcile.firing.settings import Caps, FiringSettings
from reconcile.firing.states import Blocked, PostbackState
from reconcile.importing.fields import FIELDS, OTHER_NAMES, fold
from reconcile.importing.mapping.dictionary import PINGTREE, dictionary
from reconcile.matching.parameters import RunParameters
from reconcile.terms import (
    STATUS_WORDS,
    Action,
    ClaimStatus,
    EventSetting,
    FindingState,
    Flag,
    LeftOut,
    Meaningful,
    RowClass,
)

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"

_TABLE = re.compile(r"(<!-- table: (?P<name>[^>]+?) -->\n).*?(<!-- end -->)", re.DOTALL)
# Options of every command, told once on the page.
_EVERYWHERE = ("home", "help")


def pages() -> list[Path]:
    """Return the pages that may hold tables."""
    return sorted(DOCS.rglob("*.md"))


def rewritten(text: str) -> str:
    """Return a page with all its tables made anew.

    Raises:
        KeyError: The page asks for a table that does not exist.
    """
    return _TABLE.sub(lambda hole: f"{hole[1]}{table(hole['name'])}{hole[3]}", text)


def table(name: str) -> str:
    """Return one table as Markdown lines.

    Raises:
        KeyError: There is no table or command of that name.
    """
    kind, _, command = name.partition(" ")
    if kind == "command":
        return _options(commands()[command])
    return TABLES[name]()


def commands() -> dict[str, Any]:
    """Return the commands of the command line by name, in the order of its help."""
    found: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    return found


def spelled(option: Any) -> str:
    """Return how an option or argument is written."""
    if option.param_type_name == "argument":
        return f"`{option.name.upper()}`"
    return " / ".join(f"`{text}`" for text in (*option.opts, *option.secondary_opts))


def run_options() -> set[str]:
    """Return the names of options that are parameters of a run, and `--params`."""
    return {*inspect.signature(RunParameters).parameters, "params"}


def _rows(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def _options(command: Any) -> str:
    hidden = {*_EVERYWHERE, *(run_options() if command.name in ("run", "compare") else ())}
    rows = [
        (spelled(one), one.help or "", _default(one))
        for one in command.params
        if one.name not in hidden
    ]
    return _rows(("option", "meaning", "default"), rows) if rows else "It has no options.\n"


def _default(option: Any) -> str:
    if option.required:
        return "required"
    if option.default in (None, False, ()):
        return ""
    return "yes" if option.default is True else f"`{option.default}`"


def _commands() -> str:
    rows = [(f"[`{name}`](#{name})", _first_line_of_help(one)) for name, one in commands().items()]
    return _rows(("command", "what it does"), rows)


def _first_line_of_help(command: Any) -> str:
    return str(command.help).partition("\n")[0]


def _classes() -> str:
    rows = [
        (f"`{one}`", one.label, one.meaning, "yes" if one.is_finding else "", one.next_step)
        for one in RowClass
    ]
    return _rows(("class", "on screen", "meaning", "finding", "next step"), rows)


def _states() -> str:
    rows = [(f"`{one}`", one.meaning, one.next_step) for one in PostbackState]
    return _rows(("state", "meaning", "next step"), rows)


def _meanings(title: str, words: Iterable[Meaningful]) -> Callable[[], str]:
    rows = [(f"`{one}`", one.meaning) for one in words]
    return lambda: _rows((title, "meaning"), rows)


def _statuses() -> str:
    words = {one: [word for word, to in STATUS_WORDS.items() if to is one] for one in ClaimStatus}
    return _rows(("status", "words"), ((f"`{one}`", ", ".join(of)) for one, of in words.items()))


def _fields() -> str:
    """Return our fields by kind, with the other headers that always mean them."""
    others = {
        **dictionary().fields[PINGTREE],
        **{fold(name): to for name, to in OTHER_NAMES.items()},
    }
    every = dict.fromkeys(field for fields in FIELDS.values() for field in fields)
    alike: dict[tuple[str, str], list[str]] = {}
    for field in every:
        kinds = [f"{kind}s" for kind, fields in FIELDS.items() if field in fields]
        named = [word for word, to in others.items() if to == field and word != fold(field)]
        key = "all" if len(kinds) == len(FIELDS) else ", ".join(kinds), ", ".join(sorted(named))
        alike.setdefault(key, []).append(f"`{field}`")
    rows = [(", ".join(fields), kinds, named) for (kinds, named), fields in alike.items()]
    return _rows(("field", "files of", "also"), rows)


def _ambiguous() -> str:
    rows = [
        (f"`{word}`", "; ".join(f"{m.meaning} ({', '.join(m.platforms)})" for m in meanings))
        for word, meanings in dictionary().ambiguous.items()
    ]
    return _rows(("header", "what it can mean"), rows)


def _api() -> str:
    names = sorted(reconcile.__all__, key=str.lower)
    rows = [(f"`{name}`", _first_line(getattr(reconcile, name))) for name in names]
    return _rows(("name", "what it is"), rows)


def _errors() -> str:
    found = [one for _, one in inspect.getmembers(errors, inspect.isclass)]
    own = [one for one in found if issubclass(one, errors.ReconcileError)]
    rows = [(f"`{one.__name__}`", _first_line(one), one.exit_code) for one in own]
    return _rows(("error", "meaning", "exit code"), rows)


def _funnel_cases() -> str:
    """Return what a funnel makes of one lead, as the tests prove it case by case."""
    text = (ROOT / "tests" / "data" / "funnel_cases.toml").read_text("utf-8")
    rows = [
        (one["says"], _code(one.get("set", "")), one["rows"], one["reached"] or "in no step")
        for one in tomllib.loads(text)["case"]
    ]
    return _rows(("rule", "the definition says", "rows of the lead", "counts in"), rows)


def _said_of(of: type) -> Callable[[], str]:
    """Return a table of the fields of a dataclass: name, default, and the text below each."""

    def told() -> str:
        body = ast.parse(textwrap.dedent(inspect.getsource(of))).body[0]
        parts = body.body if isinstance(body, ast.ClassDef) else []
        texts: dict[str, str] = {}
        for one, after in itertools.pairwise([*parts, ast.Pass()]):
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                below = after.value if isinstance(after, ast.Expr) else None
                text = (
                    below.value
                    if isinstance(below, ast.Constant)
                    else _PLAIN.get(one.target.id, "")
                )
                texts[one.target.id] = str(text)
        return _rows(
            ("key", "default", "meaning"),
            (
                (f"`{one.name}`", _unset(one), texts[one.name])
                for one in dataclasses.fields(of)
                if one.default_factory is dataclasses.MISSING  # a table of its own
            ),
        )

    return told


# Fields whose name says it in the code, and a reader of the page needs in words.
_PLAIN = {
    "campaign_id": "The campaign.",
    "event_id": "The event, as postbacks and exports name it.",
    "name": "What it is called.",
    "is_conversion": "Whether it is reconciled: yes, no or unknown.",
    "allows_duplicates": "Whether it may repeat for one lead (Multi-Trigger): yes, no or unknown.",
    "position": "Its place in the campaign's funnel, a whole number.",
    "lanes_dedupe": "Postbacks under way at a time, where a second sending does no harm.",
    "lanes_once": "The same, where it could.",
    "plan_count": "Postbacks of a plan.",
    "plan_revenue": "Revenue of a plan.",
    "campaign_count": "Postbacks of a campaign in a plan.",
    "campaign_revenue": "Revenue of a campaign in a plan.",
    "day_count": "Postbacks of a day of UTC, over all plans.",
    "day_revenue": "Revenue of a day of UTC, over all plans.",
}


def _unset(field: dataclasses.Field[Any]) -> str:
    if field.default is dataclasses.MISSING:
        return "needed"
    if field.default in (None, ()):
        return "none"
    value = str(field.default)
    return f"`{value.lower() if isinstance(field.default, bool) else value}`"


def _verdict_examples() -> str:
    """Return one example for each class, as a test loads it and holds it against the program."""
    text = (ROOT / "tests" / "data" / "verdict_examples.toml").read_text("utf-8")
    rows = []
    for one in tomllib.loads(text)["example"]:
        events, claims = (
            "<br>".join(_example_row(row, one) for row in one.get(side, ()))
            for side in ("event", "claim")
        )
        verdict = RowClass(one["class"])
        rows.append((f"**{verdict.label}**<br>{one['says']}", events, claims, one["why"]))
    return _rows(("class, and what happened", "event", "claim", "`reconcile explain` says"), rows)


def _example_row(row: dict[str, str], example: dict[str, Any]) -> str:
    """Return what a row of an example says that is out of the ordinary, and its amount and day."""
    month, _, day = row["day"].rpartition("-")
    when = f"{int(day)} {'Oct' if month == '10' else 'Nov'}"
    named = row.get("id", example.get("id"))
    said = [row.get("event", "sale"), row["revenue"], when, row.get("status", "")]
    apart = [f"id `{named}`" if named else ""]
    apart += [f"{key} {example[key]}" for key in ("buyer", "campaign") if key in example]
    return ", ".join(filter(None, [" ".join(filter(None, said)), *apart]))


def _code(text: str) -> str:
    """Return the choices of a definition, and which steps are out of the ordinary."""
    data = tomllib.loads(text)
    said = [f"`{key} = {json.dumps(value)}`" for key, value in data.items() if key != "step"]
    for step in data.get("step", ()):
        extra = [f"{k} = {json.dumps(v)}" for k, v in step.items() if k not in ("name", "events")]
        if extra or len(step["events"]) > 1:
            listed = " or ".join(step["events"])
            said.append(f"{listed}: `{', '.join(extra)}`" if extra else f"one step of {listed}")
    return ", ".join(said)


TABLES: dict[str, Callable[[], str]] = {
    "actions": _meanings("decision", Action),
    "ambiguous headers": _ambiguous,
    "blocked": _meanings("reason", Blocked),
    "classes": _classes,
    "commands": _commands,
    "errors": _errors,
    "event settings": _said_of(EventSetting),
    "fields": _fields,
    "firing caps": _said_of(Caps),
    "firing settings": _said_of(FiringSettings),
    "finding states": _meanings("state", FindingState),
    "funnel cases": _funnel_cases,
    "flags": _meanings("flag", Flag),
    "left out": _meanings("reason", LeftOut),
    "public names": _api,
    "states": _states,
    "status words": _statuses,
    "verdict examples": _verdict_examples,
}


def main(arguments: Sequence[str]) -> int:
    """Write the tables anew, or only say which pages are out of step."""
    stale = [
        page for page in pages() if rewritten(page.read_text("utf-8")) != page.read_text("utf-8")
    ]
    for page in stale:
        if "--check" in arguments:
            print(f"{page.relative_to(ROOT)}: run python -m tools.docs_tables")
        else:
            page.write_text(rewritten(page.read_text("utf-8")), encoding="utf-8", newline="\n")
            print(f"{page.relative_to(ROOT)}: written")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
