"""Sequences of honest users and of pools, for the tests of signals about time; all figures are invented."""

from __future__ import annotations

from collections.abc import Sequence as Many
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillwatch.evidence.group import Group
from stillwatch.evidence.sequence import Sequence
from tests.signals.makers import HOUR, NOON, bare_group, use

DAY = 24 * HOUR
MIDNIGHT = NOON - 12 * HOUR
Floats = NDArray[np.float64]


def sequence(time: Any, member: Any, **said: Any) -> Sequence:
    """Return exchanges in the order of time; each sends a content of its own and opens a conversation."""
    time, member = np.asarray(time, dtype=np.float64), np.asarray(member, dtype=np.int64)
    order = np.argsort(time, kind="stable")
    plain: dict[str, Any] = {
        "content": np.arange(1, len(time) + 1),
        "model": np.zeros(len(time), dtype=np.int64),
        "failed": np.zeros(len(time), dtype=bool),
        "opening": np.ones(len(time), dtype=bool),
    }
    rest = {name: np.asarray(value)[order] for name, value in (plain | said).items()}
    return Sequence(time=time[order], member=member[order], **rest)


def group_of(*parts: Sequence, **said: Any) -> Group:
    """Return a group that one or several workloads' sequences are measured of."""
    uses = tuple(use(workload=i, sequence=part) for i, part in enumerate(parts, start=1))
    return bare_group(uses=uses, **({"origin": "workload"} | said))


def bursts(random: np.random.Generator, starts: Floats, size: float, gap: float) -> Floats:
    """Return sessions: from each start, a geometric number of exchanges with exponential gaps."""
    counts = random.geometric(1 / size, len(starts))
    owner = np.repeat(np.arange(len(starts)), counts)
    steps = np.cumsum(random.exponential(gap, int(counts.sum())))
    firsts = np.cumsum(counts) - counts
    return np.asarray(starts[owner] + steps - steps[firsts][owner])


def person(random: np.random.Generator, days: int) -> Floats:
    """Return the times of somebody with hours, sessions and a volume of their own."""
    opens, long = random.uniform(6, 14), random.uniform(4, 10)
    sessions = random.poisson(random.lognormal(0.5, 0.7), days)
    day = np.repeat(np.arange(days), sessions)
    starts = MIDNIGHT + day * DAY + (opens + long * random.random(len(day))) * HOUR
    return bursts(random, starts, random.uniform(1, 8), random.uniform(20, 400))


def program(random: np.random.Generator, days: int, period: float = 1800.0) -> Floats:
    """Return the times of something that runs every so often, at a phase of its own."""
    phase = random.uniform(0, period)
    times = np.arange(MIDNIGHT + phase, MIDNIGHT + days * DAY, period)
    return np.asarray(times + random.normal(0, 1.0, len(times)))


def users(*clocks: Floats) -> Sequence:
    """Return the sequence of users, one a list of times."""
    return sequence(np.concatenate(clocks), np.repeat(np.arange(len(clocks)), [len(c) for c in clocks]))


def honest(random: np.random.Generator, people: int = 5, programs: int = 2, days: int = 4) -> Sequence:
    """Return people and programs that know nothing of each other."""
    clocks = [person(random, days) for _who in range(people)]
    return users(*clocks, *(program(random, days) for _which in range(programs)))


def queue(random: np.random.Generator, days: int, a_day: int, size: float = 6.0) -> Floats:
    """Return when a pipeline sends, in bursts around the clock."""
    starts = MIDNIGHT + random.uniform(0, days * DAY, round(days * a_day / size))
    return np.sort(bursts(random, starts, size, 20.0))


def pool(random: np.random.Generator, times: Floats, members: int, schedule: str) -> Sequence:
    """Deal a queue out to accounts: `random`, `round_robin`, `sticky` (for an hour) or `fill_first` (40 each)."""
    turn = np.arange(len(times))
    member = {
        "random": lambda: random.integers(0, members, len(times)),
        "round_robin": lambda: turn % members,
        "sticky": lambda: ((times - times[0]) // HOUR).astype(np.int64) % members,
        "fill_first": lambda: (turn // 40) % members,
    }[schedule]()
    return sequence(times, member)


def lowered(e_values: Any) -> Any:
    """Lower e-values to twenty: their mean stays under one, and few runs suffice to see it."""
    return np.minimum(e_values, 20.0)


def week_later(work: Sequence) -> Sequence:
    """Return the same a week later."""
    return Sequence(work.time + 7 * DAY, work.member, work.content, work.model, work.failed, work.opening)


def renamed(work: Sequence, names: Many[int]) -> Sequence:
    """Return the same work under other positions in the group."""
    member = np.asarray(names)[work.member]
    return Sequence(work.time, member, work.content, work.model, work.failed, work.opening)
