"""Which hashes of a text are kept: the kernels against their definition, and what winnowing promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.sketches import reference
from stillwatch.sketches.hashing import exact, hash_bytes
from stillwatch.sketches.keyring import keyring
from stillwatch.sketches.marks import CAP, SHINGLE, WINDOW, choose, winnow
from stillwatch.sketches.scripts import SCRIPT_COUNT
from stillwatch.sketches.tokens import dominant, tokenise
from stillwatch.sketches.unicode import MOST_TOKENS_PER_BYTE, unicode_table

from .makers import SECRET, texts

RING = keyring(SECRET)
GUARANTEE = WINDOW + SHINGLE - 1


def kernel_tokens(data: bytes) -> tuple[np.ndarray, int, int]:
    """(buffer, tokens in it, dominant script) of some bytes."""
    buffer = np.zeros(MOST_TOKENS_PER_BYTE * len(data) + 64, dtype=np.uint64)
    scripts = np.zeros(SCRIPT_COUNT, dtype=np.int64)
    view = np.frombuffer(data, dtype=np.uint8)
    count = tokenise(view, 0, len(data), unicode_table(), RING.tokens, buffer, scripts)
    return buffer, count, dominant(scripts)


def kernel_marks(text: str) -> list[int]:
    buffer, count, _ = kernel_tokens(text.encode())
    return [int(h) for h in buffer[: winnow(buffer, count, RING.shingles)]]


@given(texts())
def test_tokens_are_those_of_the_definition(text: str) -> None:
    buffer, count, script = kernel_tokens(text.encode())
    expected = [reference.token_hash(token, RING) for token in reference.tokens(text)]
    assert [int(h) for h in buffer[:count]] == expected
    assert script == reference.dominant_script(text)


@given(texts())
def test_the_exact_hash_is_that_of_the_definition(text: str) -> None:
    data = text.encode()
    view = np.frombuffer(data, dtype=np.uint8)
    h, chars, folded = exact(view, 0, len(data), RING.point)
    assert (int(h), chars, folded) == (reference.exact(text, RING), len(text), len(reference.fold(text)))
    assert int(hash_bytes(view, 0, len(data), RING.point)) == reference.hash_string(text, RING)


@given(texts())
def test_marks_are_those_of_the_definition(text: str) -> None:
    if reference.tokens(text):
        assert kernel_marks(text) == reference.marks(text, RING)


@given(st.lists(st.integers(0, 500), max_size=400))
def test_the_cap_keeps_what_the_definition_keeps(marks: list[int]) -> None:
    out = np.zeros(CAP, dtype=np.uint64)
    kept = choose(np.array(marks, dtype=np.uint64), len(marks), out)
    assert [int(h) for h in out[:kept]] == sorted(reference.choose(marks))


@given(st.lists(st.sampled_from("abcdefgh"), min_size=GUARANTEE, max_size=GUARANTEE), st.data())
def test_any_shared_run_of_twelve_tokens_leaves_a_common_mark(shared: list[str], data: st.DataObject) -> None:
    around = st.lists(st.sampled_from("stuvwxyz"), max_size=40)
    first, second = (" ".join([*data.draw(around), *shared, *data.draw(around)]) for _ in range(2))
    assert set(kernel_marks(first)) & set(kernel_marks(second))


@given(st.binary(max_size=80))
def test_broken_utf8_is_read_within_bounds_and_without_failing(data: bytes) -> None:
    guard = b"\xf0" + data + b"\x80\x80\x80"
    view = np.frombuffer(guard, dtype=np.uint8)
    buffer = np.zeros(MOST_TOKENS_PER_BYTE * len(guard) + 64, dtype=np.uint64)
    scripts = np.zeros(SCRIPT_COUNT, dtype=np.int64)
    inside = tokenise(view, 1, 1 + len(data), unicode_table(), RING.tokens, buffer, scripts)
    alone, count, _ = kernel_tokens(data)
    assert list(buffer[:inside]) == list(alone[:count])
    assert exact(view, 1, 1 + len(data), RING.point) == exact(
        view[1 : 1 + len(data)], 0, len(data), RING.point
    )


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


@pytest.mark.parametrize(
    ("text", "count"), [("汉字测试", 4), ("ไทย", 3), ("مرحبا بالعالم", 2), ("한국어 모델", 2)]
)
def test_unspaced_scripts_count_by_characters_and_others_by_words(text: str, count: int) -> None:
    assert kernel_tokens(text.encode())[1] == count


@settings(max_examples=20)
@given(texts())
def test_another_secret_gives_other_marks(text: str) -> None:
    from .makers import OTHER

    assert not set(reference.marks(text, RING)) & set(reference.marks(text, keyring(OTHER)))
