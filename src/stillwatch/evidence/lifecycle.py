"""The lives of a group's accounts: when they came and went, how they signed up, and what they show of themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from stillwatch.evidence.shares import Marked

IDENTIFIED = ("identity", "business")  # verifications that name somebody
WEAK = ("none", "email")  # verifications that a machine passes


@dataclass(frozen=True)
class Replacement:
    """What began after members were stopped, within one span of time after a stop.

    A member is stopped when it is suspended, or when it is refused for good. A member begins when it is first seen, if
    it was made no longer than `within` before. `stepped_in` counts members that began in time after an earlier stop of
    another member and show none of the papers of those stopped before; `openly` those that show some of them.
    """

    within: float  # seconds
    stops: int
    others: int  # members but for the one stopped first: those who could have stepped in
    stepped_in: int
    openly: int
    before: int  # members that began as long before a stop as `stepped_in` after one: their usual growth
    outside_begun: int  # outsiders that began within the same times
    outside: int


@dataclass(frozen=True)
class Rhythm:
    """In how many hours each member was at the work, by hour of the day: an hour of a day counts once.

    `hours` has shape (members at the work, 24); `days` is the number of days on which each was.
    """

    hours: NDArray[np.int64]
    days: NDArray[np.int64]


@dataclass(frozen=True)
class Lifecycle:
    """The lives of the members. Arrays have one entry a member in the group's order; times are epoch seconds.

    Where the source does not say, a time is NaN, a verification None and a mark absent.
    """

    created: NDArray[np.float64]
    first: NDArray[np.float64]  # seen in the log
    last: NDArray[np.float64]
    stopped: NDArray[np.float64]
    verification: tuple[str | None, ...]
    paying: NDArray[np.bool_]  # a payment instrument is known
    elsewhere: NDArray[np.float64]  # share of the member's exchanges outside the group's workloads
    usual_age: float = float("nan")  # days: the median age at first sight among outsiders
    disposable: Marked | None = None
    churning: Marked | None = None
    contradicting: Marked | None = None
    stripping: Marked | None = None
    out_of_programme: Marked | None = None
    replacements: tuple[Replacement, ...] = ()  # by span of time, shortest first
    rhythms: Mapping[int, Rhythm] = field(default_factory=dict)  # workload -> the members' hours at it

    @property
    def ages(self) -> NDArray[np.float64]:
        """Return each member's age in days when first seen; NaN where unknown."""
        return np.asarray((self.first - self.created) / 86_400.0)

    @property
    def identified(self) -> int:
        """Return how many members are verified as somebody."""
        return sum(value in IDENTIFIED for value in self.verification)
