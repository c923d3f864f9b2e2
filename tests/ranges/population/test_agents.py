from __future__ import annotations

from collections import defaultdict

import pytest

from stillwatch.ranges.population.agents import TOOLS
from stillwatch.ranges.scenarios.population import part
from tests.ranges.reading import Log, log, never_issued, quoted, taken_over


@pytest.fixture(scope="module")
def coding() -> Log:
    return log(part("coding_agents", 30, 400))


@pytest.fixture(scope="module")
def resumed() -> Log:
    return log(part("resumed_sessions", 24, 900))


def test_unrelated_accounts_share_the_long_system_text_and_tools(coding: Log) -> None:
    assert {r["kind"] for r in coding.rows} == {"coding_agent"}
    texts = {r["system"] for r in coding.rows}
    assert len({t[:200] for t in texts}) == 1 and min(map(len, texts)) > 1_000
    assert {tuple(r["tools"]) for r in coding.rows} == {TOOLS}
    assert len({r["tools_hash"] for r in coding.rows}) == 1
    assert len({a["payment_fp"] for a in coding.holders()}) == len(coding.holders())


def test_the_task_is_sent_again_in_every_turn(coding: Log) -> None:
    for rows in coding.by("session_id").values():
        assert len({r["messages"][0]["content"] for r in rows}) == 1
        answered = [len(r["messages"]) for r in rows if r["status"] == 200]
        assert answered == list(range(1, 2 * len(answered), 2))


def test_answers_and_calls_come_back_in_the_history_word_for_word(coding: Log, resumed: Log) -> None:
    for found in (coding, resumed):
        assert sum("\n[tool_call:" in said for r in found.rows for said in quoted(r)) > 300
        assert not never_issued(found.rows)


def test_the_last_turn_of_a_task_is_words(coding: Log) -> None:
    for rows in coding.by("session_id").values():
        answered = [r for r in rows if r["status"] == 200]
        assert all(r["tool_calls"] and r["finish_reason"] == "tool_calls" for r in answered[:-1])


def test_reasoning_is_presented_by_the_account_it_was_issued_to(coding: Log) -> None:
    owner: dict[str, str] = {}
    presented = 0
    for row in coding.rows:
        for block in row["reasoning_ref"] or ():
            assert owner[block] == row["account_id"]
            presented += 1
        owner.update(dict.fromkeys(row["reasoning_issued"] or (), row["account_id"]))
    assert presented > 100


def test_colleagues_take_sessions_over_with_their_history(resumed: Log) -> None:
    assert {r["kind"] for r in resumed.rows} == {"resumed_session"}
    moved = taken_over(resumed.rows)
    assert moved
    holders: dict[str, set[str]] = defaultdict(set)
    for row in resumed.rows:
        holders[row["session_id"]].add(row["account_id"])
    firms = [
        {resumed.accounts[a]["email_domain"] for a in both} for both in holders.values() if len(both) > 1
    ]
    assert firms and all(len(f) == 1 for f in firms)


def test_some_present_a_block_without_its_conversation(resumed: Log) -> None:
    issued: dict[str, tuple[str, str | None]] = {}
    bare = 0
    for row in resumed.rows:
        for block in row["reasoning_ref"] or ():
            account, said = issued[block]
            if not any(s.split("\n[tool_call:")[0] == said for s in quoted(row)):
                bare += 1
                assert account != row["account_id"]
        issued |= dict.fromkeys(row["reasoning_issued"] or (), (row["account_id"], row["output"]))
    assert bare > 2
