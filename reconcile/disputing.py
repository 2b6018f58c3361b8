"""What became of dispute packs: sent, checked, and the findings that their buyers answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from reconcile.deciding import Decided, decide
from reconcile.decisions import decision_list
from reconcile.errors import BadParameters, NotFound
from reconcile.exporting.verifying import Checked, check_pack, is_seal
from reconcile.filtering import FindingFilter
from reconcile.packing import pack_list
from reconcile.terms import Action
from reconcile.warehouse import Store


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


def send_pack(
    store: Store, pack: str, *, note: str | None = None, user: str | None = None
) -> Decided:
    """Record that a pack was sent: on each finding that it asks about, as one decision.

    Raises:
        NotFound: No such pack was made here.
        BadParameters: It asks nothing, or was recorded as sent before.
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
    refs = store.catalog.query("exporting/pack_refs", pack=row["number"])
    if not refs:
        raise BadParameters(
            f"Pack {pack} asks nothing of {row['buyer']}; there is nothing to note."
        )
    only = FindingFilter(ids=tuple(one["ref"] for one in refs))
    return decide(store, row["run"], Action.SEND, only=only, reason=reason, note=note, user=user)


def named_in_packs(store: Store, names: Iterable[str]) -> list[str]:
    """Return names of findings, those that a pack calls otherwise by the name they have in runs."""
    return [found for name in names for found in _meant(store, name)]


def _meant(store: Store, name: str) -> list[str]:
    rows = store.catalog.query("exporting/called", called=name)
    return [row["finding"] for row in rows] or [name]
