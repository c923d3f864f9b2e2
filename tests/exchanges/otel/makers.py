"""Plausible OTLP telemetry of model calls, in both encodings; a test says only what matters to it."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, LogsData, ResourceLogs, ScopeLogs
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status, TracesData

from stillwatch.exchanges.reader import Document, Head, Rejection

START = 1_793_610_843_000_000_000
CHAT = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m-large", "user.id": "acct-1"}


def span(attributes: dict[str, Any] | None = None, **said: Any) -> dict[str, Any]:
    """One span: `attributes`, `events` (name and attributes), `resource`, `failed`, `kind`, ids and times."""
    plain = {
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "span_id": "b7ad6b7169203331",
        "name": "chat m-large",
        "start": START,
        "end": START + 1_500_000_000,
        "kind": 3,
        "failed": False,
        "attributes": CHAT if attributes is None else attributes,
        "resource": {"service.name": "shop"},
        "scope": "opentelemetry.instrumentation.openai",
        "events": [],
    }
    return plain | said


def log(name: str, body: Any = None, attributes: dict[str, Any] | None = None, **said: Any) -> dict[str, Any]:
    """One log record that is an event of the span that `span()` makes."""
    plain = {key: span()[key] for key in ("trace_id", "span_id", "start", "resource", "scope")}
    return plain | {"event_name": name, "body": body, "attributes": attributes or {}} | said


def spans_json(*spans: dict[str, Any]) -> dict[str, Any]:
    """An `ExportTraceServiceRequest` as OTLP JSON, each span under a resource of its own."""
    return {"resourceSpans": [_resource_spans(one) for one in spans]}


def logs_json(*logs: dict[str, Any]) -> dict[str, Any]:
    """An `ExportLogsServiceRequest` as OTLP JSON."""
    return {"resourceLogs": [_resource_logs(one) for one in logs]}


def _resource_spans(one: dict[str, Any]) -> dict[str, Any]:
    leaf = {
        "traceId": one["trace_id"],
        "spanId": one["span_id"],
        "name": one["name"],
        "kind": one["kind"],
        "startTimeUnixNano": str(one["start"]),
        "endTimeUnixNano": str(one["end"]),
        "attributes": _pairs_json(one["attributes"]),
        "events": [
            {"name": name, "timeUnixNano": str(one["start"]), "attributes": _pairs_json(attributes)}
            for name, attributes in one["events"]
        ],
        "status": {"code": 2} if one["failed"] else {},
    }
    return {
        "resource": {"attributes": _pairs_json(one["resource"])},
        "scopeSpans": [{"scope": {"name": one["scope"]}, "spans": [leaf]}],
    }


def _resource_logs(one: dict[str, Any]) -> dict[str, Any]:
    leaf = {
        "timeUnixNano": str(one["start"]),
        "eventName": one["event_name"],
        "traceId": one["trace_id"],
        "spanId": one["span_id"],
        "attributes": _pairs_json(one["attributes"]),
    }
    if one["body"] is not None:
        leaf["body"] = _value_json(one["body"])
    return {
        "resource": {"attributes": _pairs_json(one["resource"])},
        "scopeLogs": [{"scope": {"name": one["scope"]}, "logRecords": [leaf]}],
    }


def _pairs_json(attributes: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": _value_json(value)} for key, value in attributes.items()]


def _value_json(value: Any) -> dict[str, Any]:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case str():
            return {"stringValue": value}
        case list():
            return {"arrayValue": {"values": [_value_json(one) for one in value]}}
        case dict():
            return {"kvlistValue": {"values": _pairs_json(value)}}
    return {}


def spans_protobuf(*spans: dict[str, Any]) -> bytes:
    """The same request as `spans_json`, serialised."""
    return TracesData(
        resource_spans=[
            ResourceSpans(
                resource=Resource(attributes=_pairs(one["resource"])),
                scope_spans=[ScopeSpans(scope={"name": one["scope"]}, spans=[_span(one)])],
            )
            for one in spans
        ]
    ).SerializeToString()


def _span(one: dict[str, Any]) -> Span:
    return Span(
        trace_id=bytes.fromhex(one["trace_id"]),
        span_id=bytes.fromhex(one["span_id"]),
        name=one["name"],
        kind=one["kind"],
        start_time_unix_nano=one["start"],
        end_time_unix_nano=one["end"],
        attributes=_pairs(one["attributes"]),
        events=[
            Span.Event(name=name, time_unix_nano=one["start"], attributes=_pairs(attributes))
            for name, attributes in one["events"]
        ],
        status=Status(code=2 if one["failed"] else 0),
    )


def logs_protobuf(*logs: dict[str, Any]) -> bytes:
    """The same request as `logs_json`, serialised."""
    return LogsData(
        resource_logs=[
            ResourceLogs(
                resource=Resource(attributes=_pairs(one["resource"])),
                scope_logs=[ScopeLogs(scope={"name": one["scope"]}, log_records=[_log(one)])],
            )
            for one in logs
        ]
    ).SerializeToString()


def _log(one: dict[str, Any]) -> LogRecord:
    return LogRecord(
        time_unix_nano=one["start"],
        event_name=one["event_name"],
        trace_id=bytes.fromhex(one["trace_id"]),
        span_id=bytes.fromhex(one["span_id"]),
        attributes=_pairs(one["attributes"]),
        body=None if one["body"] is None else _value(one["body"]),
    )


def _pairs(attributes: dict[str, Any]) -> list[KeyValue]:
    return [KeyValue(key=key, value=_value(value)) for key, value in attributes.items()]


def _value(value: Any) -> AnyValue:
    match value:
        case bool():
            return AnyValue(bool_value=value)
        case int():
            return AnyValue(int_value=value)
        case float():
            return AnyValue(double_value=value)
        case str():
            return AnyValue(string_value=value)
        case list():
            return AnyValue(array_value=ArrayValue(values=[_value(one) for one in value]))
        case dict():
            return AnyValue(kvlist_value=KeyValueList(values=_pairs(value)))
    return AnyValue()


def fixed32(*messages: bytes) -> bytes:
    """Messages as the collector's file exporter writes them: each after its length, 4 bytes big-endian."""
    return b"".join(struct.pack(">I", len(message)) + message for message in messages)


