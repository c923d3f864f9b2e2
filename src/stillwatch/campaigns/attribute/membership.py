"""Membership: an e-value for each account that it is part of a group, from ties that are its own.

Null      The account is not part of the group, the group being real: a bystander whom chance ties to it, a customer
          of the pool, a neighbour of one of its members.
Evidence  By block, the mean of what it has of each kind. Responses: hand-overs with other parties of the group's core
          (gamma-Poisson, counted in the half that did not form the core, against its own chance rate). Content: the
          group's work (Bernoulli ratio of its adoption, times the calibrated rank of how much of it it does among all
          who use it), clients and devices shared across parties. Timing: work inside the window that the other half
          of the members set. The product over the blocks. No block alone may claim more than its ceiling, and one
          event alone claims nothing.
Wrong     An account is wrongly accused where it is no part of the group, or where the group is none. The smaller of
          two e-values is one for the union of both nulls: a member is never surer than the group's axes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillwatch.campaigns.attribute.ties import Chance, Ties, count_ties
from stillwatch.campaigns.judging import Finding
from stillwatch.campaigns.model import Verdict
from stillwatch.campaigns.traffic import Traffic
from stillwatch.evidence.evalues import (
    LN10,
    bernoulli_ratio,
    mixture_calibrator,
    overdispersed_excess_of,
    weighted_mean_log10,
)
from stillwatch.evidence.row import Axis, Block

Floats = NDArray[np.float64]

MONTH = 30 * 24 * 3600.0
# Parties of the core met by chance in each half of what passed, a month and at least: customers move, chats are shared.
FLOOR_A_MONTH, FLOOR = 1.0, 0.25
SHAPE = 1.0  # of the gamma that spreads the rate of chance hand-overs over accounts: a few do it far more than most
STAKE = 0.5  # of a block against 1: most groups show some kinds of ties only
TELLING = 1.0  # log10 e of a block that counts as an event
EVENTS = 2  # independent ones, for an account to be accused by itself
BLOCKS: dict[Block, float] = {"responses": 5.0, "timing": 2.0, "content": 4.0}  # with their ceilings

# Ceilings of what shows with the work: one tool brings its client along, so they are averaged with it.
SHOWN = {"device": 4.0, "client": 3.0}
# Axes whose nulls make an accused account a wrong one. Taking little is no innocence of a hidden pool.
GROUP_AXES: dict[Verdict, tuple[Axis, ...]] = {
    "distillation_campaign": ("coordination", "evasion"),
    "resale_pool": ("coordination", "evasion"),
    "bulk_extraction": ("extraction",),
    "related_accounts": ("coordination",),
}


def _of(chance: Chance) -> Floats:
    """Return log10 e of a yes-or-no tie, 0 where nothing is known."""
    alternative = np.clip(chance.alternative, 1e-12, 1 - 1e-3)
    return np.where(chance.known, bernoulli_ratio(chance.hit, chance.null, alternative), 0.0)


def _passed(ties: Ties) -> list[Floats]:
    """Return log10 of the mean over both halves; nothing where nothing passed inside the group."""
    if ties.partners is None or ties.chance is None:
        return []
    ways = overdispersed_excess_of(ties.partners, ties.chance, SHAPE)
    return [weighted_mean_log10(np.moveaxis(ways, 0, -1), np.ones(2))]


def _work(ties: Ties) -> Floats | None:
    """Return log10 e of the work: adoption of each workload, then how much of it is done; None where untested."""
    parts = []
    if ties.adopted:
        ways = np.stack([_of(chance) for _weight, chance in ties.adopted], axis=-1)
        parts.append(weighted_mean_log10(ways, [weight for weight, _chance in ties.adopted]))
    if ties.doses:
        ranks = np.stack([ranks for _weight, ranks in ties.doses], axis=-1)
        ways = np.where(
            np.isnan(ranks), 0.0, mixture_calibrator(np.log10(np.where(np.isnan(ranks), 1, ranks)))
        )
        parts.append(weighted_mean_log10(ways, [weight for weight, _ranks in ties.doses]))
    return np.asarray(sum(parts)) if parts else None


def by_block(ties: Ties) -> dict[Block, Floats]:
    """Return log10 e by block, shape (n,) each: the mean of its kinds of ties, hedged, up to its ceiling."""
    kinds: dict[Block, list[Floats]] = {
        "responses": _passed(ties),
        "timing": [] if ties.windows is None else [_of(ties.windows)],
        "content": [np.minimum(_of(chance), SHOWN[name]) for name, chance in sorted(ties.traits.items())],
    }
    work = _work(ties)
    kinds["content"] += [] if work is None else [work]
    return {block: _hedged(parts, BLOCKS[block]) for block, parts in kinds.items() if parts}


def _hedged(parts: list[Floats], ceiling: float) -> Floats:
    mean = weighted_mean_log10(np.stack(parts, axis=-1), np.ones(len(parts)))
    hedged = np.logaddexp(mean * LN10 + np.log(STAKE), np.log1p(-STAKE)) / LN10
    return np.asarray(np.minimum(hedged, ceiling))


def events(ties: Ties, blocks: dict[Block, Floats]) -> NDArray[np.int64]:
    """Return how many independent things tie an account: parties it exchanged with, and other telling blocks."""
    passed = np.zeros(1, dtype=np.int64) if ties.partners is None else ties.partners.sum(axis=0)
    others = [(power >= TELLING).astype(np.int64) for block, power in blocks.items() if block != "responses"]
    return np.asarray(passed + sum(others, np.zeros(1, dtype=np.int64)))


def weigh_ties(ties: Ties) -> Floats:
    """Return log10 e for each account that it is part of the group, given that the group is real; shape (n,).

    Who has fewer than two independent ties gets nothing from them (leave the strongest out and none is left): most
    wrongly accused accounts hang on one chance link.
    """
    blocks = by_block(ties)
    return _together(blocks, events(ties, blocks)) if blocks else np.zeros(1)


def _together(blocks: dict[Block, Floats], counted: NDArray[np.int64]) -> Floats:
    total = np.sum(list(blocks.values()), axis=0)
    return np.asarray(np.where(counted >= EVENTS, total, np.minimum(total, 0.0)))


def chance_floor(traffic: Traffic) -> float:
    """Return the least mean of chance hand-overs to a group's core, for the time that the log spans."""
    population = traffic.population
    span = float(population.ends.max() - population.starts.min()) if population.size else 0.0
    return max(FLOOR, FLOOR_A_MONTH * span / MONTH)


