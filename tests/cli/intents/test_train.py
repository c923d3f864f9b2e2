"""`intents train` writes weights that can be used, and says what they are worth; no test of this trains at length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stillwatch.intents import LABELS, Model, load_model
from stillwatch.intents import training as room
from stillwatch.intents.training import train as training
from stillwatch.intents.training.samples import Part, Sample
from tests.cli.intents import gifts

Run = Callable[..., Any]
SAMPLES = [Sample((Part("user", "One gift"),), "gifts", "en", "lessons")]
FIGURES = {"positives": 1234.0, "negatives": 56789.0, "recall": 0.875, "false_positives": 0.00125}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What is gathered and trained; the outcome is a small model with figures of its own."""
    found: list[tuple[Any, ...]] = []

    def gather(corpus: Path | None, each: int, seed: int) -> list[Sample]:
        found.append((corpus, each, seed))
        return SAMPLES

    def train(
        samples: Sequence[Sample], seed: int, facts: dict[str, Any], progress: Callable[[str], None]
    ) -> Model:
        found.append((samples, seed, facts))
        progress("fold 1 of 1")
        figures = {"vision": {"positives": 3.0}, "tool_use": FIGURES}
        return replace(gifts(), facts={**gifts().facts, **facts, "at_the_cut": figures})

    monkeypatch.setattr(training, "gather", gather)
    monkeypatch.setattr(training, "train", train)
    return found


def test_weights_are_written_and_what_they_are_worth_is_told(
    stillwatch: Run, tmp_path: Path, asked: list[Any]
) -> None:
    file = tmp_path / "own.npz"
    ran = stillwatch("intents", "train", "-o", file)
    assert ran.code == 0
    made = load_model(file)
    assert ran.out.splitlines() == [
        f"{'vision':<24}never given: 3 positive samples are too few",
        f"{'tool_use':<24}   87.5% recall at 0.125% false positives, 1,234 and 56,789 samples, cross-fitted",
        f"{file}: version {made.version}, {file.stat().st_size:,} bytes",
    ]
    assert ran.err == "fold 1 of 1\n"
    assert [path.name for path in tmp_path.iterdir()] == ["own.npz"]


def test_corpus_renderings_and_seed_are_as_asked_and_named_in_the_weights(
    stillwatch: Run, tmp_path: Path, asked: list[Any]
) -> None:
    file, corpus = tmp_path / "own.npz", tmp_path / "prompts"
    words = ("--corpus", corpus, "--each", 3, "--seed", 9, "-q")
    ran = stillwatch("intents", "train", "-o", file, *words)
    assert (ran.code, ran.err) == (0, "")
    command = "stillwatch intents train --corpus DIR --each 3 --seed 9"
    assert asked == [(corpus, 3, 9), (SAMPLES, 9, {"command": command})]
    assert load_model(file).facts["command"] == command
    assert str(tmp_path) not in str(load_model(file).facts)  # where it was trained is nobody's business


def test_without_options_it_trains_on_the_lessons_alone_into_this_folder(
    stillwatch: Run, tmp_path: Path, asked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert stillwatch("intents", "train").code == 0
    assert asked[0] == (None, 12, 1)
    assert (
        load_model(tmp_path / "intents.npz").facts["command"] == "stillwatch intents train --each 12 --seed 1"
    )


def test_a_handful_of_samples_is_trained_on_and_gives_no_label(
    stillwatch: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "gather", lambda corpus, each, seed: SAMPLES * 8)
    monkeypatch.setattr(training, "read_entries", lambda: None)  # all lexicons take seconds to build
    monkeypatch.setattr(training, "reader_of", lambda entries: gifts().reader)
    monkeypatch.setattr(training, "fit_witnesses", lambda windows, seed: _nothing())
    ran = stillwatch("intents", "train", "-o", tmp_path / "own.npz")
    assert ran.code == 0
    told = ran.out.splitlines()
    assert [line.split()[0] for line in told[:-1]] == list(LABELS)
    assert all(line.endswith("never given: 0 positive samples are too few") for line in told[:-1])
    assert "8 samples" in ran.err
    assert not load_model(tmp_path / "own.npz").weights.any()


def _nothing() -> Any:
    import numpy as np

    from stillwatch.intents.labels import LANES
    from stillwatch.intents.training.fit import Fitted
    from stillwatch.intents.windows import FEATURES

    return Fitted(np.zeros((FEATURES, LANES), np.float32), np.zeros(LANES, np.float32))


def test_a_corpus_that_is_not_there_is_told(
    stillwatch: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "read_folder", lambda name: ())
    ran = stillwatch("intents", "train", "--corpus", tmp_path / "none", "-o", tmp_path / "own.npz")
    assert (ran.code, ran.out) == (1, "")
    assert str(tmp_path / "none") in ran.err and "Traceback" not in ran.err
    assert not (tmp_path / "own.npz").exists()


def test_what_is_not_installed_is_told_before_anything_is_read(
    stillwatch: Run, tmp_path: Path, asked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room.importlib.util, "find_spec", lambda name: None)
    ran = stillwatch("intents", "train", "-o", tmp_path / "own.npz")
    assert (ran.code, ran.out, asked) == (1, "", [])
    assert "pip install 'stillwatch[intents]'" in ran.err
