"""Rows of the two tables come together in any order, files and cuts; what is missing is named."""

from __future__ import annotations

import itertools
import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.reader import Rejection
from stillwatch.exchanges.readers.apim import READER
from tests.exchanges.otel.makers import MemorySource, lines, records, rejections

ASKED = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Say “hi” — 你好"}]
ANSWERED = [{"role": "assistant", "content": "Hello, and 你好 to you."}]
WHOLE = {
    "exchange_id": "c-1",
    "time": "2026-11-02T09:14:03.1234567Z",
    "platform": "azure",
    "api": "chat",
    "model": "prod-chat",
    "model_served": "gpt-x",
    "response_id": "chatcmpl-1",
    "system": "Be kind.",
    "messages": [{"role": "user", "content": "Say “hi” — 你好"}],
    "output": "Hello, and 你好 to you.",
    "stream": False,
    "input_tokens": 21,
    "output_tokens": 9,
    "account_id": "sub-7",
    "project_id": "gold",
    "ip": "203.0.113.9",
    "status": 200,
    "duration_ms": 1234,
    "user_agent": "shop/1.0",
}


def header(**said: Any) -> dict[str, Any]:
    """The row of model and tokens."""
    plain = llm(0, ModelName="gpt-x", DeploymentName="prod-chat", PromptTokens=21, CompletionTokens=9)
    return plain | {"RequestId": "chatcmpl-1", "IsStreamCompletion": False} | said


def llm(number: int, **said: Any) -> dict[str, Any]:
    """A row of ApiManagementGatewayLlmLog."""
    plain = {"Type": "ApiManagementGatewayLlmLog", "CorrelationId": "c-1", "SequenceNumber": number}
    return plain | {"TimeGenerated": "2026-11-02T09:14:03.1234567Z", "PromptTokens": 0} | said


def gateway(**said: Any) -> dict[str, Any]:
    """A row of ApiManagementGatewayLogs."""
    return {
        "Type": "ApiManagementGatewayLogs",
        "CorrelationId": "c-1",
        "TimeGenerated": "2026-11-02T09:14:03.1Z",
        "CallerIpAddress": "203.0.113.9",
        "ApimSubscriptionId": "sub-7",
        "ProductId": "gold",
        "ResponseCode": 200,
        "TotalTime": 1234,
        "OperationId": "ChatCompletions_Create",
        "RequestHeaders": {"User-Agent": "shop/1.0"},
    } | said


def cut(messages: Any, column: str, first: int, cuts: list[int]) -> list[dict[str, Any]]:
    """The rows of one side: its JSON text cut at the given places, numbered from `first`."""
    text = orjson.dumps(messages).decode()
    places = sorted({0, len(text), *(at % len(text) for at in cuts)})
    parts = [text[a:b] for a, b in itertools.pairwise(places)]
    return [llm(first + n, **{column: part}) for n, part in enumerate(parts)]


def read(*sources: Any) -> list[Any]:
    return list(READER.read(sources))


CUTS = st.lists(st.integers(0, 500), max_size=6)


@given(CUTS, CUTS, st.booleans(), st.data())
def test_any_cuts_in_any_order_and_any_files_give_the_same_record(asked, answered, counts_on, data):
    request = cut(ASKED, "RequestMessages", 1, asked)
    response = cut(ANSWERED, "ResponseMessages", len(request) + 1 if counts_on else 1, answered)
    rows = data.draw(st.permutations([header(), gateway(), *request, *response, request[0]]))
    split = data.draw(st.integers(0, len(rows)))
    assert records(found := read(lines(*rows[:split], name="a"), lines(*rows[split:], name="b"))) == [WHOLE]
    assert rejections(found) == []


def lowered(row: dict[str, Any]) -> dict[str, Any]:
    return {key[0].lower() + key[1:]: value for key, value in row.items()}


def diagnostic(row: dict[str, Any]) -> dict[str, Any]:
    """The row as diagnostic settings write it to storage."""
    inner = lowered(row)
    llm_table = inner.pop("type") == "ApiManagementGatewayLlmLog"
    outer = {"time": inner.pop("timeGenerated"), "category": "GatewayLlmLogs" if llm_table else "GatewayLogs"}
    if not llm_table:
        outer |= {"callerIpAddress": inner.pop("callerIpAddress"), "durationMs": inner.pop("totalTime")}
        outer["correlationId"] = inner.pop("correlationId")
    return outer | {"operationName": f"Microsoft.ApiManagement/{outer['category']}", "properties": inner}


