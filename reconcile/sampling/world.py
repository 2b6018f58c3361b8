"""The made-up network of a sample: who takes part, what is covered, which words are used.

Everything here is material for `cases`; the parameters of the run that fits it are written from it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """One value that may be drawn for a case, and the value that counts as "another" of its kind.

    `pool` names the set that it is drawn from; a value may be in several pools, or twice in one.
    """

    kind: str
    pool: str
    value: str
    other: str = ""
    currency: str = ""
    other_currency: str = ""
    cents: int = 0


SALE, QUALIFIED, CALLBACK, SIGNUP = "sale", "qualified", "callback", "signup"
DEPOSIT = "6713c0ffee5e77ab1e0dca5e"  # a custom event: 24 hexadecimal characters, and a name
UNLISTED = "bonus"  # in no campaign's settings

MAIN = {
    "66f1a20b9c3d4e5f60718291": "USD",
    "66f1a2d47be01c93aa5d0f18": "USD",
    "solar-roof": "USD",
    "auto-refi": "USD",
    "6702bb91e4c8d7305f6a1b2c": "CAD",
    "6702bc03f19a4d6e8b7c5021": "CAD",
    "uk-broadband": "GBP",
}
LATE_LEADS = "debt-relief"  # its lead exports begin on 20 October
NO_LEADS = "pet-insurance"  # it has no lead export, and its event export ends on 16 November
HALF_EVENTS = "67140ddba11ca57e11a90210"  # its event export ends on 16 November
UNSET = "medicare-plus"  # nobody has given its event settings

BUYERS = ["acme", "borealis", "cobalt", "delta_direct", "evergreen", "fathom"]
HALF_BUYER = "umbra"  # its report ends on 16 November
SILENT_BUYER = "nimbus"  # it has sent no report

SOURCES = ["s77", "s12", "s45", "google", "taboola", "organic", "mailer-3", "partner_9"]

STATUS = {
    "approved": "approved",
    "paid": "approved",
    "sold": "approved",
    "sale": "approved",
    "qualified": "approved",
    "pending": "pending",
    "in review": "pending",
    "rejected": "rejected",
    "bad lead": "rejected",
    "returned": "returned",
    "refunded": "returned",
    "duplicate": "duplicate",
    "dupe": "duplicate",
    "test": "test",
    "test lead": "test",
}
STATUS_EVENT = {"sale": SALE, "qualified": QUALIFIED}

# Local midnights, as the words of the parameters have them; half open.
PERIOD = ("2026-11-01", "2026-12-01")
WHOLE = ("2026-10-01", "2027-01-01")
LEADS = ("2026-08-01", "2027-01-01")
LATE = ("2026-10-20", "2027-01-01")
HALF = ("2026-10-01", "2026-11-16")

LEAD_COVER = [*((name, LEADS) for name in [*MAIN, HALF_EVENTS, UNSET]), (LATE_LEADS, LATE)]
EVENT_COVER = [
    *((name, WHOLE) for name in [*MAIN, LATE_LEADS, UNSET]),
    *((name, HALF) for name in [HALF_EVENTS, NO_LEADS]),
]
CLAIM_COVER = [*((name, WHOLE) for name in BUYERS), (HALF_BUYER, HALF)]

# (event, name, is_conversion, allows_duplicates), the same in every campaign that has settings.
EVENT_LIST = [
    (SIGNUP, "Sign-up", "no", "yes"),
    (SALE, "Sale", "yes", "no"),
    (QUALIFIED, "Qualified lead", "yes", "no"),
    (DEPOSIT, "Deposit", "yes", "yes"),
    (CALLBACK, "Callback", "unknown", "unknown"),
]


def settings() -> list[tuple[str, str, str, str, str, int]]:
    """Return the event settings, one row per campaign and event; `UNSET` has none."""
    campaigns = [*MAIN, LATE_LEADS, NO_LEADS, HALF_EVENTS]
    return [
        (campaign, *event, position)
        for campaign in campaigns
        for position, event in enumerate(EVENT_LIST, start=1)
    ]


def choices() -> list[Choice]:
    """Return everything that may be drawn for a case."""
    return [*_campaigns(), *_buyers(), *_events(), *_amounts(), *_sources()]


def _campaigns() -> list[Choice]:
    abroad = {"USD": "EUR", "CAD": "USD", "GBP": "EUR"}
    main = [
        Choice("campaign", "main", name, _next(list(MAIN), name), currency, abroad[currency])
        for name, currency in MAIN.items()
    ]
    dollar = [
        Choice("campaign", "dollar", one.value, one.other, one.currency, one.other_currency)
        for one in main
        if one.currency == "USD"
    ]
    special = {
        "late_leads": LATE_LEADS,
        "no_leads": NO_LEADS,
        "half_events": HALF_EVENTS,
        "unset": UNSET,
    }
    lone = [
        Choice("campaign", pool, name, next(iter(MAIN)), "USD", "EUR")
        for pool, name in special.items()
    ]
    return [*main, *dollar, *lone]


def _buyers() -> list[Choice]:
    # The first buyers are the big ones.
    main = [*BUYERS, *BUYERS[:4], *BUYERS[:2]]
    return [
        *(Choice("buyer", "main", name, _next(BUYERS, name)) for name in main),
        Choice("buyer", "half", HALF_BUYER, BUYERS[0]),
        Choice("buyer", "silent", SILENT_BUYER, BUYERS[0]),
    ]


def _events() -> list[Choice]:
    pools = {
        "any": [SALE, SALE, SALE, SALE, QUALIFIED, QUALIFIED, DEPOSIT, CALLBACK],
        "once": [SALE, SALE, QUALIFIED],
        "open": [CALLBACK],
        "repeat": [DEPOSIT],
        "tracking": [SIGNUP],
        "unlisted": [UNLISTED],
        "sale": [SALE],
    }
    return [
        Choice("event", pool, value, QUALIFIED if value == SALE else SALE)
        for pool, values in pools.items()
        for value in values
    ]


def _amounts() -> list[Choice]:
    """Amounts are in cents; in pool `small` the relative tolerance never counts."""
    usual = [800, 1250, 1875, 2400, 2999, 3250, 4000, 4500, 5525, 6000, 7710, 9500, 12000, 18000]
    pools = {"any": usual, "small": [800, 950, 1250, 1630, 1875, 2000], "hundred": [10000]}
    return [
        Choice("amount", pool, str(value), cents=value)
        for pool, values in pools.items()
        for value in values
    ]


def _sources() -> list[Choice]:
    return [Choice("source", "main", name) for name in SOURCES]


def _next(names: list[str], name: str) -> str:
    return names[(names.index(name) + 1) % len(names)]


def parameters(placeholder_limit: int) -> str:
    """Return the parameters of the run that the labels are for, as TOML."""
    return "".join(
        (
            "# Parameters of the run that labels.csv is for.\n",
            f"date_from = {PERIOD[0]}\n",
            f"date_to = {PERIOD[1]}\n",
            'zone = "America/Los_Angeles"\n',
            "margin_days = 31\n",
            "tolerance = 0.05\n",
            "tolerance_rel = 0.002\n",
            "grace_days = 3\n",
            "watermark = 2026-11-30T20:00:00Z\n",
            "pending_counts = false\n",
            "lookback_days = 31\n",
            f"placeholder_limit = {placeholder_limit}\n",
            'currency = "USD"\n',
            _table("status", STATUS),
            _table("status_event", STATUS_EVENT),
            *(_cover("lead_cover", "campaign", *cover) for cover in LEAD_COVER),
            *(_cover("event_cover", "campaign", *cover) for cover in EVENT_COVER),
            *(_cover("claim_cover", "buyer", *cover) for cover in CLAIM_COVER),
        )
    )


def _table(name: str, words: dict[str, str]) -> str:
    lines = (f'"{word}" = "{meaning}"\n' for word, meaning in words.items())
    return f"\n[{name}]\n" + "".join(lines)


def _cover(name: str, who: str, named: str, span: tuple[str, str]) -> str:
    return f'\n[[{name}]]\n{who} = "{named}"\nfrom = {span[0]}\nto = {span[1]}\n'
