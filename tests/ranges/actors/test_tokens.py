from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges.actors.tokens import chosen, hex_digits, named

words = st.lists(st.integers(0, 2**64 - 1))


@given(words, st.integers(1, 16))
def test_digits_are_the_top_of_the_number(values: list[int], digits: int) -> None:
    found = hex_digits(np.array(values, np.uint64), digits).to_pylist()
    assert found == [f"{v:016x}"[:digits] for v in values]


@given(words)
def test_names_have_prefix_and_suffix_and_are_null_where_told(values: list[int]) -> None:
    numbers = np.array(values, np.uint64)
    found = named("a_", numbers, 8, suffix=".b", null=numbers % np.uint64(2) == 0).to_pylist()
    assert found == [f"a_{v:016x}"[:10] + ".b" if v % 2 else None for v in values]


@given(st.lists(st.integers(-2, 2)))
def test_a_negative_number_chooses_nothing(numbers: list[int]) -> None:
    found = chosen(np.array(numbers, np.int64), ("x", "y", "z")).to_pylist()
    assert found == ["xyz"[n] if n >= 0 else None for n in numbers]
