"""Are accounts tied to each other within the hour? All that an account did is moved as a whole, at random.

Null      The accounts' clocks are their own: moving everything that an account did by one amount, each account by an
          amount of its own of up to an hour either way, makes a log as likely as the one seen. An account's own bursts
          and pauses, a schedule it keeps to the second, and, nearly, the hours of its day stay as they are; so does the
          window in which all work, as what leaves it at one end comes in at the other.
Evidence  With a statistic f of a log, e = f(seen) / mean of f over the seen and the moved. Seen and moved are steps
          from one hidden log, so all are alike under the null, and the mean of e is one.
Source    Moving as a null: pattern jitter (Amarasingham, Harrison, Hatsopoulos & Geman 2012, Journal of
          Neurophysiology 107(2)). The hidden log: the parallel method (Besag & Clifford 1989, Biometrika 76(4)).
          The e-value: soft ranks (Koning 2023, arXiv 2310.01153).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from stillwatch.evidence.evalues import LN10, mean_log10
from stillwatch.evidence.sequence import Sequence, finished

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WIDTH = 3600.0  # seconds: a step moves an account by up to half of it either way
ROWS = 200  # logs that are compared at a time, the one seen among the first
ROUNDS = 5  # times so many, if the first speak for it
PROMISING = 1.0  # log10 e of the first that is worth the others
STRENGTHS = np.array([0.5, 1.0, 2.0, 4.0])  # of the alternative, to standard deviations of the statistic
OCCASION = 6 * 3600.0  # seconds: what one stretch of so long shows, more than the others, is left out
MOST = 2_000  # exchanges of a group: beyond that, whole occasions are left out, evenly
MIN_EXCHANGES = 12  # fewer have no order to speak of
SEED = 20_261  # of the moves: the same group is weighed the same again


@dataclass(frozen=True, eq=False)
class Logs:
    """Logs alike under the null, one a row: arrays of shape (rows, n), sorted by time."""

    times: Floats  # epoch seconds
    accounts: NDArray[np.int16]  # numbered from 0
    places: Ints  # which exchange of the work it is

    @property
    def gaps(self) -> Floats:
        """Return the seconds between one exchange and the next, shape (rows, n - 1)."""
        return np.asarray(np.diff(self.times, axis=1))

    @property
    def switches(self) -> Bools:
        """Return whether the next exchange is another account's, shape (rows, n - 1)."""
        return np.asarray(self.accounts[:, 1:] != self.accounts[:, :-1])

    @cached_property
    def by_account(self) -> tuple[Ints, Bools]:
        """Return the positions sorted by account and time, shape (rows, n), and where an account goes on.

        The second, shape (n - 1,), is the same for all rows: moves change no account's number of exchanges.
        """
        positions = np.argsort(self.accounts, axis=1, kind="stable")
        owner = self.accounts[0][positions[0]]
        return positions, np.asarray(owner[1:] == owner[:-1])

    @cached_property
    def turns(self) -> tuple[Ints, Ints]:
        """Return, for every exchange but an account's first, how many exchanges after its last it comes, and its place.

        Both of shape (rows, n - accounts).
        """
        positions, goes_on = self.by_account
        later = positions[:, 1:][:, goes_on]
        apart = np.diff(positions, axis=1)[:, goes_on]
        return np.asarray(apart), np.take_along_axis(self.places, later, axis=1)


Statistic = Callable[[Logs], tuple[Floats, Ints]]  # contributions and their exchanges' places, (rows, m) both


def numbered(members: Ints) -> Ints:
    """Number members from 0 in the order in which they appear, so that their names do not matter."""
    _values, first, code = np.unique(members, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[code])


def to_hidden(accounts: int) -> Floats:
    """Return the seconds from the log seen to the hidden one, for each account."""
    return np.random.default_rng(SEED + 1).uniform(-WIDTH / 2, WIDTH / 2, accounts)


def moves(accounts: int, rows: int) -> Floats:
    """Return the seconds by which to move each account in each log, shape (rows, accounts); row 0 is the seen one."""
    chance = np.random.default_rng(SEED)
    steps = to_hidden(accounts) + chance.uniform(-WIDTH / 2, WIDTH / 2, (rows, accounts))
    steps[0] = 0.0
    return np.asarray(steps)


def window_of(seen: Floats) -> tuple[float, float]:
    """Return the window of work from its times: from the first to a mean gap after the last."""
    begin, end = float(seen.min()), float(seen.max())
    return begin, end + (end - begin) / max(len(seen) - 1, 1) + 1.0


