"""Bulk work: translation, classification, extraction, summaries, moderation; load tests; permitted data."""

from __future__ import annotations

from typing import Final

import numpy as np

from stillwatch.ranges.actors import clients
from stillwatch.ranges.actors.labels import Label
from stillwatch.ranges.actors.roster import USES
from stillwatch.ranges.arrivals import heavy_tail
from stillwatch.ranges.hashing import mix
from stillwatch.ranges.population.apps import working
from stillwatch.ranges.traffic.faults import retried
from stillwatch.ranges.traffic.habits import BATCH, Habit
from stillwatch.ranges.traffic.jobs import Job
from stillwatch.ranges.traffic.scene import Part, Scene

_JSON: Final = Habit(temperature=0.0, max_tokens=512, response_format="json_object")
_EXACT: Final = Habit(temperature=0.0)
JOBS: Final = {
    "translation": Job("translate_prompt", "translate_answer", habit=_EXACT),
    "classification": Job("classify_prompt", "classify_answer", habit=_JSON),
    "extraction": Job("extract_prompt", "extract_answer", habit=_JSON),
    "summarisation": Job("summarise_prompt", "summarise_answer", habit=Habit(temperature=0.3)),
    "moderation": Job("moderation_prompt", "moderation_answer", habit=_JSON),
    "product_copy": Job(
        "product_copy_prompt",
        "product_copy_answer",
        document=None,
        habit=Habit(temperature=0.9),
        about_argument=False,
    ),
}
SYNTHESIS: Final = Job(
    "synth_prompt", "synth_answer", document=None, habit=Habit(temperature=1.0), about_argument=False
)
REFUSALS: Final = Job(
    "refusal_study_prompt",
    "refusal_study_answer",
    document="request",
    reference="answer",
    habit=Habit(temperature=0.0),
    refusal=0.45,
)
_LOAD_PROMPTS: Final = 5


def single_batch(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Unrelated firms, one batch each, from one account. Option `job`: a name in JOBS."""
    job = str(part.options["job"])
    label = Label(f"{job}_batch", capability="data_analysis" if job == "extraction" else None)
    accounts = scene.firms(rng, part.accounts, label, clients.SCRIPT)
    counts = heavy_tail(rng, part.accounts, part.exchanges, 1.2)
    group = "summarise" if job == "summarisation" else "api"
    plan = working(scene, rng, part, accounts, counts, label, JOBS[job], group=group)
    plan["platform"] = np.where(plan["account"] % 4 == 0, BATCH, plan["platform"])
    scene.emit(retried(plan, rng), part)


def firm_batch(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """One firm shares a batch out over many of its keys; declared as one organisation or not (`declared`)."""
    declared = bool(part.options.get("declared"))
    label = Label("firm_batch" if declared else "firm_batch_undeclared")
    org, base = scene.ids("firm", part, count=1)[0], scene.networks.hosting(rng, 1)
    places = scene.networks.beside(rng, np.repeat(base, part.accounts))
    shared = {"card": mix(org, 1), "mail": -1, "firm": org, "verification": 4, "org": org if declared else 0}
    programs = np.full(part.accounts, rng.choice(clients.SDK))
    accounts = scene.register(rng, part.accounts, label, network=places, client=programs, **shared)
    counts = heavy_tail(rng, part.accounts, part.exchanges, 3.0)
    job = JOBS[list(JOBS)[int(rng.integers(len(JOBS)))]]
    plan = working(scene, rng, part, accounts, counts, label, job, firm=np.full(part.accounts, org))
    scene.emit(retried(plan, rng), part)


def load_test(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """A firm that sends a handful of fixed prompts as fast as it may, to see what holds."""
    label = Label("load_test")
    accounts = scene.firms(rng, part.accounts, label, clients.SCRIPT)
    counts = heavy_tail(rng, part.accounts, part.exchanges, 3.0)
    plan = working(scene, rng, part, accounts, counts, label, JOBS["summarisation"], strays=0.0)
    begin = scene.span * rng.random(part.accounts) * 0.9
    plan["time"] = begin[np.searchsorted(np.sort(accounts), plan["account"])] + 0.4 * np.arange(len(plan))
    prompt = mix(plan["account"].astype(np.uint64), mix(plan["thread"], 149) % np.uint64(_LOAD_PROMPTS))
    for name in ("arg0_topic", "arg0_seed", "thread2"):
        plan[name] = prompt
    plan["fork"], plan["sample"] = 0, 1 + rng.integers(0, 60_000, len(plan))
    scene.emit(retried(plan, rng), part)


def permitted_synthesis(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Synthetic training data by accounts that may train on outputs and say so."""
    label = Label("permitted_synthesis", capability="instruction_generation")
    given = {"permitted": True, "use": USES.index("synthetic_data"), "verification": 4}
    accounts = scene.firms(rng, part.accounts, label, clients.SCRIPT, **given)
    counts = heavy_tail(rng, part.accounts, part.exchanges, 2.0)
    scene.emit(retried(working(scene, rng, part, accounts, counts, label, SYNTHESIS), rng), part)


def refusal_research(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Researchers who measure what models refuse: many refusals, declared, one account each."""
    label = Label("refusal_research")
    given = {"programme": 1, "use": USES.index("research")}
    accounts = scene.firms(rng, part.accounts, label, clients.SCRIPT, **given)
    counts = heavy_tail(rng, part.accounts, part.exchanges, 2.0)
    scene.emit(retried(working(scene, rng, part, accounts, counts, label, REFUSALS), rng), part)
