"""Whatever is read of cut JSON is a beginning of what was written."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.truncated import read_truncated

MESSAGES = st.lists(
    st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant"]), "content": st.text(max_size=20)}),
    min_size=1,
    max_size=4,
)


def is_beginning(found: Any, whole: Any) -> bool:
    """Whether `found` is `whole` with something missing from its end."""
    if isinstance(whole, dict) and isinstance(found, dict):
        return all(key in whole and is_beginning(value, whole[key]) for key, value in found.items())
    if isinstance(whole, list) and isinstance(found, list):
        return len(found) <= len(whole) and all(map(is_beginning, found, whole))
    return isinstance(whole, str) and isinstance(found, str) and whole.startswith(found)


@given(MESSAGES, st.data())
def test_what_is_read_of_cut_messages_is_their_beginning(messages, data):
    text = orjson.dumps(messages).decode()
    cut = text[: data.draw(st.integers(1, len(text) - 1))]
    found = read_truncated(cut)
    assert found is None or is_beginning(found, messages)


@given(MESSAGES)
def test_cut_within_the_last_text_keeps_every_message(messages):
    messages[-1]["content"] += "abcdef"
    text = orjson.dumps(messages).decode()
    found = read_truncated(text[: text.rindex("abcdef") + 3])
    assert len(found) == len(messages)
    assert found[-1]["content"] == messages[-1]["content"][:-3]


def test_cut_within_an_escape_drops_the_escape():
    assert read_truncated('[{"content": "smile \\ud83d\\ude') == [{"content": "smile "}]
    assert read_truncated('[{"content": "tab\\') == [{"content": "tab"}]


@given(st.text(max_size=60) | st.text('[]{}",:\\u0a1 ', max_size=60))
def test_any_text_gives_a_value_or_none(text):
    read_truncated(text)


def test_what_closes_more_than_it_opened_is_not_read():
    assert read_truncated("[1]]") is None
    assert read_truncated("[{]") is None
