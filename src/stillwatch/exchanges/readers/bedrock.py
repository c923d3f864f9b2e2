"""Amazon Bedrock model invocation logs, as S3 and CloudWatch Logs hold them.

`schemaType: ModelInvocationLog`, version 1.0. The account is the AWS account that called (`accountId`), the
key the IAM principal (`identity.arn`); where all calls are one company's, `--map account_id=identity.arn`.
Bodies are in the caller's shape: Converse, or a model's own. Large bodies are spilled to S3 objects of their
own (`inputBodyS3Path`); the log holds only the path then, so text and sampling are null. Stream bodies are
logged as the list of their events.

CloudWatch exports wrap the record in `{"message": "<JSON>", …}` or `logEvents`; both are opened.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stillwatch.exchanges.bodies import apis, fields
from stillwatch.exchanges.bodies.envelope import beginning, beside, content_id, parsed_body
from stillwatch.exchanges.bodies.errors import error_fields
from stillwatch.exchanges.bodies.fields import Body, BodyError, an_object, as_json, exchange, present
from stillwatch.exchanges.reader import Document, Head, Parsed, Record, Rejection, Source
from stillwatch.exchanges.sse import assemble

_LOG = logging.getLogger(__name__)
_SCHEMA = "ModelInvocationLog"
_METRICS = "amazon-bedrock-invocationMetrics"
_OWN = ("output", "status")  # keys of the log that have the name of a canonical column
_EMBEDS = ("embed", "rerank")


class Bedrock:
    """Reader of Bedrock invocation logs."""

    name = "bedrock"

    def recognises(self, head: Head) -> bool:
        """Most of the first objects are, or wrap, records of the schema `ModelInvocationLog`."""
        objects = [value for value in head.documents if isinstance(value, dict)]
        known = sum(any(_is_log(log) for log in _logs(value)) for value in objects)
        return 2 * known > len(objects) or _SCHEMA.encode() in beginning(head)

    def read(self, sources: Sequence[Source]) -> Iterator[Parsed | Rejection]:
        """Yield one record a log entry. Says once a source how many bodies are missing from it."""
        for source in sources:
            spilled = 0
            for item in source.documents():
                if isinstance(item, Document):
                    spilled += sum(map(_is_spilled, _logs(item.value)))
                    yield from _read(source.name, item)
                else:
                    yield item
            if spilled:
                _LOG.warning(
                    "%s: %d exchanges have a body in an S3 object of its own (inputBodyS3Path, "
                    "outputBodyS3Path); their text and sampling are read as missing. Put the bodies "
                    "into inputBodyJson and outputBodyJson to have them examined",
                    source.name,
                    spilled,
                )


def _logs(value: Any) -> list[Any]:
    """The log records of a document: itself, or those that a CloudWatch export wraps."""
    if not isinstance(value, dict):
        return [value]
    wrapped = value.get("logEvents")
    events = wrapped if isinstance(wrapped, list) else [value]
    return [_unwrapped(event) for event in events]


def _unwrapped(event: Any) -> Any:
    inner = fields.first(event.get("message"), event.get("@message")) if isinstance(event, dict) else None
    if isinstance(inner, str) and _SCHEMA in inner:
        try:
            return parsed_body(inner, "message")
        except BodyError:
            return event
    return inner if isinstance(inner, dict) and _is_log(inner) else event


def _is_log(value: Any) -> bool:
    return isinstance(value, Mapping) and (
        value.get("schemaType") == _SCHEMA or {"modelId", "requestId", "operation"} <= value.keys()
    )


def _is_spilled(log: Any) -> bool:
    """Whether a body of an entry is elsewhere: its path is here, the body is not."""
    sides = [(log.get(side), side) for side in ("input", "output")] if isinstance(log, dict) else []
    return any(
        isinstance(said, dict) and said.get(f"{side}BodyS3Path") and said.get(f"{side}BodyJson") is None
        for said, side in sides
    )


def _read(file: str, document: Document) -> Iterator[Parsed | Rejection]:
    for log in _logs(document.value):
        try:
            # of a wrapped record the record itself, so that --map means the same in every export
            raw = document.raw if log is document.value else as_json(log, where="line")
            record = invocation_record(an_object(log, "line"))
        except BodyError as error:
            yield Rejection(file, document.line, error.field, error.reason, document.raw)
        else:
            yield Parsed(file, document.line, record, raw)


def invocation_record(log: Body) -> Record:
    """The record of one invocation. Raises `BodyError` where a value is not of its documented type."""
    sent, answered = fields.object_at(log, "input"), fields.object_at(log, "output")
    failed = log.get("errorCode") is not None
    answer, timing = _answer(answered.get("outputBodyJson"))
    asked = parsed_body(sent.get("inputBodyJson"), "input.inputBodyJson")
    model = fields.text(log, "modelId")
    record = {
        "platform": "bedrock",
        **_said(asked, answer, model, failed),
        **_counts(sent, answered),
        **timing,
        **present(
            exchange_id=fields.text(log, "requestId"),
            time=log.get("timestamp"),
            account_id=fields.identifier(log, "accountId"),
            key_id=fields.text(fields.object_at(log, "identity"), "arn", "identity"),
            model=_short(model),
            stream=_streamed(fields.text(log, "operation")),
        ),
        **_tags(log),
    }
    if failed:
        record |= {"finish_reason": "error", "error_type": fields.identifier(log, "errorCode")}
    record |= beside(log, _OWN)
    record.setdefault("exchange_id", content_id(log))
    return record


def _said(asked: Body, answer: Body, model: str | None, failed: bool) -> Record:
    """What the bodies say. Nothing where they were spilled to S3 or not logged."""
    if not asked and not answer:
        return {}
    if any(word in (model or "") for word in _EMBEDS):
        return {"api": "embeddings", **_embedded(asked)}
    api = apis.api_of_bodies(asked, answer)
    if api is None:
        return error_fields(answer)
    said = exchange(api.asked(asked, failed), api.response(answer))
    return {"api": api.api, **said}


def _embedded(asked: Body) -> Record:
    """The texts of an embedding request: Titan's `inputText`, Cohere's `texts`."""
    texts = fields.items(asked, "texts") or [asked.get("inputText")]
    said = [{"role": "user", "content": text} for text in texts if isinstance(text, str)]
    return present(messages=said or None)


def _answer(body: Any) -> tuple[Body, Record]:
    """The output body, put together where it was streamed, and the timing that a stream's end reports."""
    if not isinstance(body, list):
        return parsed_body(body, "output.outputBodyJson"), {}
    reports = [event for event in body if isinstance(event, dict) and _METRICS in event]
    measured = fields.object_at(reports[-1], _METRICS, "output.outputBodyJson") if reports else {}
    where = f"output.outputBodyJson.{_METRICS}"
    timing = present(
        duration_ms=fields.number(measured, "invocationLatency", where),
        ttft_ms=fields.number(measured, "firstByteLatency", where),
    )
    return _generated(body) or assemble(body, "output.outputBodyJson"), timing


