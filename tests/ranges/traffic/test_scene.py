from __future__ import annotations

import numpy as np
import pytest

from stillwatch.ranges.actors.labels import Label
from stillwatch.ranges.actors.roster import DISPOSABLE_MAIL
from stillwatch.ranges.text import Script
from stillwatch.ranges.traffic.habits import LARGE, LAUNCHED, SMALL
from stillwatch.ranges.traffic.plan import joined
from stillwatch.ranges.traffic.scene import DAY
from tests.ranges.makers import CHAT, TAKEN, Stage, asked, people, stage


def test_generators_are_of_their_own_and_repeatable() -> None:
    one, again, other = stage(seed=1), stage(seed=1), stage(seed=2)
    first = one.scene.rng("a").random()
    assert first == again.scene.rng("a").random()
    assert len({first, one.scene.rng("b").random(), other.scene.rng("a").random()}) == 3


def test_ids_are_distinct_and_never_nought(theatre: Stage) -> None:
    found = theatre.scene.ids("threads", 1, count=5_000)
    assert len(np.unique(found)) == 5_000 and found.min() > 0
    assert not np.isin(found, theatre.scene.ids("threads", 2, count=5_000)).any()


def test_what_is_given_is_registered_and_the_rest_is_an_ordinary_customer(theatre: Stage) -> None:
    accounts = people(theatre.scene, 400, card=5)
    rows = theatre.scene.roster.rows[accounts]
    assert set(rows["card"]) == {5} and len(np.unique(rows["uid"])) == 400
    assert (rows["signup"] == rows["network"]).all()
    assert (rows["born"] < 0).all() and 0 < (rows["status"] == 2).sum() < 20
    assert (~np.isnan(rows["ended"]) == (rows["status"] == 2)).all()


def test_accounts_opened_offstage_leave_the_roster_alone(theatre: Stage) -> None:
    kept = people(theatre.scene, 3)
    with theatre.scene.offstage():
        people(theatre.scene, 9)
    assert theatre.scene.roster.size == len(kept) == 3


def test_half_of_a_workloads_firms_have_another_workload_already(theatre: Stage) -> None:
    scene, rng = theatre.scene, theatre.rng
    first = scene.firms(rng, 10, Label("rag_app"))
    second = scene.firms(rng, 10, Label("support_desk"))
    assert len(set(first) & set(second)) == 5 and len(set(second)) == 10
    assert scene.roster.size == 15
    roles = scene.roster.truth(scene.labels, scene.sent).to_pylist()
    assert len(roles) == 15 and {r["kind"] for r in roles} == {"rag_app", "support_desk"}


def test_firms_with_declarations_of_their_own_do_nothing_else(theatre: Stage) -> None:
    scene, rng = theatre.scene, theatre.rng
    scene.firms(rng, 10, Label("rag_app"))
    declared = scene.firms(rng, 6, Label("permitted_synthesis"), permitted=True)
    later = scene.firms(rng, 40, Label("batch"))
    assert scene.roster.rows["permitted"][declared].all()
    assert not set(declared) & set(later) and not scene.roster.rows["permitted"][later].any()


def test_a_throwaway_identity_is_new_and_weakly_verified(theatre: Stage) -> None:
    given = theatre.scene.throwaway(theatre.rng, 500)
    assert given["born"].min() > -26 * DAY
    assert set(given["verification"]) <= {0, 1, 2}
    assert 0.5 < np.isin(given["mail"], DISPOSABLE_MAIL).mean() < 0.7


def test_scripts_are_registered_once_and_know_what_answers_speak_of(theatre: Stage) -> None:
    scene = theatre.scene
    about = Script("question", "question", "answer")
    number = scene.script(about, about_argument=True)
    assert scene.script(about, about_argument=True) == number and scene.about_argument[number]
    every = scene.scripts(Script("request", "request", "answer"))
    assert len(set(every)) == len(scene.texts.languages)
    assert not scene.about_argument[every].any()


def test_only_what_is_within_the_range_is_passed_on(theatre: Stage) -> None:
    people(theatre.scene)
    theatre.scene.emit(asked(10, gap=DAY, label=theatre.scene.labels.number(CHAT)), "p")
    theatre.scene.emit(asked(0), "q")
    assert theatre.plan["time"].tolist() == [0, DAY, 2 * DAY] and theatre.scene.rows == 3


def test_exchanges_have_ids_of_their_own_by_what_passed_them_on(theatre: Stage) -> None:
    people(theatre.scene)
    label = theatre.scene.labels.number(CHAT)
    for name in ("p", "q"):
        theatre.scene.emit(asked(500, label=label), name)
    assert len(np.unique(theatre.plan["uid"])) == 1_000


def moved(theatre: Stage, label: Label, count: int = 300) -> np.ndarray:
    """Return which of some accounts' requests long after the launch go to the launched model."""
    accounts = people(theatre.scene, count, label)
    late = asked(count, gap=0.0, account=accounts, label=theatre.scene.labels.number(label), model=LARGE)
    late["time"] = theatre.scene.span - 1
    early, small = late.copy(), late.copy()
    early["time"], small["model"] = theatre.scene.launch - 1, SMALL
    theatre.scene.emit(joined(late, early, small), label)
    found = theatre.plans[-1]
    assert set(found["model"][count : 2 * count]) == {LARGE} and set(found["model"][2 * count :]) == {SMALL}
    return found["model"][:count] == LAUNCHED


def test_a_new_model_is_taken_up_by_most_in_their_own_time() -> None:
    assert 0.5 < moved(stage(days=100.0), CHAT).mean() < 0.85


def test_a_campaign_moves_as_one() -> None:
    assert len(set(moved(stage(days=100.0), TAKEN))) == 1


def test_a_connection_is_an_accounts_own_and_ends_when_idle(theatre: Stage) -> None:
    scene = theatre.scene
    accounts = people(scene, 2)
    plan = asked(4, gap=0.0, label=scene.labels.number(CHAT), account=accounts[[0, 0, 0, 1]])
    plan["time"] = [10, 60, 900, 20]
    plan["network"] = scene.roster.rows["network"][plan["account"]]
    scene.emit(plan, "p")
    conn = theatre.plan["conn"]
    assert conn[0] == conn[1] and len(set(conn)) == 3


def test_accounts_behind_one_gateway_share_connections(theatre: Stage) -> None:
    accounts = people(theatre.scene, 2, gateway=5)
    plan = asked(3, gap=0.0, label=theatre.scene.labels.number(CHAT), account=accounts[[0, 1, 1]])
    plan["time"] = [10, 20, 4_000]
    theatre.scene.emit(plan, "p")
    conn = theatre.plan["conn"]
    assert conn[0] == conn[1] != conn[2]


def test_a_rule_that_no_grammar_has_is_an_error(theatre: Stage) -> None:
    with pytest.raises(ValueError, match="no_such_rule"):
        theatre.scene.script(Script("no_such_rule", "request", "answer"))
