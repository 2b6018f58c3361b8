"""A funnel's definition: what it may say, and how it is written and read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconcile import open_store
from reconcile.errors import BadFunnel, NotFound
from reconcile.funnel.definition import (
    Clock,
    Exclusion,
    FunnelDefinition,
    FunnelStep,
    Money,
    NoLead,
    Order,
    default_funnel,
)
from reconcile.funnel.files import (
    funnel_text,
    known_funnels,
    length_of,
    length_text,
    load_funnel,
    named_funnel,
    save_funnel,
)
from reconcile.terms import EventSetting

SALE = FunnelStep("Sale", ("sale",))
RICH = FunnelDefinition(
    "Solar 1",
    (
        FunnelStep("Sign-up", ("signup", "register"), within_s=7 * 86_400),
        FunnelStep("Call", ("call",), optional=True),
        FunnelStep("Deposit", ("deposit",), repeat=2),
        FunnelStep("Returned", ("returned",), exclusion=True),
    ),
    campaigns=("c1", "c2"),
    order=Order.UNORDERED,
    window_s=90 * 60,
    clock=Clock.RECEIVED,
    received="created",
    first_entry_only=True,
    skew_s=45,
    unit="column:email",
    money=Money.ALL,
    exclusion=Exclusion.REMOVE,
    no_lead=NoLead.IMPUTE,
    zone="America/Los_Angeles",
    currency="USD",
)


def test_every_choice_survives_its_file(home):
    """What is saved is read back whole, and is listed under its name."""
    with open_store(home) as store:
        plain = FunnelDefinition("plain", (SALE,), later_only=True)
        for one in (RICH, plain):
            assert load_funnel(save_funnel(store, one)) == one
        assert [one.name for one in known_funnels(store)] == ["Solar 1", "plain"]
        assert named_funnel(store, "plain") == plain
        with pytest.raises(NotFound, match=r"there are: Solar 1, plain"):
            named_funnel(store, "sola")


def test_a_file_says_what_is_not_so_by_default():
    """A reader sees the steps, the order, the window, and nothing that goes without saying."""
    text = funnel_text(FunnelDefinition("f", (SALE,), campaigns=("c1",), window_s=30 * 86_400))
    assert text == (
        'name = "f"\ncampaigns = [\n    "c1",\n]\norder = "ordered"\nwindow = "30d"\n\n'
        '[[step]]\nname = "Sale"\nevents = [\n    "sale",\n]\n'
    )


def test_the_default_follows_the_positions_of_the_campaign():
    """Events without a position, and of other campaigns, are left out; one position is one step."""
    settings = [
        EventSetting("c1", "sale", "Sale", position=3),
        EventSetting("c1", "form", "Form sold", position=1),
        EventSetting("c1", "click", None, position=1),
        EventSetting("c1", "note", "Note"),
        EventSetting("c2", "other", "Other", position=2),
    ]
    found = default_funnel(settings, "c1")
    assert [(step.name, step.events) for step in found.steps] == [
        ("click / Form sold", ("click", "form")),
        ("Sale", ("sale",)),
    ]
    assert (found.name, found.campaigns, found.window_s) == ("c1", ("c1",), 30 * 86_400)
    with pytest.raises(BadFunnel, match=r"Campaigns that have some: c1, c2\."):
        default_funnel(settings, "c3")


def test_a_repeated_step_stands_for_several_steps():
    """Each row that is needed is a step of its own, and an exclusion is none."""
    assert RICH.names == ("Lead", "Sign-up", "Call", "Deposit", "Deposit (2)")
    assert RICH.excluding == ("returned",)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((FunnelStep("A", ("a",), optional=True),), "not optional"),
        ((SALE, SALE), "Two steps are called 'Sale'"),
        ((FunnelStep("Lead", ("a",)),), "Two steps are called 'Lead'"),
        ((FunnelStep("A", ("a",), repeat=2), FunnelStep("A (2)", ("b",))), "Two steps are"),
        ((FunnelStep("A", ("a", "b")), FunnelStep("B", ("b",))), "but not all their events"),
        ((FunnelStep("A", ("a",)), FunnelStep("B", ("a",), optional=True)), "is optional"),
        ((FunnelStep("A", ("a",)), FunnelStep("B", ("a",), exclusion=True)), "an exclusion"),
        ((FunnelStep("A", ("a",), repeat=30),), "at most 30 steps"),
    ],
)
def test_steps_that_contradict_each_other_are_refused(steps, said):
    """The text names both and says what to do."""
    with pytest.raises(BadFunnel, match=said.replace("(", r"\(")):
        FunnelDefinition("f", steps)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": "../f"}, "cannot be called"),
        ({"window_s": -1}, "must not be negative"),
        ({"skew_s": 5, "order": Order.STRICT}, "Take one of the two out"),
        ({"skew_s": 5, "later_only": True}, "Take one of the two out"),
        ({"unit": "email"}, "no unit is called 'email'"),
        ({"unit": "column: "}, "names no column"),
        ({"zone": "Mars"}, "Unknown time zone 'Mars'"),
    ],
)
def test_choices_that_make_no_sense_are_refused(changed, said):
    """One sentence each."""
    with pytest.raises(BadFunnel, match=said):
        replace(FunnelDefinition("f", (SALE,)), **changed)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"name": " "}, "has no name"),
        ({"events": ()}, "names no event"),
        ({"events": ("a", "a")}, "names an event twice"),
        ({"repeat": 0}, "must be 1 or more"),
        ({"within_s": -1}, "must not be negative"),
        ({"exclusion": True, "optional": True}, "takes no optional"),
    ],
)
def test_a_step_that_cannot_be_meant_is_refused(step, said):
    """One sentence each."""
    with pytest.raises(BadFunnel, match=said):
        FunnelStep(**({"name": "A", "events": ("a",)} | step))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("colour = 1", "the funnel: unknown name 'colour'"),
        ('order = "random"', "one of ordered, strict, unordered"),
        ('window = "a month"', "Write it as 30d"),
        ("campaigns = 3", "must be a list of texts"),
        ("later_only = 3", "must be true or false"),
        ("unit = 3", "must be a text"),
        ("[[step]]\nname = 'B'", "step.. 2 has no events"),
        ("[[step]]\nname = 'B'\nevents = ['b']\nrepeat = 'x'", "must be a whole number"),
        ("x", "This is not TOML"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_by_name(tmp_path, line, said):
    """The text begins with the file and names the line's key."""
    path = tmp_path / "f.toml"
    head, _, tail = line.partition("[[step]]")
    path.write_text(
        f"name = 'f'\n{head}\n[[step]]\nname = 'A'\nevents = ['a']\n"
        + (f"[[step]]{tail}\n" if tail else "")
    )
    with pytest.raises(BadFunnel, match=said) as raised:
        load_funnel(path)
    assert str(raised.value).startswith(str(path))


def test_lengths_of_time_are_written_in_their_largest_unit():
    """30 days are 30d, an hour and a half 90m, nothing 0s."""
    cases = {2_592_000: "30d", 5400: "90m", 0: "0s", None: "none", 61: "61s"}
    for seconds, text in cases.items():
        assert length_text(seconds) == text
        assert length_of("window", text) == seconds
    with pytest.raises(BadFunnel, match="no length of time"):
        length_of("skew", "none")