def group_bound(finding: Finding) -> float:
    """Return log10 e that the group is what it is accused of, whatever it takes."""
    return min(finding.judged.axes[axis] for axis in GROUP_AXES[finding.verdict])


@dataclass(frozen=True)
class Membership:
    """How surely each member is part of its group, and by what; arrays in the order of the group's accounts."""

    weights: Floats  # log10 e that the account is part of a group that is real
    blocks: dict[Block, Floats]  # log10 e of its own ties by block; none for an account alone
    ties: NDArray[np.int64]  # how many independent things tie it


def membership(traffic: Traffic, finding: Finding) -> Membership:
    """Return what ties the members of a finding to each other, account by account.

    Weights are never below 0: nothing is said for innocence here. An account that is a finding by itself has the
    finding's.
    """
    group, bound = finding.judged.group, max(group_bound(finding), 0.0)
    if group.size == 1:
        return Membership(np.full(1, bound), {}, np.zeros(1, dtype=np.int64))

    def of_members(values: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(np.broadcast_to(values, (traffic.size,))[group.accounts])

    ties = count_ties(traffic, group, chance_floor(traffic))
    blocks = by_block(ties)
    counted = events(ties, blocks)
    own = of_members(_together(blocks, counted) if blocks else np.zeros(1))
    mine = {block: of_members(held) for block, held in sorted(blocks.items())}
    return Membership(np.clip(own, 0.0, bound), mine, of_members(counted))
