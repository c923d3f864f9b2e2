from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges.arrivals import profiles, rhythm
from stillwatch.ranges.text import Script
from stillwatch.ranges.traffic.habits import SMALL, Habit
from stillwatch.ranges.traffic.plan import Plan
from stillwatch.ranges.traffic.talk import THINKS, by_account, calls, conversations, dress, rows, speak
from tests.ranges.makers import CHAT, Stage, asked, people, stage


def chats(theatre: Stage, count: int = 40, each: int = 12, **lengths: object) -> tuple[Plan, np.ndarray]:
    accounts = people(theatre.scene, count)
    counts = np.full(count, each)
    return (
        conversations(theatre.scene, theatre.rng, "c", accounts, counts, CHAT, rhythm("home"), **lengths),  # type: ignore[arg-type]
        accounts,
    )


def test_every_account_sends_as_much_as_it_should(theatre: Stage) -> None:
    plan, accounts = chats(theatre)
    assert (np.bincount(plan["account"])[accounts] == 12).all()


def test_turns_count_up_in_time_and_the_last_one_closes(theatre: Stage) -> None:
    plan, _ = chats(theatre, mean=4.0, most=6)
    assert plan["turn"].max() == 5
    for thread in np.unique(plan["thread"]):
        own = plan[plan["thread"] == thread]
        assert own["turn"].tolist() == list(range(len(own)))
        assert (np.diff(own["time"]) > 0).all()
        assert own["closing"].tolist() == [False] * (len(own) - 1) + [True]
        assert len(set(own["account"])) == len(set(own["topic"])) == 1


def test_a_shorter_pause_brings_turns_closer() -> None:
    spans = []
    for pause in (1.0, 0.1):
        plan, _ = chats(stage(), pause=pause)
        steps = np.diff(plan["time"])[plan["turn"][1:] > 0]
        spans.append(np.median(steps))
    assert abs(spans[0] / spans[1] - 10) < 1e-6


def test_single_calls_are_talks_of_their_own(theatre: Stage) -> None:
    accounts = people(theatre.scene, 5)
    plan = calls(theatre.scene, theatre.rng, "c", accounts, np.arange(1, 6), CHAT, rhythm("even"))
    assert len(np.unique(plan["thread"])) == len(np.unique(plan["topic"])) == len(plan) == 15
    assert not plan["turn"].any()


def test_rows_carry_what_their_account_is_used_from_and_with(theatre: Stage) -> None:
    accounts = people(theatre.scene, 3, device=[0, 5, 6], client=[1, 2, 3])
    plan = rows(theatre.scene, accounts, np.array([2, 0, 2]), CHAT)
    assert plan["client"].tolist() == plan["tls"].tolist() == [3, 1, 3]
    assert plan["device"].tolist() == [6, 0, 6]


@given(st.permutations(range(6)), st.lists(st.integers(0, 5), min_size=1))
def test_values_of_accounts_are_found_in_any_order(accounts: list[int], sent: list[int]) -> None:
    plan = asked(len(sent), account=sent)
    values = np.array([10 * a for a in accounts])
    assert by_account(plan, np.array(accounts, np.int32), values).tolist() == [10 * a for a in sent]


def test_an_account_keeps_its_habit_model_and_lengths(theatre: Stage) -> None:
    plan, accounts = chats(theatre, 400, 3)
    dress(theatre.scene, theatre.rng, plan, accounts, habit=Habit(temperature=0.3), profiles=profiles("chat"))
    for name in ("habit", "model", "profile", "thinks"):
        assert len(np.unique(plan[["account", name]])) == 400
    assert set(plan["profile"]) == set(profiles("chat"))
    assert len(np.unique(plan["model"])) == 4
    assert abs(plan["thinks"].mean() - THINKS) < 0.08
    dress(theatre.scene, theatre.rng, plan, accounts, model=SMALL, profiles=profiles("chat"))
    assert set(plan["model"]) == {SMALL}


def test_an_account_mostly_speaks_its_language_and_a_conversation_only_one(theatre: Stage) -> None:
    plan, accounts = chats(theatre, 100, 20)
    scripts = theatre.scene.scripts(Script("request", "follow_up", "answer"))
    spoken = speak(theatre.scene, theatre.rng, plan, accounts, scripts, strays=0.1)
    assert (plan["script"] == scripts[spoken]).all()
    assert len(np.unique(plan[["thread", "script"]])) == len(np.unique(plan["thread"]))
    usual = [np.bincount(spoken[plan["account"] == a]).max() / 20 for a in accounts]
    assert 0.85 < np.mean(usual) < 1.0