def tables(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The rows as the query API answers."""
    names = sorted({name for row in rows for name in row})
    columns = [{"name": name, "type": "dynamic"} for name in names]
    return {
        "tables": [{"name": "t", "columns": columns, "rows": [[row.get(n) for n in names] for row in rows]}]
    }


ROWS = [
    header(),
    gateway(),
    *cut(ASKED, "RequestMessages", 1, [30]),
    *cut(ANSWERED, "ResponseMessages", 3, [20]),
]


@pytest.mark.parametrize(
    "source",
    [
        lines(*ROWS),
        lines(*map(diagnostic, ROWS)),
        lines({"records": [diagnostic(row) for row in ROWS]}),
        lines(tables(ROWS)),
        lines(*({key: value for key, value in row.items() if key != "Type"} for row in ROWS)),
    ],
    ids=["export", "diagnostic lines", "records", "query API", "without the name of the table"],
)
def test_every_form_of_export_gives_the_same_record(source):
    assert READER.recognises(source.head())
    assert records(read(source)) == [WHOLE]


def test_messages_logged_as_json_values_are_read():
    rows = [header(), gateway(), llm(1, RequestMessages=ASKED), llm(2, ResponseMessages=ANSWERED)]
    assert records(read(lines(*rows))) == [WHOLE]


@pytest.mark.parametrize("lost", [2, 3])
def test_a_missing_part_is_named_and_the_rest_is_delivered(lost):
    request = cut(ASKED, "RequestMessages", 1, [40, 60, 80])
    rows = [header(), gateway(), *request, llm(5, ResponseMessages=orjson.dumps(ANSWERED).decode())]
    found = read(
        lines(*(row for row in rows if row["SequenceNumber" if "SequenceNumber" in row else "Type"] != lost))
    )
    (record,) = records(found)
    (refused,) = rejections(found)
    assert refused.field == "RequestMessages"
    assert f"SequenceNumber {lost}" in refused.reason
    assert record["output"] == WHOLE["output"]
    assert record["system"] == WHOLE["system"]


def test_a_part_missing_at_the_end_is_told():
    rows = [header(), gateway(), *cut(ASKED, "RequestMessages", 1, [-20])[:-1]]
    found = read(lines(*rows))
    assert "the end" in rejections(found)[0].reason
    assert records(found)[0]["system"] == "Be kind."


def test_where_nothing_parses_there_is_no_exchange():
    found = read(lines(header(), gateway(), llm(2, RequestMessages="tail of a message]")))
    assert records(found) == []
    assert "nothing of it can be read" in rejections(found)[0].reason


def test_without_messages_the_call_is_still_an_exchange():
    (record,) = records(read(lines(header(), gateway())))
    assert (record["input_tokens"], record["model"]) == (21, "prod-chat")
    assert "messages" not in record


def test_without_the_gateway_row_there_is_no_account():
    (record,) = records(read(lines(header())))
    assert "account_id" not in record
    assert "api" not in record


def test_calls_to_other_apis_and_probes_are_passed_over():
    probe = llm(0, ModelName="", CompletionTokens=0)
    assert read(lines(gateway(CorrelationId="c-2"), probe, {"Type": "OtherTable", "x": 1})) == []


def test_tokens_that_were_not_counted_are_missing_and_not_zero():
    (record,) = records(read(lines(header(PromptTokens=0, CompletionTokens=0), gateway())))
    assert "input_tokens" not in record
    assert "output_tokens" not in record


@pytest.mark.parametrize(
    ("row", "field"), [({"CorrelationId": "c"}, None), (header(CorrelationId=""), "CorrelationId")]
)
def test_a_row_that_cannot_be_joined_is_rejected(row, field):
    (refused,) = read(lines(row))
    assert isinstance(refused, Rejection)
    assert refused.field == field
    assert "export" in refused.reason


@pytest.mark.parametrize("data", [b"", b"{}", b'{"time": 1, "account_id": "a"}', b"[1]", b'{"records": [3]}'])
def test_other_files_are_not_recognised(data):
    assert not READER.recognises(MemorySource(data).head())


ODD = st.recursive(
    st.none() | st.integers() | st.text(max_size=6) | st.sampled_from(["[", '[{"role":"user"', "0"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["role", "content", "tool_calls", "records", "name"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


MAKERS = st.sampled_from([header, gateway])
COLUMNS = st.sampled_from(sorted({**header(), **gateway()}))


@given(st.lists(st.tuples(MAKERS, COLUMNS, ODD), max_size=4))
def test_no_rows_raise(odd):
    columns = {"RequestMessages", "ResponseMessages"}
    rows = [make(**{column: value}) | dict.fromkeys(columns, value) for make, column, value in odd]
    source = MemorySource(b"\n".join(json.dumps(row).encode() for row in rows))
    READER.recognises(source.head())
    read(source)
