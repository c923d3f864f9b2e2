"""What the population is learned from: arrays taken out of a log, of the size of its accounts and their streams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Streams:
    """Accounts' parts of workloads: parallel arrays, sorted by account."""

    account: Ints
    workload: Ints
    kind: Ints  # of work: a code of capability and shape
    exchanges: Ints
    templated: NDArray[np.bool_]


@dataclass(frozen=True)
class Observed:
    """A log's population. Arrays over accounts have shape (accounts,); times are epoch seconds."""

    loads: Ints
    main: Ints  # what an account is mostly after, an index of `capabilities`
    capabilities: tuple[str, ...]
    streams: Streams
    rates: Mapping[str, tuple[Ints, Ints]] = field(default_factory=dict)  # name -> (how often, of how many)
    hours: Ints | None = None  # requests by hour of day in UTC, (accounts, 24)
    holders: Mapping[str, Ints] = field(default_factory=dict)  # trait -> accounts by value
    until: float = 0.0  # the last event

    @property
    def accounts(self) -> int:
        return len(self.loads)
