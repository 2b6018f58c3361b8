"""The parameters that runs usually have, kept in the folder of the warehouse for all to see.

They are a file like any that `--params` takes, without a period: `parameters.toml`. What a person
says for one run goes before it.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import tomli_w

from reconcile.errors import BadParameters
from reconcile.matching.parameters import parameters_of
from reconcile.terms import Kind
from reconcile.warehouse import Store

OF_ONE_RUN = ("date_from", "date_to", "watermark", "lead_cover", "event_cover", "claim_cover")
"""What speaks of times: it holds for the files and the period that it was said of, no others."""

_PERIOD = ("date_from", "date_to")
_ANY_PERIOD = {"date_from": "2026-01-01", "date_to": "2026-02-01"}
_DEFAULT_ZONE = "UTC"


def usual_file(store: Store) -> Path:
    """Return where the usual parameters are kept; give it to `--params`."""
    return store.home / "parameters.toml"


def usual_parameters(store: Store) -> dict[str, Any]:
    """Return the usual parameters that are kept, as TOML has them; none where nobody said any.

    Raises:
        BadParameters: The file cannot be read, or says what cannot be meant.
    """
    path = usual_file(store)
    try:
        kept = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadParameters(f"{path}: cannot be read ({error}). Mend it, or remove it.") from error
    _check(kept, str(path))
    return kept


def keep_usual(store: Store, values: Mapping[str, Any]) -> None:
    """Keep parameters as the usual ones; a period is of one run alone and is refused.

    Raises:
        BadParameters, UnknownZone: They do not make sense; what was kept before stays.
    """
    kept = {name: value for name, value in values.items() if value not in (None, "")}
    _check(kept, "the usual parameters")
    path = usual_file(store)
    part = path.with_suffix(".part")
    part.write_text(tomli_w.dumps(kept), encoding="utf-8")
    part.replace(path)


def forget_usual(store: Store) -> None:
    """Let runs be proposed what the newest one was asked again."""
    usual_file(store).unlink(missing_ok=True)


def _check(values: Mapping[str, Any], where: str) -> None:
    if set(values) & set(_PERIOD):
        raise BadParameters(f"{where}: the period is said for each run, not here.")
    parameters_of({"zone": _DEFAULT_ZONE, **values, **_ANY_PERIOD}, where)


def proposed_parameters(store: Store) -> dict[str, Any]:
    """Return what a next run would most likely be asked, for a person to change.

    Rules are the usual ones, else those of the newest run; the period is that of the newest run,
    else the month of the newest claim, or of the newest row if there is none. A run of which no
    batch counts any more is none; its watermark and cover are proposed only where it read all
    that is loaded. The values are those of `RunParameters`, as JSON has them.

    Raises:
        BadParameters: The usual parameters cannot be read.
    """
    newest = _newest(store)
    usual = usual_parameters(store)
    rules = newest if not usual else {name: newest.get(name) for name in ("zone", *OF_ONE_RUN)}
    # Aliases are the store's, and a run adds them by itself.
    proposed = {name: value for name, value in rules.items() if value and name != "alias"}
    first, end = _newest_month(store)
    period = {"date_from": str(first), "date_to": str(end)}
    return {"zone": _DEFAULT_ZONE, **period, **proposed, **usual}


def asked_parameters(
    proposed: Mapping[str, Any], said: Mapping[str, Any], *, shown: Collection[str]
) -> dict[str, Any]:
    """Return proposed parameters as a person has changed them.

    Args:
        proposed: As `proposed_parameters` has them.
        said: What the person says, the period always. In another period than the proposed one
            neither the watermark nor the cover of that one holds.
        shown: The names that the person was shown: one that is not in `said` was taken out.
    """
    asked = {name: value for name, value in proposed.items() if name not in shown} | dict(said)
    if any(asked[name] != proposed[name] for name in _PERIOD):
        gone = set(OF_ONE_RUN) - set(said)
        asked = {name: value for name, value in asked.items() if name not in gone}
    return asked


def _newest(store: Store) -> dict[str, Any]:
    """Return the parameters of the newest run that read anything which counts.

    That it was made for some buyers or campaigns alone says nothing of the next one.
    """
    loaded = {batch.id for batch in store.batches()}
    runs = [run for run in store.runs() if loaded.intersection(run.batch_ids)]
    if not runs:
        return {}
    found: dict[str, Any] = json.loads(runs[0].params_json)["parameters"]
    is_same = loaded == set(runs[0].batch_ids)
    gone = {"buyers", "campaigns"} if is_same else {"buyers", "campaigns", *OF_ONE_RUN} - {*_PERIOD}
    return {name: value for name, value in found.items() if name not in gone}


def _newest_month(store: Store) -> tuple[date, date]:
    batches = store.batches(Kind.CLAIM) or store.batches()
    last = max((b.last_at or b.imported_at for b in batches), default=None)
    first = (last.date() if last else date.today()).replace(day=1)  # noqa: DTZ011 - a proposal
    return first, (first + timedelta(days=31)).replace(day=1)
