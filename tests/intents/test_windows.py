"""Windows: what is in a stretch of about fifty words, once each."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.intents.concepts import CONCEPTS, Circumstance
from stillwatch.intents.windows import (
    ALONE,
    CLOSE,
    FEATURES,
    HASHED,
    LONG_TEXT,
    MOST_FEATURES,
    MOST_NEAR,
    NEAR,
    SIZE,
    STRIDE,
    TOGETHER,
    circumstances,
    desk,
    window_count,
)
from tests.intents.makers import Word, small_reader, texts_of_any_kind, view, windows_of

ONE, TWO = Word("one", 0), Word("two", 1)
READER = small_reader((ONE, TWO))
FIRST_CIRCUMSTANCE = int(READER.marks[2])


def features(text: str, given: int = 0) -> set[int]:
    """Return features of a text's first window, those of its words' hashes aside."""
    return {feature for feature in windows_of(view(text), [given], READER)[0][2] if feature < HASHED}


def test_kinds_of_features_do_not_overlap() -> None:
    assert 0 == ALONE < TOGETHER < CLOSE < HASHED < FEATURES
    assert TOGETHER - ALONE == CONCEPTS
    assert CLOSE - TOGETHER == HASHED - CLOSE == CONCEPTS**2


@given(st.integers(1, 5000))
def test_windows_cover_a_text_and_overlap_by_half(units: int) -> None:
    starts = [window * STRIDE for window in range(window_count(units))]
    assert starts[-1] + SIZE >= units
    assert starts[-1] == 0 or starts[-1] + SIZE - STRIDE < units  # the last one is needed
    assert all(second - first == SIZE // 2 for first, second in pairwise(starts))


@pytest.mark.parametrize("given", [0, 1 << Circumstance.BY_USER])
def test_a_text_is_short_or_long_by_its_length(given: int) -> None:
    short, long = given | 1 << Circumstance.SHORT, given | 1 << Circumstance.LONG
    lengths = {1: short, SIZE: short, SIZE + 1: given, LONG_TEXT: given, LONG_TEXT + 1: long}
    assert {units: circumstances(given, units) for units in lengths} == lengths


def test_concepts_count_alone_together_and_in_order_where_close() -> None:
    short = FIRST_CIRCUMSTANCE + Circumstance.SHORT
    with_short = {TOGETHER + short, TOGETHER + CONCEPTS + short}
    assert features("one") == {0, short, TOGETHER + short}
    assert features("one two") == {0, 1, short, TOGETHER + 1, CLOSE + 1, *with_short}
    assert features("two one") == {0, 1, short, TOGETHER + 1, CLOSE + CONCEPTS, *with_short}
    assert features("one " + "x " * (NEAR // 2) + "two") == {0, 1, short, TOGETHER + 1, *with_short}
    assert features("one " + "x " * (NEAR // 2 - 1) + "two") == features("one two")


def test_what_is_given_of_a_text_is_in_every_window_of_it() -> None:
    by = FIRST_CIRCUMSTANCE + Circumstance.BY_USER
    windows = windows_of(view("one " + "x " * 300), [1 << Circumstance.BY_USER], READER)
    assert len(windows) > 2
    assert all(by in found for _text, _start, found in windows)
    assert [TOGETHER + by in found for _text, _start, found in windows] == [True] + [False] * (
        len(windows) - 1
    )


def test_a_concept_looks_back_at_a_few_and_no_more() -> None:
    crowd = tuple(Word(chr(0x4E00 + at), at) for at in range(MOST_NEAR + 2))
    found = windows_of(view("".join(word.written for word in crowd)), [0], small_reader(crowd))[0][2]
    last = MOST_NEAR + 1
    assert CLOSE + CONCEPTS + last in found
    assert CLOSE + last not in found


def test_a_window_does_not_look_back_beyond_its_start() -> None:
    text = "x " * (STRIDE // 2 - 2) + "one " + "y " * 2 + "two " + "z " * STRIDE
    first, second = (set(found) for _text, _start, found in windows_of(view(text), [0], READER)[:2])
    assert {0, 1, CLOSE + 1} <= first
    assert {0, 1, CLOSE + 1} & second == {1}


@given(texts_of_any_kind(60))
def test_each_feature_counts_once_a_window(text: str) -> None:
    for _text, _start, found in windows_of(view(text), [7], small_reader()):
        assert len(set(found)) == len(found) <= MOST_FEATURES
        assert all(0 <= feature < FEATURES for feature in found)


def test_a_desk_is_blank() -> None:
    space = desk()
    assert space.stamps.shape == (FEATURES,)
    assert np.all(space.stamps != space.state[0])
