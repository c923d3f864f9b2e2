"""Spans and log records of an OTLP document as plain JSON values, whichever encoding they came in.

Source: the OTLP specification, section "JSON Protobuf Encoding": ids in hex, 64-bit integers as strings,
names in lowerCamelCase, attribute values as `{"stringValue": …}` and its siblings. Older collectors wrote
`instrumentationLibrarySpans`; some exporters write snake_case names or plain attribute objects: all are read.
"""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypedDict

import orjson

from stillwatch.exchanges.bodies.fields import BodyError, an_object, wrong_type

_DEEPEST = 64  # levels of nested attribute values; protobuf itself stops at 100

Attributes = dict[str, Any]


class Event(TypedDict):
    """A timed event of a span."""

    name: str
    time: int | None  # nanoseconds since the epoch
    attributes: Attributes


class Item(TypedDict):
    """One span or one log record. Absent ids are empty strings; `events` is empty for a log record."""

    kind: str  # "span" or "log"
    trace_id: str
    span_id: str
    name: str  # of the span, or of the event a log record stands for
    scope: str
    start: int | None  # nanoseconds since the epoch
    end: int | None
    server: bool  # a span of kind server: it describes the caller's side
    failed: bool
    attributes: Attributes
    resource: Attributes
    events: list[Event]
    body: Any


_SCOPES = {
    "span": ("scopeSpans", "scope_spans", "instrumentationLibrarySpans", "instrumentation_library_spans"),
    "log": ("scopeLogs", "scope_logs", "instrumentationLibraryLogs", "instrumentation_library_logs"),
}
_LEAVES = {"span": ("spans",), "log": ("logRecords", "log_records", "logs")}
_HEX = re.compile(r"(?:[0-9a-fA-F]{16}){1,2}")
_METRICS = ("resourceMetrics", "resource_metrics")  # written beside the others; nothing here reads them
_RESOURCES = {"span": ("resourceSpans", "resource_spans"), "log": ("resourceLogs", "resource_logs")}


def is_export(document: Any) -> bool:
    """Whether a JSON value is an export request of traces, logs or metrics."""
    names = [*_METRICS, *(name for names in _RESOURCES.values() for name in names)]
    return isinstance(document, dict) and any(isinstance(document.get(name), list) for name in names)


def carries_logs(document: Any) -> bool:
    """Whether a JSON value is an export request with log records."""
    return isinstance(document, dict) and any(name in document for name in _RESOURCES["log"])


def raw(item: Item) -> bytes:
    """The item as JSON, for a dead letter and for `--map`: attributes by name, no OTLP wrapping."""
    return compact(item)


def compact(value: Any) -> bytes:
    """Compact JSON of any decoded JSON value; `json_values.decode` gives it back."""
    try:
        return orjson.dumps(value)
    except TypeError:  # half a pair of surrogates, an integer over 64 bits
        return json.dumps(value).encode()


def from_json(document: Any) -> Iterator[Item | BodyError]:
    """Yield the spans and log records of an OTLP JSON export request; a malformed one as its error."""
    if not is_export(document):
        yield wrong_type("", "an OTLP export request with `resourceSpans` or `resourceLogs`", document)
        return
    for kind, names in _RESOURCES.items():
        for resource_at, group in _listed(document, names, ""):
            if isinstance(group, BodyError):
                yield group
            else:
                yield from _of_resource(kind, group, resource_at)


def _of_resource(kind: str, group: Mapping[str, Any], where: str) -> Iterator[Item | BodyError]:
    try:
        resource = attributes_of(_value(group, "resource") or {}, f"{where}.resource")
    except BodyError as error:
        yield error
        return
    for scope_at, scoped in _listed(group, _SCOPES[kind], where):
        if isinstance(scoped, BodyError):
            yield scoped
            continue
        scope = _value(scoped, "scope", "instrumentationLibrary")
        name = scope.get("name") if isinstance(scope, dict) else None
        for at, leaf in _listed(scoped, _LEAVES[kind], scope_at):
            if isinstance(leaf, BodyError):
                yield leaf
                continue
            try:
                yield (_span if kind == "span" else _log)(leaf, resource, _string(name), at)
            except BodyError as error:
                yield error


def _span(span: Mapping[str, Any], resource: Attributes, scope: str, where: str) -> Item:
    status = _value(span, "status")
    events = [
        Event(
            name=_string(event.get("name")),
            time=nanoseconds(_value(event, "timeUnixNano", "time_unix_nano")),
            attributes=attributes_of(event, f"{where}.events"),
        )
        for event in _value(span, "events") or ()
        if isinstance(event, dict)
    ]
    code = status.get("code") if isinstance(status, dict) else None
    return Item(
        kind="span",
        trace_id=identifier(_value(span, "traceId", "trace_id")),
        span_id=identifier(_value(span, "spanId", "span_id")),
        name=_string(span.get("name")),
        scope=scope,
        start=nanoseconds(_value(span, "startTimeUnixNano", "start_time_unix_nano")),
        end=nanoseconds(_value(span, "endTimeUnixNano", "end_time_unix_nano")),
        server=span.get("kind") in (2, "2", "SPAN_KIND_SERVER"),
        failed=code in (2, "2", "STATUS_CODE_ERROR", "ERROR"),
        attributes=attributes_of(span, where),
        resource=resource,
        events=events,
        body=None,
    )


