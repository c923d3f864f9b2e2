"""The kernel over rows: one exchange never leaks into the next."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.sketches import sketch

from .makers import SECRET, batch, exchange, texts, turn


@settings(max_examples=25)
@given(texts(), texts(), texts())
def test_what_stands_before_a_row_does_not_change_it(one: str, other: str, third: str) -> None:
    row: dict[str, Any] = exchange(output=one, messages=[turn("user", other)])
    before = exchange(system=third, output=other, messages=[turn("user", one), turn("assistant", third)])
    (alone,) = sketch(batch(row), SECRET).to_pylist()
    assert sketch(batch(before, row, before, row), SECRET).to_pylist()[1::2] == [alone, alone]


def test_quoted_marks_prefer_the_newest_turns() -> None:
    old = " ".join(f"old{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(600))
    new = " ".join(f"new{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(600))
    (both,) = sketch(batch(exchange(messages=[turn("user", old), turn("tool", new)])), SECRET).to_pylist()
    (last,) = sketch(batch(exchange(messages=[turn("tool", new)])), SECRET).to_pylist()
    assert set(last["quoted_marks"]) <= set(both["quoted_marks"])


@given(st.lists(st.sampled_from(["user", "assistant", "tool"]), max_size=6))
def test_turns_are_counted(roles: list[str]) -> None:
    (row,) = sketch(batch(exchange(messages=[turn(r, "hello") for r in roles])), SECRET).to_pylist()
    assert (row["turns"], row["messages"], row["request_chars"]) == (
        roles.count("user"),
        len(roles),
        5 * len(roles),
    )
    assert len(row["prefix_keys"]) == len(roles)
    assert row["first_turn_key"] is None or "user" in roles
