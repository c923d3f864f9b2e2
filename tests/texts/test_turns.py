"""What is kept of an exchange: its system text, its last user turn and its answer."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.schema import MESSAGES
from stillwatch.texts.turns import KEPT_SCHEMA, kept_columns, last_user_turn
from tests.texts.makers import batch, exchange

turn = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["user", "assistant", "tool", None]),
        "content": st.sampled_from(["a", "b", None]),
    }
)
rows = st.lists(st.none() | st.lists(turn, max_size=4), max_size=6)


def defined(messages: list[dict[str, str | None]] | None) -> str | None:
    """The definition: the content of the last turn whose role is user."""
    asked = [turn["content"] for turn in messages or [] if turn["role"] == "user"]
    return asked[-1] if asked else None


@given(rows, st.integers(0, 3))
def test_the_last_user_turn_is_what_the_definition_says(given_rows: list[object], skipped: int) -> None:
    array = pa.array(given_rows, MESSAGES).slice(skipped)
    assert last_user_turn(array).to_pylist() == [defined(row) for row in given_rows[skipped:]]  # type: ignore[arg-type]


def test_rows_keep_their_order_and_their_keys() -> None:
    table = kept_columns(batch(exchange(1), exchange(2, system=None, messages=None)), pa.array([7, 8]))
    assert table.schema == KEPT_SCHEMA
    assert table["exchange_key"].to_pylist() == [7, 8]
    assert table["exchange_id"].to_pylist() == ["x1", "x2"]
    assert table["user"].to_pylist() == ["Question 1?", None]
    assert table["system"].to_pylist() == ["You answer in one line.", None]
    assert table["output"].to_pylist() == ["Answer 1.", "Answer 2."]
