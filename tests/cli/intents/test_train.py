"""`intents train` writes weights that can be used, and says what they reach and how they came about."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stillwatch.intents import load_model
from stillwatch.intents.training import train as room
from stillwatch.intents.training.corpus import HELD_OUT_SOURCES
from stillwatch.intents.training.samples import Sample
from tests.intents import makers
from tests.intents.training.makers import corpus, lessons, row

Run = Callable[..., Any]


@pytest.fixture
def taught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Sample]:
    """Make the shipped lessons and lexicons a handful; return the samples that are trained on."""
    families = {
        "full_trace": [f"Now think next step for {{question}} {i}" for i in range(20)],
        "everyday_chat": [f"Wrap the gift {i}" for i in range(20)],
    }
    made = lessons(tmp_path, families=families)
    monkeypatch.setattr(room, "read_folder", lambda _folder: [made])
    monkeypatch.setattr(room, "read_entries", lambda: makers.entries(makers.LEXICON))
    seen: list[Sample] = []
    plain = room.gather

    def watched(*asked: Any) -> list[Sample]:
        seen[:] = plain(*asked)
        return seen

    monkeypatch.setattr(room, "gather", watched)
    return seen


def test_the_weights_can_be_used_and_say_how_they_came_about(
    taught: list[Sample], stillwatch: Run, tmp_path: Path
) -> None:
    out = tmp_path / "w.npz"
    ran = stillwatch("intents", "train", "--out", out, "--each", 4, "--seed", 3)
    assert ran.code == 0
    model = load_model(out)
    assert model.facts["command"] == "stillwatch intents train --each 4 --seed 3"
    assert f"{out}: version {model.version}, {out.stat().st_size:,} bytes" in ran.out
    assert len([s for s in taught if s.source == "lessons"]) == 160


def test_each_label_is_told_with_its_figures_or_as_never_given(
    taught: list[Sample], stillwatch: Run, tmp_path: Path
) -> None:
    ran = stillwatch("intents", "train", "--out", tmp_path / "w.npz", "--each", 4)
    (hidden,) = [line for line in ran.out.splitlines() if line.startswith("hidden_trace ")]
    assert re.search(r"100\.0% recall at 0\.\d{3}% false positives, 80 and \d+ samples, cross-fitted", hidden)
    (vision,) = [line for line in ran.out.splitlines() if line.startswith("vision ")]
    assert "never given: 0 positive samples are too few" in vision


def test_a_corpus_is_trained_on_but_for_what_is_held_out(
    taught: list[Sample], stillwatch: Run, tmp_path: Path
) -> None:
    rows = [row(source=source, prompt="secret") for source in sorted(HELD_OUT_SOURCES)]
    folder = corpus(tmp_path / "c", {"benign_chat": [*rows, row(prompt="open")]})
    ran = stillwatch("intents", "train", "--corpus", folder, "--out", tmp_path / "w.npz", "--each", 2)
    assert ran.code == 0
    texts = {part.text for each in taught for part in each.parts}
    assert "open" in texts and "secret" not in texts
    assert (
        load_model(tmp_path / "w.npz").facts["command"].startswith("stillwatch intents train --corpus DIR ")
    )


def test_a_corpus_that_cannot_be_read_leaves_no_weights(
    taught: list[Sample], stillwatch: Run, tmp_path: Path
) -> None:
    folder = corpus(tmp_path / "c", {"benign_chat": ["no JSON"]})
    ran = stillwatch("intents", "train", "--corpus", folder, "--out", tmp_path / "w.npz")
    assert ran.code == 1 and "benign_chat.jsonl:1" in ran.err
    assert not (tmp_path / "w.npz").exists()


def test_what_it_is_at_goes_to_standard_error_and_not_where_quiet(
    taught: list[Sample], stillwatch: Run, tmp_path: Path
) -> None:
    loud = stillwatch("intents", "train", "--out", tmp_path / "w.npz", "--each", 2)
    quiet = stillwatch("intents", "train", "--out", tmp_path / "w.npz", "--each", 2, "--quiet")
    assert "fitted on all" in loud.err and "fitted" not in loud.out
    assert (quiet.err, quiet.out) == ("", loud.out)
