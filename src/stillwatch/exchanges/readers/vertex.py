"""Vertex AI request-response logs, as exported from BigQuery.

One row a call: `logging_time`, `request_id`, `endpoint`, `model`, `model_version`, `deployed_model_id`,
`full_request` and `full_response` (JSON, or JSON in a string; a list of chunks where it was streamed),
`metadata`. Bodies are Gemini's or Claude's own. The endpoint's project stands in `project_id`; whose call it
was, the row does not say: give `account_id` with `--map` (from a joined audit log or a label) or `--set`.
`otel_log`, which repeats the call in another form, is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stillwatch.exchanges.bodies import apis, fields
from stillwatch.exchanges.bodies.envelope import beginning, beside, content_id, parsed_body
from stillwatch.exchanges.bodies.fields import Body, BodyError, an_object, exchange, present
from stillwatch.exchanges.reader import Document, Head, Parsed, Record, Rejection, Source
from stillwatch.exchanges.sse import assemble

_SIGNS = (b'"logging_time"', b'"full_request"')
_PROJECT = re.compile(r"projects/([^/]+)")


class Vertex:
    """Reader of Vertex AI request-response rows."""

    name = "vertex"

    def recognises(self, head: Head) -> bool:
        """Most of the first objects have a `logging_time` and a `full_request` or `full_response`."""
        objects = [value for value in head.documents if isinstance(value, dict)]
        known = sum(map(_is_row, objects))
        return 2 * known > len(objects) or all(map(beginning(head).__contains__, _SIGNS))

    def read(self, sources: Sequence[Source]) -> Iterator[Parsed | Rejection]:
        """Yield one record a row."""
        for source in sources:
            for item in source.documents():
                yield _read(source.name, item) if isinstance(item, Document) else item


def _is_row(value: Mapping[str, Any]) -> bool:
    return "logging_time" in value and ("full_request" in value or "full_response" in value)


def _read(file: str, document: Document) -> Parsed | Rejection:
    try:
        record = row_record(an_object(document.value, "line"))
    except BodyError as error:
        return Rejection(file, document.line, error.field, error.reason, document.raw)
    return Parsed(file, document.line, record, document.raw)


def row_record(row: Body) -> Record:
    """The record of one row. Raises `BodyError` where a value is not of its documented type."""
    asked = parsed_body(row.get("full_request"), "full_request")
    answer = _answer(row.get("full_response"))
    api = apis.api_of_bodies(asked, answer)
    said = {"api": api.api, **exchange(api.request(asked), api.response(answer))} if api else {}
    asked_for, served = _last(fields.text(row, "model")), fields.text(row, "model_version")
    endpoint = fields.text(row, "endpoint") or ""
    project = _PROJECT.search(endpoint)
    record = {
        "platform": "vertex",
        **said,
        **present(
            exchange_id=_request_id(row),
            time=row.get("logging_time"),
            project_id=project.group(1) if project else None,
            model=fields.first(asked_for, _last(said.get("model"))),
        ),
        **beside(row, ("model",)),
    }
    if served and "model_served" not in record and served != record.get("model"):
        record["model_served"] = served
    record.setdefault("exchange_id", content_id(row))
    return record


def _request_id(row: Body) -> str | None:
    """The request id. Written as a number it may be too long for one, and rounded it identifies nothing."""
    return None if isinstance(row.get("request_id"), float) else fields.identifier(row, "request_id")


def _last(model: str | None) -> str | None:
    """The model's own name: the end of `publishers/google/models/NAME`, without an `@version`."""
    return model.rpartition("/")[2] or None if model else None


def _answer(body: Any) -> Body:
    """The response body, put together where it was streamed: a list of chunks, or a string that holds one."""
    if isinstance(body, str) and body.lstrip().startswith("["):
        try:
            body = fields.from_json(body)
        except ValueError as error:
            raise BodyError("full_response", f"expected JSON in the string ({error})") from None
    if isinstance(body, list):
        return assemble(body, "full_response")
    return parsed_body(body, "full_response")


READER = Vertex()
