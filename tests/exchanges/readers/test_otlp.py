"""OTLP files of either encoding and any framing give the same exchanges; spans and logs find each other."""

from __future__ import annotations

import importlib
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.errors import DamagedSourceError
from stillwatch.exchanges.otel import protobuf
from stillwatch.exchanges.otel.record import DETAILS
from stillwatch.exchanges.reader import Parsed, Rejection
from stillwatch.exchanges.readers.otlp import READER
from tests.exchanges.otel.makers import (
    CHAT,
    MemorySource,
    fixed32,
    lines,
    log,
    logs_json,
    logs_protobuf,
    records,
    rejections,
    span,
    spans_json,
    spans_protobuf,
    varint,
)

INPUT = [{"role": "user", "parts": [{"type": "text", "content": "hi"}]}]


def read(*sources: Any) -> list[Any]:
    return list(READER.read(sources))


def numbered(count: int) -> list[dict[str, Any]]:
    return [span({**CHAT, "user.id": f"acct-{n}"}, span_id=f"{n + 1:016x}") for n in range(count)]


SPANS = st.lists(
    st.builds(
        span,
        st.fixed_dictionaries(
            {"gen_ai.request.model": st.text(max_size=5)},
            optional={
                "gen_ai.operation.name": st.sampled_from(["chat", "embeddings", "execute_tool"]),
                "user.id": st.text(max_size=5),
                "gen_ai.prompt": st.text(max_size=9),
                "gen_ai.usage.input_tokens": st.integers(0, 9),
                "gen_ai.request.temperature": st.floats(0, 2),
                "gen_ai.response.finish_reasons": st.lists(st.sampled_from(["stop", "length"]), max_size=2),
                "gen_ai.output.messages": st.just([{"role": "assistant", "content": "hello"}]),
            },
        ),
        failed=st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


@given(SPANS)
def test_json_and_protobuf_of_the_same_spans_give_the_same_records(spans):
    by_line = records(read(lines(*map(spans_json, spans))))
    by_request = records(read(lines(spans_json(*spans))))
    single = records(read(MemorySource(spans_protobuf(*spans))))
    framed = records(read(MemorySource(fixed32(*map(spans_protobuf, spans)), chunk=7)))
    delimited = records(read(MemorySource(varint(*map(spans_protobuf, spans)), chunk=7)))
    assert by_line == by_request == single == framed == delimited


@pytest.mark.parametrize(
    "data",
    [
        orjson.dumps(spans_json(span())),
        orjson.dumps(logs_json(log(DETAILS))),
        spans_protobuf(span()),
        fixed32(logs_protobuf(log(DETAILS))),
        varint(spans_protobuf(span())),
    ],
)
def test_every_form_is_recognised(data):
    assert READER.recognises(MemorySource(data).head())


@pytest.mark.parametrize(
    "data", [b"", b"{}", b'{"spans": []}', b"time,account\n", b"\x00\x01\x02", b"[1, 2]"]
)
def test_other_files_are_not(data):
    assert not READER.recognises(MemorySource(data).head())


def test_a_request_longer_than_the_head_is_recognised_by_its_beginning():
    source = MemorySource(b' {"resourceSpans": [{"scopeSpans": [' + b" " * 100)
    assert READER.recognises(source.head())


def test_spans_that_are_no_model_calls_are_passed_over():
    others = [span({"gen_ai.operation.name": "execute_tool"}), span({"http.request.method": "GET"})]
    assert len(read(lines(spans_json(*others, span())))) == 1


@given(st.permutations(range(4)), st.integers(0, 3))
def test_logs_find_their_span_in_any_file_and_order(order, split):
    spans = numbered(2)
    documents = [spans_json(spans[0]), spans_json(spans[1])]
    for one in spans:
        said = log("gen_ai.user.message", {"content": f"from {one['span_id']}"}, span_id=one["span_id"])
        documents.append(logs_json(said))
    shuffled = [documents[at] for at in order]
    found = records(read(lines(*shuffled[:split], name="a"), lines(*shuffled[split:], name="b")))
    assert {(one["account_id"], one["messages"][0]["content"]) for one in found} == {
        ("acct-0", "from 0000000000000001"),
        ("acct-1", "from 0000000000000002"),
    }


def test_spans_and_logs_join_across_encodings():
    traces = MemorySource(fixed32(spans_protobuf(span())), "traces.pb")
    logs = MemorySource(fixed32(logs_protobuf(log("gen_ai.user.message", {"content": "hi"}))), "logs.pb")
    (record,) = records(read(traces, logs))
    assert record["messages"] == [{"role": "user", "content": "hi"}]
    assert record["account_id"] == "acct-1"


def test_a_call_known_only_from_logs_is_an_exchange():
    events = logs_json(
        log("gen_ai.user.message", {"content": "hi"}),
        log("gen_ai.choice", {"index": 0, "finish_reason": "stop", "message": {"content": "hello"}}),
    )
    (record,) = records(read(lines(events)))
    assert (record["messages"][0]["content"], record["output"]) == ("hi", "hello")
    assert "account_id" not in record


def test_several_details_events_under_one_span_are_several_exchanges():
    events = [
        log(DETAILS, None, {**CHAT, "gen_ai.input.messages": INPUT, "user.id": f"u{n}"}) for n in range(3)
    ]
    found = records(read(lines(logs_json(*events))))
    assert {record["account_id"] for record in found} == {"u0", "u1", "u2"}
    assert len({record["exchange_id"] for record in found}) == 3


def test_a_log_record_without_ids_is_an_exchange_only_if_it_is_whole():
    whole = log(DETAILS, None, CHAT, trace_id="", span_id="")
    part = log("gen_ai.user.message", {"content": "hi"}, trace_id="", span_id="")
    found = read(lines(logs_json(whole, part)))
    assert len(records(found)) == 1
    (refused,) = rejections(found)
    assert refused.field == "spanId"
    assert "gen_ai.user.message" in refused.reason


def test_a_malformed_span_is_rejected_where_it_stands_and_the_others_are_read():
    broken = span(
        {
            **CHAT,
            "gen_ai.output.messages": [{"role": "assistant", "parts": [{"type": "tool_call", "name": 3}]}],
        }
    )
    found = read(lines(spans_json(span()), spans_json(broken, span())))
    assert len(records(found)) == 2
    (refused,) = rejections(found)
    assert (refused.file, refused.line) == ("memory", 2)
    assert refused.field


def test_what_came_with_a_span_is_there_for_map_by_attribute_name():
    (found,) = read(lines(spans_json(span({**CHAT, "tenant": "t-1"}))))
    assert isinstance(found, Parsed)
    assert orjson.loads(found.raw)["attributes"]["tenant"] == "t-1"


def test_a_line_that_is_no_export_is_rejected():
    (refused, parsed) = read(lines({"resourceSpan": []}, spans_json(span())))
    assert isinstance(refused, Rejection)
    assert "resourceSpans" in refused.reason
    assert isinstance(parsed, Parsed)


def test_without_the_package_a_protobuf_file_is_recognised_and_says_what_to_install(monkeypatch):
    source = MemorySource(fixed32(spans_protobuf(span())), "traces.pb")

    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    protobuf._messages.cache_clear()
    assert READER.recognises(source.head())
    (refused,) = read(source)
    protobuf._messages.cache_clear()
    assert refused.file == "traces.pb"
    assert "pip install 'stillwatch[otlp]'" in refused.reason


def test_a_file_that_breaks_off_gives_what_is_whole_and_tells_the_rest():
    class Damaged(MemorySource):
        def chunks(self, size: int = 1 << 20) -> Any:
            yield from super().chunks(size)
            raise DamagedSourceError("the gzip stream breaks off")

    data = fixed32(*map(spans_protobuf, numbered(2)))
    found = read(Damaged(data))
    assert len(records(found)) == 2
    assert [one.reason for one in rejections(found)] == ["the gzip stream breaks off"]
    cut = read(MemorySource(data[:-5]))
    assert len(records(cut)) == 1
    assert "message 2" in rejections(cut)[0].reason


def test_a_damaged_message_between_whole_ones_is_told_and_passed_over():
    first, second, third = map(spans_protobuf, numbered(3))
    damaged = second[:40] + b"\xff" * (len(second) - 40)
    found = read(MemorySource(fixed32(first, damaged, third)))
    assert len(records(found)) == 2
    assert [one.line for one in rejections(found)] == [2]


@given(st.data())
def test_no_bytes_raise(data):
    good = (
        fixed32(*map(spans_protobuf, numbered(2)))
        if data.draw(st.booleans())
        else spans_protobuf(*numbered(2))
    )
    mangled = bytearray(good)
    for _ in range(data.draw(st.integers(1, 4))):
        mangled[data.draw(st.integers(0, len(mangled) - 1))] = data.draw(st.integers(0, 255))
    source = MemorySource(bytes(mangled))
    READER.recognises(source.head())
    read(source)


@given(st.data())
def test_no_json_raises(data):
    text = orjson.dumps(spans_json(*numbered(1)))
    at = data.draw(st.integers(0, len(text) - 1))
    mangled = (
        text[:at]
        + data.draw(st.sampled_from([b"0", b"null", b"{", b"[", b'"', b"", b"7e9"]))
        + text[at + 1 :]
    )
    read(MemorySource(mangled + b"\n" + text))
