"""What became of dispute packs: sent, checked, and the findings that their buyers answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reconcile.deciding import Decided, decide
from reconcile.decisions import decision_list
from reconcile.errors import BadParameters, NotFound
from reconcile.exporting.verifying import Checked, check_pack, is_seal
from reconcile.filtering import FindingFilter, Record, finding_tables
from reconcile.packing import pack_list
from reconcile.terms import Action, FindingState
from reconcile.warehouse import Store
from reconcile.warehouse.records import as_text

_TOLD = 20
"""Findings that are named where some are left out."""


@dataclass(frozen=True)
class Verified:
    """What is known of a pack's folder: whether its files are those of its manifest, and proof.

    `is_proven` says that the manifest is the one that was made; None where nothing at hand could
    tell, neither a seal nor a catalog that knows the pack.
    """

    checked: Checked
    is_proven: bool | None

    @property
    def is_whole(self) -> bool:
        """Return whether nothing speaks against the pack."""
        return not self.checked.faults


def verify_pack(folder: Path, *, seal: str | None = None, store: Store | None = None) -> Verified:
    """Look whether a pack is as it was made: every file to the byte, and no other.

    The manifest lists the files; whether it is the one that was made, the seal says that was told
    then, or the catalog that the pack was made from.

    Args:
        folder: The pack.
        seal: The seal that was told when it was made.
        store: The warehouse that may have made it.

    Raises:
        BadFile: There is no manifest, or it is none.
        BadParameters: The seal has not the form of one.
    """
    if seal is not None and not is_seal(seal.strip().lower()):
        raise BadParameters(
            f"{seal!r} is no seal: it has 64 hexadecimal digits, as `reconcile pack` told it."
        )
    checked = check_pack(folder)
    known = [row["seal"] for row in pack_list(store, checked.pack)] if store else []
    kept = [*([seal.strip().lower()] if seal else []), *known]
    wrong = [one for one in kept if one != checked.seal]
    if wrong:
        fault = (
            f"manifest.json: is not the one that was made; its seal is {checked.seal}, and that of "
            f"the pack is {wrong[0]}."
        )
        checked = replace(checked, faults=(fault, *checked.faults))
    return Verified(checked, not wrong if kept else None)


@dataclass(frozen=True)
class Sent(Decided):
    """What was recorded of a pack as sent, and what was not.

    `skipped` are the findings that somebody decided on since the pack was made: name (`finding`)
    and `state`, which they keep.
    """

    skipped: tuple[Record, ...]


def send_pack(store: Store, pack: str, *, note: str | None = None, user: str | None = None) -> Sent:
    """Record that a pack was sent: on each finding that it asks about, as one decision.

    What was decided on since the pack was made is left as it is.

    Raises:
        NotFound: No such pack was made here.
        BadParameters: It asks nothing, was recorded as sent before, or all was decided on since.
    """
    rows = pack_list(store, pack)
    if not rows:
        made = ", ".join(row["pack"] for row in pack_list(store)[:3]) or "none"
        raise NotFound(f"No pack {pack!r} was made here; the newest: {made}.")
    [row] = rows
    reason = f"pack {pack}"
    for one in decision_list(store.catalog):
        if (one["action"], one["reason"], one["undone_by"]) == (Action.SEND, reason, None):
            raise BadParameters(
                f"Pack {pack} was recorded as sent before, by decision {one['decision']}."
            )
    kept, skipped = _since(store, row)
    if not kept and not skipped:
        raise BadParameters(
            f"Pack {pack} asks nothing of {row['buyer']}; there is nothing to note."
        )
    if not kept:
        raise BadParameters(
            f"All {len(skipped):,} findings of pack {pack} were decided on since it was made, so "
            f"nothing was recorded: {told_skipped(skipped)}."
        )
    only = FindingFilter(ids=tuple(kept))
    done = decide(store, row["run"], Action.SEND, only=only, reason=reason, note=note, user=user)
    return Sent(**vars(done), skipped=skipped)


def told_skipped(skipped: Sequence[Record]) -> str:
    """Name findings with their states, the first ones of many."""
    names = [f"{row['finding']} ({row['state']})" for row in skipped[:_TOLD]]
    more = len(skipped) - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more else "")


def _since(store: Store, pack: Record) -> tuple[list[str], tuple[Record, ...]]:
    """Return refs of the findings that stand as when a pack asked, and those decided on since."""
    asked = [dict(row) for row in store.catalog.query("exporting/pack_refs", pack=pack["number"])]
    if not asked:
        return [], ()
    only = FindingFilter(ids=tuple(row["ref"] for row in asked))
    with finding_tables(store, pack["run"], only, kept=True) as engine:
        now = {row["ref"]: row for row in engine.records("exporting/pack_now")}
    moved = {row["ref"] for row in asked if _moved(row, now[row["ref"]])}
    skipped = (
        {"finding": row["finding"], "state": now[row["ref"]]["state"]}
        for row in asked
        if row["ref"] in moved
    )
    return [row["ref"] for row in asked if row["ref"] not in moved], tuple(skipped)


def _moved(asked: Record, now: Record) -> bool:
    """Return whether a finding was decided on since a pack asked, so that `sent` would hide it."""
    state = FindingState(now["state"])
    if state is FindingState.SENT:
        return False
    at = None if state is FindingState.OPEN else as_text(now["decided_at"])
    if asked["state"] is None:  # a pack of before states were kept
        return at is not None and at > asked["made_at"]
    return (state, at) != (asked["state"], asked["decided_at"])


def named_in_packs(store: Store, names: Iterable[str]) -> list[str]:
    """Return names of findings, those that a pack calls otherwise by the name they have in runs."""
    return [found for name in names for found in _meant(store, name)]


def _meant(store: Store, name: str) -> list[str]:
    rows = store.catalog.query("exporting/called", called=name)
    return [row["finding"] for row in rows] or [name]
