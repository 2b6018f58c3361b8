"""The sandbox of a store: there without being started, and it knows what is loaded."""

from __future__ import annotations

import shutil
import socket
from decimal import Decimal

import httpx
import pytest

from firing_world import truth
from reconcile import Kind, import_file, open_store, rehearsing
from reconcile.rehearsing import sandbox_export, sandbox_rules, target_there
from reconcile.sandbox import running_sandbox

LEADS = "transaction_id,campaign_id,pid,created_at\nL1,c1,g1,2026-11-01T00:00:00Z\n"
SALE = {"event_id": "sale", "transaction_id": "L1", "amount": 2}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """Return a home with one lead."""
    path = tmp_path_factory.mktemp("home")
    (path / "leads.csv").write_text(LEADS)
    with open_store(path) as store:
        import_file(store, path / "leads.csv", kind=Kind.LEAD)
    return path


@pytest.fixture
def store(loaded, home):
    """Return a store of this test's own with one lead."""
    shutil.copytree(loaded, home, dirs_exist_ok=True)
    with open_store(home) as store:
        yield store


@pytest.fixture
def address(monkeypatch):
    """Return the sandbox's own address, on a port of this test."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setattr(rehearsing, "SANDBOX", url)
    return url


def test_the_default_target_is_there_without_being_started(store, address):
    """It serves as long as it is needed, keeps what it stored, and gives its export afterwards."""
    with target_there(store, address) as ours, httpx.Client(trust_env=False) as client:
        assert ours
        with target_there(store, address) as again:
            assert not again
        assert client.post(f"{address}/api/event/global/any", json=SALE).status_code == 200
        refused = client.post(
            f"{address}/api/event/global/any", json={**SALE, "transaction_id": "x"}
        )
        assert (refused.status_code, truth(address)["stored"]) == (400, 1)
    with target_there(store, address):
        assert truth(address)["stored"] == 1
    assert "sale,L1,c1,organic,2," in sandbox_export(store)


def test_no_other_target_is_ever_served(store, address):
    """A sandbox of another port that is down stays down: the user's own matter."""
    with target_there(store, "http://127.0.0.1:9") as ours:
        assert not ours


def test_a_sandbox_that_is_told_so_refuses_sources_and_knows_all_leads(store):
    """As the options of `reconcile sandbox` say."""
    rules = sandbox_rules(store, inactive=["g1"], with_leads=False)
    with running_sandbox(rules=rules) as url, httpx.Client(trust_env=False) as client:
        gone = client.post(f"{url}/api/event/c1", json={**SALE, "pid": "g1"})
        other = client.post(f"{url}/api/event/c9", json={**SALE, "transaction_id": "x"})
        assert (gone.status_code, other.status_code) == (403, 200)
        assert Decimal(truth(url)["events"][0]["amount"]) == 2
