"""From bytes to tokens: the kernel against its definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.sketches import reference
from stillwatch.sketches.hashing import exact
from stillwatch.sketches.keyring import keyring
from stillwatch.sketches.scripts import SCRIPT_COUNT
from stillwatch.sketches.tokens import tokenise
from stillwatch.sketches.unicode import MOST_TOKENS_PER_BYTE, unicode_table

from .makers import SECRET, kernel_tokens, texts

RING = keyring(SECRET)


@given(texts())
def test_tokens_are_those_of_the_definition(text: str) -> None:
    buffer, count, script = kernel_tokens(text.encode())
    expected = [reference.token_hash(token, RING) for token in reference.tokens(text)]
    assert [int(h) for h in buffer[:count]] == expected
    assert script == reference.dominant_script(text)


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
    ("text", "count"), [("汉字测试", 4), ("ไทย", 3), ("مرحبا بالعالم", 2), ("한국어 모델", 2)]
)
def test_unspaced_scripts_count_by_characters_and_others_by_words(text: str, count: int) -> None:
    assert kernel_tokens(text.encode())[1] == count
