from __future__ import annotations

import numpy as np

from stillwatch.ranges.hashing import mix
from stillwatch.ranges.render.exchanges import Renderer
from stillwatch.ranges.text import Refs
from stillwatch.ranges.traffic.jobs import SENDS_SYSTEM, Job, assign, greet
from stillwatch.ranges.traffic.plan import NO_TEXT, Plan
from tests.ranges.makers import CHAT, Stage, asked, people

MINUTES = Job("minutes_prompt", "minutes_answer", "minutes_system")


def done(
    theatre: Stage, job: Job, firm: object, documents: object, count: int = 8
) -> list[dict[str, object]]:
    """Return the exchanges of a job over documents."""
    scene = theatre.scene
    people(scene)
    scene.habits.number(scene.habits.known[0] if scene.habits.known else job.habit)
    plan = asked(count, label=scene.labels.number(CHAT))
    keys = [np.broadcast_to(np.asarray(k, np.uint64), count) for k in (firm, documents)]
    assign(scene, plan, job, *keys, np.zeros(count, np.int64) + scene.texts.languages.index("de"))
    rows: list[dict[str, object]] = Renderer(scene, 0).batch(plan).to_pylist()
    return rows


def test_a_firm_has_one_instruction_and_another_firm_its_own(theatre: Stage) -> None:
    rows = done(theatre, MINUTES, [1, 1, 2, 2, 3, 3, 4, 4], np.arange(8))
    by_firm = [{r["system"] for r in rows[i : i + 2]} for i in range(0, 8, 2)]
    assert all(len(s) == 1 for s in by_firm) and len(set.union(*by_firm)) > 1


def test_equal_documents_are_equal_texts(theatre: Stage) -> None:
    rows = done(theatre, MINUTES, 1, [5, 5, 5, 5, 6, 7, 8, 9])
    texts = theatre.scene.texts
    topic = np.array([5], np.uint64)
    refs = Refs(np.array([texts.symbol("passage", "de")]), topic, mix(topic, 5), np.zeros(1, np.uint16))
    (document,) = texts.render(refs, np.zeros(1, np.uint8)).to_pylist()
    assert [document in r["messages"][-1]["content"] for r in rows] == [True] * 4 + [False] * 4  # type: ignore[index]


def test_a_job_without_a_system_text_or_document_has_none(theatre: Stage) -> None:
    rows = done(theatre, Job("request", "answer", document=None), 1, np.arange(8))
    assert {r["system"] for r in rows} == {None}
    assert not theatre.scene.about_argument.any()


def test_the_script_speaks_of_the_document_or_of_the_firm(theatre: Stage) -> None:
    plan: Plan = asked(2)
    keys = np.arange(2, dtype=np.uint64)
    for about in (True, False):
        job = Job("rag_prompt", f"{'rag' if about else 'ticket'}_answer", about_argument=about)
        assign(theatre.scene, plan, job, keys, keys, np.zeros(2, np.int64))
        assert theatre.scene.about_argument[plan["script"][0]] == about


def test_some_accounts_have_no_persona_and_the_others_one_each(theatre: Stage) -> None:
    accounts = people(theatre.scene, 500)
    plan = asked(1_000, account=accounts[np.arange(1_000) % 500])
    greet(theatre.scene, theatre.rng, plan, accounts, np.zeros(1_000, np.int64))
    assert len(np.unique(plan[["account", "system", "system_topic", "system_seed"]])) == 500
    assert abs((plan["system"] != NO_TEXT).mean() - SENDS_SYSTEM) < 0.07