def moved(times: Floats, seen: Floats) -> Floats:
    """Return moved times with what leaves the work's window at one end coming in at the other.

    Without this a move would make ragged ends, and everybody whose work ends where the log ends would look joint.
    """
    begin, end = window_of(seen)
    return np.asarray(begin + (times - begin) % (end - begin))


def bounded(work: Sequence) -> Sequence:
    """Return at most about MOST exchanges, in whole occasions spread evenly over the time."""
    step = -(-len(work) // MOST)
    if step <= 1:
        return work
    number = np.floor(work.time / OCCASION)
    return work.take(np.unique(number, return_inverse=True)[1] % step == 0)


def work_of(parts: Iterable[Sequence | None], *, openings: bool = False) -> Sequence:
    """Return what a group finished in its workloads, bounded; with `openings`, only what opened a conversation."""
    return _bounded(finished(parts, openings=openings))


_bounded = lru_cache(maxsize=4)(bounded)  # several signals look at the same group, one after the other


@lru_cache(maxsize=2)
def first_logs(work: Sequence) -> Logs:
    """Return the log seen and the first moved ones."""
    return _logs(work, moves(int(numbered(work.member).max()) + 1, ROWS))


def _logs(work: Sequence, steps: Floats) -> Logs:
    accounts = numbered(work.member).astype(np.int16)  # short numbers sort by counting
    times = moved(work.time[None, :] + steps[:, accounts], work.time)
    order = np.argsort(times, axis=1, kind="stable")
    return Logs(np.take_along_axis(times, order, 1), accounts[order], order)


def by_occasion(work: Sequence, contributions: Floats, places: Ints) -> Floats:
    """Return each log's sums by the occasion of the hidden log that an exchange belongs to; (rows, occasions)."""
    accounts = numbered(work.member)
    when = work.time + to_hidden(int(accounts.max()) + 1)[accounts]
    _values, occasion = np.unique(np.floor(when / OCCASION), return_inverse=True)
    width = int(occasion.max()) + 1
    at = occasion[places] + np.arange(len(places))[:, None] * width
    sums = np.bincount(at.ravel(), contributions.ravel(), len(places) * width)
    return np.asarray(sums.reshape(len(places), width))


def trimmed(sums: Floats) -> Floats:
    """Return each log's sum without what its loudest occasion has beyond the logs' mean; shape (rows,).

    A lesson, a launch or an outage is one occasion. The same is done to every log, so that they stay alike.
    """
    excess = sums - sums.mean(axis=0)
    return np.asarray(excess.sum(axis=1) - excess.max(axis=1))


def soft_rank(values: Floats) -> float:
    """Return log10 e that the first of `values`, shape (rows,), is larger than the others make it."""
    spread = float(values.std())
    if spread <= 1e-9 * (1.0 + float(np.abs(values).max())):
        return 0.0
    scaled = np.outer(STRENGTHS, (values - values.mean()) / spread)
    powers = (scaled[:, 0] - logsumexp(scaled, axis=1) + np.log(len(values))) / LN10
    return mean_log10([float(power) for power in powers])


@dataclass(frozen=True)
class Weighed:
    """What moving says of a statistic: log10 e that it is too large, its sum as seen, and its mean as moved."""

    log10_e: float
    seen: float
    moved: float
    parts: int  # that were summed


def weigh(work: Sequence, statistic: Statistic) -> Weighed | None:
    """Return the evidence that a statistic is larger than clocks of one's own make it; None for too little work.

    More logs are made only if the first speak for it: half of the e-value is that of the first, the other half that
    of all if the first were promising and nothing if not, which keeps its mean.
    """
    if len(work) < MIN_EXCHANGES or work.members < 2:
        return None
    parts, places = statistic(first_logs(work))
    if not parts.shape[1]:
        return None
    sums = by_occasion(work, parts, places)
    first = soft_rank(trimmed(sums))
    second = -np.inf
    if first >= PROMISING:
        steps = moves(int(numbered(work.member).max()) + 1, ROWS * ROUNDS)
        more = (_logs(work, steps[at : at + ROWS]) for at in range(ROWS, ROWS * ROUNDS, ROWS))
        rest = [by_occasion(work, *statistic(logs)) for logs in more]
        second = soft_rank(trimmed(np.concatenate([sums, *rest])))
    totals = parts.sum(axis=1)
    return Weighed(mean_log10([first, second]), float(totals[0]), float(totals[1:].mean()), parts.shape[1])
