"""Imitated ids look like those they are learnt from, and are none of them."""

from __future__ import annotations

import re
import uuid
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.ranges.planting.shapes import learn


def made(values: list[str], count: int = 50, taken: list[str] | None = None) -> list[str]:
    shape = learn(values)
    assert shape is not None
    return shape.make(np.random.default_rng(1), count, taken if taken is not None else values)


def test_prefix_length_and_alphabet_are_kept() -> None:
    rng = Random(1)
    values = [f"acct_{rng.getrandbits(56):014x}" for _ in range(100)]
    assert all(re.fullmatch("acct_[0-9a-f]{14}", v) for v in made(values))


def test_a_uuid_stays_one_of_its_version() -> None:
    rng = Random(2)
    values = [str(uuid.UUID(int=rng.getrandbits(128), version=4)) for _ in range(400)]
    assert all(uuid.UUID(v).version == 4 and v[19] in "89ab" for v in made(values))


def test_lengths_come_as_often_as_they_did() -> None:
    rng = Random(3)
    values = [f"{rng.randrange(10**6):06d}" for _ in range(90)] + [
        f"{rng.randrange(10**9):09d}" for _ in range(10)
    ]
    long = sum(len(v) == 9 for v in made(values, 1000, []))
    assert 60 <= long <= 140


def test_few_values_keep_their_words() -> None:
    assert all(re.fullmatch(r"key-[0-9a-f]{6}", v) for v in made(["key-12ab9f"]))


def test_a_full_shape_gives_longer_ids_rather_than_known_ones() -> None:
    values = [f"c{i}" for i in range(10)]
    found = made(values, 30)
    assert len(set(found)) == 30
    assert not set(found) & set(values)


def test_ids_that_grow_with_time_go_on_growing() -> None:
    values = [f"r{i * 1000:08d}" for i in range(100)]
    shape = learn(values, [i * 10 for i in range(100)])
    assert shape is not None
    found = shape.make_at(np.random.default_rng(1), np.array([105, 505, 905]), values)
    assert found == sorted(found)
    assert found[0].startswith("r0001") and found[2].startswith("r0009")


def test_nothing_is_learnt_from_nothing() -> None:
    assert learn([]) is None


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.text(st.characters(codec="ascii", exclude_categories=["C"]), max_size=12), min_size=1, max_size=40
    )
)
def test_whatever_ids_are_like_fresh_ones_are_distinct(values: list[str]) -> None:
    found = made(values, 20)
    assert len(set(found)) == 20
    assert not set(found) & set(values)
