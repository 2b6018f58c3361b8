"""Cases in which a claim's id was damaged by a spreadsheet, or another id stands in its place."""

from __future__ import annotations

from reconcile.sampling.parts import LATER, Case, claim, event, flagged, lead, pair


def cases() -> list[Case]:
    """Return each damage once with a lead that only it fits, and what nobody can tell any more."""
    return [
        _joined("exponent", "number", "exponent"),
        _joined("last digits cut off", "number", "cut"),
        _joined("last digits rounded", "number", "rounded"),
        _joined("number out of an E", "with_e", "with_e_shown"),
        _joined("month", "month", "month_shown", weight=20),
        _joined("external id", "plain", "none"),
        Case(
            "exponent of two leads",
            20,
            (
                lead(id_form="number"),
                lead(id_form="number_next"),
                event("unclaimed_event", id_form="number"),
                claim("unidentified", id_form="exponent"),
            ),
        ),
        Case(
            "exponent, claimed twice",
            20,
            (
                lead(id_form="number"),
                event("ambiguous", id_form="number"),
                claim("ambiguous", id_form="exponent"),
                claim("ambiguous", id_form="exponent", after=LATER),
            ),
        ),
    ]


def _joined(name: str, whole: str, shown: str, *, weight: int = 50) -> Case:
    rows = pair(event(id_form=whole), claim(id_form=shown))
    return Case(name, weight, (lead(id_form=whole), *flagged("id_spelling", *rows)))
