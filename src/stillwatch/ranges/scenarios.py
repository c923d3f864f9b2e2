"""Ready-made populations: `demo`, `benign` and `incident`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from stillwatch.ranges.world import Part


@dataclass(frozen=True)
class Population:
    """Which kinds of traffic a range holds, how much of each, and over how long."""

    name: str
    parts: tuple[Part, ...]
    days: float

    @property
    def accounts(self) -> int:
        return sum(p.accounts for p in self.parts)

    @property
    def exchanges(self) -> int:
        return sum(p.exchanges for p in self.parts)

    def scaled(self, accounts: int | None = None, exchanges: int | None = None) -> Population:
        """Return the population with more people and traffic; pools and single firms keep their accounts.

        `accounts` is reached by the kinds that consist of unrelated people; `exchanges` scales every kind.
        """
        parts = self.parts
        if accounts is not None:
            free = sum(p.accounts for p in parts if p.kind in _ELASTIC)
            wanted = max(accounts - (self.accounts - free), 0)
            parts = tuple(_grown(p, wanted / free) if p.kind in _ELASTIC else p for p in parts)
        if exchanges is not None:
            total = sum(p.exchanges for p in parts)
            ratio = exchanges / total
            parts = tuple(replace(p, exchanges=max(p.accounts, round(p.exchanges * ratio))) for p in parts)
        return replace(self, parts=parts)


_ELASTIC = frozenset({"chat_users", "coding_agents", "popular_app", "tutors"})


def _grown(part: Part, ratio: float) -> Part:
    return replace(
        part, accounts=max(1, round(part.accounts * ratio)), exchanges=max(1, round(part.exchanges * ratio))
    )


def _part(kind: str, accounts: int, exchanges: int, name: str | None = None, **options: Any) -> Part:
    return Part(kind, accounts, exchanges, options, name)


def _honest(scale: float) -> tuple[Part, ...]:
    """All hard negatives; `scale` multiplies exchanges, and accounts of unrelated people."""

    def s(count: int) -> int:
        return max(1, round(count * scale))

    many = max(1.0, scale / 3)
    return (
        _part("chat_users", round(90 * many), s(600)),
        _part("tutors", round(12 * many), s(160)),
        _part("night_owls", 14, s(90)),
        _part("several_accounts", 12, s(90)),
        _part("shared_chats", 8, s(60)),
        _part("lost_histories", 6, s(50)),
        _part("regenerations", 5, s(40)),
        _part("coding_agents", round(40 * many), s(420)),
        _part("rag_products", round(5 * many), s(160)),
        _part("popular_app", round(60 * many), s(320)),
        _part("honest_gateway", 1, s(90)),
        _part("honest_gateway", 10, s(160)),
        _part("fallback_routers", 8, s(100)),
        _part("key_rotations", 4, s(60)),
        *(_part("single_batch", 2, s(120), job=f"{j}_batch") for j in _BATCHES),
        _part("firm_batch", 12, s(150), declared=True),
        _part("firm_batch", 12, s(150), declared=False),
        _part("load_test", 1, s(80)),
        _part("permitted_synthesis", 1, s(80)),
        _part("evaluation_runs", 6, s(240)),
        _part("judges_in_ci", 8, s(160)),
        _part("office", 30, s(160)),
        _part("agency", 12, s(90)),
        _part("classroom", 40, max(120, s(60)), campus=True),
        _part("classroom", 40, max(120, s(60)), campus=False),
        _part("hackathon", 16, s(100)),
        _part("enterprise", 60, s(240), declared=True),
        _part("enterprise", 60, s(240), declared=False),
        _part("migrations", 8, s(80)),
    )


_BATCHES = ("classification", "translation", "extraction", "summarisation")


def benign(scale: float = 1.0, days: float = 3.0) -> Population:
    """Every hard negative and no campaign: about 5,000 exchanges of 600 accounts at scale 1."""
    return Population("benign", _honest(scale), days)


def demo() -> Population:
    """A first look: three campaigns among ordinary traffic, about 4,000 exchanges of 190 accounts."""
    return Population(
        "demo",
        (
            _part("chat_users", 60, 600),
            _part("coding_agents", 16, 240),
            _part("popular_app", 24, 220),
            _part("rag_products", 2, 120),
            _part("single_batch", 1, 400, job="classification_batch"),
            _part("evaluation_runs", 3, 240),
            _part("judges_in_ci", 2, 80),
            _part("firm_batch", 6, 180, declared=True),
            _part("classroom", 12, 48, campus=True),
            _part("dedicated_pool", 24, 900, "copper", harvest="cot_harvest", variant=1, failure=0.03),
            _part(
                "hydra", 16, 900, "willow", harvest="instruction_harvest", share=0.4, egress="shared", bans=2
            ),
            _part("judging_loop", 12, 450, "quarry", schedule="round_robin"),
        ),
        3.0,
    )


def incident(scale: float = 12.0, days: float = 7.0) -> Population:
    """All campaigns among all hard negatives: about 75,000 exchanges at the default scale."""

    def s(count: int) -> int:
        return max(60, round(count * scale))

    pools = (
        _part("dedicated_pool", 40, s(200), "amber", harvest="cot_harvest", variant=0),
        _part(
            "dedicated_pool",
            24,
            s(120),
            "basalt",
            harvest="code_harvest",
            schedule="round_robin",
            span_days=1.0,
        ),
        _part("hydra", 24, s(120), "cedar", harvest="cot_harvest", variant=1, share=0.5, egress="shared"),
        _part("hydra", 40, s(200), "damson", harvest="instruction_harvest", share=0.2, passes_prints=True),
        _part("hydra", 32, s(200), "elder", harvest="cot_harvest", variant=2, share=0.05, egress="rotating"),
        _part("judging_loop", 30, s(150), "flint"),
        _part("reasoning_replay", 16, s(80), "garnet"),
        _part("dedicated_pool", 24, s(100), "heather", harvest="instruction_harvest", failure=0.1),
        _part("dedicated_pool", 20, s(100), "iris", harvest="cot_harvest", variant=1, schedule="sticky"),
        _part("dedicated_pool", 12, s(100), "jasper", harvest="code_harvest", schedule="fill_first", bans=8),
        _part("resale_pool", 24, s(150)),
        _part("injected_relay", 60, max(336, round(60 * 5.6 * days)), "kelp"),
        _part("two_labs", 40, s(200), "linden"),
        _part("lone_harvester", 1, s(30)),
    )
    return Population("incident", (*_honest(scale), *pools), days)


SCENARIOS: dict[str, Callable[[], Population]] = {"demo": demo, "benign": benign, "incident": incident}
