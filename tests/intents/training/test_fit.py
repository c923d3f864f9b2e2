"""All labels are fitted at once, each by what is known of it and by nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from stillwatch.intents.labels import LANES, Label
from stillwatch.intents.training import fit as room
from stillwatch.intents.training.features import Windows
from stillwatch.intents.training.fit import Fitted, fit
from stillwatch.intents.windows import FEATURES, HASHED
from tests.intents.training.makers import MAIN

ROWS = 120
CONCEPT, OTHER, WORD, USUAL = 3, 5, HASHED + 3, 9
EPOCHS = 4


def windows(**columns: np.ndarray) -> Windows:
    """Return windows of which every second has two telling features; only MAIN is known of them."""
    told = np.arange(ROWS) % 2 == 0
    dense = np.zeros((ROWS, FEATURES), dtype=np.float32)
    dense[:, USUAL] = 1
    dense[told, CONCEPT] = dense[told, WORD] = 1
    dense[~told, OTHER] = 1
    labels = np.full((ROWS, LANES), -1, dtype=np.int8)
    labels[:, MAIN] = told
    return replace(Windows(csr_array(dense), labels, np.arange(ROWS)), **columns)


def fitted(
    made: Windows, importance: float | np.ndarray = 1.0, epochs: int = EPOCHS, seed: int = 1
) -> Fitted:
    return fit(made, np.broadcast_to(np.float32(importance), (ROWS, LANES)), epochs, seed)


def odds(found: Fitted, made: Windows, label: Label = MAIN) -> np.ndarray:
    return (made.features @ found.weights + found.bias)[:, label]


def test_what_tells_a_label_is_learned() -> None:
    made = windows()
    found = fitted(made)
    said, true = odds(found, made), made.labels[:, MAIN] == 1
    assert said[true].min() > 0 > said[~true].max()
    assert found.weights[CONCEPT, MAIN] > 0 > found.weights[OTHER, MAIN]


def test_features_that_were_never_seen_weigh_nothing() -> None:
    weights = fitted(windows()).weights
    assert set(np.flatnonzero(weights.any(axis=1)).tolist()) <= {CONCEPT, OTHER, WORD, USUAL}


def test_of_a_label_that_is_unknown_throughout_nothing_is_learned() -> None:
    found = fitted(windows())
    others = [label for label in range(LANES) if label != MAIN]
    assert not found.weights[:, others].any() and len(set(found.bias[others].tolist())) == 1
    assert found.bias[others][0] != found.bias[MAIN]


def test_what_is_known_of_one_label_changes_nothing_of_another() -> None:
    made = windows()
    more = made.labels.copy()
    more[:, Label.VISION] = made.labels[::-1, MAIN]
    one, both = fitted(made), fitted(replace(made, labels=more))
    assert np.array_equal(one.weights[:, MAIN], both.weights[:, MAIN]) and one.bias[MAIN] == both.bias[MAIN]
    assert both.weights[:, Label.VISION].any()


def test_a_window_that_is_unknown_is_as_if_it_weighed_nothing() -> None:
    made = windows()
    unknown, weightless = made.labels.copy(), np.ones((ROWS, LANES), dtype=np.float32)
    unknown[::3, MAIN], weightless[::3, MAIN] = -1, 0
    one, other = fitted(replace(made, labels=unknown)), fitted(made, weightless)
    assert np.array_equal(one.weights, other.weights) and np.array_equal(one.bias, other.bias)


def test_the_more_a_window_weighs_the_more_it_says() -> None:
    made = windows()
    flipped = made.labels.copy()
    flipped[:20, MAIN] = 1 - flipped[:20, MAIN]
    made, trusted = replace(made, labels=flipped), np.ones((ROWS, LANES), dtype=np.float32)
    trusted[:20] = 0.05
    assert fitted(made, trusted).weights[CONCEPT, MAIN] > fitted(made).weights[CONCEPT, MAIN]


def test_single_words_pay_more_for_their_weight_than_concepts_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert room.PENALTY_HASHED > room.PENALTY
    for seed in range(3):
        monkeypatch.setattr(room, "PENALTY_HASHED", room.PENALTY)
        alike = fitted(windows(), epochs=12, seed=seed)
        monkeypatch.undo()
        found = fitted(windows(), epochs=12, seed=seed)
        ratios = [f.weights[WORD, MAIN] / f.weights[CONCEPT, MAIN] for f in (found, alike)]
        assert 0 < ratios[0] < ratios[1]


def test_the_same_seed_gives_the_same_weights_and_another_others() -> None:
    made = windows()
    one, again, other = (fitted(made, seed=seed) for seed in (4, 4, 5))
    assert np.array_equal(one.weights, again.weights) and np.array_equal(one.bias, again.bias)
    assert not np.array_equal(one.weights, other.weights)


def test_a_fit_without_a_turn_takes_every_label_to_be_rare() -> None:
    found = fitted(windows(), epochs=0)
    assert not found.weights.any() and (found.bias < 0).all()
    assert found.weights.shape == (FEATURES, LANES)


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_where_no_feature_tells_the_share_of_the_label_does(share: float) -> None:
    labels = np.full((ROWS, LANES), -1, dtype=np.int8)
    labels[:, MAIN] = np.arange(ROWS) % 10 < 10 * share
    made = windows(labels=labels)
    said = odds(fitted(made, epochs=20), made).mean()
    assert (said > 0) == (share > 0.5)
