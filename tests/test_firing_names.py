"""A campaign or an event in several spellings: one place, and on the wire the platform's own id."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from firing_world import truth
from reconcile import Kind, RunParameters, import_file, open_store, plan, run
from reconcile.correcting import Manner, approve, fire, verify
from reconcile.errors import FiringError
from reconcile.firing import Blocked, Mode, PostbackState
from reconcile.firing.naming import Names, joined
from reconcile.needing import Choice
from reconcile.sandbox import Rules, Sandbox, running_sandbox
from reconcile.terms import EventSetting, Known
from reconcile.warehouse.aliases import add_aliases, remove_alias

S = PostbackState
ID, EVENT_ID = "6702bb91e4c8d7305f6a1b2c", "6713c0ffee5e77ab1e0dca5e"
LEADS = """\
transaction_id,campaign_id,pid,buyer,created_at
L1,{id},g1,acme,2026-10-01T00:00:00Z
L2,{id},g1,acme,2026-10-01T00:00:00Z
"""
EVENTS = """\
transaction_id,campaign_id,pid,buyer,event_id,conversion_date,revenue,currency
X1,{campaign},g1,acme,{event},2026-11-01T01:00:00Z,10.00,USD
{more}X2,{campaign},g1,acme,{event},2026-11-29T00:00:00Z,10.00,USD
"""
CLAIMS = """\
transaction_id,campaign_id,buyer,event_id,occurred_at,revenue,currency,status
L1,solar,acme,sold,2026-11-05T00:00:00Z,40.00,USD,approved
L2,solar,acme,sold,2026-11-06T00:00:00Z,41.00,USD,approved
"""
NOVEMBER = RunParameters(date(2026, 11, 1), date(2026, 12, 1), "UTC")
ALIASES = [
    ("campaign", ID, "solar"),
    ("campaign", "Solar US", "solar"),
    ("event", EVENT_ID, "sold"),
    ("event", "Sale", "sold"),
]
SETTING = EventSetting(ID, EVENT_ID, is_conversion=Known.YES, allows_duplicates=Known.NO)
LATER = datetime.fromisoformat("2099-01-01")


def load(store, folder, kind, text):
    """Import a text as a file."""
    path = folder / f"{len(store.batches(with_undone=True))}.csv"
    path.write_text(text)
    return import_file(store, path, kind=kind, zone="UTC", exported_at=None)


@pytest.fixture
def store(home, tmp_path):
    """Return a store whose exports name campaign and event by id, and its claims by other names."""
    with open_store(home) as store:
        add_aliases(store.catalog, ALIASES)
        load(store, tmp_path, Kind.LEAD, LEADS.format(id=ID))
        load(store, tmp_path, Kind.EVENT, EVENTS.format(campaign="Solar US", event="Sale", more=""))
        load(store, tmp_path, Kind.CLAIM, CLAIMS)
        store.replace_settings([SETTING])
        yield store


def fired(store, made, url):
    """Approve and fire all of a plan."""
    approve(store, made.id, made.phrase, host=url)
    return fire(store, made.id, host=url, limit=99, manner=Manner(rate=1000)).counts


def rename(store):
    """Let campaign and event be known by other names from now on."""
    for dimension, spelling, _ in ALIASES:
        remove_alias(store.catalog, dimension, spelling)
    said = [("campaign", name, "sun") for name in (ID, "solar", "Solar US")]
    said += [("event", name, "won") for name in (EVENT_ID, "sold", "Sale")]
    add_aliases(store.catalog, said)


def test_what_goes_out_names_campaign_and_event_as_the_platform_does(store, tmp_path):
    """Whatever they are called here; the settings of any spelling hold, and so do its exports."""
    sandbox = Sandbox(Rules(settings=(SETTING,)))
    with running_sandbox(sandbox) as url:
        made = plan(store, run(store, NOVEMBER).id, host=url)
        assert {(one.campaign_id, one.event_id) for one in made.postbacks} == {("solar", "sold")}
        assert {one.path for one in made.postbacks} == {f"/api/event/{ID}"}
        assert all(f'"event_id":"{EVENT_ID}"'.encode() in one.body for one in made.postbacks)
        assert {one.mode for one in made.postbacks} == {Mode.DEDUPE}
        assert fired(store, made, url) == {S.CONFIRMED: 2}
        log = truth(url)
    assert {(one["cid"], one["event_id"]) for one in log["events"]} == {(ID, EVENT_ID)}
    # Another export shows one of them, under the other names of both.
    more = "L1,Solar US,g1,acme,Sale,2026-11-05T00:00:00Z,40.00,USD\n"
    text = EVENTS.format(campaign="Solar US", event="Sale", more=more)
    load(store, tmp_path, Kind.EVENT, text)
    assert verify(store) == {S.VERIFIED: 1}
    path = tmp_path / "export.csv"
    path.write_text(sandbox.export())
    import_file(store, path, kind=Kind.EVENT)
    assert verify(store) == {S.VERIFIED: 1}


def test_what_an_export_shows_by_another_name_is_not_sent(store, tmp_path):
    """It came after the plan, and names campaign and event as neither claim nor plan do by now."""
    with running_sandbox(rules=Rules()) as url:
        made = plan(store, run(store, NOVEMBER).id, host=url)
        rename(store)
        more = "L2,Solar US,g1,acme,Sale,2026-11-06T00:00:00Z,41.00,USD\n"
        text = EVENTS.format(campaign="Solar US", event="Sale", more=more)
        load(store, tmp_path, Kind.EVENT, text)
        with pytest.raises(FiringError, match=rf"first of L2.*cancel {made.id} --host {url}"):
            fired(store, made, url)
        again = plan(store, run(store, NOVEMBER).id, host=url)
        assert {row.reason for row in again.blocked} == {Blocked.SENT_BEFORE}


def test_a_place_is_taken_whatever_its_campaign_is_called_by_now(store, tmp_path):
    """Both were renamed: what was sent under one of them is not sent under the other."""
    sandbox = Sandbox(Rules())
    with running_sandbox(sandbox) as url:
        made = plan(store, run(store, NOVEMBER).id, host=url)
        assert fired(store, made, url) == {S.CONFIRMED: 2}
        rename(store)
        again = plan(store, run(store, NOVEMBER).id, host=url)
    assert [row.reason for row in again.blocked] == [Blocked.SENT_BEFORE] * 2
    path = tmp_path / "export.csv"
    path.write_text(sandbox.export())
    import_file(store, path, kind=Kind.EVENT)
    assert verify(store) == {S.VERIFIED: 2}


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ([], "spelled Roof, Solar US"),
        ([EventSetting("Roof", "sold")], "/api/event/Roof"),
        ([EventSetting("Roof", "sold"), EventSetting("Solar US", "sold")], "spelled"),
    ],
)
def test_where_the_exports_disagree_the_settings_say_which_name_is_the_id(
    home, tmp_path, settings, found
):
    """Nobody guesses: a wrong id would be refused, or be another campaign's."""
    with open_store(home) as store:
        add_aliases(store.catalog, [("campaign", name, "solar") for name in ("Roof", "Solar US")])
        load(store, tmp_path, Kind.LEAD, LEADS.format(id="Roof"))
        text = EVENTS.format(campaign="Solar US", event="sold", more="")
        load(store, tmp_path, Kind.EVENT, text)
        load(store, tmp_path, Kind.CLAIM, CLAIMS)
        store.replace_settings(settings)
        made = plan(store, run(store, NOVEMBER).id, host="http://127.0.0.1:8901")
        if made.rows:
            assert {one.path for one in made.postbacks} == {found}
        else:
            assert {row.reason for row in made.blocked} == {Blocked.PLATFORM_ID}
            assert found in made.blocked[0].detail
            assert "reconcile settings" in made.blocked[0].detail


