"""Training on a handful of made-up templates: what is held out stays out, and what is shipped is what was fitted."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.intents.labels import LABELS, LANES, Label
from stillwatch.intents.model import Model, load_model, save_model
from stillwatch.intents.training import train as room
from stillwatch.intents.training.calibrate import NEVER
from stillwatch.intents.training.corpus import FILES, HELD_OUT_LANGUAGES, HELD_OUT_SOURCES, is_held_out
from stillwatch.intents.training.exam import answer
from stillwatch.intents.training.features import Windows, windows_of
from stillwatch.intents.training.fit import Fitted
from stillwatch.intents.training.samples import Sample
from stillwatch.intents.training.train import (
    FOLDS,
    MOST,
    UNIT,
    best_of,
    fit_witnesses,
    folds_of,
    gather,
    importance_of,
    rounded,
    train,
)
from stillwatch.intents.windows import FEATURES
from tests.intents import makers
from tests.intents.training.makers import MAIN, corpus, lessons, row, sample

names = st.sampled_from(("a", "b", "c", "dd"))
samples = st.lists(
    st.builds(sample, source=names, language=names, family=names, template=names, text=st.text(max_size=5)),
    max_size=30,
)
TRUE = frozenset({MAIN})


def school(count: int = 80) -> list[Sample]:
    """Return as many templates that say "think next" as others that speak of gifts."""
    made = [sample(f"Now think next step, please {i}.", template=f"t{i}", true=TRUE) for i in range(count)]
    return made + [sample(f"Wrap the gift in paper {i}.", template=f"g{i}") for i in range(count)]


def said(texts: list[str], model: Model) -> np.ndarray:
    return answer([sample(text) for text in texts], model).scores[:, MAIN]


@pytest.fixture(scope="module")
def trained() -> Model:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(room, "read_entries", lambda: makers.entries(makers.LEXICON))
        return train(school(), 1, {"command": "made up"}, progress=lambda _line: None)


@given(samples)
def test_a_template_of_a_family_and_language_lies_in_one_fold_whatever_its_text(made: list[Sample]) -> None:
    folds = folds_of(made)
    assert set(folds.tolist()) <= set(range(FOLDS))
    by_group: dict[str, set[int]] = {}
    for each, fold in zip(made, folds.tolist(), strict=True):
        by_group.setdefault(each.group, set()).add(fold)
    assert all(len(found) == 1 for found in by_group.values())


@given(samples, st.randoms(use_true_random=False))
def test_the_fold_of_a_sample_depends_on_no_other(made: list[Sample], chance) -> None:
    order = chance.sample(range(len(made)), len(made))
    assert folds_of([made[i] for i in order]).tolist() == [int(folds_of(made)[i]) for i in order]
    assert [int(folds_of([each])[0]) for each in made] == folds_of(made).tolist()


def test_many_templates_are_spread_over_all_folds() -> None:
    counts = np.bincount(folds_of([sample(template=f"t{i}") for i in range(400)]), minlength=FOLDS)
    assert counts.min() > 60


def test_what_is_held_out_is_never_trained_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taught = lessons(tmp_path)
    monkeypatch.setattr(room, "read_folder", lambda folder: [taught] if folder == "lessons" else [])
    rows = [row(source=source, prompt="secret") for source in sorted(HELD_OUT_SOURCES)]
    files = {name: [row(), *rows] for name in FILES}
    files["benign_system"] += [
        row(lang=lang, system="secret", prompt=None) for lang in sorted(HELD_OUT_LANGUAGES)
    ]
    found = gather(corpus(tmp_path / "c", files), 3, 1)
    assert [s.source for s in found].count("somebody/prompts") == len(FILES)
    assert not any(is_held_out(s) for s in found)
    assert "secret" not in {part.text for s in found for part in s.parts}
    assert {s.source for s in found} <= {"lessons", "somebody/prompts", "unreadable"}


def test_the_exam_is_never_a_lesson(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(room, "read_folder", lambda folder: asked.append(folder) or [])
    assert gather(None, 3, 1) == [] and asked == ["lessons"]


def test_lessons_are_rendered_so_often_and_a_part_of_all_is_made_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught = lessons(
        tmp_path, families={"tutoring": ["{question}", "Why? {question}"], "one_word": ["thanks"]}
    )
    monkeypatch.setattr(room, "read_folder", lambda _folder: [taught])
    found = gather(None, 100, 1)
    readable = [s for s in found if s.source == "lessons"]
    assert len(readable) == 300 and 10 <= len(found) - 300 <= 60
    assert {s.family for s in found[300:]} == {"unreadable"}
    assert gather(None, 100, 1) == found


def test_the_windows_of_a_sample_together_weigh_little_more_than_one() -> None:
    made = [sample("gift " * count) for count in (1, 100, 900)]
    windows = windows_of(made, makers.small_reader())
    weight = importance_of(windows)
    assert weight.shape == (len(windows.sample), LANES)
    sums = np.bincount(windows.sample, weights=weight[:, 0])
    assert sums[0] == 1 and sums.max() <= 4 + 1e-4


@given(st.lists(makers.texts_of_any_kind(), min_size=1, max_size=4), st.integers(0, 9))
def test_the_score_that_calibrates_is_the_score_that_the_shipped_weights_give(
    texts: list[str], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.normal(0, 1, (FEATURES, LANES)).astype(np.float32)
    fitted = Fitted(weights, rng.normal(-2, 1, LANES).astype(np.float32))
    reader, made = makers.small_reader(), [sample(text) for text in texts if text]
    base = makers.model({}, {})
    fields = {name: getattr(base, name) for name in base.__dataclass_fields__}
    fields |= {
        "weights": rounded(weights),
        "bias": np.rint(fitted.bias * UNIT).astype(np.int32),
        "reader": reader,
    }
    expected = answer(made, Model(**fields)).scores
    assert np.array_equal(best_of(windows_of(made, reader), fitted, len(made)).astype(np.int64), expected)


@given(st.lists(st.floats(-50, 50, width=32), min_size=1, max_size=20))
def test_shipped_weights_are_whole_symmetric_and_within_a_byte(raw: list[float]) -> None:
    given_weights = np.array(raw, dtype=np.float32)
    found = rounded(given_weights)
    assert found.dtype == np.int8 and np.abs(found.astype(int)).max() <= MOST
    assert np.array_equal(rounded(-given_weights), -found)
    inside = np.abs(given_weights * UNIT) < MOST
    assert (np.abs(found[inside] - given_weights[inside] * UNIT) <= 0.5 + 1e-3).all()


def test_a_label_is_learned_from_the_window_that_speaks_for_it_and_not_from_those_beside_it() -> None:
    filler = "gift " * 300
    made = [sample(f"{filler} think next step {i}", template=f"t{i}", true=TRUE) for i in range(30)]
    made += [sample(f"über {filler} {i}", template=f"g{i}") for i in range(30)]
    windows = windows_of(made, makers.small_reader())
    fitted = fit_witnesses(windows, 1)
    odds = (windows.features @ fitted.weights + fitted.bias)[:, MAIN]
    truth = windows.labels[:, MAIN] == 1
    best = np.array([odds[(windows.sample == at) & truth].max(initial=-np.inf) for at in range(30)])
    middle = np.array([np.median(odds[windows.sample == at]) for at in range(30)])
    assert best.min() > 0 > middle.max()


def test_what_was_taught_is_told_among_words_never_seen_in_training(trained: Model) -> None:
    texts = ["Kindly think next step.", "Wrap the gift in paper 900."]
    scores, (asked, innocent) = said(texts, trained), [sample(text) for text in texts]
    assert scores[0] >= trained.cuts[MAIN] > scores[1]
    chances = trained.probabilities(answer([asked, innocent], trained).scores)[:, MAIN]
    assert chances[0] > 0.5 > 0.1 > chances[1]


def test_a_label_that_was_never_true_is_never_given(trained: Model) -> None:
    others = [label for label in Label if label != MAIN]
    assert set(trained.cuts[others].tolist()) == set(trained.leanings[others].tolist()) == {NEVER}
    assert trained.bits(answer(school(3), trained).scores)[0] == (1 << MAIN) | (1 << (LANES + MAIN))


def test_the_facts_say_how_the_weights_came_about_and_what_they_reach(trained: Model) -> None:
    assert (trained.facts["command"], trained.facts["unit"]) == ("made up", UNIT)
    at_the_cut = trained.facts["at_the_cut"]
    assert list(at_the_cut) == list(LABELS)
    assert at_the_cut[LABELS[MAIN]]["positives"] == 80
    assert at_the_cut["vision"] == {"positives": 0}


def test_what_is_written_and_read_back_scores_the_same(
    trained: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = save_model(trained, tmp_path / "w.npz")
    again = load_model(tmp_path / "w.npz")
    texts = ["think next step", "gift", "über 思考", ""]
    assert np.array_equal(said(texts, again), said(texts, trained))
    assert again.version == version and again.facts["command"] == "made up"


def test_the_fold_that_is_scored_is_never_fitted(monkeypatch: pytest.MonkeyPatch) -> None:
    made, fitted = school(20), []
    plain = room.fit_witnesses

    def watched(windows: Windows, seed: int) -> Fitted:
        fitted.append(set(windows.sample.tolist()))
        return plain(windows, seed)

    monkeypatch.setattr(room, "read_entries", lambda: makers.entries(makers.LEXICON))
    monkeypatch.setattr(room, "fit_witnesses", watched)
    train(made, 1, {}, progress=lambda _line: None)
    folds, every = folds_of(made), set(range(len(made)))
    assert fitted == [every - set(np.flatnonzero(folds == held).tolist()) for held in range(FOLDS)] + [every]


def test_training_is_the_same_for_the_same_samples_and_seed(
    trained: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "read_entries", lambda: makers.entries(makers.LEXICON))
    told: list[str] = []
    again = train(school(), 1, {"command": "made up"}, progress=told.append)
    for name in ("weights", "bias", "knots", "levels", "cuts", "leanings"):
        digests = {hashlib.sha256(getattr(m, name).tobytes()).hexdigest() for m in (trained, again)}
        assert len(digests) == 1, name
    assert told[0].startswith("160 samples, ") and len(told) == FOLDS + 2
