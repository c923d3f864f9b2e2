"""LiteLLM spend logs: rows of the database as JSON Lines or CSV."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.reader import Document, Head, Parsed, Rejection
from stillwatch.exchanges.readers import litellm_spend
from stillwatch.exchanges.readers.litellm_spend import READER, spend_record
from tests.exchanges.makers import Reading, exchange, jsonl, write


def spend(**said):
    """One plausible row with the prompt stored."""
    plausible = {
        "request_id": "chatcmpl-1",
        "call_type": "acompletion",
        "api_key": "88dc28d0",
        "spend": 0.01,
        "total_tokens": 39,
        "prompt_tokens": 30,
        "completion_tokens": 9,
        "startTime": "2026-11-02T12:00:00.250Z",
        "endTime": "2026-11-02T12:00:02.250Z",
        "completionStartTime": "2026-11-02T12:00:02.250Z",
        "model": "gpt-4.1",
        "model_group": "smart",
        "custom_llm_provider": "azure",
        "user": "user-1",
        "end_user": "",
        "team_id": "team-1",
        "organization_id": "org-1",
        "requester_ip_address": "198.51.100.7",
        "session_id": "session-1",
        "status": "success",
        "metadata": {"user_api_key_user_id": "user-1", "status": "success"},
        "messages": {},
        "proxy_server_request": {
            "model": "smart",
            "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
            "temperature": 0.5,
        },
        "response": {
            "id": "chatcmpl-1",
            "choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": "Yo"}}],
        },
    }
    return plausible | said


def rows(reading):
    return [{k: v for k, v in row.items() if v is not None} for row in reading.rows]


def as_csv(*values):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(spend()))
    writer.writeheader()
    for value in values:
        writer.writerow({k: json.dumps(v) if isinstance(v, dict | list) else v for k, v in value.items()})
    return out.getvalue().encode()


def test_a_row_becomes_one_exchange(tmp_path):
    reading = Reading(write(tmp_path / "a.jsonl", jsonl([spend()])))
    (row,) = rows(reading)
    assert row.pop("source_file") == str(tmp_path / "a.jsonl")
    assert row == {
        "exchange_id": "chatcmpl-1",
        "time": datetime(2026, 11, 2, 12, 0, 0, 250000, UTC),
        "duration_ms": 2000.0,
        "account_id": "user-1",
        "org_id": "org-1",
        "project_id": "team-1",
        "key_id": "88dc28d0",
        "session_id": "session-1",
        "platform": "gateway:litellm",
        "api": "chat",
        "model": "smart",
        "model_served": "gpt-4.1",
        "system": "Be brief.",
        "messages": [{"role": "user", "content": "Hi"}],
        "response_id": "chatcmpl-1",
        "temperature": 0.5,
        "output": "Yo",
        "finish_reason": "stop",
        "status": 200,
        "input_tokens": 30,
        "output_tokens": 9,
        "ip": "198.51.100.7",
        "source_line": 1,
    }


def test_a_csv_export_says_the_same(tmp_path):
    given_rows = [spend(), spend(request_id="r2", user="", end_user="e")]
    by_line = rows(Reading(write(tmp_path / "a.jsonl", jsonl(given_rows))))
    exported = Reading(write(tmp_path / "a.csv.gz", as_csv(*given_rows)))
    assert exported.log.files[str(tmp_path / "a.csv.gz")].format == "litellm-spend"
    for row, cells in zip(by_line, rows(exported), strict=True):
        assert cells | {"source_file": "", "source_line": 0} == row | {"source_file": "", "source_line": 0}


def test_rows_without_stored_prompts_keep_who_when_and_how_much(tmp_path):
    (row,) = rows(Reading(write(tmp_path / "a.jsonl", jsonl([spend(proxy_server_request={}, response={})]))))
    assert row.keys().isdisjoint({"messages", "output"})
    assert (row["account_id"], row["input_tokens"]) == ("user-1", 30)


@pytest.mark.parametrize(
    "written",
    ["2026-11-02 12:00:00.25", "2026-11-02T12:00:00.250", "2026-11-02 12:00:00.25+00", 1793620800.25],
)
def test_times_without_an_offset_are_utc(tmp_path, written):
    (row,) = rows(Reading(write(tmp_path / "a.jsonl", jsonl([spend(startTime=written)]))))
    assert row["time"] == datetime(2026, 11, 2, 12, 0, 0, 250000, UTC)


def test_older_rows_have_the_conversation_in_messages_as_text():
    record = spend_record(spend(proxy_server_request=None, messages='[{"role": "user", "content": "Hi"}]'))
    assert record["messages"] == [{"role": "user", "content": "Hi"}]


def test_a_failure_is_told_by_its_metadata():
    record = spend_record(
        spend(
            status=None,
            metadata={
                "status": "failure",
                "error_information": {"error_code": "401", "error_class": "AuthError"},
            },
            response="",
            prompt_tokens=0,
        )
    )
    assert (record["status"], record["error_type"]) == (401, "AuthError")
    assert "input_tokens" not in record


def test_only_spend_logs_are_recognised():
    assert READER.recognises(Head(b"", (spend(),)))
    assert READER.recognises(Head(as_csv(spend()), ()))
    assert not READER.recognises(Head(b"request_id,time\n1,2\n", ()))
    assert not READER.recognises(Head(b"", (exchange(),)))
    assert not READER.recognises(Head(b"", ()))


odd = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.lists(st.text(max_size=3))
)


@given(
    st.dictionaries(
        st.sampled_from(sorted(spend())), odd | st.dictionaries(st.text(max_size=4), odd), max_size=4
    )
)
def test_odd_values_never_raise(said):
    read = litellm_spend._read("f", Document(1, spend(**said), b"{}"))
    assert isinstance(read, Parsed | Rejection)
