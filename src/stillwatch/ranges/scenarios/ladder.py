"""The evasion ladder: one campaign at rungs L0 to L9, each keeping the evasions below it, and what it costs.

After the table of rungs in the project's statistics notes: fixed template, slot filling, many accounts on shared
infrastructure, residential exits and own payments, human hours and unequal loads, paraphrased templates, mixing
with customers, overlap and shuffling, one field an account, and a slow drip of organic prompts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from stillwatch.ranges.scenarios.honest import HONEST
from stillwatch.ranges.scenarios.population import Population, part, scaled
from stillwatch.ranges.traffic.scene import Part

DAYS: Final = 7.0
SIZES: Final = ((5, 200), (20, 50), (60, 30), (300, 6))
SHARES: Final = (0.5, 0.25, 0.1, 0.05, 0.02, 0.01)
NAME: Final = "rung"
_HONEST_AT_1: Final = sum(p.exchanges for p in HONEST)


@dataclass(frozen=True)
class Rung:
    """One step of evasion: what it adds, in words and as options of the pool and the harvest."""

    level: int
    adds: str
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


RUNGS: Final = (
    Rung(0, "one account, one fixed template, few prompts asked again and again", {"harvest": "cot", "samples": 20}),
    Rung(1, "slots filled: every prompt another", {"samples": 1}),
    Rung(2, "many accounts on one relay: one exit, shared cards", {
        "schedule": "round_robin", "egress": "shared", "identity": "careless"}),
    Rung(3, "residential exits, a card for each account", {"egress": "rotating", "identity": "virtual_cards"}),
    Rung(4, "human hours, bursts, unequal random loads", {
        "schedule": "random", "weights": 0.8, "hours": "home", "days": DAYS}),
    Rung(5, "a paraphrased template: no fixed wording", {"harvest": "paraphrased"}),
    Rung(6, "mixed with paying customers", {"share": 0.1}),
    Rung(7, "a quarter asked twice on purpose, in shuffled order", {"duplicates": 0.25, "shuffled": True}),
    Rung(8, "each account keeps to one field", {"schedule": "by_key", "sticks_by": "topic"}),
    Rung(9, "accounts dropped after three requests, organic prompts, over the whole time", {
        "harvest": "organic", "identity": "aged", "duplicates": 0.0, "schedule": "random", "weights": 0.0,
        "share": 1.0}),
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """A rung at a size, a share of harvest in the pool's traffic, and a multiple of honest traffic."""

    level: int
    accounts: int
    each: int  # harvested exchanges an account
    share: float = 1.0
    background: int = 100

    @property
    def harvested(self) -> int:
        return self.accounts * self.each

    @property
    def options(self) -> dict[str, Any]:
        """The options of this rung and all below it."""
        found: dict[str, Any] = {}
        for rung in RUNGS[: self.level + 1]:
            found |= rung.options
        if self.level >= 6 and self.level != 9:
            found["share"] = self.share
        return found

    @property
    def name(self) -> str:
        mixed = f" {self.options['share']:.0%}" if self.level in (6, 7, 8) else ""
        return f"L{self.level} {self.accounts}x{self.each}{mixed} at {self.background}x"


def campaign(step: Step) -> Part:
    """Return the part that plants a step's campaign, named NAME."""
    options = step.options
    accounts = 1 if step.level <= 1 else step.accounts
    if step.level == 9:  # a one-shot account asks three times on average
        accounts = max(accounts, step.harvested // 3)
    share = float(options.get("share", 1.0))
    if share < 1.0:
        return part("hydra", accounts, round(step.harvested / share), NAME, **options)
    return part(
        "dedicated_pool", accounts, step.harvested, NAME, **{k: v for k, v in options.items() if k != "share"}
    )


def ladder(step: Step) -> Population:
    """Return a step's campaign among honest traffic, `background` times the harvest, with every hard negative."""
    scale = step.harvested * step.background / _HONEST_AT_1
    return Population(f"ladder {step.name}", (*scaled(HONEST, scale), campaign(step)), DAYS)
