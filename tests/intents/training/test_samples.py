"""Samples become rows: every part one, with what is known of it beside its text."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.intents.concepts import Circumstance
from stillwatch.intents.labels import LANES, Label
from stillwatch.intents.training.samples import Part, Sample, circumstances_of, lay_out, targets
from tests.intents.training.makers import sample

labels = st.frozensets(st.sampled_from(Label))
parts = st.builds(Part, st.sampled_from(("operator", "user")), st.text(max_size=9), carries=st.booleans())
samples = st.lists(
    st.builds(
        sample,
        parts=st.lists(parts, max_size=3).map(tuple),
        true=labels,
        unknown=labels,
        family=st.sampled_from("ab"),
    ),
    max_size=5,
)


@pytest.mark.parametrize("field", ("source", "language", "family", "template"))
def test_what_may_not_lie_on_both_sides_of_a_split_is_one_group(field: str) -> None:
    assert sample("one").group == sample("two", true=frozenset({Label.VISION})).group
    assert sample(**{field: "other"}).group != sample().group


def test_groups_of_one_field_do_not_meet_those_of_another() -> None:
    fields = ("source", "language", "family", "template")
    groups = [
        sample(**dict(zip(fields, names, strict=True))).group for names in itertools.permutations("abcd")
    ]
    assert len(set(groups)) == len(groups)


@pytest.mark.parametrize(
    ("authors", "alone"), [("u", True), ("o", False), ("ou", False), ("uo", False), ("uu", True)]
)
def test_a_part_is_by_its_author_and_with_or_without_an_operators_text(authors: str, alone: bool) -> None:
    of = {"u": "user", "o": "operator"}
    whole = sample(parts=tuple(Part(of[a], "x") for a in authors))  # type: ignore[arg-type]
    for letter, part in zip(authors, whole.parts, strict=True):
        by = Circumstance.BY_OPERATOR if letter == "o" else Circumstance.BY_USER
        expected = (1 << by) | (1 << Circumstance.NO_SYSTEM if alone else 0)
        assert circumstances_of(whole, part) == expected


@given(samples)
def test_every_part_has_its_row_in_order(made: list[Sample]) -> None:
    laid = lay_out(made)
    assert laid.texts.to_pylist() == [part.text for each in made for part in each.parts]
    assert list(laid.parts) == [part for each in made for part in each.parts]
    assert laid.carries.tolist() == [part.carries for each in made for part in each.parts]
    assert laid.sample.tolist() == [at for at, each in enumerate(made) for _part in each.parts]
    assert laid.given.tolist() == [circumstances_of(each, part) for each in made for part in each.parts]


@given(samples)
def test_what_is_true_is_one_what_is_unknown_is_not_known_and_the_rest_is_false(made: list[Sample]) -> None:
    found = targets(iter(made))
    assert found.shape == (len(made), LANES) and found.dtype == np.int8
    for each, known in zip(made, found, strict=True):
        for label in Label:
            assert known[label] == (1 if label in each.true else -1 if label in each.unknown else 0)
