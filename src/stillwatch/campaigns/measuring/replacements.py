"""Replacements: what began after members were stopped, against what begins anywhere in the log."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stillwatch.evidence.lifecycle import Replacement

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WITHIN = (6 * 3600.0, 24 * 3600.0, 72 * 3600.0)  # seconds after a stop, tried side by side


def count_inside(ordered: Floats, opens: Floats, within: float) -> int:
    """Return how many of `ordered`, ascending, lie in (t, t + within] for some t of `opens`, ascending."""
    if not len(opens):
        return 0
    closes = np.maximum.accumulate(opens + within)
    fresh = np.append(True, opens[1:] > closes[:-1])  # the union of the spans, each counted once
    starts, ends = opens[fresh], closes[np.append(fresh[1:], True)]
    return int((np.searchsorted(ordered, ends, "right") - np.searchsorted(ordered, starts, "right")).sum())


def _same_papers(papers: Sequence[Ints], begun: Floats, stopped: Floats) -> NDArray[np.bool_]:
    """Return which members show a paper of a member that was stopped before they began."""
    same = np.zeros(len(begun), dtype=bool)
    halted = ~np.isnan(stopped)
    for shown in papers:
        if not (halted & (shown >= 0)).any():
            continue
        earliest = np.full(int(shown.max()) + 1, np.inf)
        np.minimum.at(earliest, shown[halted & (shown >= 0)], stopped[halted & (shown >= 0)])
        same |= (shown >= 0) & (earliest[shown] < begun)
    return same


def newcomers(begun: Floats, created: Floats) -> tuple[Floats, ...]:
    """Return, for each of WITHIN, when those accounts began that are new: made no longer ago than that; ascending.

    `created` is NaN where it is unknown; then an account counts as new, as it may be.
    """
    old = np.nan_to_num(begun - created, nan=0.0)
    return tuple(np.sort(begun[old <= within]) for within in WITHIN)


def replacements_of(
    begun: Floats,
    created: Floats,
    stopped: Floats,
    papers: Sequence[Ints],
    everybody: Sequence[Floats],
    size: int,
) -> tuple[Replacement, ...]:
    """Return what began after stops, for each of WITHIN; nothing if no member was stopped, or only one is left.

    `begun` (first seen), `created` and `stopped` have one entry a member (NaN where unknown or never), `papers` one
    array of codes (-1 for none) for each identifying field, and `everybody` is what `newcomers` says of the
    log's `size` accounts.
    """
    stops = np.sort(stopped[~np.isnan(stopped)])
    if not len(stops) or len(begun) < 2:
        return ()
    could = np.arange(len(begun)) != int(np.nanargmin(stopped))
    at = np.searchsorted(stops, begun, "left") - 1  # the last stop before a member began
    since = np.where(at >= 0, begun - stops[np.maximum(at, 0)], np.inf)
    ahead = np.append(stops, [np.inf, np.inf])
    following = np.minimum(at + 1, len(stops))
    own = ahead[following] == stopped  # one's own stop is no stop of another
    until = ahead[following + own] - begun
    same = _same_papers(papers, begun, stopped)
    found = []
    members = newcomers(begun, created)
    for within, mine, all_new in zip(WITHIN, members, everybody, strict=True):
        new = could & (np.nan_to_num(begun - created, nan=0.0) <= within)
        after = new & (since <= within)
        found.append(
            Replacement(
                within=within,
                stops=len(stops),
                others=int(could.sum()),
                stepped_in=int((after & ~same).sum()),
                openly=int((after & same).sum()),
                before=int((new & ~after & (until <= within)).sum()),
                outside_begun=count_inside(all_new, stops, within) - count_inside(mine, stops, within),
                outside=size - len(begun),
            )
        )
    return tuple(found)
