"""When to look: ends of growing prefixes of a log, dense where its campaigns are young."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

STEPS: Final = 12
_LEADS: Final = (1, 2, 4)

Times = NDArray[np.int64]  # microseconds since 1970, UTC


def milestones(count: int) -> Iterator[int]:
    """Yield 100, 200, 400, 1,000, 2,000, 4,000 … up to `count`."""
    power = 100
    while power <= count:
        yield from (lead * power for lead in _LEADS if lead * power <= count)
        power *= 10


def by_growth(times: Mapping[str, Times], last: int, steps: int = STEPS) -> list[int]:
    """Return at most `steps` prefix ends for the times of each campaign's exchanges, ascending, `last` the last.

    Each campaign asks for the moments at which it has made 100, 200, 400, 1,000 … exchanges. Where that is more
    than `steps`, they are thinned evenly by rank. An end lies a microsecond after the exchange that it includes;
    `last` is the time of the log's last exchange. Raises ValueError where `steps` is less than 1.
    """
    if steps < 1:
        raise ValueError(f"steps: expected at least 1, found {steps}")
    asked = {int(np.sort(each)[n - 1]) + 1 for each in times.values() for n in milestones(len(each))}
    early = sorted(end for end in asked if end <= last)
    kept = steps - 1
    if len(early) > kept:
        early = (
            [early[i] for i in np.unique(np.linspace(0, len(early) - 1, kept).round().astype(int))]
            if kept
            else []
        )
    return [*early, last + 1]


def by_clock(first: int, last: int, hours: float) -> list[int]:
    """Return prefix ends every so many hours from the log's first exchange on, the last after its last one.

    Raises ValueError where `hours` is not positive.
    """
    if hours <= 0:
        raise ValueError(f"hours: expected more than 0, found {hours:g}")
    step = max(1, round(hours * 3_600_000_000))
    return [*range(first + step, last + 1, step), last + 1]


def instant(microseconds: int) -> datetime:
    """Return microseconds since 1970 as a time in UTC, exact to the microsecond."""
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)