def varint(*messages: bytes) -> bytes:
    """Messages as protobuf's own delimited streams."""
    return b"".join(_varint(len(message)) + message for message in messages)


def _varint(number: int) -> bytes:
    encoded = b""
    while number > 0x7F:
        encoded += bytes([number & 0x7F | 0x80])
        number >>= 7
    return encoded + bytes([number])


@dataclass
class MemorySource:
    """A source in memory: bytes, and documents if they are JSON Lines."""

    data: bytes
    name: str = "memory"
    chunk: int = 1 << 20

    def head(self) -> Head:
        """The first MiB and the values in it."""
        values = [found.value for found in self.documents() if isinstance(found, Document)]
        return Head(self.data[: 1 << 20], tuple(values[:20]))

    def chunks(self, size: int = 1 << 20) -> Iterator[bytes]:
        """The bytes in small pieces."""
        step = min(size, self.chunk)
        return (self.data[at : at + step] for at in range(0, len(self.data), step))

    def documents(self) -> Iterator[Document | Rejection]:
        """The lines."""
        for number, line in enumerate(self.data.split(b"\n"), 1):
            if line.strip():
                try:
                    yield Document(number, orjson.loads(line), line)
                except orjson.JSONDecodeError as error:
                    yield Rejection(self.name, number, None, str(error), line)


def lines(*values: Any, name: str = "memory") -> MemorySource:
    """A source of JSON Lines."""
    return MemorySource(b"".join(orjson.dumps(value) + b"\n" for value in values), name)


def records(found: Sequence[Any]) -> list[dict[str, Any]]:
    """The records of what a reader yielded."""
    return [one.record for one in found if not isinstance(one, Rejection)]


def rejections(found: Sequence[Any]) -> list[Rejection]:
    """The rejections of what a reader yielded."""
    return [one for one in found if isinstance(one, Rejection)]
