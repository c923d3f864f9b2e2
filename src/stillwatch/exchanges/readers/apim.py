"""Azure API Management: `ApiManagementGatewayLlmLog` joined with `ApiManagementGatewayLogs`.

One call is several rows of the first table: a header (sequence number 0: model and tokens) and the request
and response messages as JSON text cut into parts of 32 KB, numbered onwards. The second table has one row:
who called, from where, how long it took. Both share `CorrelationId`, and come as rows of a Log Analytics
export, as answers of its query API, or as the `{"records": […]}` that diagnostic settings write.

Sources: Azure Monitor's table reference; "Log token usage, prompts, and completions for LLM APIs" of the API
Management documentation. See `docs/formats/apim.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from stillwatch.exchanges.bodies.fields import BodyError, exchange, present
from stillwatch.exchanges.bodies.openai_chat import openai_messages
from stillwatch.exchanges.json_values import decode
from stillwatch.exchanges.otel.items import compact
from stillwatch.exchanges.otel.messages import answer, structured, turns
from stillwatch.exchanges.reader import Document, Head, Parsed, Record, Rejection, Source
from stillwatch.exchanges.reassembly import Reassembled, reassemble
from stillwatch.exchanges.shelf import Shelf

Row = dict[str, Any]  # column names in lower case: exports differ in it

LLM, GATEWAY = "llm", "gateway"
_TABLES = {
    "apimanagementgatewayllmlog": LLM,
    "gatewayllmlogs": LLM,
    "apimanagementgatewaylogs": GATEWAY,
    "gatewaylogs": GATEWAY,
}
_SHARED = ("correlationid", "timegenerated", "time")
_COUNTS = {
    "input_tokens": "prompttokens",
    "output_tokens": "completiontokens",
    "cache_read_tokens": "promptcachedtokens",
}
_DESCRIBING = ("modelname", "deploymentname", "requestid", "isstreamcompletion", *_COUNTS.values())
_CALLING = ("calleripaddress", "apimsubscriptionid", "productid", "userid", "apiid", "operationid", "url")
_KEPT = {
    LLM: (*_SHARED, "sequencenumber", "requestmessages", "responsemessages", *_DESCRIBING),
    GATEWAY: (
        *_SHARED,
        *_CALLING,
        "requestheaders",
        "responsecode",
        "totaltime",
        "durationms",
        "lasterrorreason",
    ),
}
_SIDES = {"requestmessages": "RequestMessages", "responsemessages": "ResponseMessages"}
_APIS = {"chat/completions": "chat", "chatcompletions": "chat", "responses": "responses"}
_APIS |= {"embeddings": "embeddings", "messages": "messages", "completions": "completions"}
_RAW_KEPT = 4096  # bytes of what is refused


class Placed(NamedTuple):
    """A row and where it stood."""

    file: str
    line: int
    table: str
    row: Row


class ApimReader:
    """Reads rows of the two tables, in any files and any order."""

    name = "apim"

    def recognises(self, head: Head) -> bool:
        """Whether the first documents have rows of either table."""
        rows = (row for document in head.documents for row in _rows(document))
        return any(_table(row) is not None and row.get("correlationid") for row in rows)

    def read(self, sources: Sequence[Source]) -> Iterator[Parsed | Rejection]:
        """Yield one exchange for each correlation id with a row in the first table."""
        with Shelf() as shelf:
            for source in sources:
                for document in source.documents():
                    if isinstance(document, Rejection):
                        yield document
                        continue
                    for row in _rows(document.value):
                        refused = self._shelve(shelf, source.name, document, row)
                        if refused is not None:
                            yield refused
            for _, group in shelf.groups():
                yield from _call([Placed(*decode(data)) for data in group])

    def _shelve(self, shelf: Shelf, file: str, document: Document, row: Row) -> Rejection | None:
        table = _table(row)
        if table is None:
            if "category" in row or "type" in row:
                return None  # another table of the same export
            reason = (
                "a row of neither ApiManagementGatewayLlmLog nor ApiManagementGatewayLogs; export these two "
                "tables with all their columns"
            )
            return Rejection(file, document.line, None, reason, document.raw[:_RAW_KEPT])
        key = row.get("correlationid")
        if not isinstance(key, str) or not key:
            reason = (
                f"expected the id that joins the two tables, found {key!r}; export the column CorrelationId"
            )
            return Rejection(file, document.line, "CorrelationId", reason, document.raw[:_RAW_KEPT])
        kept = {name: row[name] for name in _KEPT[table] if row.get(name) not in (None, "")}
        shelf.put(key, compact([file, document.line, table, kept]))
        return None


def _rows(value: Any) -> Iterator[Row]:
    """Rows of a document: itself, the `records` of a diagnostic export, the `tables` of the query API."""
    if not isinstance(value, dict):
        return
    if isinstance(value.get("records"), list):
        for record in value["records"]:
            yield from _rows(record)
    elif isinstance(value.get("tables"), list):
        for table in value["tables"]:
            yield from _of_table(table)
    else:
        row = {key.lower(): held for key, held in value.items()}
        inner = structured(row.pop("properties", None))
        if isinstance(inner, dict):
            row |= {key.lower(): held for key, held in inner.items()}
        yield row


def _of_table(table: Any) -> Iterator[Row]:
    if not isinstance(table, dict) or not isinstance(table.get("columns"), list):
        return
    names = [str(column.get("name")).lower() for column in table["columns"] if isinstance(column, dict)]
    for values in table.get("rows") or ():
        if isinstance(values, list):
            yield dict(zip(names, values, strict=False))


def _table(row: Row) -> str | None:
    """Which table a row is of: by its name where the export has it, else by columns only it has."""
    for column in ("type", "category", "operationname"):
        named = str(row.get(column) or "").lower().rpartition("/")[2]
        if named in _TABLES:
            return _TABLES[named]
    if "sequencenumber" in row and "correlationid" in row:
        return LLM
    return GATEWAY if "apimsubscriptionid" in row and "calleripaddress" in row else None


def _call(group: list[Placed]) -> Iterator[Parsed | Rejection]:
    """The exchange of one correlation id, and what is missing of it."""
    ordered = sorted(group, key=lambda placed: (_sequence(placed.row), compact(placed.row)))
    rows = [placed for placed in ordered if placed.table == LLM]
    if not rows or not _says_something(rows):
        return  # a call to another kind of API, or a probe
    first = min(rows, key=lambda placed: (placed.file, placed.line))
    gateways = [placed.row for placed in ordered if placed.table == GATEWAY]
    sides = {column: _messages(rows, column) for column in _SIDES}
    data = compact({"llm": [placed.row for placed in rows], "gateway": gateways})
    for column, side in sides.items():
        if side.complaint:
            yield Rejection(first.file, first.line, _SIDES[column], side.complaint, data[:_RAW_KEPT])
    if all(side.value is None for side in sides.values()) and any(side.complaint for side in sides.values()):
        return
    try:
        record = _record([placed.row for placed in rows], gateways, sides)
    except BodyError as error:
        yield Rejection(first.file, first.line, error.field or None, str(error), data[:_RAW_KEPT])
        return
    yield Parsed(first.file, first.line, record, data)


def _says_something(rows: Iterable[Placed]) -> bool:
    told = (*_SIDES, "modelname", "deploymentname", "prompttokens", "completiontokens")
    return any(placed.row.get(column) for placed in rows for column in told)


def _sequence(row: Row) -> int:
    number = row.get("sequencenumber")
    try:
        return int(number) if number is not None else 0
    except (TypeError, ValueError, OverflowError):
        return 0


def _messages(rows: list[Placed], column: str) -> Reassembled:
    """Put the parts of one side together, in the order of their sequence numbers."""
    parts = [(_sequence(row), row[column]) for _, _, _, row in rows if column in row]
    others = [_sequence(row) for _, _, _, row in rows if column not in row]
    return reassemble(parts, others)


def _record(rows: list[Row], gateways: list[Row], sides: dict[str, Reassembled]) -> Record:
    gateway = gateways[0] if gateways else {}
    asked = turns(sides["requestmessages"].value, "user")
    answered = turns(sides["responsemessages"].value, "assistant")
    system, conversation = openai_messages(
        [{key: turn[key] for key in ("role", "content", "tool_calls") if key in turn} for turn in asked]
    )
    model = _first(rows, "modelname")
    request = present(
        exchange_id=_first(rows, "correlationid"),
        time=min(
            (str(row[name]) for row in rows for name in ("timegenerated", "time") if name in row),
            default=None,
        )
        or gateway.get("timegenerated")
        or gateway.get("time"),
        platform="azure",
        api=_api(gateway),
        model=_first(rows, "deploymentname") or model,
        system=system,
        messages=conversation or None,
        stream=_first(rows, "isstreamcompletion"),
        **_caller(gateway),
    )
    response = present(response_id=_first(rows, "requestid"), model_served=model, **_tokens(rows))
    return exchange(request, response | answer(answered))


def _first(rows: list[Row], column: str) -> Any:
    return next((row[column] for row in rows if row.get(column) not in (None, "")), None)


def _tokens(rows: list[Row]) -> Record:
    """Counts stand in the header; the other rows have 0. A call with no count at all has none."""
    counts = {field: _highest(rows, column) for field, column in _COUNTS.items()}
    if not counts["input_tokens"] and not counts["output_tokens"]:
        return {}
    return present(**counts)


def _highest(rows: list[Row], column: str) -> int | None:
    told = [row[column] for row in rows if column in row]
    return max(
        (int(count) for count in told if str(count).isdecimal() and len(str(count)) < 19), default=None
    )


def _caller(gateway: Row) -> Record:
    headers = structured(gateway.get("requestheaders"))
    named = {key.lower(): held for key, held in headers.items()} if isinstance(headers, dict) else {}
    return present(
        account_id=gateway.get("apimsubscriptionid"),
        project_id=gateway.get("productid"),
        ip=gateway.get("calleripaddress"),
        status=gateway.get("responsecode"),
        error_type=gateway.get("lasterrorreason"),
        duration_ms=gateway.get("totaltime", gateway.get("durationms")),
        user_agent=named.get("user-agent"),
    )


def _api(gateway: Row) -> str | None:
    """By the operation that was called, or the end of its address."""
    called = f"{gateway.get('operationid', '')} {gateway.get('url', '')}".lower()
    return next((api for mark, api in _APIS.items() if mark in called), None)


READER = ApimReader()
