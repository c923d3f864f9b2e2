"""Spans and log records out of serialised OTLP requests, by the optional package `opentelemetry-proto`."""

from __future__ import annotations

import base64
import importlib
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from stillwatch.exchanges.otel.items import Attributes, Event, Item, identifier

INSTALL = (
    "reading OTLP protobuf needs the package opentelemetry-proto: pip install 'stillwatch[otlp]', "
    "or write OTLP JSON (`format: json` of the collector's file exporter)"
)


class PackageMissingError(ImportError):
    """`opentelemetry-proto` is not installed; the message says how to install it."""


class DamagedMessageError(ValueError):
    """Bytes that are no message of the expected type."""


class _Messages(NamedTuple):
    traces: Any
    logs: Any
    resource_spans: Any
    resource_logs: Any
    error: type[Exception]


@cache
def _messages() -> _Messages:
    """The generated classes, loaded on first use: the core install does without them."""
    try:
        trace = importlib.import_module("opentelemetry.proto.trace.v1.trace_pb2")
        logs = importlib.import_module("opentelemetry.proto.logs.v1.logs_pb2")
        message = importlib.import_module("google.protobuf.message")
    except ImportError as error:
        raise PackageMissingError(INSTALL) from error
    # TracesData and LogsData have the wire form of the two export requests.
    return _Messages(
        trace.TracesData, logs.LogsData, trace.ResourceSpans, logs.ResourceLogs, message.DecodeError
    )


def from_protobuf(data: bytes, signal: str, *, resource_only: bool) -> list[Item]:
    """The spans (`signal` "traces") or log records ("logs") of one message.

    `resource_only` says that `data` is one element of the request's repeated field, not the request.

    Raises:
        PackageMissingError: if `opentelemetry-proto` is not installed.
        DamagedMessageError: if the bytes are no such message.
    """
    messages = _messages()
    if signal == "traces":
        kind = messages.resource_spans if resource_only else messages.traces
    else:
        kind = messages.resource_logs if resource_only else messages.logs
    try:
        message = kind.FromString(data)
    except messages.error as error:
        raise DamagedMessageError(f"not an OTLP message of {signal}: {error}; export it again") from error
    parts = "resource_spans" if signal == "traces" else "resource_logs"
    resources = [message] if resource_only else getattr(message, parts)
    of_resource = _spans if signal == "traces" else _logs
    return [item for resource in resources for item in of_resource(resource)]


def _spans(group: Any) -> Iterator[Item]:
    resource = _attributes(group.resource.attributes)
    for scoped in group.scope_spans:
        for span in scoped.spans:
            yield Item(
                kind="span",
                trace_id=identifier(span.trace_id),
                span_id=identifier(span.span_id),
                name=span.name,
                scope=scoped.scope.name,
                start=span.start_time_unix_nano or None,
                end=span.end_time_unix_nano or None,
                server=span.kind == 2,
                failed=span.status.code == 2,
                attributes=_attributes(span.attributes),
                resource=resource,
                events=[
                    Event(
                        name=event.name,
                        time=event.time_unix_nano or None,
                        attributes=_attributes(event.attributes),
                    )
                    for event in span.events
                ],
                body=None,
            )


def _logs(group: Any) -> Iterator[Item]:
    resource = _attributes(group.resource.attributes)
    for scoped in group.scope_logs:
        for log in scoped.log_records:
            attributes = _attributes(log.attributes)
            name = log.event_name or attributes.get("event.name")
            yield Item(
                kind="log",
                trace_id=identifier(log.trace_id),
                span_id=identifier(log.span_id),
                name=name if isinstance(name, str) else "",
                scope=scoped.scope.name,
                start=log.time_unix_nano or log.observed_time_unix_nano or None,
                end=None,
                server=False,
                failed=False,
                attributes=attributes,
                resource=resource,
                events=[],
                body=_plain(log.body),
            )


def _attributes(pairs: Any) -> Attributes:
    named = {pair.key: _plain(pair.value) for pair in pairs}
    return {key: value for key, value in named.items() if value is not None}


def _plain(value: Any) -> Any:
    match value.WhichOneof("value"):
        case None:
            return None
        case "array_value":
            return [_plain(one) for one in value.array_value.values]
        case "kvlist_value":
            return _attributes(value.kvlist_value.values)
        case "bytes_value":
            return base64.b64encode(value.bytes_value).decode("ascii")
        case which:
            return getattr(value, which)