def _log(log: Mapping[str, Any], resource: Attributes, scope: str, where: str) -> Item:
    attributes = attributes_of(log, where)
    # Before `eventName` was a field of its own, the name of an event was the attribute `event.name`.
    name = _value(log, "eventName", "event_name") or attributes.get("event.name")
    observed = nanoseconds(_value(log, "observedTimeUnixNano", "observed_time_unix_nano"))
    return Item(
        kind="log",
        trace_id=identifier(_value(log, "traceId", "trace_id")),
        span_id=identifier(_value(log, "spanId", "span_id")),
        name=_string(name),
        scope=scope,
        start=nanoseconds(_value(log, "timeUnixNano", "time_unix_nano")) or observed,
        end=None,
        server=False,
        failed=False,
        attributes=attributes,
        resource=resource,
        events=[],
        body=any_value(log.get("body"), f"{where}.body"),
    )


def identifier(value: Any) -> str:
    """A trace or span id in lower-case hex; empty where it is absent, or all zeros, which means the same.

    OTLP JSON has hex; protobuf's own JSON mapping, which some exporters use, has base64.
    """
    if isinstance(value, bytes):
        value = value.hex()
    if not isinstance(value, str) or not value.strip("0"):
        return ""
    if _HEX.fullmatch(value):
        return value.lower()
    try:
        return identifier(binascii.a2b_base64(value, strict_mode=True))
    except (binascii.Error, ValueError):
        return value


def attributes_of(owner: Any, where: str) -> Attributes:
    """The attributes of a span, log record, event or resource, by name; null values are left out."""
    listed = an_object(owner, where).get("attributes")
    if listed is None:
        return {}
    if isinstance(listed, dict):  # already a plain object: a console exporter or a hand-made export
        return {key: value for key, value in listed.items() if value is not None}
    if not isinstance(listed, list):
        raise wrong_type(f"{where}.attributes", "a list of key and value", listed)
    return _pairs(listed, f"{where}.attributes", 0)


def _pairs(listed: list[Any], where: str, depth: int) -> Attributes:
    named = {}
    for pair in listed:
        if not isinstance(pair, dict) or not isinstance(pair.get("key"), str):
            raise wrong_type(where, "an object with `key` and `value`", pair)
        value = any_value(pair.get("value"), where, depth)
        if value is not None:
            named[pair["key"]] = value
    return named


def any_value(value: Any, where: str, depth: int = 0) -> Any:
    """The plain value of an OTLP `AnyValue`; bytes stay in base64, since an item is JSON."""
    if value is None or not isinstance(value, dict):
        return value  # some exporters write the value plainly
    if depth > _DEEPEST:
        raise BodyError(where, f"attribute value nested deeper than {_DEEPEST} levels; log it as JSON text")
    for key, held in value.items():
        match key:
            case "stringValue" | "string_value" | "boolValue" | "bool_value" | "bytesValue" | "bytes_value":
                return held
            case "intValue" | "int_value":
                return _number(held, int)
            case "doubleValue" | "double_value":
                return _number(held, float)
            case "arrayValue" | "array_value":
                return [any_value(one, where, depth + 1) for one in _values(held, where)]
            case "kvlistValue" | "kvlist_value":
                return _pairs(_values(held, where), where, depth + 1)
    return None


def _values(held: Any, where: str) -> list[Any]:
    values = held.get("values", []) if isinstance(held, dict) else held
    if not isinstance(values, list):
        raise wrong_type(where, "a list of values", held)
    return values


def _number(held: Any, kind: type[int] | type[float]) -> Any:
    """64-bit numbers are JSON strings in OTLP; what is no number stays as it is, for validation to name."""
    try:
        return kind(held)
    except (TypeError, ValueError, OverflowError):
        return held


def nanoseconds(value: Any) -> int | None:
    """A time field; zero means that it was not set. What is no 64-bit number is as good as not set."""
    number = _number(value, int)
    return number if isinstance(number, int) and 0 < number < 2**64 else None


def _listed(
    owner: Mapping[str, Any], names: tuple[str, ...], where: str
) -> Iterator[tuple[str, Mapping[str, Any] | BodyError]]:
    for name in names:
        listed = owner.get(name)
        if listed is None:
            continue
        path = f"{where}.{name}" if where else name
        if not isinstance(listed, list):
            yield path, wrong_type(path, "a list", listed)
            continue
        for index, element in enumerate(listed):
            at = f"{path}.{index}"
            yield at, element if isinstance(element, dict) else wrong_type(at, "an object", element)


def _value(owner: Mapping[str, Any], *names: str) -> Any:
    return next((owner[name] for name in names if owner.get(name) is not None), None)


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""
