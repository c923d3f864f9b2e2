"""A text's score is the best of its windows; a window's is the sum of its features' weights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.intents.kernel import LOWEST, best_windows
from stillwatch.intents.labels import LANES
from stillwatch.intents.reading import page_for
from stillwatch.intents.windows import SIZE, STRIDE, desk
from stillwatch.sketches.buffers import Texts
from stillwatch.sketches.unicode import unicode_table
from tests.intents.makers import noisy_model, read_text, small_reader, texts_of_any_kind, view, windows_of
from tests.intents.reference import windows

FIRST_CIRCUMSTANCE = int(small_reader().marks[2])
# Long enough for several windows: pieces of any kind, over and over.
LONG = st.tuples(st.lists(texts_of_any_kind(20), max_size=4), st.integers(1, 12)).map(
    lambda t: " ".join(t[0] * t[1])
)


def best(texts: Texts, given: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return scores and where they were found."""
    model, rows = noisy_model(), len(given)
    scores, where = np.zeros((rows, LANES), dtype=np.int32), np.zeros((rows, LANES), dtype=np.int32)
    best_windows(
        texts, np.array(given, dtype=np.int64), unicode_table(), model.reader.trie, model.reader.marks, model.weights,
        model.bias, page_for(int(np.diff(texts.offsets).max(initial=0))), desk(), scores, where,
    )  # fmt: skip
    return scores, where


@settings(max_examples=60)
@given(LONG, st.integers(0, 7))
def test_windows_hold_what_their_definition_says(text: str, given: int) -> None:
    found = windows_of(view(text), [given], small_reader())
    assert [(start, set(features)) for _text, start, features in found] == windows(
        read_text(text), given, FIRST_CIRCUMSTANCE
    )


@settings(max_examples=60)
@given(LONG.filter(bool), st.integers(0, 7))
def test_a_score_is_the_best_windows_sum_of_weights(text: str, given: int) -> None:
    model = noisy_model()
    weights, bias = model.weights.astype(int), model.bias.astype(int)
    sums = [
        (start, bias + weights[sorted(features)].sum(axis=0))
        for start, features in windows(read_text(text), given, FIRST_CIRCUMSTANCE)
    ]
    scores, where = best(view(text), [given])
    for lane in range(LANES):
        by_window = [int(total[lane]) for _start, total in sums]
        assert scores[0, lane] == max(by_window)
        assert where[0, lane] == sums[by_window.index(max(by_window))][0]


def test_a_long_text_has_a_window_every_stride() -> None:
    found = windows_of(view("x " * 500, "y"), [0, 0], small_reader())
    assert [(text, start) for text, start, _features in found if text == 0] == [
        (0, start) for start in range(0, 1000 - SIZE + STRIDE + 1, STRIDE)
    ]
    assert [(text, start) for text, start, _features in found if text == 1] == [(1, 0)]


def test_training_sees_no_more_windows_than_it_asks_for() -> None:
    some = windows_of(view("x " * 500, "y " * 500), [0, 0], small_reader(), most=3)
    assert some == [
        window
        for window in windows_of(view("x " * 500, "y " * 500), [0, 0], small_reader())
        if window[1] < 144
    ]


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_text_that_is_not_there_scores_lowest(nothing: str | None) -> None:
    scores, where = best(view("think", nothing, "gift"), [0, 0, 0])
    assert np.all(scores[1] == LOWEST)
    assert np.all(where[1] == 0)
    assert np.all(scores[[0, 2]] > LOWEST)


def test_no_texts_have_no_scores() -> None:
    assert best(view(), [])[0].shape == (0, LANES)


@given(st.lists(st.one_of(st.binary(max_size=40), texts_of_any_kind(10), st.none()), max_size=6))
def test_a_texts_score_does_not_know_the_other_texts(rows: list[str | bytes | None]) -> None:
    """Bytes of any kind, so that a text may break off within a character that the next one seems to go on with."""
    together, _where = best(view(*rows), [at % 8 for at in range(len(rows))])
    for at, row in enumerate(rows):
        assert np.array_equal(together[at], best(view(row), [at % 8])[0][0])
