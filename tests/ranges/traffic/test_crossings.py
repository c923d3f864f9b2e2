from __future__ import annotations

import numpy as np
import pytest

from stillwatch.ranges.hashing import mix
from stillwatch.ranges.scenarios.kinds import KINDS
from stillwatch.ranges.scenarios.population import part
from stillwatch.ranges.traffic.crossings import EVENTS, crossings
from stillwatch.ranges.traffic.plan import Plan
from tests.ranges.makers import asked, stage


def shown(plan: Plan) -> dict[str, list[int]]:
    """Return the rows that show each event, of those that show any."""
    found = {event: np.flatnonzero(rows).tolist() for event, rows in crossings(plan).items()}
    assert set(found) == set(EVENTS)
    return {event: rows for event, rows in found.items() if rows}


def test_work_of_ones_own_crosses_nothing() -> None:
    plan = asked(6, thread=[1, 1, 1, 2, 2, 2], turn=[0, 1, 2] * 2, account=[3, 3, 3, 4, 4, 4])
    assert shown(plan) == {} == shown(asked(0))


def test_a_conversation_that_another_account_goes_on_with_is_carried() -> None:
    plan = asked(3, thread=1, turn=[0, 1, 2], account=[3, 4, 4])
    assert shown(plan) == {"carried_conversation": [1]}


def test_a_fork_is_carried_where_it_leaves_the_conversation() -> None:
    plan = asked(4, thread=1, thread2=9, turn=[0, 1, 2, 3], account=[3, 3, 4, 4])
    plan["fork"][2:] = 2
    assert shown(plan) == {"carried_conversation": [2]}


def test_an_answer_in_anothers_prompt_is_passed() -> None:
    plan = asked(3, account=[3, 4, 3])
    plan["arg1"][1:], plan["arg1_seed"][1:] = 5, mix(plan["thread"][0], 0)
    assert shown(plan) == {"passed_answer": [1]}


def test_what_was_refused_elsewhere_first_is_handed_over() -> None:
    plan = asked(4, thread=[1, 1, 2, 2], account=[3, 4, 5, 5], status=[429, 200, 429, 200])
    assert shown(plan) == {"handed_over_retry": [1]}


def test_equal_questions_of_strangers_are_not_handed_over() -> None:
    plan = asked(2, thread=[1, 2], thread2=9, fork=0, account=[3, 4], status=[429, 200])
    assert shown(plan) == {}


def test_a_block_issued_to_another_is_replayed() -> None:
    plan = asked(3, thread=[1, 2, 3], account=[3, 4, 3])
    plan["replay"][1:], plan["replay_turn"][1:] = 1, 0
    assert shown(plan) == {"replayed_block": [1]}


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        ("several_accounts", "carried_conversation"), ("shared_chats", "carried_conversation"),
        ("migrations", "carried_conversation"), ("editors", "passed_answer"), ("own_bot_judges", "passed_answer"),
        ("judging_loop", "passed_answer"), ("fallback_routers", "handed_over_retry"),
        ("key_rotations", "handed_over_retry"), ("resumed_sessions", "replayed_block"),
        ("reasoning_replay", "replayed_block"),
    ],
)  # fmt: skip
def test_kinds_show_what_they_are_there_to_show(kind: str, event: str) -> None:
    theatre = stage()
    KINDS[kind](theatre.scene, theatre.rng, part(kind, 20, 800))
    assert len(shown(theatre.plan)[event]) > 3


@pytest.mark.parametrize(
    "kind", ["chat_users", "evaluation_runs", "judges_in_ci", "coding_agents", "load_test"]
)
def test_strangers_who_only_look_alike_pass_nothing_on(kind: str) -> None:
    theatre = stage()
    KINDS[kind](theatre.scene, theatre.rng, part(kind, 20, 800))
    assert shown(theatre.plan) == {}
