from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from stillwatch.ranges.arrivals import LengthTables, profiles
from stillwatch.ranges.population.people import CHAT as TALK
from stillwatch.ranges.render.exchanges import LOG_SCHEMA, TRUTH_SCHEMA, Renderer, talk_of
from stillwatch.ranges.text.lengths import counts
from stillwatch.ranges.traffic.habits import Habit
from stillwatch.ranges.traffic.plan import Plan
from tests.ranges.makers import TAKEN, Stage, asked, people


def rendered(theatre: Stage, **columns: object) -> tuple[Renderer, Plan]:
    """Return a renderer and the plan of one conversation of four turns."""
    scene = theatre.scene
    accounts = people(scene, 1, org=[7], declared=[90.0])
    scene.habits.number(Habit())
    given = {"script": scene.script(TALK), "label": scene.labels.number(TAKEN), "account": accounts[0]}
    plan = asked(4, **({"thread": 3, "turn": [0, 1, 2, 3]} | given | columns))
    plan["uid"] = (np.arange(4, dtype=np.uint64) + np.uint64(1)) << np.uint64(32)
    return Renderer(scene, 1_000_000), plan


def test_a_batch_is_canonical_and_has_its_truth(theatre: Stage) -> None:
    renderer, plan = rendered(theatre)
    log, truth = renderer.batch(plan), renderer.truth(plan)
    assert log.schema.equals(LOG_SCHEMA) and truth.schema.equals(TRUTH_SCHEMA)
    assert log["exchange_id"].equals(truth["exchange_id"]) and log["account_id"].equals(truth["account_id"])
    assert set(truth["campaign"].to_pylist()) == {"copper"}
    assert log["time"][1].as_py().timestamp() == 61.0


def test_rows_do_not_depend_on_what_is_rendered_beside_them(theatre: Stage) -> None:
    renderer, plan = rendered(theatre)
    whole = renderer.batch(plan)
    for i in range(4):
        assert renderer.batch(plan[i : i + 1]).equals(whole.slice(i, 1))


def test_each_turn_repeats_the_ones_before_with_their_answers(theatre: Stage) -> None:
    renderer, plan = rendered(theatre)
    rows = renderer.batch(plan).to_pylist()
    for before, row in pairwise(rows):
        assert row["messages"][: len(before["messages"])] == before["messages"]
        assert row["messages"][len(before["messages"])] == {"role": "assistant", "content": before["output"]}


def test_a_fork_shares_the_history_and_goes_on_otherwise(theatre: Stage) -> None:
    renderer, plan = rendered(theatre)
    fork = plan.copy()
    fork["fork"], fork["thread2"] = 2, 99
    one, two = (renderer.batch(p).to_pylist() for p in (plan, fork))
    assert [r["output"] for r in one[:2]] == [r["output"] for r in two[:2]]
    assert one[3]["messages"][:4] == two[3]["messages"][:4] and one[2]["messages"] != two[2]["messages"]
    assert two[3]["messages"][5]["content"] == two[2]["output"]


@pytest.mark.parametrize(("status", "error"), [(429, "rate_limit_error"), (403, "permission_error")])
def test_a_refused_request_has_no_answer(theatre: Stage, status: int, error: str) -> None:
    renderer, plan = rendered(theatre, status=status)
    for row in renderer.batch(plan).to_pylist():
        assert (row["status"], row["error_type"], row["finish_reason"]) == (status, error, "error")
        assert row["output"] is row["tool_calls"] is row["refusal_category"] is None
        assert row["messages"]


def test_an_organisation_is_shown_from_when_it_was_declared(theatre: Stage) -> None:
    renderer, plan = rendered(theatre)
    assert [o is None for o in renderer.batch(plan)["org_id"].to_pylist()] == [True, True, False, False]


def test_the_program_and_the_tls_may_be_of_different_hands(theatre: Stage) -> None:
    renderer, plan = rendered(theatre, client=1, tls=[1, 1, 40, 40])
    shown = renderer.batch(plan)
    assert len(set(shown["user_agent"].to_pylist())) == 1 and len(set(shown["ja4"].to_pylist())) == 2


@pytest.mark.parametrize("group", ["chat", "api", "summarise", "code", "reasoning", "short"])
def test_texts_are_as_long_as_in_the_traces(group: str, theatre: Stage) -> None:
    fitted = LengthTables.load()
    _, plan = rendered(theatre)
    for number in profiles(group):
        plan["profile"] = number
        said, asked_for = counts()[:, talk_of(plan).profile[0]]
        assert (said == fitted.said[number]).all() and (asked_for == fitted.asked[number]).all()
