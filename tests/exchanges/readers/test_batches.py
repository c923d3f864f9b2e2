"""Batch rows join on custom_id, over files and in any order."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.reader import Head, Parsed, Rejection
from stillwatch.exchanges.readers.batches import READER
from tests.exchanges.bodies import makers
from tests.exchanges.bodies.makers import JSON_VALUES
from tests.exchanges.readers.fakes import LogFile, records, refusals


def openai_input(custom_id: str = "r1", url: str = "/v1/chat/completions", **said: Any) -> dict[str, Any]:
    """One row of an OpenAI batch input file."""
    return {"custom_id": custom_id, "method": "POST", "url": url, "body": makers.chat_request()} | said


def openai_output(custom_id: str = "r1", body: Any = None, **said: Any) -> dict[str, Any]:
    """One row of an OpenAI batch output file."""
    answered = {"status_code": 200, "request_id": f"req_{custom_id}", "body": body or makers.chat_response()}
    return {
        "id": f"batch_req_{custom_id}",
        "custom_id": custom_id,
        "response": answered,
        "error": None,
    } | said


def anthropic_request(custom_id: str = "r1", **said: Any) -> dict[str, Any]:
    """One request of a Message Batch."""
    return {"custom_id": custom_id, "params": makers.message_request()} | said


def anthropic_result(custom_id: str = "r1", **result: Any) -> dict[str, Any]:
    """One result of a Message Batch."""
    return {
        "custom_id": custom_id,
        "result": {"type": "succeeded", "message": makers.message_response()} | result,
    }


def test_an_openai_batch_joins():
    (found,) = records(READER, LogFile(openai_input()), LogFile(openai_output()))
    assert found == {
        "exchange_id": "req_r1",
        "time": 1793500000,
        "platform": "batch",
        "api": "chat",
        "model": "gpt-4o",
        "model_served": "gpt-4o-2024-11-20",
        "system": "Answer briefly.",
        "messages": [{"role": "user", "content": "What is the boiling point of water?"}],
        "output": "100 °C at sea level.",
        "finish_reason": "stop",
        "response_id": "chatcmpl-1",
        "input_tokens": 20,
        "output_tokens": 8,
        "status": 200,
    }


def test_an_anthropic_batch_joins():
    (found,) = records(READER, LogFile(anthropic_result()), LogFile(anthropic_request()))
    assert (found["exchange_id"], found["api"], found["platform"]) == ("msg_1", "messages", "batch")
    assert (found["output"], found["max_tokens"]) == ("100 °C at sea level.", 1024)


def test_a_batch_as_it_was_created_is_read_too():
    created = LogFile({"requests": [anthropic_request("a"), anthropic_request("b")]})
    found = records(READER, created, LogFile(anthropic_result("b"), anthropic_result("a")))
    assert len(found) == 2
    assert all(record["output"] and record["messages"] for record in found)
    assert READER.recognises(created.head())


@given(st.permutations([(side, n) for side in ("in", "out") for n in range(6)]), st.integers(0, 12))
def test_neither_the_order_of_rows_nor_the_files_matter(order, cut):
    rows = [openai_input(str(n)) if side == "in" else openai_output(str(n)) for side, n in order]
    found = records(READER, LogFile(*rows[:cut], name="a"), LogFile(*rows[cut:], name="b"))
    assert [record["exchange_id"] for record in found] == [f"req_{n}" for n in range(6)]
    assert all(record["messages"] and record["output"] for record in found)


def test_the_other_endpoints_join_too():
    rows = [
        openai_input("e", "/v1/embeddings", body={"model": "e", "input": "Hi"}),
        openai_output("e", {"object": "list", "data": [], "model": "e", "usage": {"prompt_tokens": 1}}),
        openai_input("r", "/v1/responses", body=makers.responses_request()),
        openai_output("r", makers.responses_response()),
    ]
    embedding, response = records(READER, LogFile(*rows))
    assert (embedding["api"], embedding["messages"][0]["content"]) == ("embeddings", "Hi")
    assert (response["api"], response["time"]) == ("responses", 1793500000)


def test_columns_beside_either_row_are_taken():
    rows = openai_input(account_id="acct_1"), openai_output(time="2026-11-02T06:00:00Z")
    (found,) = records(READER, LogFile(*rows))
    assert (found["account_id"], found["time"]) == ("acct_1", "2026-11-02T06:00:00Z")


def test_the_raw_row_holds_both_halves_for_mapping():
    (parsed,) = READER.read([LogFile(openai_input(team="t")), LogFile(openai_output())])
    assert isinstance(parsed, Parsed)
    assert b'"team":"t"' in parsed.raw
    assert b'"batch_req_r1"' in parsed.raw


def test_a_row_without_its_other_half_gives_what_it_has(caplog):
    whole = [openai_input("c"), openai_output("c")]
    request, result, _ = records(READER, LogFile(openai_input("a"), openai_output("b"), *whole))
    assert [said[:42] for said in caplog.messages] == ["2 requests or results of batches are witho"]
    assert request["messages"]
    assert "output" not in request
    assert result["output"]
    assert "messages" not in result


def test_a_failed_row_keeps_its_request():
    error = {"error": {"type": "invalid_request_error", "code": None, "message": "…"}}
    rows = [
        openai_input("a"),
        openai_output("a", response={"status_code": 400, "request_id": "q", "body": error}),
        openai_input("b"),
        openai_output("b", response=None, error={"code": "batch_expired", "message": "…"}),
    ]
    refused, expired = records(READER, LogFile(*rows))
    assert (refused["error_type"], refused["status"]) == ("invalid_request_error", 400)
    assert (expired["error_type"], expired["finish_reason"]) == ("batch_expired", "error")
    assert refused["messages"] == expired["messages"]


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        ({"type": "errored", "error": {"type": "error", "error": {"type": "api_error"}}}, "api_error"),
        ({"type": "errored", "error": {"type": "invalid_request"}}, "invalid_request"),
        ({"type": "expired"}, "expired"),
        ({"type": "canceled"}, "canceled"),
    ],
)
def test_an_anthropic_row_that_failed_keeps_its_request(result, kind):
    rows = anthropic_request(), {"custom_id": "r1", "result": result}
    (found,) = records(READER, LogFile(*rows))
    assert (found["error_type"], found["finish_reason"]) == (kind, "error")
    assert found["messages"]


def test_a_row_nested_as_deep_as_logs_may_be_and_cut_characters_are_read():
    deep: Any = "\ud83d"
    for _ in range(190):
        deep = [deep]
    (found,) = records(READER, LogFile(openai_input(note=deep), openai_output()))
    assert found["output"]


def question(text: str) -> dict[str, Any]:
    return makers.chat_request(messages=[{"role": "user", "content": text}])


def test_batches_that_share_a_custom_id_are_paired_by_file_name():
    files = [
        LogFile(openai_input(body=question("one")), name="logs/monday.input.jsonl"),
        LogFile(openai_input(body=question("two")), name="logs/tuesday.input.jsonl"),
        LogFile(
            openai_output(body=makers.chat_response({"content": "1"})), name="logs/monday.output.jsonl.gz"
        ),
        LogFile(
            openai_output(body=makers.chat_response({"content": "2"})), name="logs/tuesday.output.jsonl.gz"
        ),
    ]
    found = records(READER, *files)
    told = {(record["messages"][0]["content"], record["output"]) for record in found}
    assert told == {("one", "1"), ("two", "2")}


def test_batches_that_cannot_be_told_apart_are_refused_rather_than_guessed():
    files = [
        LogFile(openai_input(body=question("one")), openai_input(body=question("two")), name="all.jsonl"),
        LogFile(openai_output(), name="all.out.jsonl"),
    ]
    refused = refusals(READER, *files)
    assert len(refused) == 3
    assert {rejection.field for rejection in refused} == {"custom_id"}
    assert all("read one batch at a time" in rejection.reason for rejection in refused)


def test_a_batch_delivered_twice_gives_the_same_exchange_twice():
    files = [LogFile(openai_input(), name=name) for name in ("a.input", "copy/a.input")]
    files += [LogFile(openai_output(), name=name) for name in ("a.output", "copy/a.output")]
    one, two = records(READER, *files)
    assert one == two


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (7, "line"),
        ({"body": {}}, "custom_id"),
        ({"custom_id": [1], "body": {}}, "custom_id"),
        ({"requests": [7]}, "requests"),
        (openai_input(body={"messages": 7}), "messages"),
        (openai_output(response={"status_code": "ok"}), "response.status_code"),
    ],
)
def test_a_malformed_row_is_refused_by_field(row, field):
    (refused,) = refusals(READER, LogFile(row))
    assert (refused.file, refused.line, refused.field) == ("log.jsonl", 1, field)


@pytest.mark.parametrize(
    ("value", "known"),
    [
        (openai_input(), True),
        (openai_output(), True),
        (openai_output(response=None, error={"code": "x"}), True),
        (anthropic_request(), True),
        (anthropic_result(), True),
        ({"custom_id": "x"}, False),
        ({"request": {}, "response": {}}, False),
        ({"requests": 7}, False),
    ],
)
def test_only_batch_rows_are_recognised(value, known):
    assert READER.recognises(LogFile(value).head()) is known


def test_a_first_line_longer_than_the_head_is_recognised_by_its_beginning():
    assert READER.recognises(Head(json.dumps(openai_input()).encode()[:-9], ()))
    assert not READER.recognises(Head(b'{"exchange_id": "', ()))


ROW_KEYS = st.sampled_from(
    ["custom_id", "body", "params", "url", "response", "result", "error", "status_code",
     "message", "type", "requests", "messages", "created", "id"]
)  # fmt: skip
ROWS = st.recursive(
    JSON_VALUES | st.sampled_from(["r1", "succeeded", "errored", "/v1/chat/completions"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(ROW_KEYS, inner, max_size=5),
    max_leaves=12,
)


@given(st.lists(ROWS, max_size=3))
def test_any_rows_are_read_or_refused(values):
    rows = [*values, *({"custom_id": "r1", "body": value} for value in values)]
    rows += [{"custom_id": "r1", "response": {"body": value}, "result": value} for value in values]
    for item in READER.read([LogFile(*rows)]):
        assert isinstance(item, Parsed | Rejection)
