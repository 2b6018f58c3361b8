"""Which funnels there are to look at, and which missing events of a run count in them."""

from __future__ import annotations

from reconcile.filtering import FindingFilter
from reconcile.funnel.definition import FunnelDefinition, default_funnel
from reconcile.funnel.files import known_funnels
from reconcile.reading import findings
from reconcile.terms import FindingState, RowClass
from reconcile.warehouse import Store

_EVERY = 2**31 - 1
_AGAINST = (FindingState.REJECTED, FindingState.IGNORED)


def funnels_to_show(store: Store) -> dict[str, FunnelDefinition]:
    """Return the kept funnels by name, then by its id each campaign whose settings have steps.

    Raises:
        BadFunnel: The file of a kept one cannot be read.
    """
    settings = store.settings()
    campaigns = sorted({one.campaign_id for one in settings if one.position is not None})
    found = {one.name: one for one in known_funnels(store)}
    return found | {name: default_funnel(settings, name) for name in campaigns if name not in found}


def recovered_refs(store: Store, run_id: str) -> list[str]:
    """Return the missing events of a run that nobody has rejected or set aside.

    Raises:
        NotFound: There is no such run.
    """
    only = FindingFilter(row_class=RowClass.MISSING_EVENT)
    rows = findings(store, run_id, only=only, limit=_EVERY)
    return [row["ref"] for row in rows if row["state"] not in _AGAINST]
