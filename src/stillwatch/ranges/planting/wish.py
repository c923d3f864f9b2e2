"""The wish: which campaign to plant, how large, how evasive; and when it works within the log's time."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from stillwatch.ranges.planting.errors import PlantError
from stillwatch.ranges.scenarios.kinds import POOLS
from stillwatch.ranges.scenarios.ladder import RUNGS, Step, campaign
from stillwatch.ranges.scenarios.population import part
from stillwatch.ranges.traffic.scene import Part

NAME: Final = "planted"  # of the campaign in the truth
LADDER: Final = "dedicated_pool"  # the design that the rungs of evasion are steps of
MIXED: Final = "hydra"
MOST: Final = 200_000  # planted exchanges; they are held in memory
# Designs in which people's conversations, spread over the whole range, go through the pool.
_SERVED: Final = ("injected_relay", "stored_sessions", "resale_pool")
# Shares with which the designs do not mix; only these do.
_SHARED: Final = (LADDER, MIXED)


@dataclass(frozen=True)
class Wish:
    """A campaign to plant: a design or a rung of the ladder, `accounts` with `each` harvested exchanges.

    `share` is the harvest's part of the pool's traffic (the rest is paying customers'). `corpus` is a folder of
    published texts that replace the grammar's.
    """

    campaign: str = LADDER
    accounts: int = 24
    each: int = 50
    rung: int | None = None
    share: float | None = None
    seed: int = 0
    corpus: Path | None = None

    def part(self) -> Part:
        """Return the part of a population that this is. Raises PlantError where it cannot be."""
        self._check()
        if self.rung is not None:
            share = 1.0 if self.share is None else self.share
            step = Step(self.rung, self.accounts, self.each, share)
            if self.campaign == LADDER:
                made = campaign(step)
                return replace(made, name=NAME, accounts=max(1, made.accounts))
            return part(self.campaign, self.accounts, self._exchanges, NAME, **step.options)
        kind = self.campaign
        options: dict[str, Any] = {}
        if self.share is not None and self.share < 1:
            kind, options = MIXED, {"share": self.share}
        return part(kind, self.accounts, self._exchanges, NAME, **options)

    @property
    def _exchanges(self) -> int:
        mixed = self.campaign in _SHARED and self.share is not None
        return round(self.accounts * self.each / (self.share if mixed and self.share else 1.0))

    def _check(self) -> None:
        if self.campaign not in POOLS:
            raise PlantError(
                f"there is no campaign design {self.campaign!r}\n  fix: choose one of {', '.join(sorted(POOLS))}"
            )
        if self.share is not None and not 0 < self.share <= 1:
            raise PlantError(f"--share {self.share}: expected a share above 0 and at most 1, such as .1")
        if self.share is not None and self.campaign not in _SHARED:
            raise PlantError(
                f"--share: {self.campaign} mixes nothing with its harvest\n  fix: leave --share away, or take "
                f"--campaign {MIXED} or a rung from L6 on"
            )
        if self._exchanges > MOST:
            raise PlantError(
                f"{self._exchanges:,} exchanges are too many to plant; at most {MOST:,}\n  fix: a smaller --size"
            )


def size_of(text: str) -> tuple[int, int]:
    """Return accounts and exchanges an account of a size such as `24x50`; PlantError where it is none."""
    found = re.fullmatch(r"(\d{1,6})[x×](\d{1,6})", text.strip())
    if found is None or not int(found[1]) or not int(found[2]):
        raise PlantError(f"--size {text!r}: expected ACCOUNTSxEXCHANGES, such as 24x50")
    return int(found[1]), int(found[2])


def rung_of(text: str | None) -> int | None:
    """Return the level of a rung such as `L3`; PlantError where there is none of that name."""
    if text is None:
        return None
    found = re.fullmatch(r"[Ll]?(\d)", text.strip())
    if found is None or int(found[1]) >= len(RUNGS):
        listed = "; ".join(f"L{r.level} {r.adds}" for r in RUNGS)
        raise PlantError(f"--rung {text!r}: expected L0 to L{len(RUNGS) - 1}\n  fix: choose one: {listed}")
    return int(found[1])


def describe(design: str) -> str:
    """Return a design in words: the first line of what its author wrote about it."""
    return (inspect.getdoc(POOLS[design]) or design).splitlines()[0]


def within(part: Part, first: float, days: float, rng: np.random.Generator) -> Part:
    """Let a part work in the last `days - first` of a scene of `days`, the log's own time.

    Pipelines get a window in it (half of it, or the design's own length). Customers come all over the scene: there
    are so many more of them that as many as were wished for are left when those before `first` are cut away.
    """
    span = days - first
    window = min(span, float(part.options.get("days", span / 2)))
    begin = first + rng.random() * (span - window)
    rest = days - window
    options = dict(part.options) | {"days": window, "begin": begin / rest if rest > 0 else 0.0}
    grown = days / span
    exchanges = part.exchanges
    if part.kind == MIXED:
        share = float(options.get("share", 0.3))
        harvest, bought = part.exchanges * share, part.exchanges * (1 - share) * grown
        exchanges = round(harvest + bought)
        options["share"] = harvest / (harvest + bought)
    elif part.kind in _SERVED:
        exchanges = round(part.exchanges * grown)
    return replace(part, exchanges=exchanges, options=options)
