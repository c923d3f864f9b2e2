"""Habits: the sampling values and options that a program sends with its requests, and the models there are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

MODELS: Final = ("atlas-large-2", "atlas-medium-2", "atlas-small-2", "atlas-mini-1", "atlas-large-3")
LARGE, MEDIUM, SMALL, MINI, LAUNCHED = range(5)
MODEL_WEIGHTS: Final = (0.3, 0.35, 0.25, 0.1)  # of the four that are there from the start
PLATFORMS: Final = ("direct", "bedrock", "vertex", "azure", "gateway:openway", "batch")
DIRECT, BEDROCK, VERTEX, AZURE, GATEWAY, BATCH = range(6)

# How often programs send an option at all. The same for all kinds of traffic: which options a program leaves
# out tells the program, not what it is used for.
SENDS: Final = {"temperature": 0.5, "max_tokens": 0.6, "top_p": 0.12, "response_format": 0.12}


# What half of all programs send in place of the value that their work would ask for: habit, or a copied example.
TEMPERATURES: Final = (None, 0.7, 0.2)
TEMPERATURES_CHOSEN: Final = (0.5, 0.3, 0.2)


@dataclass(frozen=True, slots=True)
class Habit:
    """Options of a request, null where not sent."""

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    n: int | None = None
    stream: bool = False
    response_format: str | None = None
    reasoning_effort: str | None = None
    tools: tuple[str, ...] | None = None
    tools_hash: str | None = None


@dataclass
class Habits:
    """All habits of a range, by number."""

    known: list[Habit] = field(default_factory=list)
    _number: dict[Habit, int] = field(default_factory=dict)

    def number(self, habit: Habit) -> int:
        """Return the number of a habit, the same at every call."""
        if habit not in self._number:
            self._number[habit] = len(self.known)
            self.known.append(habit)
        return self._number[habit]

    def draw(self, rng: np.random.Generator, count: int, habit: Habit) -> NDArray[np.int16]:
        """Return for each of `count` programs the given values, less the options that it does not send."""
        sent = [rng.random(count) < share for share in SENDS.values()]
        streams = rng.random(count) < 0.5
        own = rng.choice(len(TEMPERATURES), count, p=TEMPERATURES_CHOSEN)
        code = sent[0] + 2 * sent[1] + 4 * sent[2] + 8 * streams + 16 * sent[3] + 32 * own
        found = np.zeros(count, dtype=np.int16)
        for each in np.unique(code).tolist():
            kept = replace(
                habit,
                temperature=_temperature(habit, each >> 5) if each & 1 else None,
                max_tokens=(habit.max_tokens or 4096) if each & 2 else None,
                top_p=(habit.top_p or 0.95) if each & 4 else None,
                response_format=(habit.response_format or "json_object") if each & 16 else None,
                stream=bool(each & 8),
            )
            found[code == each] = self.number(kept)
        return found


def _temperature(habit: Habit, own: int) -> float:
    """Return the temperature a program sends: its own, its work's, or the usual one."""
    chosen = TEMPERATURES[own]
    if chosen is not None:
        return chosen
    return 1.0 if habit.temperature is None else habit.temperature
