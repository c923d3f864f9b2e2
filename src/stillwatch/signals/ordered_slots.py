"""Ordered slots: what was sent once by some accounts is sent again by others, in the same order.

Null      Each member's clock is its own: all that it did might as well have come up to an hour earlier or later, each
          member by an amount of its own. A bank that everybody goes through from the front, and exercises that a class
          gets week by week, keep their order in that: they say nothing.
Evidence  The longest increasing run of second passes, in the order of first passes, over the union of accounts (about
          2 sqrt n of n by chance), against 999 logs with the members moved. Only contents that exactly two members sent
          once each.
Blind to  Work that is sent once: its order has no index but the one it would be tested with, so nothing is said. That
          is most campaigns; only second samples, second models and doubled work show an order.
Source    Longest increasing subsequence: Schensted 1961, Canadian Journal of Mathematics 13; about 2 sqrt n: Vershik &
          Kerov 1977. Pattern jitter: Amarasingham et al. 2012, Journal of Neurophysiology 107(2).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stillwatch.evidence.evalues import clip
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.jitter import moves, numbered, soft_rank
from stillwatch.evidence.row import TELLING, Axis, Block, Evidence
from stillwatch.evidence.sequence import NO_CONTENT, Sequence, finished

MIN_CONTENTS = 12  # sent twice
MOST_CONTENTS = 1_000
MIN_MEMBERS = 3
LOGS = 1_000  # the one seen, and moved ones

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def longest_increasing(values: Floats) -> int:
    """Return the length of the longest strictly increasing subsequence, by patience sorting in O(n log n)."""
    tops: list[float] = []
    for value in values.tolist():
        at = bisect_left(tops, value)
        tops[at : at + 1] = [value]
    return len(tops)


def passes(work: Sequence) -> tuple[Ints, Ints]:
    """Return the places of both sends of every content that exactly two members sent once each."""
    order = np.lexsort((work.time, work.content))
    content = work.content[order]
    edges = np.flatnonzero(np.diff(content, prepend=content[:1] - 1)) if len(content) else np.zeros(0, int)
    counts = np.diff(np.append(edges, len(content)))
    at = edges[counts == 2]
    one, other = order[at], order[at + 1]
    apart = (work.member[one] != work.member[other]) & (work.content[one] != NO_CONTENT)
    by_time = np.argsort(work.time[one[apart]], kind="stable")[:MOST_CONTENTS]
    return one[apart][by_time], other[apart][by_time]


def order_kept(work: Sequence, one: Ints, other: Ints) -> Floats:
    """Return the longest increasing run, as seen and with the members moved; shape (LOGS,)."""
    accounts = numbered(work.member)
    found = []
    for move in moves(int(accounts.max()) + 1, LOGS):
        sends = np.stack([work.time[at] + move[accounts[at]] for at in (one, other)])
        found.append(longest_increasing(sends.max(axis=0)[np.argsort(sends.min(axis=0), kind="stable")]))
    return np.array(found, dtype=np.float64)


@dataclass(frozen=True)
class OrderedSlots:
    name: str = "ordered_slots"
    axis: Axis = "coordination"
    block: Block = "content"
    null: str = (
        "the members' clocks are their own, so what two of them sent comes in no common order within the hour"
    )
    fields: tuple[str, ...] = ("messages", "time")
    ceiling: float = 3.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        work = finished(use.sequence for use in group.uses)
        if work.members < MIN_MEMBERS:
            return None
        one, other = passes(work)
        if len(one) < MIN_CONTENTS:
            return None
        kept = order_kept(work, one, other)
        log10_e, seen, usual = soft_rank(kept), kept[0], float(kept[1:].mean())
        reading = "one hand goes down one list" if log10_e >= TELLING else "hardly the order of one list"
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(log10_e, self.ceiling),
            null=self.null,
            observed=f"of {len(one)} prompts sent by two members each, {seen:.0f} in a row keep their order",
            expected=f"{usual:.0f} with the members' clocks moved against each other",
            n=len(one),
            fields=self.fields,
            summary=f"{len(one)} prompts were sent by two of these accounts each, and {seen:.0f} of them in a row "
            f"keep one order where clocks of their own would keep {usual:.0f}: {reading}.",
        )


SIGNAL = OrderedSlots()
