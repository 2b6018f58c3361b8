"""What of its period a run does not cover, told before anything else."""

from __future__ import annotations

from reconcile.cli.printing import say


def tell_coverage(warnings: list[str]) -> None:
    """Say first what of its period a run does not cover."""
    if not warnings:
        return
    say("This run does not cover its whole period:")
    for text in warnings:
        say(f"  {text}")
    say()
