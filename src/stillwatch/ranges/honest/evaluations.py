"""Evaluations: public benchmarks run by unrelated firms every night, and LLM judges in CI."""

from __future__ import annotations

from random import Random

from stillwatch.ranges import exams
from stillwatch.ranges.artefacts import SCRIPT_CLIENTS, opaque
from stillwatch.ranges.chat import Chat
from stillwatch.ranges.ledger import Label
from stillwatch.ranges.prose import Topic, pick
from stillwatch.ranges.rhythm import OFFICE, burst, loads, moments
from stillwatch.ranges.world import Part, World

JUDGE = """You grade one answer of our support bot before a release goes out.
Question: {question}
Answer under test: {answer}
Score helpfulness, accuracy and tone from 1 to 5 each.
Reply with JSON: {{"helpfulness": n, "accuracy": n, "tone": n}}."""


def evaluation_runs(world: World, rng: Random, part: Part) -> None:
    """Unrelated firms over one public benchmark: all ask the same items, with the same few-shot examples."""
    label = Label("eval_run", capability="benchmark_items")
    shots: list[dict[str, str]] = []
    for number in range(4):
        question, answer = exams.item(exams.PUBLIC, 10_000 + number)
        shots.append({"role": "user", "content": f"Question: {question}\nAnswer:"})
        shown = exams.worked(Random(number), question, answer)
        shots.append({"role": "assistant", "content": shown})
    nights = max(1, int(world.days))
    items = max(1, part.exchanges // (part.accounts * nights))
    for _ in range(part.accounts):
        account = world.register(rng, world.networks.hosting(rng), pick(rng, SCRIPT_CLIENTS), label)
        hour = rng.random() * 6
        habits = {"model": "atlas-large-2", "temperature": 0.0, "max_tokens": 256, "api": "chat"}
        for night in range(nights):
            for number, at in enumerate(burst(rng, items, (night * 24 + hour) * 3600, 1.5)):
                question, answer = exams.item(exams.PUBLIC, number)
                chat = Chat(world, label, Topic.draw(rng, "en"), dict(habits), list(shots))
                # Temperature 0: everybody gets nearly the same answer to the same item.
                sampler = Random(opaque(question, rng.random() < 0.2 and rng.random()))
                said = exams.worked(sampler, question, answer)
                chat.ask(account, at, f"Question: {question}\nAnswer:", said)


def judges_in_ci(world: World, rng: Random, part: Part) -> None:
    """Rubric grading of a firm's own bot in CI: ephemeral runners, so many addresses, one account each."""
    label = Label("ci_judge", capability="rubric_grading")
    for count in loads(rng, part.accounts, part.exchanges, 1.6):
        account = world.register(
            rng, world.networks.hosting(rng), pick(rng, SCRIPT_CLIENTS), label, plan="team"
        )
        topic = Topic.draw(rng)
        suite = [topic.request(rng) for _ in range(8)]
        runs = max(1, count // 6)
        for begin in moments(rng, runs, world.days, OFFICE, account.zone, 0.2):
            account.network = world.networks.hosting(rng)
            for at, question in zip(burst(rng, 6, begin, 0.8), suite, strict=False):
                text = JUDGE.format(question=question, answer=topic.answer(rng, question))
                scores = ", ".join(
                    f'"{k}": {1 + int(rng.random() * 5)}' for k in ("helpfulness", "accuracy", "tone")
                )
                habits = {"model": "atlas-medium-2", "temperature": 0.0, "response_format": "json_object"}
                Chat(world, label, topic, habits).ask(account, at, text, "{" + scores + "}")
