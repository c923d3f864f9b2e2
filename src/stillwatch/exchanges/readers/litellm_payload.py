"""LiteLLM `StandardLoggingPayload`: what its callbacks (generic API, S3, GCS, …) log of every call.

One payload a line, an array of them, or one a file; also inside `standard_logging_object`. The model asked
for is `model_group`, the one that answered `model`. Field names of LiteLLM 1.109.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from stillwatch.exchanges import litellm
from stillwatch.exchanges.bodies import fields
from stillwatch.exchanges.bodies.fields import Body, BodyError, an_object, present
from stillwatch.exchanges.reader import Document, Head, Parsed, Record, Rejection, Source

_WRAPPER = "standard_logging_object"


class LitellmPayload:
    """Reader of LiteLLM's callback payloads."""

    name = "litellm-payload"

    def recognises(self, head: Head) -> bool:
        """Most of the first objects have the payload's own keys."""
        payloads = [_payload(value) for value in head.documents]
        known = sum(
            isinstance(p, dict)
            and {"call_type", "startTime"} <= p.keys()
            and bool({"model_parameters", "hidden_params", "model_map_information"} & p.keys())
            for p in payloads
        )
        return bool(payloads) and 2 * known > len(payloads)

    def read(self, sources: Sequence[Source]) -> Iterator[Parsed | Rejection]:
        """Yield one record a payload."""
        for source in sources:
            for item in source.documents():
                yield _read(source.name, item) if isinstance(item, Document) else item


def _payload(value: Any) -> Any:
    if isinstance(value, dict) and isinstance(value.get(_WRAPPER), dict):
        return value[_WRAPPER]
    return value


def _read(file: str, document: Document) -> Parsed | Rejection:
    try:
        record = payload_record(an_object(_payload(document.value), "line"))
    except BodyError as error:
        return Rejection(file, document.line, error.field, error.reason, document.raw)
    return Parsed(file, document.line, record, document.raw)


def payload_record(payload: Body) -> Record:
    """The record of one payload. Raises `BodyError` where a part is not of its documented type."""
    metadata = litellm.metadata_of(payload)
    parameters = fields.object_at(payload, "model_parameters")
    call_type = payload.get("call_type")
    asked = litellm.request_fields(call_type, parameters, payload.get("messages"))
    answered = litellm.response_fields(call_type, payload.get("response"))
    streamed = fields.first(fields.flag(payload, "stream"), asked.get("stream"))
    error = payload.get("error_information")
    around = {
        "exchange_id": fields.first(
            fields.identifier(payload, "id"), fields.identifier(payload, "litellm_call_id")
        ),
        "platform": litellm.PLATFORM,
        "stream": streamed,
        "session_id": fields.first(
            fields.identifier(payload, "session_id"), fields.identifier(payload, "trace_id")
        ),
        "end_user_id": fields.first(fields.identifier(payload, "end_user"), asked.get("end_user_id")),
        **litellm.spans(
            payload.get("startTime"), payload.get("endTime"), payload.get("completionStartTime"), streamed
        ),
        **litellm.owner(metadata, None, None),
        **litellm.client(payload, metadata),
        **litellm.outcome(payload.get("status"), error, payload, metadata.get("usage_object")),
        **_models(payload, answered),
    }
    return litellm.call_record(asked, answered, around)


def _models(payload: Body, answered: Record) -> Record:
    deployed = fields.text(payload, "model")
    return present(
        model=fields.first(fields.text(payload, "model_group"), deployed),
        model_served=fields.first(answered.get("model_served"), deployed),
    )


READER = LitellmPayload()
