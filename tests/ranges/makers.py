"""Scenes and plans for tests of what writes into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from stillwatch.ranges.actors import clients
from stillwatch.ranges.actors.labels import Label
from stillwatch.ranges.actors.roster import Accounts
from stillwatch.ranges.hashing import mix
from stillwatch.ranges.text import Texts
from stillwatch.ranges.traffic.plan import Plan, blank, joined
from stillwatch.ranges.traffic.scene import DAY, Scene

CHAT = Label("chat")
TAKEN = Label("cot_harvest", "copper", "reasoning_elicitation")


@dataclass
class Stage:
    """A scene and the plans it passed on."""

    scene: Scene
    plans: list[Plan]

    @property
    def plan(self) -> Plan:
        return joined(*self.plans)

    @property
    def rng(self) -> np.random.Generator:
        return self.scene.rng("test")


def stage(days: float = 3.0, seed: int = 7) -> Stage:
    """Return an empty scene."""
    plans: list[Plan] = []
    return Stage(Scene(seed, days, Texts.load(), plans.append), plans)


def people(scene: Scene, count: int = 4, label: Label = CHAT, **given: Any) -> Accounts:
    """Open accounts of people with addresses of their own."""
    rng = scene.rng("people", scene.roster.size)
    shown: dict[str, Any] = {"network": scene.networks.home(rng, count), "client": clients.SDK[0]}
    return scene.register(rng, count, label, **(shown | given))


def asked(count: int = 80, gap: float = 60.0, **columns: Any) -> Plan:
    """Return requests `gap` seconds apart, each a talk of its own; other columns as given."""
    plan = blank(count)
    plan["time"] = gap * np.arange(count)
    plan["thread"] = mix(5, np.arange(count))
    for name, values in columns.items():
        plan[name] = values
    return plan


def hour_of(plan: Plan) -> Any:
    """Return the hour of the day, UTC, of each row."""
    return plan["time"] % DAY / 3600
