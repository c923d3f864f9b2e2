"""Which tokens of one text return, in order, in another: anchors first, gaps after.

The idea of patience sorting as used in diffs (Bram Cohen 2005): runs of tokens that stand in both texts
equally often are paired in their order of occurrence, the longest increasing subsequence of the pairs is kept
and grown to both sides, and the gaps between are treated alike with shorter runs. Each round reads every
token once, so the cost is that of sorting, where the longest common subsequence proper is quadratic. Signs
alone anchor nothing: a comma stands everywhere.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

ROUNDS = (8, 4, 2, 1)  # tokens in a run; long runs first, so that a stray word cannot cross a long constant
NONE = -1

Tokens = Sequence[str]
Gap = tuple[int, int, int, int]  # start and end in the one, start and end in the other


def align(one: Tokens, other: Tokens) -> list[int]:
    """Return for each token of `one` the place of its partner in `other`, or -1; places only increase.

    Tokens are not empty, partners are equal. Not every longest alignment is found, every long unbroken agreement is.
    """
    partner = [NONE] * len(one)
    gaps = _pair_ends(one, other, (0, len(one), 0, len(other)), partner)
    for length in ROUNDS:
        gaps = [left for gap in gaps for left in _split(one, other, gap, length, partner)]
    return partner


def _pair_ends(one: Tokens, other: Tokens, gap: Gap, partner: list[int]) -> list[Gap]:
    """Pair what both sides of a gap begin and end with; return the gap left, if any is."""
    start, end, begin, stop = gap
    while start < end and begin < stop and one[start] == other[begin]:
        partner[start] = begin
        start, begin = start + 1, begin + 1
    while start < end and begin < stop and one[end - 1] == other[stop - 1]:
        end, stop = end - 1, stop - 1
        partner[end] = stop
    return [(start, end, begin, stop)] if start < end and begin < stop else []


def _places(tokens: Tokens, start: int, end: int, length: int) -> dict[tuple[str, ...], list[int]]:
    found: dict[tuple[str, ...], list[int]] = {}
    for i in range(start, end - length + 1):
        found.setdefault(tuple(tokens[i : i + length]), []).append(i)
    return found


def _split(one: Tokens, other: Tokens, gap: Gap, length: int, partner: list[int]) -> list[Gap]:
    """Anchor runs of `length` tokens in a gap, grow them, and return the gaps between them."""
    here, there = _places(one, gap[0], gap[1], length), _places(other, gap[2], gap[3], length)
    pairs = sorted(
        pair
        for run, places in here.items()
        if len(places) == len(there.get(run, ())) and any(token[0].isalnum() for token in run)
        for pair in zip(places, there[run], strict=True)
    )
    gaps: list[Gap] = []
    start, begin = gap[0], gap[2]
    for at, to in _increasing(pairs):
        if at < start or to < begin:  # within what the anchor before has grown over
            continue
        left = _pair_ends(one, other, (start, at, begin, to), partner)
        gaps += left
        start, begin = at, to
        while start < gap[1] and begin < gap[3] and one[start] == other[begin]:
            partner[start] = begin
            start, begin = start + 1, begin + 1
    return gaps + _pair_ends(one, other, (start, gap[1], begin, gap[3]), partner)


def _increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return a longest subsequence in which both places increase (Schensted 1961)."""
    tails: list[int] = []  # smallest last place in the other text, by length of subsequence
    ends: list[int] = []  # which pair that is
    before: list[int] = []
    for i, (_at, to) in enumerate(pairs):
        length = bisect_left(tails, to)
        before.append(ends[length - 1] if length else NONE)
        tails[length : length + 1] = [to]
        ends[length : length + 1] = [i]
    chain: list[tuple[int, int]] = []
    i = ends[-1] if ends else NONE
    while i != NONE:
        chain.append(pairs[i])
        i = before[i]
    return chain[::-1]
