"""Jobs: one fixed instruction over many documents, as products, batches, evaluations and harvests have them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.hashing import mix, unit
from stillwatch.ranges.text import Script
from stillwatch.ranges.traffic.habits import Habit
from stillwatch.ranges.traffic.plan import NO_TEXT, Plan
from stillwatch.ranges.traffic.scene import Scene
from stillwatch.ranges.traffic.talk import by_account

# The same for all kinds of work, as other options are: whether a system text is sent tells no kind of traffic.
SENDS_SYSTEM: Final = 0.65

Keys = NDArray[np.uint64]


@dataclass(frozen=True)
class Job:
    """One kind of work by grammar rules; the instruction is one fixed text for each firm (its topic)."""

    prompt: str
    answer: str
    system: str | None = None
    document: str | None = "passage"  # rule of the text worked on, in the language of the document
    reference: str | None = None  # rule of a second text about the same thing
    habit: Habit = field(default_factory=Habit)
    refusal: float = 0.0
    about_argument: bool = True  # answers speak of the document rather than of the firm

    @property
    def script(self) -> Script:
        return Script(opening=self.prompt, follow_up=self.prompt, answer=self.answer, refusal=self.refusal)


def assign(
    scene: Scene, plan: Plan, job: Job, firm: Keys, documents: Keys, languages: NDArray[np.int64]
) -> None:
    """Make every row of a plan one call of a job: for firm `firm[i]`, on document `documents[i]`.

    `documents` name the documents: equal keys are equal texts. `languages` are those of the documents.
    """
    about = job.about_argument and job.document is not None
    plan["script"] = scene.script(job.script, about_argument=about)
    plan["topic"] = firm
    _systems(scene, plan, job, firm)
    for place, rule in (("arg0", job.document), ("arg1", job.reference)):
        if rule is not None:
            quote(plan, place, scene.texts.symbols(rule)[languages], documents, mix(documents, 5))


def _systems(scene: Scene, plan: Plan, job: Job, firm: Keys) -> None:
    """Let two firms in three send their job's system text, or a general persona where the job has none."""
    instruct(scene, plan, job.system or "assistant_system", firm)
    plan["system"] = np.where(unit(mix(firm, 149)) < SENDS_SYSTEM, plan["system"], NO_TEXT)


def quote(plan: Plan, place: str, symbols: NDArray[Any] | int, topic: Keys, seed: Keys) -> None:
    """Let the prompts of a plan hold another text in their slot `place` (arg0 or arg1)."""
    plan[place], plan[f"{place}_topic"], plan[f"{place}_seed"] = symbols, topic, seed


def instruct(
    scene: Scene, plan: Plan, rule: str, topic: Keys, languages: NDArray[np.int64] | None = None
) -> None:
    """Give the rows a system text: the rule's one fixed text of each topic."""
    plan["system"] = scene.texts.symbol(rule) if languages is None else scene.texts.symbols(rule)[languages]
    plan["system_topic"], plan["system_seed"] = topic, mix(topic, 17)


def greet(
    scene: Scene,
    rng: np.random.Generator,
    plan: Plan,
    accounts: NDArray[np.int32],
    languages: NDArray[np.int64],
) -> None:
    """Give accounts a short assistant persona as system text, or none."""
    plain = by_account(plan, accounts, rng.random(len(accounts)) > SENDS_SYSTEM)
    topic = by_account(plan, accounts, scene.roster.rows["uid"][accounts] % np.uint64(97))
    instruct(scene, plan, "assistant_system", topic, languages)
    plan["system"] = np.where(plain, NO_TEXT, plan["system"])
