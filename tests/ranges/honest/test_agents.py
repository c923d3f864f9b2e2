from __future__ import annotations

from stillwatch.ranges.honest.agents import SYSTEM, TOOLS
from tests.ranges.reading import Log


def test_unrelated_accounts_share_the_long_system_text_and_tools(incident_log: Log) -> None:
    rows = incident_log.of("coding_agent")
    assert len(SYSTEM) > 1_000
    assert len({r["account_id"] for r in rows}) >= 30
    assert all(r["system"].startswith(SYSTEM) and tuple(r["tools"]) == TOOLS for r in rows)


def test_the_task_is_sent_again_in_every_turn(incident_log: Log) -> None:
    for rows in incident_log.by("coding_agent", "session_id").values():
        assert len({r["messages"][0]["content"] for r in rows}) == 1
        assert [len(r["messages"]) for r in rows] == sorted(len(r["messages"]) for r in rows)


def test_reasoning_is_presented_by_the_account_it_was_issued_to(incident_log: Log) -> None:
    owner: dict[str, str] = {}
    presented = 0
    for row in incident_log.of("coding_agent"):
        for block in row["reasoning_ref"] or ():
            assert owner[block] == row["account_id"]
            presented += 1
        owner.update(dict.fromkeys(row["reasoning_issued"] or (), row["account_id"]))
    assert presented > 100


def test_tool_calls_are_written_into_the_history(incident_log: Log) -> None:
    rows = [r for r in incident_log.of("coding_agent") if r["tool_calls"]]
    assert rows
    assert any("[tool_call:" in m["content"] for r in rows for m in r["messages"] if m["role"] == "assistant")
    assert all(r["finish_reason"] == "tool_calls" for r in rows)
