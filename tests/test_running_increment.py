"""A run over an increment says what a whole run says, row by row."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reconcile import increment, load_parameters, load_settings, run, run_again
from reconcile.demo import SAMPLE
from reconcile.errors import QuestionOpen
from reconcile.importing import import_file
from reconcile.importing.records import Mapping
from reconcile.matching.parameters import RunParameters
from reconcile.terms import Kind, Known
from reconcile.warehouse import Store, open_store
from tests.matching_worlds import run_parameters
from tests.reference import SourceFile, World
from tests.world_files import write_files
from tests.worlds import random_world

PARTS = 2


@pytest.fixture(autouse=True)
def _always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Build on a former run however much is new: a dozen rows are always much."""
    monkeypatch.setattr(increment, "MOST_NEW", 1000)


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with open_store(home) as store:
        yield store


def sliced(seed: int) -> World:
    """Return a world with each kind cut into slices, and a later copy of one with other amounts."""
    world, draw = random_world(seed), random.Random(seed)
    files: dict[str, SourceFile] = {}
    rows: dict[str, list[Any]] = {"leads": [], "events": [], "claims": []}
    models = {file.kind: replace(file, has_amount=True) for file in world.files}
    for name, kind in (("leads", "lead"), ("events", "event"), ("claims", "claim")):
        for row in getattr(world, name):
            if row.occurred_at is None or kind not in models:
                continue
            part = f"{kind}_{draw.randrange(PARTS)}.csv"
            copies = [part] + [f"{kind}_{PARTS}.csv"] * (draw.random() < 0.2)
            for copy in copies:
                amount = row.revenue if copy == part else Decimal(draw.randrange(1, 5))
                files[copy] = replace(models[kind], name=copy)
                rows[name].append(replace(row, file=copy, revenue=amount))
    return replace(world, files=tuple(files.values()), **{k: tuple(v) for k, v in rows.items()})


def steps(store: Store, world: World, folder: Path, seed: int) -> Iterator[None]:
    """Import the files in any order, undo some and import them again: a state at every yield."""
    write_files(world, folder)
    if world.settings:
        store.replace_settings(load_settings(folder / "settings.csv"))
    draw = random.Random(seed)
    waiting = [*world.files]
    draw.shuffle(waiting)
    waiting.sort(
        key=lambda file: file.kind == "lead"
    )  # a run needs an event or a claim to begin with
    draw.shuffle(later := waiting[2:])
    waiting[2:] = later
    while waiting:
        file = waiting.pop(0)
        made = datetime(2026, 12, 1) + timedelta(days=file.name.endswith(f"{PARTS}.csv"))
        path, kind = folder / file.name, Kind(file.kind)
        said = Mapping(sender="x", zone="UTC", damaged_ids="keep")
        import_file(store, path, kind=kind, mapping=said, exported_at=made)
        yield
        if draw.random() < 0.3 and len(store.batches()) > 2:
            gone = draw.choice(store.batches())
            store.undo(gone.id)
            waiting += [f for f in world.files if gone.file.endswith(f.name)]
            yield


@pytest.mark.parametrize("seed", [0, 1, 2, 25])  # in the last, ids are damaged
def test_an_increment_says_what_a_whole_run_says(store, tmp_path, seed):
    """Over random slices, corrections, undos, with covers that the files state."""
    world = sliced(seed)
    if not world.has_claim_files or world.params.buyers:  # else what was seen last cannot be told
        world = replace(world, params=replace(world.params, watermark=datetime(2026, 11, 25)))
    asked = run_parameters(world)
    if seed % 2:
        asked = replace(asked, lead_cover=None, event_cover=None, claim_cover=None)
    built = 0
    for _ in steps(store, world, tmp_path, seed):
        if not {batch.kind for batch in store.batches()} & {Kind.EVENT, Kind.CLAIM}:
            continue
        try:
            whole = run(store, asked, whole=True)
        except QuestionOpen:
            with pytest.raises(QuestionOpen):
                run(store, asked)
            continue
        (store.home / "runs" / whole.id / "run_left.parquet").unlink()  # not to be built on
        found = run(store, asked)
        built += found.summary["work"]["built_on"] is not None
        assert {**found.summary, "work": 0} == {**whole.summary, "work": 0}
        assert found.summary["rows"] == whole.summary["rows"]
        assert store.run(found.id).result_sha256 == store.run(whole.id).result_sha256
    assert built >= 2


@pytest.fixture
def sample(sample_home: Path) -> Iterator[Store]:
    with open_store(sample_home) as store:
        yield store


def parameters_of_sample() -> RunParameters:
    return load_parameters(SAMPLE / "params.toml")


def test_a_run_builds_on_the_newest_of_the_same_question(sample):
    """And its repetition, always a whole one, gives the very same."""
    first = sample.runs()[0]
    gone = next(batch for batch in sample.batches() if batch.kind is Kind.CLAIM)
    sample.undo(gone.id)
    found = run(sample, parameters_of_sample())
    assert found.summary["work"]["built_on"] == first.id
    assert found.findings != first.finding_count
    assert run_again(sample, found.id).reproduced is True


def test_another_question_is_answered_from_the_start(sample):
    """Parameters, settings and the other side decide verdicts of rows that nobody touched."""
    asked = parameters_of_sample()
    others = [
        run(sample, replace(asked, grace_days=asked.grace_days + 1)),
        run(sample, asked, leads_are_claims=True),
        run(sample, asked, whole=True),
    ]
    setting = next(one for one in sample.settings() if one.is_conversion is Known.YES)
    sample.replace_settings([replace(setting, is_conversion=Known.NO)])
    others.append(run(sample, asked))
    assert [other.summary["work"]["built_on"] for other in others] == [None] * 4


def test_a_run_without_its_tables_is_not_built_on(sample):
    """A folder that a person tidied up costs time, and nothing else."""
    (sample.run_path(sample.runs()[0].id) / "run_row.parquet").unlink()
    found = run(sample, parameters_of_sample())
    assert found.summary["work"]["built_on"] is None


def test_a_whole_delivery_may_touch_any_id(sample, tmp_path):
    """It withdraws what it does not hold, so that no row but its own can be relied on."""
    path = tmp_path / "acme.csv"
    path.write_text(
        "transaction_id,event_id,occurred_at,revenue\nnobody,sale,2026-11-20T12:00:00Z,1\n"
    )
    mapping = Mapping(sender="acme", delivery="full")
    import_file(sample, path, kind=Kind.CLAIM, mapping=mapping)
    assert run(sample, parameters_of_sample()).summary["work"]["built_on"] is None


def test_much_news_means_a_whole_run(sample, monkeypatch):
    """Beyond a fifth, reconciling twice what changed costs more than all once."""
    monkeypatch.setattr(increment, "MOST_NEW", 0.2)
    for batch in sample.batches():
        if batch.kind is Kind.CLAIM:
            sample.undo(batch.id)
    asked = parameters_of_sample()
    assert run(sample, asked, leads_are_claims=False).summary["work"]["built_on"] is None
