"""Options that several commands share: where the store is, and the parameters of a run."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from reconcile.cli.printing import Format
from reconcile.errors import BadParameters
from reconcile.matching.parameters import RunParameters, load_parameters, parameters_of
from reconcile.warehouse import Store, open_store

Home = Annotated[
    Path | None,
    typer.Option(help="Folder of the warehouse; else RECONCILE_HOME, else ./data."),
]
RunId = Annotated[str | None, typer.Option("--run", help="A stored run; the newest by default.")]
Params = Annotated[
    Path | None, typer.Option("--params", help="TOML file of parameters; options given here win.")
]

MemoryLimit = Annotated[
    str | None,
    typer.Option(
        help="Memory to work with, like 512MB; else RECONCILE_MEMORY, else half of the machine's."
    ),
]

Form = Annotated[Format, typer.Option("--format", help="How to write the rows.")]
Out = Annotated[Path | None, typer.Option(help="File to write to instead of printing.")]


@contextmanager
def store_at(home: Path | None) -> typing.Iterator[Store]:
    """Open the store of a folder, and close it."""
    store = open_store(home)
    try:
        yield store
    finally:
        store.close()


def newest_run(store: Store, run_id: str | None) -> str:
    """Return a run's id, the newest one's if none is named.

    Raises:
        BadParameters: There is no run yet.
    """
    if run_id is not None:
        return store.run(run_id).id
    runs = store.runs()
    if not runs:
        raise BadParameters(
            "There is no run yet. Start one, for example: reconcile run --from 2026-11-01 "
            "--to 2026-12-01 --zone America/Los_Angeles."
        )
    return runs[0].id


@dataclass(frozen=True)
class Asked:
    """The options of a run as they were given; called, it makes the run's parameters of them."""

    options: dict[str, Any]

    @property
    def any(self) -> bool:
        """Return whether one was given at all."""
        return any(value not in (None, []) for value in self.options.values())

    def __call__(self) -> RunParameters:
        """Return the parameters.

        Raises:
            BadParameters: They do not make sense.
        """
        return _parameters(dict(self.options))


def run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command all parameters of a run as options, and the record made of them.

    The command gets them as its keyword `parameters`.
    """
    hints = typing.get_type_hints(command, include_extras=True)
    hints |= typing.get_type_hints(_run_options, include_extras=True)
    extra = inspect.signature(_run_options).parameters
    own = [p for p in inspect.signature(command).parameters.values() if p.name != "parameters"]

    @wraps(command)
    def wrapper(**given: Any) -> Any:
        asked = {name: given.pop(name) for name in extra}
        return command(**given, parameters=Asked(asked))

    wrapper.__dict__.pop("__wrapped__")
    wrapper.__annotations__ = hints
    signature = [p.replace(annotation=hints[p.name]) for p in (*own, *extra.values())]
    wrapper.__signature__ = inspect.Signature(signature)  # type: ignore[attr-defined]
    return wrapper


def _run_options(
    *,
    date_from: Annotated[
        str | None, typer.Option("--from", help="First local day, such as 2026-11-01.")
    ] = None,
    date_to: Annotated[
        str | None, typer.Option("--to", help="First local day after the period.")
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(
            help="Zone of the days, and of times that name none: America/Los_Angeles, PST."
        ),
    ] = None,
    params: Params = None,
    buyers: Annotated[
        list[str] | None, typer.Option("--buyers", help="Only this buyer; repeatable.")
    ] = None,
    campaigns: Annotated[
        list[str] | None, typer.Option("--campaigns", help="Only this campaign; repeatable.")
    ] = None,
    tolerance: Annotated[
        str | None, typer.Option(help="Difference still let pass, such as 0.01; 0 by default.")
    ] = None,
    tolerance_rel: Annotated[
        str | None, typer.Option(help="The same as a share of the event's amount, such as 0.005.")
    ] = None,
    grace_days: Annotated[
        int | None, typer.Option(help="Days a claim may follow its event; 0 by default.")
    ] = None,
    watermark: Annotated[
        str | None,
        typer.Option(help="Time up to which the reports speak, such as 2026-12-03T00:00Z."),
    ] = None,
    default_event: Annotated[
        str | None, typer.Option(help="Event of claims that name none.")
    ] = None,
    currency: Annotated[
        str | None, typer.Option(help="Currency of rows that name none, such as USD.")
    ] = None,
    pending_counts: Annotated[
        bool | None, typer.Option(help="Count pending claims as approved.")
    ] = None,
    margin_days: Annotated[
        int | None, typer.Option(help="Days around the period in which partners are found; 31.")
    ] = None,
    lookback_days: Annotated[
        int | None, typer.Option(help="Days before a row that lead exports must cover; 31.")
    ] = None,
    placeholder_limit: Annotated[
        int | None, typer.Option(help="An id on more rows than this identifies nothing; 100.")
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option(help="Meaning of a status word, such as 'good=approved'; repeatable."),
    ] = None,
    status_event: Annotated[
        list[str] | None,
        typer.Option(help="Event of a status word, such as 'funded=sale'; repeatable."),
    ] = None,
) -> None:
    """Hold the options; never called."""


def _parameters(asked: dict[str, Any]) -> RunParameters:
    path = asked.pop("params")
    given = {name: value for name, value in asked.items() if value not in (None, [])}
    for name in ("status", "status_event"):
        if name in given:
            given[name] = dict(_word(name, text) for text in given[name])
    return parameters_of(given, "options") if path is None else load_parameters(path, **given)


def moment(option: str, text: str) -> datetime:
    """Return a stated time as naive UTC.

    Raises:
        BadParameters: It is no time, or names no offset from UTC.
    """
    try:
        stated = datetime.fromisoformat(text)
    except ValueError:
        stated = None
    if stated is None or stated.tzinfo is None:
        raise BadParameters(
            f"{option} {text!r} is no time with its offset from UTC. "
            "Write it as 2026-12-03T09:00Z or 2026-12-03T01:00-08:00."
        )
    return stated.astimezone(UTC).replace(tzinfo=None)


def _word(name: str, text: str) -> tuple[str, str]:
    word, sign, meaning = text.partition("=")
    if not sign:
        raise BadParameters(f"--{name.replace('_', '-')} {text!r}: write it as word=meaning.")
    return word, meaning
