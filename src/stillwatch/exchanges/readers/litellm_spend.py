"""LiteLLM `LiteLLM_SpendLogs`: rows of the proxy's database, as JSON Lines or a CSV export.

Text is there only if the proxy runs with `store_prompts_in_spend_logs`; the request then stands in
`proxy_server_request`, in older rows in `messages`. Times without an offset are UTC: the column has none.
Field names of LiteLLM 1.109.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from stillwatch.exchanges import litellm
from stillwatch.exchanges.bodies import fields
from stillwatch.exchanges.bodies.fields import Body, BodyError, an_object, present
from stillwatch.exchanges.csv_table import csv_rows, header_of
from stillwatch.exchanges.reader import Document, Head, Parsed, Record, Rejection, Source

_OWN_COLUMNS = {"request_id", "call_type", "startTime", "api_key"}
_NAIVE = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?")
_SHORT_OFFSET = re.compile(r"([+-]\d{2})$")  # as PostgreSQL writes a time with zone: `…+00`


class LitellmSpend:
    """Reader of LiteLLM's spend log table."""

    name = "litellm-spend"

    def recognises(self, head: Head) -> bool:
        """Most of the first objects have the table's columns, or the first line names them."""
        rows = [value for value in head.documents if isinstance(value, dict)]
        if not rows:
            return _is_csv(head)
        return 2 * sum(row.keys() >= _OWN_COLUMNS for row in rows) > len(rows)

    def read(self, sources: Sequence[Source]) -> Iterator[Parsed | Rejection]:
        """Yield one record a row."""
        for source in sources:
            rows = _csv(source) if _is_csv(source.head()) else source.documents()
            for item in rows:
                yield _read(source.name, item) if isinstance(item, Document) else item


def _is_csv(head: Head) -> bool:
    return not head.documents and set(header_of(head.data[:65_536])) >= _OWN_COLUMNS


def _csv(source: Source) -> Iterator[Document | Rejection]:
    for row in csv_rows(source):
        if isinstance(row, Rejection):
            yield row
        else:
            line, cells, raw = row
            yield Document(line, _numbers(cells), raw)


def _numbers(cells: dict[str, str]) -> dict[str, Any]:
    counts = ("prompt_tokens", "completion_tokens")
    return {k: int(v) if k in counts and v.isdecimal() and len(v) < 19 else v for k, v in cells.items()}


def _read(file: str, document: Document) -> Parsed | Rejection:
    try:
        record = spend_record(an_object(document.value, "line"))
    except BodyError as error:
        return Rejection(file, document.line, error.field, error.reason, document.raw)
    return Parsed(file, document.line, record, document.raw)


def spend_record(row: Body) -> Record:
    """The record of one row. Raises `BodyError` where a part is not of its documented type."""
    metadata = litellm.metadata_of(row)
    call_type = row.get("call_type")
    asked = litellm.request_fields(call_type, _request(row), row.get("messages"))
    answered = litellm.response_fields(call_type, row.get("response"))
    begun, ended, spoke = (_utc(row.get(key)) for key in ("startTime", "endTime", "completionStartTime"))
    status = fields.first(row.get("status"), metadata.get("status"))
    error, usage = metadata.get("error_information"), metadata.get("usage_object")
    owner = litellm.owner(metadata, row.get("user"), row.get("api_key"))
    around = {
        "exchange_id": fields.identifier(row, "request_id"),
        "platform": litellm.PLATFORM,
        "session_id": fields.identifier(row, "session_id"),
        "end_user_id": fields.first(fields.identifier(row, "end_user"), asked.get("end_user_id")),
        **litellm.spans(begun, ended, spoke, asked.get("stream")),
        **owner,
        **present(
            duration_ms=row.get("request_duration_ms"),
            org_id=fields.identifier(row, "organization_id"),
            project_id=fields.first(owner.get("project_id"), fields.identifier(row, "team_id")),
        ),
        **litellm.client(row, metadata),
        **litellm.outcome(status, error, row, usage),
        **_models(row, asked, answered),
    }
    return litellm.call_record(asked, answered, around)


def _request(row: Body) -> Body:
    """The request body as the proxy received it, if prompts are stored."""
    sent = litellm.unpacked(row.get("proxy_server_request"))
    if not isinstance(sent, dict):
        return {}
    return sent["body"] if isinstance(sent.get("body"), dict) else sent


def _utc(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return f"{value}Z" if _NAIVE.fullmatch(value) else _SHORT_OFFSET.sub(r"\1:00", value)


def _models(row: Body, asked: Record, answered: Record) -> Record:
    deployed = fields.text(row, "model")
    return present(
        model=fields.first(fields.text(row, "model_group"), asked.get("model"), deployed),
        model_served=fields.first(answered.get("model_served"), deployed),
    )


READER = LitellmSpend()
