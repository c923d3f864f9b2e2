"""Lists flattened into attribute names come back in order, whatever the order of the attributes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.otel.indexed import indexed

MESSAGES = [{"role": "user", "content": f"turn {n}"} for n in range(12)]
FLAT = {f"gen_ai.prompt.{n}.{key}": turn[key] for n, turn in enumerate(MESSAGES) for key in turn}


@given(st.permutations(list(FLAT)))
def test_the_order_of_attributes_does_not_matter(names):
    assert indexed({name: FLAT[name] for name in names}, "gen_ai.prompt") == MESSAGES


def test_wrapping_objects_of_openinference_give_way():
    flat = {
        "llm.input_messages.0.message.role": "user",
        "llm.input_messages.0.message.contents.0.message_content.type": "text",
        "llm.input_messages.0.message.contents.0.message_content.text": "hi",
        "llm.input_messages.0.message.tool_calls.0.tool_call.function.name": "find",
    }
    assert indexed(flat, "llm.input_messages") == [
        {
            "role": "user",
            "contents": [{"type": "text", "text": "hi"}],
            "tool_calls": [{"function": {"name": "find"}}],
        }
    ]


def test_a_name_that_only_begins_alike_is_not_taken():
    assert indexed({"gen_ai.prompts.0.role": "user", "gen_ai.prompt": "x"}, "gen_ai.prompt") == []


@given(st.dictionaries(st.text("01ab.", max_size=9).map(lambda name: f"p.{name}"), st.integers(), max_size=8))
def test_no_names_raise(attributes):
    assert isinstance(indexed(attributes, "p"), list)
