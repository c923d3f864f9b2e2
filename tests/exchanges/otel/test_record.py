"""One call, one record: who, what, when, how it ended, whatever the dialect of the telemetry."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.bodies.fields import BodyError
from stillwatch.exchanges.otel import aliases
from stillwatch.exchanges.otel.items import from_json
from stillwatch.exchanges.otel.record import DETAILS, describes_a_call, record_of
from tests.exchanges.otel.makers import CHAT, START, log, logs_json, span, spans_json

INPUT = [{"role": "user", "parts": [{"type": "text", "content": "hi"}]}]
OUTPUT = [{"role": "assistant", "parts": [{"type": "text", "content": "hello"}], "finish_reason": "stop"}]


def record(attributes: dict[str, Any] | None = None, *logs: dict[str, Any], **said: Any) -> dict[str, Any]:
    items = [*from_json(spans_json(span(attributes, **said))), *from_json(logs_json(*logs))]
    return record_of(items)


def text(value: Any) -> str:
    return orjson.dumps(value).decode()


def test_a_span_of_the_current_conventions_is_read_whole():
    tools = [{"type": "function", "name": "find", "parameters": {"type": "object"}}]
    found = record(
        {
            **CHAT,
            "gen_ai.provider.name": "anthropic",
            "gen_ai.response.model": "m-large-2",
            "gen_ai.response.id": "resp-1",
            "gen_ai.conversation.id": "conv-1",
            "gen_ai.request.temperature": 0.5,
            "gen_ai.request.max_tokens": 100,
            "gen_ai.request.choice.count": 2,
            "gen_ai.request.stream": True,
            "gen_ai.response.time_to_first_chunk": 0.25,
            "gen_ai.output.type": "json",
            "gen_ai.usage.input_tokens": 12,
            "gen_ai.usage.reasoning.output_tokens": 3,
            "gen_ai.response.finish_reasons": ["stop"],
            "gen_ai.system_instructions": text([{"type": "text", "content": "Be kind."}]),
            "gen_ai.input.messages": text(INPUT),
            "gen_ai.output.messages": OUTPUT,
            "gen_ai.tool.definitions": text(tools),
            "client.address": "192.0.2.7",
            "user_agent.original": "shop/1.0",
        }
    )
    assert found.pop("time") == "2026-11-02T09:14:03+00:00"
    assert len(found.pop("tools_hash")) == 64
    assert found == {
        "exchange_id": "0af7651916cd43dd8448eb211c80319c:b7ad6b7169203331",
        "duration_ms": 1500.0,
        "ttft_ms": 250.0,
        "account_id": "acct-1",
        "platform": "direct",
        "api": "messages",
        "model": "m-large",
        "model_served": "m-large-2",
        "response_id": "resp-1",
        "session_id": "conv-1",
        "temperature": 0.5,
        "max_tokens": 100,
        "n": 2,
        "stream": True,
        "response_format": "json_object",
        "input_tokens": 12,
        "reasoning_tokens": 3,
        "system": "Be kind.",
        "messages": [{"role": "user", "content": "hi"}],
        "tools": ["find"],
        "output": "hello",
        "finish_reason": "stop",
        "ip": "192.0.2.7",
        "user_agent": "shop/1.0",
    }


def test_events_of_each_message_are_put_in_the_order_of_their_times():
    logs = [
        log(
            "gen_ai.choice",
            {"index": 0, "finish_reason": "tool_calls", "message": {"content": "hello"}},
            start=START + 9,
        ),
        log("gen_ai.user.message", {"content": "hi"}, start=START + 2),
        log("gen_ai.system.message", {"content": "Be kind."}, start=START + 1),
        log("gen_ai.user.message", {"content": "hi"}, start=START + 2),
    ]
    found = record(CHAT, *logs)
    assert found["system"] == "Be kind."
    assert found["messages"] == [{"role": "user", "content": "hi"}]
    assert (found["output"], found["finish_reason"]) == ("hello", "tool_calls")


def test_the_details_event_gives_what_the_span_leaves_out():
    details = log(
        DETAILS, None, {"gen_ai.input.messages": INPUT, "gen_ai.request.model": "other", "user.id": "b"}
    )
    found = record(CHAT, details)
    assert found["messages"] == [{"role": "user", "content": "hi"}]
    assert (found["model"], found["account_id"]) == ("m-large", "acct-1")


@pytest.mark.parametrize(
    ("attributes", "resource", "account", "end_user"),
    [
        ({"user.id": "u"}, {}, "u", None),
        ({"account.id": "a", "user.id": "u"}, {}, "a", "u"),
        ({"user.id": "u", "enduser.id": "e"}, {}, "u", "e"),
        ({"enduser.id": "e"}, {"customer.id": "c"}, "e", None),
        ({}, {"customer.id": "c", "cloud.account.id": "ours"}, "c", None),
        ({"openai.request.user": "x"}, {"cloud.account.id": "ours"}, None, "x"),
        ({"metadata.user_api_key_user_id": "a", "metadata.user_api_key_end_user_id": "e"}, {}, "a", "e"),
    ],
)
def test_the_account_is_whoever_pays_and_never_the_emitter(attributes, resource, account, end_user):
    found = record({"gen_ai.request.model": "m", **attributes}, resource=resource)
    assert (found.get("account_id"), found.get("end_user_id")) == (account, end_user)


def test_the_peer_is_the_caller_only_on_the_side_of_the_server():
    peer = {**CHAT, "network.peer.address": "192.0.2.1"}
    assert record(peer, kind=2)["ip"] == "192.0.2.1"
    assert "ip" not in record(peer, kind=3)


def test_a_failed_call_has_its_error_and_its_status():
    found = record({**CHAT, "error.type": "429"}, failed=True)
    assert (found["status"], found["error_type"], found["finish_reason"]) == (429, "429", "error")
    thrown = record(CHAT, events=[("exception", {"exception.type": "Timeout"})], failed=True)
    assert thrown["error_type"] == "Timeout"


def test_numbers_written_as_text_are_numbers_and_what_is_none_is_left_to_validation():
    found = record(
        {
            **CHAT,
            "gen_ai.request.temperature": "0.2",
            "gen_ai.usage.prompt_tokens": "7",
            "gen_ai.request.seed": "x",
        }
    )
    assert (found["temperature"], found["input_tokens"], found["seed"]) == (0.2, 7, "x")


@pytest.mark.parametrize(
    ("attributes", "called"),
    [
        (CHAT, True),
        ({"gen_ai.operation.name": "embeddings"}, True),
        ({"gen_ai.operation.name": "execute_tool", "gen_ai.request.model": "m"}, False),
        ({"gen_ai.operation.name": "invoke_agent", "gen_ai.request.model": "m"}, False),
        ({"openinference.span.kind": "LLM"}, True),
        ({"openinference.span.kind": "CHAIN", "input.value": "x"}, False),
        ({"llm.request.type": "chat"}, True),
        ({"traceloop.span.kind": "workflow"}, False),
        ({"gen_ai.system": "openai", "gen_ai.response.model": "m"}, True),
        ({"http.request.method": "GET"}, False),
        ({"llm.request.type": "acompletion"}, True),
        ({"gen_ai.operation.name": "create_message", "gen_ai.request.model": "m"}, True),
        ({"gen_ai.operation.name": "search_memory", "gen_ai.request.model": "m"}, False),
    ],
)
def test_only_calls_to_a_model_are_exchanges(attributes, called):
    (item,) = from_json(spans_json(span(attributes)))
    assert describes_a_call(item) is called


def test_a_call_known_only_from_its_details_event_has_an_id_of_its_own():
    one, other = from_json(logs_json(log(DETAILS, None, CHAT), log(DETAILS, None, {**CHAT, "user.id": "b"})))
    assert record_of([one])["exchange_id"] != record_of([other])["exchange_id"]


def test_a_call_outside_a_conversation_belongs_to_its_trace():
    assert record(CHAT)["session_id"] == span()["trace_id"]


def test_a_gateway_is_a_platform_of_its_own():
    assert record(CHAT, resource={"service.name": "ai-gateway-extproc"})["platform"] == "gateway:envoy"


def test_content_of_the_wrong_type_names_its_field():
    with pytest.raises(BodyError) as refused:
        record(
            {
                **CHAT,
                "gen_ai.input.messages": [{"role": "assistant", "parts": [{"type": "tool_call", "name": 7}]}],
            }
        )
    assert refused.value.field


@pytest.mark.parametrize("start", [0, 2**64, "soon", None])
def test_a_time_that_is_none_is_missing(start):
    assert "time" not in record(CHAT, start=start)


def test_a_count_that_is_no_whole_number_is_left_to_validation():
    assert record({**CHAT, "gen_ai.usage.input_tokens": 5.5})["input_tokens"] == 5.5
    assert record({**CHAT, "gen_ai.usage.input_tokens": 5.0})["input_tokens"] == 5


def test_a_body_that_is_text_is_what_was_said():
    for said in ("hi", '{"a": 1}', "[1, two"):
        found = record(CHAT, log("gen_ai.user.message", said))
        assert found["messages"] == [{"role": "user", "content": said}]


NAMES = sorted(
    {name for alias in aliases.ALIASES.values() for name in alias.names}
    | {name for value in vars(aliases).values() if isinstance(value, tuple) for name in value}
)
VALUES = st.recursive(
    st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["[", '[{"role":"', "1e999"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["role", "parts", "type", "content", "message"]), inner, max_size=3)
    ),
    max_leaves=6,
)
ATTRIBUTES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6)


@given(ATTRIBUTES, st.sampled_from([DETAILS, "gen_ai.user.message", "gen_ai.choice"]), VALUES)
def test_any_attributes_give_a_record_or_name_the_field(attributes, event, body):
    try:
        found = record(attributes, log(event, body, attributes), events=[(event, attributes)])
    except BodyError as error:
        assert error.field
    else:
        assert found["exchange_id"]
