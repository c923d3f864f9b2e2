"""The order in which a group's work was sent: who sent what, when, in a row.

Sequences are bounded: measuring keeps whole stretches of consecutive exchanges, and drops others whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NO_CONTENT = 0  # the code of an exchange without a user turn: it is like no other


@dataclass(frozen=True, eq=False)
class Sequence:
    """Exchanges of a group's members in the order of their time: parallel arrays, shape (n,)."""

    time: Floats  # epoch seconds, ascending
    member: Ints  # position in the group's `accounts`
    content: Ints  # key of the last user turn; NO_CONTENT where there is none
    model: Ints  # code of the model, by the order of the models' names; -1 where none is told
    failed: Bools
    opening: Bools  # opens a conversation

    def __len__(self) -> int:
        return len(self.time)

    @property
    def members(self) -> int:
        """Return how many members have an exchange in it."""
        return len(np.unique(self.member))

    def take(self, kept: Ints | Bools) -> Sequence:
        """Return the exchanges at these places, in this order, or those that are true."""
        return Sequence(
            self.time[kept],
            self.member[kept],
            self.content[kept],
            self.model[kept],
            self.failed[kept],
            self.opening[kept],
        )


_NONE = np.zeros(0, dtype=np.int64)
NOTHING = Sequence(np.zeros(0), _NONE, _NONE, _NONE, np.zeros(0, dtype=bool), np.zeros(0, dtype=bool))


def merged(parts: Iterable[Sequence | None]) -> Sequence:
    """Return several sequences of one group as one, in the order of time, whatever order they come in."""
    held = [part for part in parts if part is not None]
    if not held:
        return NOTHING
    whole = Sequence(
        np.concatenate([part.time for part in held]),
        np.concatenate([part.member for part in held]),
        np.concatenate([part.content for part in held]),
        np.concatenate([part.model for part in held]),
        np.concatenate([part.failed for part in held]),
        np.concatenate([part.opening for part in held]),
    )
    return whole.take(np.lexsort((whole.opening, whole.content, whole.member, whole.time)))


def finished(parts: Iterable[Sequence | None], *, openings: bool = False) -> Sequence:
    """Return what several sequences of one group hold and did not fail; with `openings`, only those."""
    return _finished(frozenset(part for part in parts if part is not None), openings)


@lru_cache(maxsize=4)  # several signals look at the same group, one after the other
def _finished(parts: frozenset[Sequence], openings: bool) -> Sequence:
    whole = merged(parts)
    return whole.take(~whole.failed & (whole.opening | (not openings)))


@dataclass(frozen=True, eq=False)
class Pace:
    """How many exchanges the whole log holds in each minute: parallel arrays, minutes without any left out."""

    minute: Ints  # since the epoch, ascending
    counts: Ints

    def among(self, first: int, last: int) -> Ints:
        """Return the counts of the minutes from `first` to before `last`; zero outside the log."""
        found = np.zeros(max(last - first, 0), dtype=np.int64)
        low, high = np.searchsorted(self.minute, [first, max(last, first)])
        found[self.minute[low:high] - first] = self.counts[low:high]
        return found
