"""What a harvest asks: a pipeline's template, its items, its sampling values; one family a capability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.actors.labels import Label
from stillwatch.ranges.arrivals import profiles
from stillwatch.ranges.hashing import below, mix, stream, unit
from stillwatch.ranges.population.evaluations import PUBLIC_BANK, items
from stillwatch.ranges.text.topics import DOMAIN
from stillwatch.ranges.text.turns import DENIED
from stillwatch.ranges.traffic.habits import LARGE, Habit
from stillwatch.ranges.traffic.jobs import SENDS_SYSTEM, Job, assign, instruct
from stillwatch.ranges.traffic.plan import NO_TEXT, Plan, blank
from stillwatch.ranges.traffic.scene import Scene
from stillwatch.ranges.traffic.talk import THINKS

STAGES: Final = 16  # of a pipeline, each with options of its own
SCORES: Final = Habit(temperature=0.0, max_tokens=1024)
SAMPLES: Final = Habit(temperature=1.0, max_tokens=4096)


@dataclass(frozen=True)
class Family:
    """A capability and how requests for it are made: rules of the grammar."""

    capability: str
    job: Job
    group: str = "reasoning"  # of text lengths
    least_said: int = 0  # sentences of a median answer: whoever trains on answers asks for long ones


def _family(
    capability: str, stem: str, document: str | None, reference: str | None = None, *, answer: str | None = None,
    system: str | None = None, habit: Habit = SAMPLES, refusal: float = 0.01, group: str = "reasoning",
) -> Family:  # fmt: skip
    about = document is not None
    job = Job(
        f"{stem}_prompt", answer or f"{stem}_answer", system, document, reference, habit, refusal, about
    )
    return Family(capability, job, group, 4 if group == "reasoning" else 0)


FAMILIES: Final = {
    "cot": _family(
        "reasoning_elicitation",
        "cot",
        "exam_question",
        "exam_short",
        answer="exam_worked",
        system="cot_system",
        refusal=0.02,
    ),
    "grading": _family("rubric_grading", "grade", "question", "answer", habit=SCORES, group="short"),
    "preference": _family("preference", "prefer", "answer", "lesson_answer", habit=SCORES, group="short"),
    "rewriting": _family("safe_rewriting", "rewrite", "question", "answer"),
    "instructions": _family("instruction_generation", "instruct", "request"),
    "coding": _family("agentic_coding", "swe", None, group="code"),
    "tools": _family("tool_use", "tooluse", None, group="code"),
    "analysis": _family("data_analysis", "analysis", None),
    "screens": _family("computer_use", "screen", None, group="code"),
    "images": _family("vision", "image", None),
    "cleaning": _family("trace_cleaning", "clean", "reasoning"),
    "probing": _family("reasoning_elicitation", "probe", None, refusal=0.93),
    "paraphrased": _family("reasoning_elicitation", "cot", "question", answer="answer", refusal=0.02),
    "organic": _family("general", "cot", None, answer="answer", refusal=0.01),
}
_PROMPTS: Final = {"paraphrased": "cot_paraphrase", "organic": "request"}


@dataclass(frozen=True)
class Harvest:
    """One operator's pipeline: a family, a template of its own, and a bank of items.

    `duplicates` is the share of items asked for again by another account, `shuffled` whether items come in an
    order of their own, `public` whether they are those of a public bank.
    """

    family: str
    campaign: str
    public: bool = False
    shuffled: bool = False
    duplicates: float = 0.0
    samples: int = 1
    language: str = "en"

    @property
    def label(self) -> Label:
        return Label(f"{self.family}_harvest", self.campaign, FAMILIES[self.family].capability)

    def plan(self, scene: Scene, rng: np.random.Generator, at: NDArray[np.float64]) -> Plan:
        """Return one single-turn request for each instant (seconds); accounts are for a pool to set."""
        if self.family not in FAMILIES:
            raise ValueError(f"harvest: expected one of {', '.join(FAMILIES)}, found {self.family!r}")
        family, count = FAMILIES[self.family], len(at)
        plan = blank(count)
        plan["time"] = np.sort(at)
        plan["label"] = scene.labels.number(self.label)
        number = self._numbers(rng, count)
        own = np.uint64(stream(scene.seed, "harvest", self.campaign))
        topics = items(PUBLIC_BANK, number % 20_000) if self.public else mix(own, number)
        talks = np.uint64(stream(scene.seed, "talks", self.campaign, self.family))
        plan["thread"] = mix(talks, np.arange(count, dtype=np.uint64))
        plan["sample"] = np.arange(count) % self.samples
        if self.samples > 1:  # one prompt, word for word, for all samples of an item
            plan["fork"], plan["thread2"] = 0, mix(talks, mix(number, 163))
        plan["model"] = LARGE
        plan["profile"] = rng.choice(profiles(family.group, family.least_said))
        self._words(scene, plan, family.job, np.full(count, own), topics)
        self._options(scene, rng, plan, family.job)
        return plan

    def _options(self, scene: Scene, rng: np.random.Generator, plan: Plan, job: Job) -> None:
        """Let a pipeline's stages each send options of their own, as often as other programs do."""
        stage = below(mix(plan["thread"], 157), STAGES)
        plan["habit"] = scene.habits.draw(rng, STAGES, job.habit)[stage]
        plan["thinks"] = (rng.random(STAGES) < THINKS)[stage]
        silent = (rng.random(STAGES) >= SENDS_SYSTEM)[stage]
        plan["system"] = np.where(silent, NO_TEXT, plan["system"])

    def _numbers(self, rng: np.random.Generator, count: int) -> NDArray[np.int64]:
        """Return the items asked for: each once (`samples` times), but for deliberate duplicates."""
        number = np.arange(count) // self.samples + int(rng.integers(0, 1_000_000))
        if self.shuffled:
            number = rng.permutation(number)
        again = rng.random(count) < self.duplicates
        number[again] = rng.choice(number, int(again.sum()))
        return number

    def _words(
        self, scene: Scene, plan: Plan, job: Job, own: NDArray[np.uint64], topics: NDArray[np.uint64]
    ) -> None:
        language = scene.texts.languages.index(self.language)
        spoken = np.full(len(plan), language)
        if self.family in ("instructions", "tools", "analysis"):
            spoken = below(mix(topics, 109), len(scene.texts.languages))
        assign(scene, plan, job, own, topics, spoken)
        instruct(scene, plan, job.system or "assistant_system", own, np.full(len(plan), language))
        prompt = _PROMPTS.get(self.family)
        if prompt is not None or self.language != "en":
            script = Job(prompt or job.prompt, job.answer, refusal=job.refusal).script
            about = self.family != "organic"
            plan["script"] = scene.script(script, self.language, about_argument=about)
        if self.family in ("organic", "probing"):
            plan["topic"] = topics


