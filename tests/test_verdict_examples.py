"""The examples of docs/verdicts.md: the program says of each what the page says."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from reconcile import RowClass, explain, open_store
from reconcile.errors import NotFound
from verdict_examples import EXAMPLES, load


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Return by class of the example what the program says of its rows, as (class, sentence)."""
    folder = tmp_path_factory.mktemp("examples")
    answers = defaultdict(list)
    with open_store(folder / "home") as store:
        run_id = load(store, folder)
        line = {"event": 1, "claim": 1}
        for example in EXAMPLES:
            for side in ("event", "claim"):
                for _ in example.get(side, ()):
                    line[side] += 1
                    try:
                        said = explain(store, run_id, f"{side}s.csv:{line[side]}")
                    except NotFound:  # a partner outside the period is in no class
                        continue
                    text = re.sub(r" \([^()]*s\.csv line \d+\)", "", said.text)
                    words = text.replace(f"{folder}/", "")
                    answers[example["class"]].append((said.row["class"], words))
    return answers


def test_there_is_an_example_for_every_class_and_each_class_once():
    assert sorted(example["class"] for example in EXAMPLES) == sorted(RowClass)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["class"])
def test_the_program_gives_an_example_its_class_and_says_why(example, told):
    """Its other rows agree: a doubled row stands beside a matched pair."""
    row_class = RowClass(example["class"])
    others = {RowClass.MATCHED} if row_class.startswith("duplicate") else set()
    found = told[row_class]
    assert {one for one, _ in found} == {row_class, *others}
    assert next(text for one, text in found if one == row_class) == example["why"]
