"""Which sheet of a workbook, or file of an archive, a template means: by what stays in its name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reconcile.importing.mapping.templates import templates_for
from reconcile.importing.records import StageOptions, Template
from reconcile.terms import Kind

_MONTH = re.compile(
    r"(?<![a-z])(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d")
_NUMBERS = re.compile(r"\d+")
_RUN = re.compile(r"#(?:[\s._/-]*#)+")


def lasting(name: str) -> str | None:
    """Return a name with its month, days and numbers as one mark; None if it names no time."""
    text = name.casefold()
    if not _MONTH.search(text) and not _YEAR.search(text):
        return None
    return _RUN.sub("#", _NUMBERS.sub("#", _MONTH.sub("#", text)))


def named_places(
    options: StageOptions, kind: Kind, key: str, names: Sequence[str]
) -> dict[str, list[Template]]:
    """Return the names that templates mean, each with these templates.

    Args:
        options: The templates, and whose file it is.
        kind: What one row of the file is.
        key: `sheet` or `member`.
        names: Those of the file.
    """
    found: dict[str, list[Template]] = {}
    for template in templates_for(options, kind):
        wanted = getattr(template.mapping, key)
        for name in names if wanted is not None else ():
            if _is_meant(name, wanted):
                found.setdefault(name, []).append(template)
    return found


def _is_meant(name: str, wanted: str) -> bool:
    """Say whether a name is the wanted one, apart from the month that it names.

    A name with a month is never meant by itself alone: beside that of the next month both fit.
    """
    return lasting(name) == lasting(wanted) if lasting(wanted) else name == wanted