def answers_of(scene: Scene, plan: Plan, family: str) -> tuple[int, NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the references (symbol, topics, seeds) of the answers that a harvest's rows were given."""
    rule = FAMILIES[family].job.answer
    return scene.texts.symbol(rule), plan["arg0_topic"], _turns(plan)


def answered(plan: Plan, family: str) -> NDArray[np.bool_]:
    """Tell which rows of a harvest get an answer; the others are refused."""
    found: NDArray[np.bool_] = unit(mix(_turns(plan), DENIED)) >= FAMILIES[family].job.refusal
    return found


def _turns(plan: Plan) -> NDArray[np.uint64]:
    """Return the seed of each row's own turn."""
    thread = np.where(plan["turn"] < plan["fork"], plan["thread"], plan["thread2"])
    found: NDArray[np.uint64] = mix(thread, plan["turn"].astype(np.uint64))
    return found


def fields(scene: Scene, topics: NDArray[np.uint64], accounts: int) -> NDArray[np.uint64]:
    """Return a key for each topic so that each of `accounts` keys stays within one field of interest."""
    domains = int(scene.texts.compiled.program.languages[scene.texts.languages.index("en"), 1])
    each = max(1, accounts // domains)
    field = below(mix(topics, DOMAIN), domains)
    found: NDArray[np.uint64] = (field * each + below(mix(topics, 139), each)).astype(np.uint64)
    return found
