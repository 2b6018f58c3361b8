"""What we take: the fact table out of the warehouse, and every question asked of it."""

from __future__ import annotations

import json
from collections.abc import Callable

from benchmarks.funnel.bare import bare
from benchmarks.funnel.sample import FunnelSample
from benchmarks.jobs import timed
from benchmarks.profiling import Watch
from reconcile import open_funnel, open_store
from reconcile.funnel.definition import FunnelDefinition, FunnelStep
from reconcile.funnel.judging import Funnel
from reconcile.funnel.view import FunnelView

DAY = 86_400
STEPS = ("signup", "call", "sale", "deposit")
FUNNEL = FunnelDefinition(
    "Solar",
    tuple(FunnelStep(name.title(), (name,)) for name in STEPS),
    campaigns=("solar",),
    window_s=30 * DAY,
)
CHAINS = (
    *("first#5", "money#5", "money_again#5", "fact#5", "open_row", "chain_start", "chain_next"),
    *("several#5", "more_clean#5", "more_open"),
)
"""The questions that make chains of numbered rows; those before them read, name and number."""

QUESTIONS: dict[str, Callable[[Funnel], object]] = {
    "counts": lambda asked: asked.counts(),
    "counts_7d": lambda asked: asked.counts(FunnelView(7 * DAY)),
    "by_day": lambda asked: asked.counts(FunnelView(by=("day",))),
    "by_pid": lambda asked: asked.counts(FunnelView(by=("pid",))),
    "by_two": lambda asked: asked.counts(FunnelView(by=("utm_source", "buyer"))),
    "only_pid": lambda asked: asked.counts(FunnelView(only={"pid": ["s05"]})),
    "histogram": lambda asked: asked.histogram(4),
    "drop_off_count": lambda asked: asked.drop_off_count(2),
    "drop_off": lambda asked: asked.drop_off(2, limit=50),
    "curve": lambda asked: asked.curves(4),
    "growth": lambda asked: asked.growth(4),
    "compare": lambda asked: asked.compare(FunnelView(by=("utm_source",))),
    "times": lambda asked: asked.times(),
    "money": lambda asked: asked.money(),
    "cash": lambda asked: asked.cash(),
    "rates_by_week": lambda asked: asked.rates(FunnelView(by=("week",))),
    "account": lambda asked: asked.account(),
}
TIMES = 3


def main(sample: FunnelSample) -> None:
    """Print the counts and what each part took, of questions the best of three."""
    figures: dict[str, dict[str, float]] = {}
    figures["bare"], bare_reached = bare(sample, FUNNEL)
    with open_store(sample.store) as store, Watch() as watch:
        opened = open_funnel(store, FUNNEL)
        held: list[Funnel] = []
        figures["build"] = timed(lambda: held.append(opened.__enter__()))
        try:
            figures["chains"] = watch.of(*(f"funnel/{name}" for name in CHAINS))
            for name, ask in QUESTIONS.items():
                taken = [timed(lambda ask=ask: ask(held[0])) for _ in range(TIMES)]  # type: ignore[misc]
                figures[name] = min(taken, key=lambda one: one["cpu"])
            reached = [row["reached"] for row in held[0].counts()]
        finally:
            opened.__exit__(None, None, None)
    assert reached == bare_reached, bare_reached  # noqa: S101 - a wrong answer must not be measured
    print(json.dumps({"figures": figures, "reached": reached}))
