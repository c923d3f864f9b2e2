"""Batch files: OpenAI batch input and output, Anthropic Message Batches requests and results.

A request row and a result row belong together by `custom_id`, in any order and over any number of files. It
is unique within one batch only; where several batches use the same one, files are paired by their names
(`monday.input.jsonl` with `monday.output.jsonl`), and what stays ambiguous is refused rather than guessed.

Batch files carry no account, and no time but the moment of an OpenAI answer (`created`): the rest comes from
columns beside the rows, `--map` or `--set`. A row without its other half gives what it has.
"""

from __future__ import annotations

import itertools
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stillwatch.exchanges.bodies import apis, fields
from stillwatch.exchanges.bodies.envelope import beginning, beside, content_id
from stillwatch.exchanges.bodies.errors import error_fields
from stillwatch.exchanges.bodies.fields import Body, BodyError, an_object, as_json, exchange, present
from stillwatch.exchanges.reader import Document, Head, Parsed, Record, Rejection, Source
from stillwatch.exchanges.shelf import Shelf

_LOG = logging.getLogger(__name__)
_REQUEST_KEYS = ("body", "params")
_RESULT_KEYS = ("response", "result", "error")
_SIGNS = (b'"params"', b'"body"', b'"result"', b'"response"')
_NOT_RUN = ("canceled", "expired")
_SUCCEEDED, _FAILED = 200, 400
_SIDES = re.compile(r"(in|out)(puts?)?|(request|response|result|error)s?|jsonl?|gz|zstd?")


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a batch file."""

    file: str
    line: int
    value: dict[str, Any]

    @property
    def is_request(self) -> bool:
        return any(key in self.value for key in _REQUEST_KEYS)


class Batches:
    """Reader of batch input and output files."""

    name = "batches"

    def recognises(self, head: Head) -> bool:
        """Most of the first objects have a `custom_id` and a request or a result; or wrap such requests."""
        objects = [value for value in head.documents if isinstance(value, dict)]
        known = sum(any(map(_is_row, _rows(value))) for value in objects)
        started = beginning(head)
        return 2 * known > len(objects) or (
            b'"custom_id"' in started and any(map(started.__contains__, _SIGNS))
        )

    def read(self, sources: Sequence[Source]) -> Iterator[Parsed | Rejection]:
        """Yield one record a `custom_id` and batch. Rows wait on disk until every file is read."""
        with Shelf() as shelf:
            for source in sources:
                for item in source.documents():
                    refused = item if isinstance(item, Rejection) else _lay_by(shelf, source.name, item)
                    if refused is not None:
                        yield refused
            halves = 0
            for _, values in shelf.groups():
                rows = [_Row(**fields.from_json(value)) for value in values]
                halves += len({row.is_request for row in rows}) == 1
                yield from _joined(rows)
            if halves:
                _LOG.warning(
                    "%d requests or results of batches are without their other half (custom_id); give the "
                    "input files and the output files together",
                    halves,
                )


def _rows(value: Mapping[str, Any]) -> list[Any]:
    """The rows of a document: itself, or the `requests` of an Anthropic batch as it was created."""
    wrapped = value.get("requests")
    return wrapped if isinstance(wrapped, list) else [value]


def _is_row(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and "custom_id" in value
        and any(isinstance(value.get(key), dict) for key in (*_REQUEST_KEYS, *_RESULT_KEYS))
    )


def _lay_by(shelf: Shelf, file: str, document: Document) -> Rejection | None:
    """Put the rows of a document on the shelf; a rejection where it is no row of a batch file."""
    try:
        for value in _rows(an_object(document.value, "line")):
            row = an_object(value, "requests")
            custom_id = fields.identifier(row, "custom_id")
            if custom_id is None:
                raise BodyError("custom_id", "is missing; rows of batch files join on it")
            laid = {"file": file, "line": document.line, "value": row}
            shelf.put(custom_id, as_json(laid, where="line"))
    except BodyError as error:
        return Rejection(file, document.line, error.field, error.reason, document.raw)
    return None


def _joined(rows: list[_Row]) -> Iterator[Parsed | Rejection]:
    """The exchanges of the rows that share a custom_id."""
    families: dict[str, tuple[list[_Row], list[_Row]]] = {}
    alone = sum(row.is_request for row in rows) <= 1 and sum(not row.is_request for row in rows) <= 1
    for row in rows:
        family = families.setdefault("" if alone else _family(row.file), ([], []))
        family[0 if row.is_request else 1].append(row)
    for requests, results in families.values():
        if results and any(request.value != requests[0].value for request in requests):
            yield from map(_ambiguous, [*requests, *results])
            continue
        # Requests that are the same row take any of the answers: a batch run twice, or delivered twice.
        for request, result in itertools.zip_longest(requests, results):
            yield _parsed(request or (requests[0] if requests else None), result)


def _family(file: str) -> str:
    """The file name without the words that tell input from output: what the files of one batch share."""
    words = re.findall(r"[^\W_]+", file.lower())
    return " ".join(word for word in words if not _SIDES.fullmatch(word))


def _ambiguous(row: _Row) -> Rejection:
    reason = (
        "several batches use this custom_id and the file names do not tell them apart; name the files of a "
        "batch alike (NAME.input.jsonl, NAME.output.jsonl) or read one batch at a time"
    )
    return Rejection(row.file, row.line, "custom_id", reason, as_json(row.value, where="line"))


def _parsed(request: _Row | None, result: _Row | None) -> Parsed | Rejection:
    row = result or request
    assert row is not None  # a group has at least one row
    sides = (request.value if request else {}), (result.value if result else {})
    whole = {**sides[0], **sides[1]}  # the two share no key but custom_id, so --map finds either's
    raw = as_json(whole, where="line")
    try:
        record = batch_record(*sides)
    except BodyError as error:
        return Rejection(row.file, row.line, error.field, error.reason, raw)
    return Parsed(row.file, row.line, record, raw)


def batch_record(request: Body, result: Body) -> Record:
    """The record of a request row and its result row, either of which may be empty. Raises `BodyError`."""
    asked = fields.object_at(request, "body") or fields.object_at(request, "params")
    answer, said = _outcome(result)
    path = fields.text(request, "url")
    api = apis.api_of_path(path) or apis.api_of_bodies(asked, answer)
    record: Record = {"platform": "batch"}
    if api is not None:
        failed = "error_type" in said
        record |= {
            "api": api.api,
            **exchange(api.asked(asked, failed), {} if failed else api.response(answer)),
        }
    created = fields.first(answer.get("created"), answer.get("created_at"))
    record |= {**present(time=created), **said, **beside(request), **beside(result)}
    if "exchange_id" not in record:
        record["exchange_id"] = content_id([request, result])
    return record


def _outcome(result: Body) -> tuple[Body, Record]:
    """The answer's body, and what the row says about it: id, status, error."""
    if "result" in result:
        return _anthropic_outcome(fields.object_at(result, "result"))
    response = fields.object_at(result, "response")
    status = fields.integer(response, "status_code", "response")
    body = fields.object_at(response, "body", "response")
    said = present(
        exchange_id=fields.first(fields.text(response, "request_id", "response"), fields.text(result, "id")),
        status=status,
    )
    if (status or 0) >= _FAILED or result.get("error"):
        said |= {"finish_reason": "error", **error_fields(result), **error_fields(body)}
    return body, said


def _anthropic_outcome(result: Body) -> tuple[Body, Record]:
    kind = fields.text(result, "type", "result")
    if kind == "errored":  # {"error": {"type": "error", "error": {"type": …}}}
        outer = fields.object_at(result, "error", "result")
        return {}, {"finish_reason": "error", **error_fields(outer if "error" in outer else result)}
    if kind in _NOT_RUN:
        return {}, {"finish_reason": "error", "error_type": kind}
    message = fields.object_at(result, "message", "result")
    return message, present(exchange_id=fields.text(message, "id", "result.message"), status=_SUCCEEDED)


READER = Batches()
