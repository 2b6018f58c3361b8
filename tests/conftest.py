"""What every test shares: a home of its own, and the rule that each test runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

if "PYTEST_XDIST_WORKER" in os.environ:
    # Test processes share the cores: with more threads the engines of few rows wait for each other.
    os.environ.setdefault("RECONCILE_THREADS", "1")


@pytest.fixture
def all_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let engines work with a thread for each core, also where test processes share them."""
    monkeypatch.delenv("RECONCILE_THREADS", raising=False)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that the product takes for its home."""
    path = tmp_path / "home"
    path.mkdir()
    monkeypatch.setenv("RECONCILE_HOME", str(path))
    return path


@pytest.fixture(scope="session")
def loaded_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with the sample loaded and reconciled once; for reading only."""
    from reconcile import load_sample, open_store

    path = tmp_path_factory.mktemp("sample")
    with open_store(path) as store:
        load_sample(store)
    return path


@pytest.fixture
def sample_home(loaded_sample: Path, home: Path) -> Path:
    """Return a home of this test's own that holds the sample and its run."""
    shutil.copytree(loaded_sample, home, dirs_exist_ok=True)
    return home


@pytest.fixture(scope="session")
def hostile_month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with the month of `packing_world`, reconciled once; for reading only."""
    from packing_world import load_world

    return _loaded(tmp_path_factory, load_world)


@pytest.fixture(scope="session")
def disputed_month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with the month of `disputed_month`, reconciled once; for reading only."""
    from disputed_month import load_disputed

    return _loaded(tmp_path_factory, load_disputed)


def _loaded(factory: pytest.TempPathFactory, load: Callable[[Path], object]) -> Path:
    home = factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECONCILE_HOME", str(home))
        load(factory.mktemp("files"))
    return home


def _fail_if_not_run(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip or an expected failure into a failure: what does not run proves nothing."""
    if report.skipped or hasattr(report, "wasxfail"):
        why = getattr(report, "wasxfail", None) or report.longreprtext
        report.outcome = "failed"
        report.longrepr = f"this test did not run to a verdict (skip or xfail): {why}"
        report.__dict__.pop("wasxfail", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: the browser keeps an event loop open in the process."""
    items.sort(key=lambda item: item.get_closest_marker("e2e") is not None)
    for item in items:
        if item.path.name.startswith(("test_firing", "test_sandbox", "test_cli_loop")):
            # What fires reaches this machine alone, whatever a test or the code gets wrong.
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Let no test be skipped or be expected to fail."""
    report = yield
    _fail_if_not_run(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """Let no file of tests be skipped as a whole."""
    report = yield
    _fail_if_not_run(report)
    return report