def _generated(events: list[Any]) -> Body:
    """The text of chunks that each carry a piece of it (Llama, Titan, Cohere; Mistral under `outputs`)."""
    chunks = [_first_output(event) for event in events if isinstance(event, dict)]
    for key in ("generation", "outputText", "completion", "text"):
        if any(isinstance(chunk.get(key), str) for chunk in chunks):
            said = {name: value for chunk in chunks for name, value in chunk.items() if value is not None}
            texts = (chunk.get(key) for chunk in chunks)
            return {**said, key: "".join(text for text in texts if isinstance(text, str))}
    return {}


def _first_output(chunk: dict[str, Any]) -> dict[str, Any]:
    outputs = chunk.get("outputs")
    first = outputs[0] if isinstance(outputs, list) and outputs else chunk
    return first if isinstance(first, dict) else chunk


def _counts(sent: Body, answered: Body) -> Record:
    """Token counts of the log itself: they are there even if the bodies are not. Cached input is added."""
    read = fields.integer(sent, "cacheReadInputTokenCount", "input")
    written = fields.integer(sent, "cacheWriteInputTokenCount", "input")
    fresh = fields.integer(sent, "inputTokenCount", "input")
    return present(
        input_tokens=None if fresh is None else fields.total(fresh, read, written),
        output_tokens=fields.integer(answered, "outputTokenCount", "output"),
        cache_read_tokens=read,
    )


def _short(model: str | None) -> str | None:
    """The model id without the ARN before it."""
    if model and model.startswith("arn:"):
        return model.rpartition("/")[2] or model
    return model


def _streamed(operation: str | None) -> bool | None:
    return None if operation is None else operation in ("ConverseStream", "InvokeModelWithResponseStream")


def _tags(log: Body) -> Record:
    """Canonical columns that the caller set as request metadata, such as `end_user_id` or `project_id`.

    The caller writes these freely, so nothing that identifies the account or the exchange is taken.
    """
    tags = log.get("requestMetadata")
    allowed = ("end_user_id", "session_id", "project_id")
    return {key: tags[key] for key in allowed if isinstance(tags, dict) and isinstance(tags.get(key), str)}


READER = Bedrock()
