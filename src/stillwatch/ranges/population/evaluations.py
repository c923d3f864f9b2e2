"""Evaluations: public benchmarks run by unrelated firms every night, and LLM judges in CI."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.actors import clients
from stillwatch.ranges.actors.labels import Label
from stillwatch.ranges.arrivals import heavy_tail, profiles, rhythm
from stillwatch.ranges.hashing import mix, stream
from stillwatch.ranges.population.apps import working
from stillwatch.ranges.text import Script
from stillwatch.ranges.traffic.faults import retried
from stillwatch.ranges.traffic.habits import LARGE, MEDIUM, Habit
from stillwatch.ranges.traffic.jobs import Job
from stillwatch.ranges.traffic.plan import Plan
from stillwatch.ranges.traffic.scene import DAY, Part, Scene
from stillwatch.ranges.traffic.talk import by_account, calls, dress, rows

PUBLIC_BANK: Final = stream(0, "open-exam-v1")  # a public benchmark; harvests draw on it, too
JUDGE: Final = Job(
    "judge_prompt",
    "judge_answer",
    document="request",
    reference="answer",
    habit=Habit(temperature=0.0, response_format="json_object"),
)
_SHOTS: Final = 4


def items(bank: int, numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return the topics of a question bank's items by number: equal topics are equal questions."""
    found: NDArray[np.uint64] = mix(np.uint64(bank), numbers.astype(np.uint64))
    return found


def evaluation_runs(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Unrelated firms over one public benchmark, every night: the same items, the same few-shot examples.

    At temperature 0 most get the same answer to the same item.
    """
    label = Label("eval_run", capability="benchmark_items")
    accounts = scene.firms(rng, part.accounts, label, clients.SCRIPT)
    nights = max(1, int(scene.days))
    each = max(1, part.exchanges // (part.accounts * nights))
    owner = np.repeat(np.arange(part.accounts), nights * each)
    number = np.tile(np.arange(each), part.accounts * nights)
    night = np.tile(np.repeat(np.arange(nights), each), part.accounts)
    plan = rows(scene, accounts, owner, label)
    hour, gap = rng.random(part.accounts) * 6, 0.4 + rng.lognormal(0, 0.5, part.accounts)
    plan["time"] = night * DAY + hour[owner] * 3600 + number * gap[owner]
    plan["topic"] = items(PUBLIC_BANK, number)
    # Equal questions in talks of their own: the text is the item's, the reasoning block the run's.
    plan["thread"], plan["thread2"] = scene.ids("run", part, count=len(plan)), mix(plan["topic"], 79)
    plan["fork"] = 0
    plan["sample"] = np.where(rng.random(len(plan)) < 0.2, rng.integers(1, 60_000, len(plan)), 0)
    dress(
        scene,
        rng,
        plan,
        accounts,
        habit=Habit(temperature=0.0, max_tokens=256),
        model=LARGE,
        profiles=profiles("short")[:1],  # equal answers are equally long
    )
    shots = rng.choice([0, _SHOTS], part.accounts)
    for count in (0, _SHOTS):
        script = Script("exam_prompt", "exam_prompt", "exam_worked", shots=count, shots_topic=PUBLIC_BANK ^ 1)
        plan["script"] = np.where(shots[owner] == count, scene.script(script), plan["script"])
    scene.emit(retried(plan, rng), part)


def judges_in_ci(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Rubric grading of a firm's own bot in CI: ephemeral runners, so many addresses, one account each.

    The suite is small and comes again with every run; what is graded changes.
    """
    label = Label("ci_judge", capability="rubric_grading")
    accounts = scene.firms(rng, part.accounts, label, clients.SCRIPT, plan=2)
    counts = heavy_tail(rng, part.accounts, part.exchanges, 1.5)
    plan = working(scene, rng, part, accounts, counts, label, JUDGE, hours="office")
    plan["model"] = MEDIUM
    run = (plan["time"] // 900).astype(np.uint64)
    runners = scene.networks.hosting(rng, 4096)
    own = mix(scene.roster.rows["uid"][plan["account"]], run)
    plan["network"] = runners[(own % np.uint64(4096)).astype(np.int64)]
    for name in ("arg0_topic", "arg0_seed", "arg1_topic"):
        plan[name] = mix(scene.roster.rows["uid"][plan["account"]], mix(plan["thread"], 83) % np.uint64(8))
    scene.emit(retried(plan, rng), part)


def own_bot_judges(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Firms that grade the answers of their production account with a second one: answers pass honestly."""
    label = Label("own_bot_judge", capability="rubric_grading")
    pairs = max(1, part.accounts // 2)
    firm = scene.ids("bot firm", part, count=pairs)
    shown = {"card": mix(firm, 1), "mail": -1, "firm": firm, "client": rng.choice(clients.SCRIPT, pairs)}
    bots = scene.register(rng, pairs, label, network=scene.networks.hosting(rng, pairs), **shown)
    graders = scene.register(rng, pairs, label, network=scene.networks.hosting(rng, pairs), **shown)
    counts = heavy_tail(rng, pairs, max(pairs, part.exchanges // 2), 1.5)
    asked = calls(scene, rng, part, bots, counts, label, rhythm("office"))
    dress(scene, rng, asked, bots, profiles=profiles("chat"))
    asked["script"] = scene.script(Script("question", "question", "answer"))
    graded = _grades(scene, rng, asked, bots, graders)
    scene.emit(retried(np.concatenate([asked, graded]), rng), part)


def _grades(
    scene: Scene, rng: np.random.Generator, asked: Plan, bots: NDArray[Any], graders: NDArray[Any]
) -> Plan:
    """Return the grading of every answer on the next night, by the firm's other account."""
    place = by_account(asked, bots, np.arange(len(bots)))
    plan = rows(scene, graders, place, Label("own_bot_judge", capability="rubric_grading"))
    plan["time"] = (np.floor(asked["time"] / DAY) + 1) * DAY + 3600 * rng.random(len(asked))
    plan["thread"] = mix(asked["thread"], 89)
    dress(scene, rng, plan, graders, habit=JUDGE.habit, profiles=profiles("short"))
    plan["profile"] = asked["profile"]  # a quoted answer is as long as it was
    plan["script"] = scene.script(JUDGE.script, about_argument=True)
    plan["topic"] = mix(scene.roster.rows["firm"][plan["account"]], 91)
    for number, rule in enumerate(("question", "answer")):
        plan[f"arg{number}"] = scene.texts.symbol(rule)
        plan[f"arg{number}_topic"], plan[f"arg{number}_seed"] = asked["topic"], mix(asked["thread"], 0)
    return plan
