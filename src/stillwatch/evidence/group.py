"""What signals weigh: a proposed group of accounts, measured, and the population it came from.

Signals are pure functions of these two; nothing here reads a table, a clock or a file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from stillwatch.evidence.adoption import Adoption
from stillwatch.evidence.evalues import binomial_excess
from stillwatch.evidence.lifecycle import Lifecycle
from stillwatch.evidence.mixes import Mixes
from stillwatch.evidence.population.profile import PopulationProfile, shipped_profile
from stillwatch.evidence.row import Axis, Block, Evidence
from stillwatch.evidence.sequence import Pace, Sequence
from stillwatch.evidence.succession import Succession
from stillwatch.workloads.describe import capability

CLEAR = 0.5  # of the requests, each surely after something by itself
MIN_WORK = 3  # exchanges of one account in one workload: fewer have no beginning and end to speak of

Origin = Literal["handover", "workload", "artefact", "account"]


@dataclass(frozen=True)
class Handovers:
    """Things passed between accounts (a conversation, an answer, a reasoning block, a retry), one signal's.

    A unit is one thing passed, however often; units are split into two halves by a hash of what was passed.
    `tested[h]` counts the units of half h inside the cluster that the other half alone had formed, and
    `expected[h]` what chance puts there, so no unit is counted by the cluster it helped to form. Where something else
    formed the group, `formed` is false and all count, as pairs of accounts by which three or more hang together.
    """

    units: int
    tested: tuple[int, int]
    expected: tuple[float, float]
    formed: bool = True


@dataclass(frozen=True)
class Use:
    """The group's part of one workload, and what everybody else did with it. Times are epoch seconds."""

    workload: int
    templated: bool
    holders: int  # members with a stream in it
    exchanges: int
    answered: int
    openings: int  # exchanges that open a conversation
    long_answers: int
    generated: int  # answers not restating their input
    short_prompts: int
    refused: int
    tool_answers: int
    with_tools: int
    many_samples: int
    contents: int  # distinct last user turns
    repeated: int  # answered exchanges whose content two members or more sent
    collisions: int  # pairs of members that sent the same content
    outputs: int  # distinct answers of some length
    skeletons: int  # distinct answer outlines
    classified: int  # requests that were looked at for what they are after
    asked: Mapping[str, int]  # capability -> requests that lean to it
    given: Mapping[str, int]  # capability -> requests that are surely after it
    user_form: bool  # a template of the last user turn, not only of the system text
    user_spread: float  # standard deviation of the natural log of the last user turn's length
    holding: NDArray[np.int64]  # the holders' account numbers
    loads: NDArray[np.int64]  # per holder
    starts: NDArray[np.float64]
    ends: NDArray[np.float64]
    halves: NDArray[np.int64]  # 0 or 1 per holder, by a keyed hash of the account
    outside_loads: NDArray[np.int64]  # the same for accounts that are not members
    outside_starts: NDArray[np.float64]
    outside_ends: NDArray[np.float64]
    outside_halves: NDArray[np.int64]
    draws: NDArray[np.int64]  # distinct contents of each member that was answered
    outside_draws: int  # the same, summed over outsiders
    shared_contents: int  # contents that members and outsiders both sent
    meetings: int  # pairs of a member and an outsider that sent the same content
    sequence: Sequence | None = None  # what the members sent, in the order of time

    @property
    def sought(self) -> str:
        """What the work is after: a slug of the taxonomy."""
        return capability(self.exchanges, self.classified, self.asked, self.with_tools, 0.0)

    @property
    def clearly(self) -> bool:
        """Whether so many of the work's requests are after it, each surely by itself, that it is no chance wording."""
        return self.given.get(self.sought, 0) >= CLEAR * max(self.classified, 1)


def weights_of(uses: tuple[Use, ...]) -> NDArray[np.float64]:
    """Return the weight of each workload of a group, set by its volume alone; shape (uses,), sum one.

    Half of it is equal, half goes by exchanges: the best of them, times its weight, is never far below their mean.
    """
    sent = np.array([use.exchanges for use in uses], dtype=np.float64)
    return np.asarray(0.5 / len(uses) + 0.5 * sent / max(sent.sum(), 1.0))


@dataclass(frozen=True)
class Trait:
    """How one identifying field is spread over the members, and over everybody else."""

    known: int  # members with a value
    distinct: int
    top: int  # members that share the commonest value
    outside_known: int
    outside_top: int  # outsiders with that same value
    values: int  # distinct values in the whole population
    common: bool = False  # the commonest value is everybody's (a free mail service, a popular SDK)

    @property
    def rate(self) -> float:
        """Return the rate at which outsiders show the members' commonest value, with one added either way."""
        return (self.outside_top + 1) / (self.outside_known + 2)

    @property
    def log10_excess(self) -> float:
        """Return log10 e that members share it more than outsiders do; any of the values might have stood out."""
        return binomial_excess(self.top, self.known, self.rate) - math.log10(max(self.values, 1))


@dataclass(frozen=True)
class Group:
    """Accounts proposed to be one operator. `accounts` indexes the population's accounts."""

    accounts: NDArray[np.int64]
    origin: Origin
    source: str  # what proposed it, in words
    picked_by_start: bool = (
        False  # the members are those who started together: their start tells nothing more
    )
    uses: tuple[Use, ...] = ()  # workloads of some weight in the group, heaviest first
    handovers: Mapping[str, Handovers] = field(default_factory=dict)
    traits: Mapping[str, Trait] = field(default_factory=dict)
    exchanges: int = 0  # all exchanges of the members
    openings: int = 0  # of these, how many open a conversation
    workloads: int = 1  # workloads of some weight that could have been chosen
    declared: Mapping[str, int] = field(default_factory=dict)  # declared use -> members
    permitted: int = 0  # members allowed to train on outputs
    suspended: int = 0
    lifecycle: Lifecycle | None = None  # when its accounts came and went, and how they signed up
    adoptions: tuple[Adoption, ...] = ()  # of models released within the log
    succession: Succession | None = None  # what it took up of a suspended campaign
    mixes: Mixes | None = None  # how members share their requests out over kinds of work

    @property
    def size(self) -> int:
        return len(self.accounts)

    @property
    def main(self) -> Use | None:
        """The workload the group is judged on: the heaviest, if it has one."""
        return self.uses[0] if self.uses else None


@dataclass(frozen=True)
class Population:
    """Everybody in the scan. Arrays have one entry an account; times are epoch seconds."""

    loads: NDArray[np.int64]
    starts: NDArray[np.float64]
    ends: NDArray[np.float64]
    work_starts: NDArray[np.float64]  # of every stream of MIN_WORK exchanges or more, of all workloads
    work_ends: NDArray[np.float64]
    has_accounts_table: bool
    present: frozenset[str]  # fields that carry a value anywhere
    main_shares: NDArray[np.float64]  # of accounts with some traffic: the share of their main workload
    pace: Pace | None = None  # exchanges of the whole log, minute by minute
    profile: PopulationProfile = field(default_factory=shipped_profile)  # what honest traffic is like

    @property
    def size(self) -> int:
        return len(self.loads)


class Signal(Protocol):
    """One test. It returns None where its fields are missing: that speaks neither for nor against."""

    @property
    def name(self) -> str: ...

    @property
    def axis(self) -> Axis: ...

    @property
    def block(self) -> Block: ...

    @property
    def null(self) -> str: ...

    @property
    def fields(self) -> tuple[str, ...]: ...

    def weigh(self, group: Group, population: Population) -> Evidence | None: ...
