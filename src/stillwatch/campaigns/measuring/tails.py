"""Tails: which accounts lie beyond nearly all others of their kind, with the group itself left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stillwatch.evidence.shares import Marked

Ints = NDArray[np.int64]

BEYOND = 0.05  # of the others of a kind, at most, may lie beyond the mark
ENOUGH = 20  # others of a kind, to know what is usual
TOP = 63  # values are cut here


@dataclass(frozen=True)
class Tail:
    """One small number an account, among accounts of one kind; `counts` has shape (kinds, TOP + 1)."""

    kind: Ints  # -1: not to be judged
    value: Ints
    counts: Ints

    def marked(self, members: Ints) -> Marked | None:
        """Return how many members lie beyond BEYOND of the outsiders of their kind; None if none can be judged."""
        mine = members[self.kind[members] >= 0]
        kinds, at = np.unique(self.kind[mine], return_inverse=True)
        outside = self.counts[kinds].copy()
        np.subtract.at(outside, (at, self.value[mine]), 1)
        total = outside.sum(axis=1)
        above = total[:, None] - outside.cumsum(
            axis=1
        )  # outsiders with a greater value than that of the column
        mark = (above > BEYOND * total[:, None]).sum(axis=1)  # the least value that few enough pass
        enough = total >= ENOUGH
        if not enough[at].any():
            return None
        known = enough[at]
        return Marked(
            marked=int((self.value[mine] > mark[at])[known].sum()),
            known=int(known.sum()),
            outside_marked=int(above[np.arange(len(kinds)), mark][enough].sum()),
            outside_known=int(total[enough].sum()),
        )


def tail_of(kind: Ints, value: Ints) -> Tail:
    """Return the tails of values (0 or more) within kinds (-1 for accounts not to be judged)."""
    cut = np.minimum(value, TOP)
    counts = np.zeros((int(kind.max(initial=-1)) + 1, TOP + 1), dtype=np.int64)
    np.add.at(counts, (kind[kind >= 0], cut[kind >= 0]), 1)
    return Tail(kind, cut, counts)
