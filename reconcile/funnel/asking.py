"""Questions asked of the fact table of a funnel; `funnel` says what their answers look like."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from reconcile.engine import Engine
from reconcile.errors import BadFunnel
from reconcile.funnel.definition import Exclusion, FunnelDefinition
from reconcile.funnel.facts import COHORTS, limit_of, step_values
from reconcile.funnel.slicing import OTHER, Record, folded, key_of, named, shown_slices
from reconcile.funnel.view import AS_DEFINED, PLAIN, FunnelView
from reconcile.funnel.worth import ratios, worth_of

EVERY_LEAD = 2**62
_HOUR, _DAY = 3_600, 86_400
BARS = (
    *(0, 60, 300, 900, _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR),
    *(_DAY, 2 * _DAY, 3 * _DAY, 7 * _DAY, 14 * _DAY, 30 * _DAY, 60 * _DAY, 90 * _DAY),
)
"""Seconds at which the bars of a histogram begin by default."""

_TRACKED = {
    "funnel_fact": "funnel/tracked",
    "funnel_several": "funnel/tracked_several",
    "funnel_more": "funnel/tracked_more",
}


class Funnel:
    """A funnel whose fact table is built; every question is asked of that table.

    `as_of` is the data's end, naive UTC: what happened later is not known. None if there is no row.
    """

    def __init__(
        self,
        engine: Engine,
        definition: FunnelDefinition,
        as_of: datetime | None,
        *,
        with_findings: bool = False,
    ) -> None:
        self.definition = definition
        self.as_of = as_of
        self.with_findings = with_findings
        self._engine = engine
        self._at: tuple[int, bool] | None = None
        self._columns = {*engine.columns("funnel_fact"), *COHORTS}

    def counts(self, view: FunnelView = PLAIN) -> list[Record]:
        """Count the leads that reached each step, per slice.

        Series of a breakdown add up to the whole at every step.
        """
        size = len(self.definition.names)
        numbers = ("n1", *(f"n{number}" for number in range(2, size + 1)), "young")
        kept = folded(self._asked("counts", size, view), numbers, view)
        return [
            record
            for key, found in kept.items()
            for record in self._step_counts(named(key, view), found)
        ]

    def times(self, view: FunnelView = PLAIN) -> list[Record]:
        """Say how long leads took to reach each step from 2 on, per slice.

        Percentiles do not add up, so that all values beyond `most` are left out.
        """
        names = self.definition.names
        rows = self._asked("times", len(names), view)
        kept = folded([row | {"n1": row["leads"]} for row in rows], ("n1",), view)
        return [
            named(key, view) | {"step": number, "name": name} | _took(row, number)
            for key, row in kept.items()
            if key != OTHER
            for number, name in enumerate(names[1:], 2)
            if row.get(f"reached{number}")
        ]

    def histogram(
        self, step: int, view: FunnelView = PLAIN, *, bars: Iterable[int] = BARS
    ) -> list[Record]:
        """Count the leads by the seconds they took to reach a step.

        The bars begin at the seconds of `bars`; the last ends with the lead that took longest.

        Raises:
            BadFunnel: There is no such step.
        """
        self._check(step, first=2)
        edges = sorted(set(bars) | {0})
        [longest] = self._asked("longest", step, view)
        if longest["seconds"] is None:
            return []
        end = longest["seconds"]
        edges = [*(edge for edge in edges if edge <= end), end + 1]
        pairs = list(pairwise(edges))
        found = self._asked(
            "histogram",
            step,
            view,
            lows=[low for low, _ in pairs],
            highs=[high for _, high in pairs],
        )
        if found:
            found[-1]["high_s"] = end
        return found

    def ages(self, step: int, view: FunnelView = PLAIN, *, horizon_s: int) -> list[Record]:
        """Count leads by the age at which they reached a step or were last seen without it.

        Raises:
            BadFunnel: There is no such step.
        """
        self._check(step, first=2)
        rows = self._asked("ages", step, view, horizon=limit_of(horizon_s))
        told = ("hours", "converted", "leads")
        return [named(key_of(row, view), view) | {name: row[name] for name in told} for row in rows]

    def money(self, view: FunnelView = PLAIN) -> list[Record]:
        """Say what each step brought and cost, per slice and currency; every ratio says of what.

        Revenue of step 1 is that of the lead row itself.
        """
        size = len(self.definition.names)
        counts: dict[tuple[Any, ...], list[Record]] = {}
        rows = self.counts(view)
        for row in rows:
            counts.setdefault((*(row[name] for name in view.by), row["is_other"]), []).append(row)
        shown = {key: number for number, key in enumerate(shown_slices(rows, view))}
        asked = self._asked("lead_money", size, view), self._asked("step_money", size, view)
        worth = worth_of(*asked, shown=shown, view=view)
        order = sorted(worth.leads, key=lambda one: (shown.get(one[0], len(shown)), one[1] or ""))
        found = []
        for key, currency in order:
            slice_named = named(key, view)
            for row in counts[tuple(slice_named.values())]:
                said = {name: row[name] for name in ("step", "name", "leads", "reached")}
                revenue = worth.steps[key, currency, row["step"]]
                told = said | {"currency": currency, "valid": worth.valid[key]}
                told |= ratios(told, revenue, worth.leads[key, currency])
                found.append(slice_named | told)
        return found

    def drop_off(
        self,
        step: int,
        view: FunnelView = PLAIN,
        *,
        limit: int = 1000,
        offset: int = 0,
    ) -> list[Record]:
        """List the leads that reached a step and not the next needed one, the latest first.

        Of an optional step: those that reached the needed step before and not this one. There are
        exactly as many as the counts say.

        Raises:
            BadFunnel: There is no such step, or it is the last one, after which nothing is lost.
        """
        how, stuck, level = self._dropped(step)
        question = {
            "funnel_dropped": f"funnel/{how}#{step}",
            "drop_off": f"funnel/drop_off#{stuck}",
        }
        asked = self._questions(view) | question
        values = self._values(view) | {"limit": limit, "offset": offset, "level": level}
        self._engine.table("funnel_listed", asked, **values)
        return self._listed()

    def drop_off_count(self, step: int, view: FunnelView = PLAIN) -> int:
        """Return how many leads `drop_off` lists.

        Raises:
            BadFunnel: As `drop_off`.
        """
        self._dropped(step)
        rows = {row["step"]: row for row in self.counts(replace(view, by=()))}
        if not rows:
            return 0
        if self._is_optional(step):
            return int(rows[step]["before"] - rows[step]["reached"])
        return int(rows[step]["reached"] - rows[self._next_needed(step)]["reached"])

    def cash(self, view: FunnelView = PLAIN) -> list[Record]:
        """Count steps and sum their money by the local day of each event itself.

        Cohorts never agree with it: a lead of May that is sold in June is May's there, June's here.
        """
        names = self.definition.names
        return [
            {
                "day": row["day"],
                "step": row["step"],
                "name": names[row["step"] - 1],
                "reached": row["reached"],
                "currency": row["currency"],
                "revenue": row["revenue"],
            }
            for row in self._asked("cash", len(names), view)
        ]

    def matrix(self, view: FunnelView = PLAIN) -> list[Record]:
        """Count the leads by how far they come without and with what the findings recover.

        Raises:
            BadFunnel: The funnel was opened without a run.
        """
        self._levels(view)
        return self._engine.records("funnel/matrix")

    def moved(
        self, view: FunnelView = PLAIN, *, limit: int = EVERY_LEAD, offset: int = 0
    ) -> list[Record]:
        """List the findings whose leads come farther with them: the list to fire.

        Each `ref` names its finding, as filters and plans take it.

        Raises:
            BadFunnel: The funnel was opened without a run.
        """
        self._levels(view)
        return self._engine.records("funnel/moved", limit=limit, offset=offset)

    def account(self) -> Record:
        """Say where all rows went: counted, without a lead, without an id, without a time."""
        [leads] = self._engine.records("funnel/lead_account_kept")
        [events] = self._engine.records("funnel/account")
        return {"lead_rows_read": leads["rows_read"]} | {
            **{f"lead_rows_{name}": n for name, n in leads.items() if name != "rows_read"},
            **events,
        }

    # ------------------------------------------------------------------------------- private

    def _asked(self, name: str, steps: int, view: FunnelView, **more: object) -> list[Record]:
        asked = self._questions(view) | {name: f"funnel/{name}#{steps}"}
        return self._engine.records(asked, **self._values(view), **more)

    def _levels(self, view: FunnelView) -> None:
        if not self.with_findings:
            raise BadFunnel("The funnel was opened without a run, so that nothing is recovered.")
        for name, tracked in (("level_tracked", True), ("level_reconciled", False)):
            seen = replace(view, tracked_only=tracked)
            asked = self._questions(seen) | {"levels": "funnel/level"}
            self._engine.table(name, asked, **self._values(seen))

    def _questions(self, view: FunnelView) -> dict[str, str]:
        """Return the questions that choose each lead's entry, and the leads that are meant."""
        chain = [f"chosen#{len(self.definition.names)}"]
        asked: dict[str, str] = {}
        if view.at_step is not None:
            self._make_step_rows(view)
            asked["funnel_chosen"] = f"funnel/{chain.pop()}"
            chain.append(f"at_step#{view.at_step}")
        chain += [f"kept#{number}" for number in range(2, len(view.only) + 2)]
        names = [*(f"kept{number}" for number in range(1, len(chain))), "funnel_kept"]
        asked |= {name: f"funnel/{part}" for name, part in zip(names, chain, strict=True)}
        if view.tracked_only and self.with_findings:
            return _TRACKED | asked
        return asked

    def _make_step_rows(self, view: FunnelView) -> None:
        """Make `funnel_at_row`, the events of the step that a view looks at, if it is not there."""
        step = view.at_step or 0
        self._check(step, first=2)
        recovered = self.with_findings and not view.tracked_only
        if self._at != (step, recovered):
            of_step = {"class": step_values(self.definition)[f"class{step}"]}
            self._engine.table("funnel_at_event", "funnel/at_event", **of_step)
            if recovered:
                self._engine.append("funnel_at_event", "funnel/at_event_recovered", **of_step)
            self._engine.table("funnel_at_row", "funnel/at_row")
            self._engine.drop("funnel_at_event")
            self._at = (step, recovered)

    def _values(self, view: FunnelView) -> dict[str, object]:
        window = self.definition.window_s if view.window_s == AS_DEFINED else view.window_s
        first, second = (*view.by, "nothing", "nothing")[:2]
        values: dict[str, object] = {
            "window": limit_of(window),
            "as_of": self._end(),
            "bounded": window is not None,
            "removes": self.definition.exclusion is Exclusion.REMOVE,
            "levels": 1 + sum(not step.optional for step in self.definition.counted),
            "date_from": view.date_from,
            "date_to": view.date_to,
            "only_mature": view.only_mature,
            "by_first": self._column(first),
            "by_second": self._column(second),
        }
        for number, (name, wanted) in enumerate(view.only.items(), 2):
            values[f"name{number}"] = self._column(name)
            values[f"values{number}"] = [value or "" for value in wanted]
        return values | step_values(self.definition)

    def _end(self) -> datetime:
        return self.as_of or datetime(1970, 1, 1)  # noqa: DTZ001 - times are naive UTC throughout

    def _column(self, name: str) -> str:
        """Return the column of an attribute; one that no lead has is not in the table."""
        if "@" in name:
            return f"at_{name.partition('@')[0]}"
        return name if name in self._columns else "nothing"

    def _step_counts(self, slice_named: Record, found: Record) -> list[Record]:
        optional = (False, *(step.optional for step in self.definition.counted))
        records, before = [], found["n1"]
        for number, name in enumerate(self.definition.names, 1):
            reached = found[f"n{number}"]
            records.append(
                slice_named
                | {
                    "step": number,
                    "name": name,
                    "optional": optional[number - 1],
                    "leads": found["n1"],
                    "before": before,
                    "reached": reached,
                    "of_leads": _share(reached, found["n1"]),
                    "of_before": _share(reached, before),
                    "young": found["young"],
                }
            )
            before = before if optional[number - 1] else reached
        return records

    def _check(self, step: int, *, first: int) -> None:
        names = self.definition.names
        if not first <= step <= len(names):
            told = ", ".join(f"{n} {name}" for n, name in enumerate(names, 1) if n >= first)
            raise BadFunnel(f"Funnel {self.definition.name!r} has no such step: {step}. {told}.")

    def _is_optional(self, step: int) -> bool:
        return step > 1 and self.definition.counted[step - 2].optional

    def _next_needed(self, step: int) -> int:
        following = range(step + 1, len(self.definition.names) + 1)
        return next((number for number in following if not self._is_optional(number)), 0)

    def _dropped(self, step: int) -> tuple[str, int, int]:
        """Return which question finds who is lost at a step, the step they have, and its level."""
        self._check(step, first=1)
        needed = [n for n in range(1, step + 1) if not self._is_optional(n)]
        if self._is_optional(step):
            return "skipped", needed[-1], len(needed)
        if not self._next_needed(step):
            raise BadFunnel(
                f"Step {step} {self.definition.names[step - 1]!r} is the last: nobody is lost "
                "after it."
            )
        return "stopped", step, len(needed)

    def _listed(self) -> list[Record]:
        self._engine.table("funnel_last_event", "funnel/last_event")
        found = self._engine.records("funnel/listed")
        for name in ("funnel_listed", "funnel_last_event"):
            self._engine.drop(name)
        return found


def _took(row: Record, step: int) -> Record:
    """Return how long the leads of a slice took to reach a step."""
    half, most = row[f"lengths{step}"]
    named_as = {"in_1h": "hour", "in_1d": "day", "in_7d": "week"}
    return {"reached": row[f"reached{step}"], "median_s": half, "p90_s": most} | {
        name: row[f"{word}{step}"] for name, word in named_as.items()
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
