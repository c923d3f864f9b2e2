"""Windows carry the labels of their sample, but for those that hold little of what the sample's template says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.intents.labels import LANES, Label
from stillwatch.intents.training.features import MOST_WINDOWS, Windows, windows_of
from stillwatch.intents.training.samples import Part, Sample, circumstances_of, targets
from stillwatch.intents.windows import FEATURES, SIZE, STRIDE
from tests.intents import makers
from tests.intents.training.makers import MAIN, sample

READER = makers.small_reader()
TRUE, UNKNOWN = frozenset({MAIN}), frozenset({Label.VISION})
WINDOW = SIZE // 2  # words


def taught(*made: Sample) -> Windows:
    return windows_of(made, READER)


def marked(parts: tuple[Part, ...] | Part) -> Sample:
    """Return a sample with a label that is true, one that is unknown, and the others false."""
    return sample(parts=parts if isinstance(parts, tuple) else (parts,), true=TRUE, unknown=UNKNOWN)


def words(count: int, word: str = "gift") -> str:
    return " ".join([word] * count)


def filled(own: str, fill: str) -> Part:
    """Return a user's text that ends with what a program filled in."""
    return Part("user", own + fill, ((len(own), len(own) + len(fill)),))


@given(st.lists(makers.texts_of_any_kind(), min_size=1, max_size=4))
def test_the_features_are_those_that_windows_are_scored_by(texts: list[str]) -> None:
    made = [sample(text) for text in texts]
    found = taught(*made)
    given = [circumstances_of(each, each.parts[0]) for each in made]
    expected = makers.windows_of(makers.view(*texts), given, READER)
    assert found.sample.tolist() == [owner for owner, _begin, _features in expected]
    assert found.features.shape == (len(expected), FEATURES)
    for at, (_owner, _begin, features) in enumerate(expected):
        start, end = found.features.indptr[at : at + 2]
        assert found.features.indices[start:end].tolist() == features
    assert set(found.features.data.tolist()) <= {1.0}


def test_a_windows_labels_are_those_of_its_sample() -> None:
    made = [marked(Part("user", words(3 * WINDOW))), sample("think")]
    found = taught(*made)
    assert found.labels.shape == (len(found.sample), LANES) and len(found.sample) > 2
    assert np.array_equal(found.labels, targets(made)[found.sample])


def test_parts_of_one_request_are_windows_of_one_sample() -> None:
    found = taught(marked((Part("operator", "think"), Part("user", "gift"))), sample("b"))
    assert found.sample.tolist() == [0, 0, 1]


def test_a_part_that_the_labels_are_not_about_is_unknown_where_they_are_true_and_false_where_not() -> None:
    found = taught(marked((Part("operator", "think"), Part("user", "gift", carries=False))))
    assert found.labels[0, MAIN] == 1 and found.labels[1, MAIN] == -1
    others = [label for label in range(LANES) if label not in (MAIN, Label.VISION)]
    assert (found.labels[:, others] == 0).all() and (found.labels[:, Label.VISION] == -1).all()


@pytest.mark.parametrize("letters", ["gift ", "思"], ids=["spaced", "unspaced"])
def test_windows_of_what_was_filled_in_say_nothing_of_what_the_template_is_after(letters: str) -> None:
    unit = 2 if letters.endswith(" ") else 1
    found = taught(marked(filled(letters * (SIZE // unit), letters * (8 * SIZE // unit))))
    truth = found.labels[:, MAIN].tolist()
    inside = [at for at in range(len(truth)) if at * STRIDE >= SIZE]
    assert truth[0] == 1 and len(inside) >= 10
    assert {truth[at] for at in inside} == {-1}


@pytest.mark.parametrize("letters", ["gift ", "思"], ids=["spaced", "unspaced"])
def test_what_stands_behind_a_filling_counts_again(letters: str) -> None:
    unit = 2 if letters.endswith(" ") else 1
    fill, own = letters * (6 * SIZE // unit), letters * (2 * SIZE // unit)
    found = taught(marked(Part("user", fill + own, ((0, len(fill)),))))
    assert found.labels[0, MAIN] == -1 and found.labels[-2, MAIN] == 1


def test_a_short_filling_takes_nothing_away() -> None:
    found = taught(marked(filled(words(40), " " + words(20))))
    assert set(found.labels[:, MAIN].tolist()) == {1}


def test_a_long_text_does_not_outweigh_all_others() -> None:
    assert len(taught(sample(words(100 * WINDOW))).sample) == MOST_WINDOWS


def test_rows_are_taken_together() -> None:
    found = taught(*(sample(text) for text in ("think", "gift", "über")))
    some = found.take(np.array([2, 0]))
    assert some.sample.tolist() == [2, 0]
    assert np.array_equal(some.labels, found.labels[[2, 0]])
    assert (some.features != found.features[[2, 0]]).nnz == 0


def test_no_samples_are_no_windows() -> None:
    found = taught()
    assert (
        found.features.shape == (0, FEATURES) and found.labels.shape == (0, LANES) and len(found.sample) == 0
    )