def test_a_campaign_that_only_a_buyer_names_is_not_fired_at(home, tmp_path):
    """Its name for it is no id of the platform; the cure is in the reason."""
    with open_store(home) as store:
        load(store, tmp_path, Kind.LEAD, LEADS.format(id=ID).replace("2026-", "2020-"))
        # An export without a column for the campaign speaks of all of them.
        text = EVENTS.format(campaign="", event="sold", more="")
        text = text.replace("campaign_id,", "").replace(",,", ",")
        load(store, tmp_path, Kind.EVENT, text)
        load(store, tmp_path, Kind.CLAIM, CLAIMS.replace("L1", "U1").replace("L2", "U2"))
        choice = Choice(allow_unverified=True)
        run_id = run(store, NOVEMBER).id
        made = plan(store, run_id, host="http://127.0.0.1:8901", choice=choice)
        assert [row.reason for row in made.blocked] == [Blocked.PLATFORM_ID] * 2
        assert "reconcile alias" in made.blocked[0].detail
        add_aliases(store.catalog, [("campaign", "solar", ID)])
        made = plan(store, run_id, host="http://127.0.0.1:8901", choice=choice)
        # Now that is known; the source of such a lead is not.
        assert [row.reason for row in made.blocked] == [Blocked.PID_UNKNOWN] * 2


def test_names_that_were_ever_one_are_one():
    """What was said last gives the name, and turning it around makes no circle."""
    assert joined([{"a": "b"}, {"b": "c"}]) == {"a": "c", "b": "c"}
    assert len(set(joined([{"a": "b"}, {"b": "a"}]).values())) == 1
    names = Names({"a": "c", "b": "c"}, {"x": "y"})
    assert (names.campaign("a"), names.campaign("z"), names.event("x")) == ("c", "z", "y")
    assert sorted(names.others("a", "y")) == sorted(
        [("a", "x"), ("b", "x"), ("b", "y"), ("c", "x"), ("c", "y")]
    )
    assert names.others("z", "w") == []


def test_a_month_closes_by_a_postback_without_a_date_under_any_name(home, tmp_path):
    """It is stored by the platform's names when it is sent, and counts at its claim's time."""
    (home / "firing.toml").write_text(f'[endpoint]\n{ID} = "trigger"\n')
    month = RunParameters(date(2024, 11, 1), date(2024, 12, 1), "UTC")
    texts = {
        Kind.LEAD: LEADS.format(id=ID),
        Kind.EVENT: EVENTS.format(campaign="Solar US", event="Sale", more=""),
        Kind.CLAIM: CLAIMS,
    }
    sandbox = Sandbox(Rules(settings=(SETTING,), currencies={ID: "USD"}), home=home)
    with open_store(home) as store:
        add_aliases(store.catalog, ALIASES)
        store.replace_settings([SETTING])
        for kind, text in texts.items():
            load(store, tmp_path, kind, text.replace("2026-", "2024-"))
        with running_sandbox(sandbox) as url:
            made = plan(store, run(store, month).id, host=url)
            assert {one.path for one in made.postbacks} == {"/api/event/trigger"}
            assert all(f'"cid":"{ID}"'.encode() in one.body for one in made.postbacks)
            assert fired(store, made, url) == {S.CONFIRMED: 2}
        path = tmp_path / "export.csv"
        path.write_text(sandbox.export())
        import_file(store, path, kind=Kind.EVENT)
        assert verify(store) == {S.VERIFIED: 2}
        closed = run(store, month).summary["rows"]["claim"]["in_scope"]
    assert closed == {"matched": 2}
