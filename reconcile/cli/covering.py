"""What of its period a run does not cover, told before anything else."""

from __future__ import annotations

from reconcile.cli.printing import is_screen, say

ON_SCREEN = 20
"""Sentences that leave room for what the run found; a file or program gets all."""


def tell_coverage(warnings: list[str]) -> None:
    """Say first what of its period a run does not cover."""
    if not warnings:
        return
    say("This run does not cover its whole period:")
    shown = warnings[:ON_SCREEN] if is_screen() else warnings
    for text in shown:
        say(f"  {text}")
    if len(shown) < len(warnings):
        say(f"  And {len(warnings) - len(shown):,} more like these.")
    say()
