"""Raw request/response pairs: a provider's own bodies in an envelope, one a line.

`{"time", "account_id", "request": {"method", "path", "headers", "body"}, "response": {"status", "headers",
"body" or "sse"}}`, with any canonical column beside them; those win over what the bodies say. Bodies may be
objects or JSON in a string, streams the text or the events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from stillwatch.exchanges.bodies import apis, fields, headers
from stillwatch.exchanges.bodies.envelope import beginning, beside, content_id, parsed_body
from stillwatch.exchanges.bodies.errors import error_fields
from stillwatch.exchanges.bodies.fields import Body, BodyError, an_object, exchange, present
from stillwatch.exchanges.bodies.headers import Headers
from stillwatch.exchanges.reader import Document, Head, Parsed, Record, Rejection, Source
from stillwatch.exchanges.sse import assemble

_PARTS = {"method", "path", "url", "headers", "body", "status", "sse"}
_SIGNS = (b'"request"', b'"headers"', b'"body"')  # of a first line too long to be in the head whole
_FAILED = 400  # HTTP statuses from here on carry an error, not an answer
_STREAM_STARTS = ("data:", "event:", ":", "id:", "retry:")


class Pairs:
    """Reader of the raw request/response envelope."""

    name = "pairs"

    def recognises(self, head: Head) -> bool:
        """Most of the first objects hold a `request` that is itself an object with HTTP parts."""
        objects = [value for value in head.documents if isinstance(value, dict)]
        enveloped = sum(_is_pair(value) for value in objects)
        return 2 * enveloped > len(objects) or all(map(beginning(head).__contains__, _SIGNS))

    def read(self, sources: Sequence[Source]) -> Iterator[Parsed | Rejection]:
        """Yield one record a line."""
        for source in sources:
            for item in source.documents():
                yield _read(source.name, item) if isinstance(item, Document) else item


def _is_pair(value: Mapping[str, Any]) -> bool:
    request, response = value.get("request"), value.get("response")
    parts = request.keys() if isinstance(request, dict) else set()
    if isinstance(response, dict):
        parts = parts | response.keys()
    return isinstance(request, dict) and len(_PARTS & parts) >= 2


def _read(file: str, document: Document) -> Parsed | Rejection:
    try:
        record = pair_record(an_object(document.value, "line"))
    except BodyError as error:
        return Rejection(file, document.line, error.field, error.reason, document.raw)
    return Parsed(file, document.line, record, document.raw)


def pair_record(pair: Body) -> Record:
    """The record of one pair. Raises `BodyError` where a part is not of its documented type.

    Of two that tell the same thing the first wins: a column beside the pair, a header, the bodies, the path.
    """
    request, response = fields.object_at(pair, "request"), fields.object_at(pair, "response")
    sent = headers.header_list(request.get("headers"), "request.headers")
    answered = headers.header_list(response.get("headers"), "response.headers")
    status = fields.first(*(fields.integer(response, key, "response") for key in ("status", "status_code")))
    said = _exchange(request, response, (status or 0) >= _FAILED, answered)
    record = {**said, **headers.client(sent), **present(status=status), **beside(pair)}
    if "exchange_id" not in record:
        record["exchange_id"] = headers.request_id(answered) or content_id(pair)
    return record


def _exchange(request: Body, response: Body, failed: bool, answered: Headers) -> Record:
    """What the bodies and the path say. Where it is no inference, only whether and how it failed."""
    path = fields.first(fields.text(request, "path", "request"), fields.text(request, "url", "request"))
    method = (fields.text(request, "method", "request") or "POST").upper()
    failure = _failure(response, answered) if failed else {}
    if method != "POST" or apis.is_no_inference(path):
        return failure
    known = apis.api_of_path(path)
    try:
        asked = parsed_body(request.get("body"), "request.body")
        answer = {} if failed else _answer(response)
    except BodyError:
        if failed:  # what the service could not read either
            return {**present(api=known.api if known else None), **apis.from_path(path), **failure}
        if known is None:  # a file upload, an audio answer: not for us to understand
            return {}
        raise
    api = known or apis.api_of_bodies(asked, answer)
    if api is None:
        return failure
    streamed = present(stream=True if response.get("sse") else None)
    wanted = {
        "api": api.api,
        **streamed,
        **apis.from_path(path),
        **_under("request.body", partial(api.asked, refused=failed), asked),
    }
    return exchange(wanted, failure if failed else _under("response.body", api.response, answer))


def _under(where: str, convert: Callable[[Body], Record], body: Body) -> Record:
    """The record of a body; an error names the field by its place in the envelope."""
    try:
        return convert(body)
    except BodyError as error:
        raise BodyError(f"{where}.{error.field}", error.reason) from None


def _answer(response: Body) -> Body:
    """The response body, put together where it was streamed."""
    if response.get("sse"):
        return assemble(response["sse"], "response.sse")
    body = response.get("body")
    if isinstance(body, str) and body.lstrip().startswith(_STREAM_STARTS):
        return assemble(body, "response.body")
    if isinstance(body, list):  # Gemini streams an array of chunks unless asked for server-sent events
        return assemble(body, "response.body")
    return parsed_body(body, "response.body")


def _failure(response: Body, answered: Headers) -> Record:
    """An error's fields. Its body may be anything: HTML of a proxy, a string, nothing."""
    body = response.get("body")
    try:
        said = error_fields(parsed_body(body, "response.body"))
    except BodyError:
        said = {}
    return {**present(error_type=headers.error_type(answered), finish_reason="error"), **said}


READER = Pairs()
