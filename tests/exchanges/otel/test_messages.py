"""Every dialect of a message comes to the same canonical text."""

from __future__ import annotations

import base64
import hashlib

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.bodies.fields import BodyError
from stillwatch.exchanges.bodies.openai_chat import openai_messages
from stillwatch.exchanges.otel.messages import answer, instructions, opaque_reasoning, structured, turns

CALL = {"type": "tool_call", "id": "c1", "name": "find", "arguments": {"q": "a"}}


def conversation(value):
    said = [
        {key: turn[key] for key in ("role", "content", "tool_calls") if key in turn}
        for turn in turns(value, "user")
    ]
    return openai_messages(said)[1]


@pytest.mark.parametrize(
    "value",
    [
        [{"role": "user", "parts": [{"type": "text", "content": "hi"}]}],
        [{"role": "user", "content": "hi"}],
        [{"role": "user", "content": [{"type": "text", "text": "hi"}]}],
        [{"role": "user", "content": '[{"type": "text", "text": "hi"}]'}],
        {"role": "user", "content": "hi"},
        {"model": "m", "messages": [{"role": "user", "content": "hi"}]},
        "hi",
    ],
)
@pytest.mark.parametrize("encode", [lambda value: value, lambda value: orjson.dumps(value).decode()])
def test_a_user_turn_reads_the_same_in_every_dialect(value, encode):
    if value != "hi":
        value = encode(value)
    assert conversation(value) == [{"role": "user", "content": "hi"}]


def test_parts_of_every_type_are_shown():
    picture = base64.b64encode(b"\x89PNG").decode()
    parts = [
        {"type": "text", "content": "look"},
        {"type": "blob", "modality": "image", "mime_type": "image/png", "content": picture},
        {"type": "uri", "modality": "document", "uri": "s3://bucket/x.pdf"},
        {"type": "file", "modality": "audio", "file_id": "file-1"},
        {"type": "reasoning", "content": "hidden"},
        CALL,
        {"type": "server_tool_call", "name": "web", "server_tool_call": {"type": "search", "q": 1}},
    ]
    (message,) = conversation([{"role": "assistant", "parts": parts}])
    assert message["content"].splitlines() == [
        "look",
        f"[image:{hashlib.sha256(bytes([0x89]) + b'PNG').hexdigest()}]",
        f"[file:{hashlib.sha256(b's3://bucket/x.pdf').hexdigest()}]",
        f"[audio:{hashlib.sha256(b'file-1').hexdigest()}]",
        '[tool_call:find] {"q":"a"}',
        '[tool_call:web] {"q":1}',
    ]


def test_an_answer_of_a_tool_is_a_tool_turn_wherever_it_stands():
    parts = [
        {"type": "tool_call_response", "id": "c1", "response": {"ok": True}},
        {"type": "tool_call_response", "id": "c2", "result": "older spelling"},
        {"type": "text", "content": "and now?"},
    ]
    assert conversation([{"role": "user", "parts": parts}]) == [
        {"role": "tool", "content": '{"ok":true}'},
        {"role": "tool", "content": "older spelling"},
        {"role": "user", "content": "and now?"},
    ]


def test_tool_calls_beside_the_content_are_read_in_both_spellings():
    openai = {"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]}
    flat = {"role": "assistant", "tool_calls": [{"name": "f", "arguments": "{}"}]}
    assert (
        conversation([openai])
        == conversation([flat])
        == [{"role": "assistant", "content": "[tool_call:f] {}"}]
    )


def test_the_answer_has_text_reasoning_calls_and_an_end():
    parts = [
        {"type": "reasoning", "content": "why", "signature": "sealed"},
        {"type": "text", "content": "so"},
        CALL,
    ]
    found = answer(turns([{"role": "assistant", "parts": parts, "finish_reason": "tool_call"}], "assistant"))
    assert found == {
        "output": "so",
        "reasoning": "why",
        "reasoning_issued": [hashlib.sha256(b"sealed").hexdigest()],
        "tool_calls": [{"name": "find", "arguments": '{"q":"a"}'}],
        "finish_reason": "tool_calls",
    }


def test_the_first_choice_is_the_answer():
    choices = [
        {"index": n, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
        for n, text in enumerate(["one", "two"])
    ]
    assert answer(turns(choices, "assistant")) == {"output": "one", "finish_reason": "stop"}


def test_opaque_reasoning_presented_again_is_hashed():
    blocks = [
        {"type": "redacted_thinking", "data": "xyz"},
        {"type": "thinking", "content": "", "signature": "s"},
    ]
    found = turns([{"role": "assistant", "parts": blocks}], "user")
    assert opaque_reasoning(found) == [hashlib.sha256(text).hexdigest() for text in (b"xyz", b"s")]


@pytest.mark.parametrize(
    "value",
    [
        "Be kind.",
        ["Be kind."],
        [{"type": "text", "content": "Be kind."}],
        '[{"type":"text","content":"Be kind."}]',
        [{"role": "system", "parts": [{"type": "text", "content": "Be kind."}]}],
    ],
)
def test_system_instructions_read_the_same_in_every_form(value):
    assert instructions(value) == ["Be kind."]


def test_text_cut_by_a_length_limit_is_read_as_far_as_it_goes():
    assert structured('[{"role":"user","parts":[{"type":"text","content":"a long te') == [
        {"role": "user", "parts": [{"type": "text", "content": "a long te"}]}
    ]
    assert structured("{not json") == "{not json"


NAMES = [
    "role",
    "parts",
    "content",
    "contents",
    "type",
    "message",
    "tool_calls",
    "function",
    "name",
    "arguments",
    "text",
]
NAMES += ["modality", "uri", "reasoning", "response", "finish_reason", "image"]
SAID = st.sampled_from(['{"a": 1}', '["a", "b"]', "[1, two", "[INST] x, y [/INST]", '[{"a": 1}]', "[{"])
PLAIN = st.text(min_size=1, max_size=20).filter(lambda said: said not in ("[]", "{}"))


@given(SAID | PLAIN)
def test_text_that_happens_to_be_json_stays_what_was_said(said):
    assert conversation(said) == [{"role": "user", "content": said}]
    assert conversation([{"role": "user", "content": said}]) == [{"role": "user", "content": said}]
    assert instructions(said) == [said]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner
            | st.sampled_from(
                ["text", "tool_call", "blob", "uri", "file", "reasoning", "tool_call_response"]
            ),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_gives_messages_or_names_the_field(value):
    try:
        found = turns(value, "user")
        answer(found)
        conversation(value)
        opaque_reasoning(found)
        instructions(value)
    except BodyError as error:
        assert error.field


def test_nothing_said_is_no_message():
    assert [turns(value, "user") for value in (None, "", [], {}, "[]", "{}")] == [[]] * 6


def test_a_list_of_texts_is_a_turn_each():
    assert [turn["content"] for turn in turns(["hi", "and?"], "user")] == ["hi", "and?"]
