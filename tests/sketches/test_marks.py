"""Which hashes of a text are kept: the kernels against their definition, and what winnowing promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.sketches import reference
from stillwatch.sketches.keyring import keyring
from stillwatch.sketches.marks import CAP, SHINGLE, TABLE, WINDOW, choose, winnow

from .makers import OTHER, SECRET, kernel_tokens, texts

RING = keyring(SECRET)
GUARANTEE = WINDOW + SHINGLE - 1


def kernel_marks(text: str) -> list[int]:
    buffer, count, _ = kernel_tokens(text.encode())
    return [int(h) for h in buffer[: winnow(buffer, count, RING.shingles)]]


@given(texts())
def test_marks_are_those_of_the_definition(text: str) -> None:
    if reference.tokens(text):
        assert kernel_marks(text) == reference.marks(text, RING)


@given(st.lists(st.integers(1, 500), max_size=400))
def test_the_cap_keeps_what_the_definition_keeps(marks: list[int]) -> None:
    out = np.zeros(CAP, dtype=np.uint64)
    kept = choose(np.array(marks, dtype=np.uint64), len(marks), out, np.zeros(TABLE, dtype=np.uint64))
    assert sorted(int(h) for h in out[:kept]) == sorted(reference.choose(marks))


@given(st.lists(st.sampled_from("abcdefgh"), min_size=GUARANTEE, max_size=GUARANTEE), st.data())
def test_any_shared_run_of_twelve_tokens_leaves_a_common_mark(shared: list[str], data: st.DataObject) -> None:
    around = st.lists(st.sampled_from("stuvwxyz"), max_size=40)
    first, second = (" ".join([*data.draw(around), *shared, *data.draw(around)]) for _ in range(2))
    assert set(kernel_marks(first)) & set(kernel_marks(second))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("ﬁne ｆｕｌｌ　width", "fine full width"),
        ("naïve café", "naïve café"),
        ("İstanbul", "i̇stanbul"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("👩‍👩‍👧", "👩👩👧"),
        ("order 66 of 2026-11-02", "order 7 of 3.14"),
        ("see https://example.com/a?b=1", "see ftp://files.example.org"),
        ("id 550e8400-e29b-41d4-a716-446655440000.", "id 0123456789abcdef0123456789abcdef0123."),
        ("日本 語", "日本語"),
    ],
)
def test_texts_that_say_the_same_give_the_same_tokens(one: str, other: str) -> None:
    assert kernel_marks(one) == kernel_marks(other)


@settings(max_examples=20)
@given(texts())
def test_another_secret_gives_other_marks(text: str) -> None:
    assert not set(reference.marks(text, RING)) & set(reference.marks(text, keyring(OTHER)))
