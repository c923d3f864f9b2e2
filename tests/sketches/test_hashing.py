"""Keyed hashes: the kernels against their definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from stillwatch.sketches import reference
from stillwatch.sketches.hashing import PRIME, absorb, exact, hash_bytes, mix, mul_high, trimmed_end
from stillwatch.sketches.keyring import keyring

from .makers import SECRET, texts

RING = keyring(SECRET)
WORDS = st.integers(0, 2**64 - 1).map(np.uint64)


@njit
def high(left, right):  # type: ignore[no-untyped-def]
    return mul_high(left, right)


@njit
def mixed(word):  # type: ignore[no-untyped-def]
    return mix(word)


@njit
def step(state, block, point):  # type: ignore[no-untyped-def]
    return absorb(state, block, point)


@given(WORDS, WORDS)
def test_the_high_half_of_a_product(left: np.uint64, right: np.uint64) -> None:
    assert int(high(left, right)) == int(left) * int(right) >> 64


@given(WORDS)
def test_mixing_is_that_of_the_definition(word: np.uint64) -> None:
    assert int(mixed(word)) == reference.mix(int(word))


@given(st.integers(0, int(PRIME) - 1), st.integers(0, 2**56 - 1), st.integers(0, int(PRIME) - 1))
def test_a_horner_step_is_exact_modulo_the_prime(state: int, block: int, point: int) -> None:
    found = step(np.uint64(state), np.uint64(block), np.uint64(point))
    assert int(found) == (state * point + block) % int(PRIME)


@given(texts())
def test_the_exact_hash_is_that_of_the_definition(text: str) -> None:
    data = text.encode()
    view = np.frombuffer(data, dtype=np.uint8)
    h, chars, folded = exact(view, 0, len(data), RING.point)
    assert (int(h), chars, folded) == (reference.exact(text, RING), len(text), len(reference.fold(text)))
    assert int(hash_bytes(view, 0, len(data), RING.point)) == reference.hash_string(text, RING)


SPACES = st.text(st.sampled_from(reference.WHITE + "ab\u00e9\u3042\u200b"), max_size=40)


@given(SPACES)
def test_every_white_space_folds_wherever_it_stands(text: str) -> None:
    data = text.encode()
    view = np.frombuffer(b"x" * 9 + data + b" y" * 9, dtype=np.uint8)  # neighbours in the same buffer
    h, chars, folded = exact(view, 9, 9 + len(data), RING.point)
    assert (int(h), chars, folded) == (reference.exact(text, RING), len(text), len(reference.fold(text)))
    end, cut = trimmed_end(view, 9, 9 + len(data))
    assert bytes(view[9:end]).decode() == text.rstrip(reference.WHITE)
    assert cut == len(text) - len(text.rstrip(reference.WHITE))


@pytest.mark.parametrize(
    ("one", "other"), [("a b", "ab"), ("Ab", "ab"), ("a1", "a2"), ("a", "a\0"), ("", "\0")]
)
def test_texts_that_differ_have_other_exact_hashes(one: str, other: str) -> None:
    assert reference.exact(one, RING) != reference.exact(other, RING)
