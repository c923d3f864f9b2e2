"""One canonical record of the items that describe one model call: a span, its events, its log records."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from stillwatch.exchanges.bodies.fields import digest, exchange, present
from stillwatch.exchanges.bodies.finish import finish_reason
from stillwatch.exchanges.otel import aliases
from stillwatch.exchanges.otel.content import SPEAKERS, content
from stillwatch.exchanges.otel.items import Attributes, Event, Item, raw
from stillwatch.exchanges.otel.messages import structured
from stillwatch.exchanges.reader import Record

DETAILS = "gen_ai.client.inference.operation.details"
_CONTENT_EVENTS = (DETAILS, "gen_ai.content.prompt", "gen_ai.content.completion")
_BODY_KEYS = ("content", "role", "parts", "message", "tool_calls", "finish_reason")
_MODEL_OPERATIONS = set(aliases.APIS)
_OTHER_OPERATIONS = re.compile(r"agent|tool|workflow|retriev|rerank|memory|guard|evaluat|search|task|step")
_MODEL_SPAN_KINDS = {"llm", "embedding", "generation", "completion", "chat"}
_PLACES = {  # of each attribute name: the fields it gives, and its rank among their names
    name: [(field, a.names.index(name)) for field, a in aliases.ALIASES.items() if name in a.names]
    for alias in aliases.ALIASES.values()
    for name in alias.names
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def describes_a_call(item: Item) -> bool:
    """Whether a span is a call to a model, or a log record one of the events of such a call.

    Spans of agents, workflows, tools and retrieval are not: what they called has spans of its own.
    """
    if item["kind"] == "log":
        operation = aliases.text(item["attributes"], aliases.OPERATION)
        of_a_model = operation is None or operation.lower() in _MODEL_OPERATIONS
        return of_a_model and item["name"] in (*SPEAKERS, *_CONTENT_EVENTS)
    return _is_call(item["attributes"])


def _is_call(attributes: Attributes) -> bool:
    operation = (aliases.text(attributes, aliases.OPERATION) or "").lower()
    if operation in _MODEL_OPERATIONS or _OTHER_OPERATIONS.search(operation):
        return operation in _MODEL_OPERATIONS
    kind = aliases.text(attributes, aliases.SPAN_KIND)
    if kind is not None:
        return kind.lower() in _MODEL_SPAN_KINDS
    asked, served = aliases.ALIASES["model"].names, aliases.ALIASES["model_served"].names
    return any(name in attributes for name in (*asked, *served))


def record_of(items: Sequence[Item]) -> Record:
    """The canonical record of one call: at most one span, and the log records that belong to it.

    Raises `BodyError` where content is not what the conventions document.
    """
    ordered = list(items)
    if len(ordered) > 1:
        ordered.sort(key=lambda item: (item["kind"] != "span", item["start"] or 0, raw(item)))
    main = ordered[0]
    logs = _distinct(item for item in ordered if item["kind"] == "log")
    events = [*main["events"], *(_as_event(log) for log in logs)]
    attributes = _merged(main, events)
    record = _plain_fields(main, attributes)
    record |= content(attributes, events)
    record |= _outcome(main, attributes, record, events)
    identity = f"{main['trace_id']}:{main['span_id']}".strip(":")
    if not identity or (main["kind"] == "log" and main["name"] in _CONTENT_EVENTS):
        identity = f"{identity}:{digest(raw(main))[:16]}".strip(":")  # one span may carry several such events
    return exchange({"exchange_id": identity, **_times(main, attributes)}, record)


def _distinct(logs: Iterable[Item]) -> list[Item]:
    """Log records without exact repeats: telemetry is delivered at least once."""
    return list({raw(log): log for log in logs}.values())


def _as_event(log: Item) -> Event:
    body = log["body"]
    held = structured(body)
    if isinstance(held, dict) and any(key in _BODY_KEYS or key.startswith("gen_ai.") for key in held):
        body = held
    said = body if isinstance(body, dict) else {} if body is None else {"content": body}
    return Event(name=log["name"], time=log["start"], attributes={**log["attributes"], **said})


def _merged(main: Item, events: Iterable[Event]) -> Attributes:
    """Attributes of the call: what the span says itself goes before what its events say."""
    merged: Attributes = {}
    for event in events:
        if event["name"] in (*_CONTENT_EVENTS, "exception"):
            merged |= event["attributes"]
    return merged | main["attributes"]


def _plain_fields(main: Item, attributes: Attributes) -> Record:
    best: dict[str, tuple[int, Any]] = {}
    for name, value in attributes.items():
        for field, rank in _PLACES.get(name, ()):
            if value not in (None, "") and rank <= best.get(field, (rank,))[0]:
                best[field] = rank, value
    record = {field: _typed(value, aliases.ALIASES[field].kind) for field, (_, value) in best.items()}
    if "ip" not in record and main["server"]:
        record |= present(ip=aliases.text(attributes, aliases.PEER_ADDRESS))
    if main["trace_id"]:
        record.setdefault("session_id", main["trace_id"])
    return record | _people(main, attributes) | _where(main, attributes)


def _people(main: Item, attributes: Attributes) -> Record:
    """Account and end user. An attribute of the call goes before one of the resource that emitted it."""
    name, account = aliases.first(attributes, aliases.ACCOUNT)
    if account is None:
        name, account = aliases.first(main["resource"], aliases.ACCOUNT)
    others = [other for other in aliases.END_USER if other != name]
    _, end_user = aliases.first(attributes, others)
    said = {"account_id": _typed(account, "text"), "end_user_id": _typed(end_user, "text")}
    if said["end_user_id"] == said["account_id"]:
        del said["end_user_id"]
    for field in ("org_id", "project_id"):
        _, value = aliases.first(main["resource"], aliases.ALIASES[field].names)
        if aliases.first(attributes, aliases.ALIASES[field].names)[1] is None:
            said[field] = _typed(value, "text")
    return present(**said)


def _where(main: Item, attributes: Attributes) -> Record:
    provider = (aliases.text(attributes, aliases.PROVIDER) or "").lower()
    operation = (aliases.text(attributes, aliases.OPERATION) or "").lower()
    kind = (aliases.text(attributes, aliases.SPAN_KIND) or "").lower()
    api = aliases.APIS.get(operation) or ("embeddings" if kind == "embedding" else None)
    if api == "chat" and provider == "anthropic":
        api = "messages"
    if api == "chat" and attributes.get("openai.api.type") == "responses":
        api = "responses"
    platform = aliases.PLATFORMS.get(provider)
    if "ai-gateway" in f"{main['scope']} {main['resource'].get('service.name')}".lower():
        platform = "gateway:envoy"
    return present(platform=platform, api=api)


def _times(main: Item, attributes: Attributes) -> Record:
    start, end = main["start"], main["end"]
    _, seconds = aliases.first(attributes, aliases.TTFT_SECONDS)
    first_token = _typed(seconds, "number")
    return present(
        time=None if start is None else instant(start),
        duration_ms=(end - start) / 1e6 if start is not None and end is not None and end >= start else None,
        ttft_ms=first_token * 1000 if isinstance(first_token, float) else None,
    )


def instant(nanoseconds: int) -> str:
    """RFC 3339 in UTC to the microsecond; 64 bits of nanoseconds end in the year 2554."""
    return (_EPOCH + timedelta(microseconds=nanoseconds // 1000)).isoformat()


def _outcome(main: Item, attributes: Attributes, record: Record, events: Iterable[Event]) -> Record:
    """How it ended: the reasons of the response, else of the first choice, else the status of the span."""
    _, reasons = aliases.first(attributes, aliases.FINISH_REASONS)
    reasons = structured(reasons)
    reason = reasons[0] if isinstance(reasons, list) and reasons else reasons
    error = aliases.text(attributes, aliases.ERROR_TYPE)
    ended = finish_reason(reason) or record.get("finish_reason")
    status = int(error) if error and error.isascii() and error.isdigit() and len(error) == 3 else None
    return present(
        finish_reason=ended or ("error" if main["failed"] or error else None),
        error_type=error,
        status=record.get("status", status),
    )


def _typed(value: Any, kind: aliases.Kind) -> Any:
    """The value in its canonical type; what does not fit stays as it is, for validation to name the field."""
    if value is None or isinstance(value, list | dict):
        return value
    if kind == "text":
        return value if isinstance(value, str) else str(value)
    if kind == "flag":
        return {"true": True, "false": False}.get(str(value).lower(), value)
    try:
        number = float(value)
        if kind == "number":
            return number
        whole = value if isinstance(value, int) else int(number)
        return whole if whole == number and math.isfinite(number) else value
    except (TypeError, ValueError, OverflowError):
        return value
