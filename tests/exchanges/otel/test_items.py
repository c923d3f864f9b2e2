"""Both encodings of OTLP give the same items; a malformed one is an error of its own, never a crash."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.bodies.fields import BodyError
from stillwatch.exchanges.json_values import decode
from stillwatch.exchanges.otel.items import any_value, compact, from_json, identifier, is_export
from stillwatch.exchanges.otel.protobuf import from_protobuf
from tests.exchanges.otel.makers import log, logs_json, logs_protobuf, span, spans_json, spans_protobuf

VALUES = st.recursive(
    st.text(max_size=8)
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
ATTRIBUTES = st.dictionaries(st.text(max_size=12), VALUES, max_size=5)
NAMES = [
    "resourceSpans",
    "resourceLogs",
    "scopeSpans",
    "scopeLogs",
    "spans",
    "logRecords",
    "resource",
    "attributes",
]
NAMES += ["key", "value", "stringValue", "intValue", "arrayValue", "values", "events", "body"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(ATTRIBUTES, ATTRIBUTES, st.booleans())
def test_a_span_is_the_same_from_json_and_from_protobuf(attributes, resource, failed):
    one = span(attributes, resource=resource, failed=failed, events=[("exception", attributes)])
    decoded = list(from_json(decode(compact(spans_json(one)))))
    assert decoded == from_protobuf(spans_protobuf(one), "traces", resource_only=False)


@given(ATTRIBUTES, VALUES)
def test_a_log_record_is_the_same_from_json_and_from_protobuf(attributes, body):
    one = log("gen_ai.user.message", body, attributes)
    decoded = list(from_json(decode(compact(logs_json(one)))))
    assert decoded == from_protobuf(logs_protobuf(one), "logs", resource_only=False)


def test_older_and_looser_spellings_are_read():
    now = spans_json(span())
    group = now["resourceSpans"][0]
    older = {"resource_spans": [{"resource": group["resource"]}]}
    older["resource_spans"][0]["instrumentationLibrarySpans"] = [
        {"instrumentationLibrary": group["scopeSpans"][0]["scope"], "spans": group["scopeSpans"][0]["spans"]}
    ]
    assert list(from_json(older)) == list(from_json(now))


def test_attributes_written_as_a_plain_object_are_read():
    document = spans_json(span())
    document["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["attributes"] = {"user.id": "a", "x": None}
    (item,) = from_json(document)
    assert item["attributes"] == {"user.id": "a"}


def test_a_malformed_span_is_an_error_with_its_path_and_the_next_is_read():
    document = spans_json(span(), span())
    document["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["attributes"] = 7
    broken, whole = from_json(document)
    assert isinstance(broken, BodyError)
    assert broken.field == "resourceSpans.0.scopeSpans.0.spans.0.attributes"
    assert whole["span_id"] == span()["span_id"]


def test_the_name_of_an_event_may_be_an_attribute():
    document = logs_json(log("", "hi", {"event.name": "gen_ai.user.message"}))
    (item,) = from_json(document)
    assert item["name"] == "gen_ai.user.message"


def test_values_nested_without_end_are_refused():
    value = {"stringValue": "deep"}
    for _ in range(70):
        value = {"arrayValue": {"values": [value]}}
    with pytest.raises(BodyError, match="nested deeper"):
        any_value(value, "x")


@given(JSON)
def test_no_document_raises(document):
    for item in from_json(document):
        assert isinstance(item, BodyError) or item["kind"] in ("span", "log")


@given(JSON)
def test_what_is_compacted_comes_back(value):
    assert decode(compact([value])) == [value]


def test_metrics_are_an_export_with_nothing_in_it():
    document = {"resourceMetrics": [{"scopeMetrics": []}]}
    assert is_export(document)
    assert list(from_json(document)) == []


@given(st.binary(min_size=8, max_size=8) | st.binary(min_size=16, max_size=16))
def test_an_id_is_the_same_in_hex_in_base64_and_in_bytes(data):
    expected = data.hex() if any(data) else ""
    spellings = [data.hex(), data.hex().upper(), data, base64.b64encode(data).decode()]
    assert [identifier(value) for value in spellings[:3]] == [expected] * 3
    assert identifier(spellings[3]) == expected


@given(st.none() | st.integers() | st.text(max_size=20) | st.binary(max_size=20))
def test_any_id_is_text(value):
    assert isinstance(identifier(value), str)


def test_an_id_that_is_neither_hex_nor_base64_stays_as_it_is():
    assert identifier("not an id") == "not an id"
