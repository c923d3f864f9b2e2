"""Sign-ups: accounts made in haste, on mail domains that everybody throws away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stillwatch.campaigns.traffic import MISSING
from stillwatch.evidence.shares import Marked

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

YOUNG = 30.0  # days before its first request that an account was created, at most
JUDGED = 5  # outsiders on a domain, to say what its users are like: fewer may be one customer's own
THROWN = 0.9  # of a domain's users are young: nobody stays on it


@dataclass(frozen=True)
class Signups:
    """Who signed up in haste: `hasty` is young and hardly verified, `known` where that can be told."""

    known: Flags
    young: Flags
    hasty: Flags
    domain: Ints | None  # code of the mail domain; None where no account has one
    users: Ints  # by domain, of those known
    thrown: Ints  # by domain: users that are young
    marked: Flags

    def of(self, members: Ints) -> Marked | None:
        """Return how many members signed up in haste on a domain that others throw away; None if it is unknown."""
        mine = members[self.known[members]]
        if not len(mine):
            return None
        marked = self.hasty[mine]
        if self.domain is not None:
            of = self.domain[mine]
            size = len(self.users)
            users = self.users[of] - np.bincount(of, minlength=size)[of]
            thrown = self.thrown[of] - np.bincount(of[self.young[mine]], minlength=size)[of]
            marked = marked & (users >= JUDGED) & (thrown >= THROWN * users)
        outside = int(self.known.sum()) - len(mine)
        return Marked(int(marked.sum()), len(mine), int(self.marked.sum() - self.marked[mine].sum()), outside)


def signups_of(ages: NDArray[np.float64], weak: Ints | None, domain: Ints | None) -> Signups:
    """Return who signed up in haste, by age in days at first sight, weak verification (1, 0, MISSING) and domain.

    `weak` and `domain` are None where the source has no such field; without both, nobody can be judged.
    """
    known = ~np.isnan(ages)
    young = known & (np.nan_to_num(ages, nan=np.inf) <= YOUNG)
    hasty = young if weak is None else young & (weak == 1)
    if weak is not None:
        known = known & (weak != MISSING)
    if domain is None or (domain == MISSING).all():
        known = known & (weak is not None)
        nothing = np.zeros(0, dtype=np.int64)
        return Signups(known, young, hasty & known, None, nothing, nothing, hasty & known)
    known = known & (domain != MISSING)
    young, hasty = young & known, hasty & known
    size = int(domain.max(initial=-1)) + 1
    users, thrown = (np.bincount(domain[which], minlength=size) for which in (known, young))
    others, leaving = users[domain] - 1, thrown[domain] - 1
    marked = hasty & (others >= JUDGED) & (leaving >= THROWN * others)
    return Signups(known, young, hasty, domain, users, thrown, marked)


def thrown_away(signups: Signups) -> Flags:
    """Return, by code of a domain, whether its users throw it away: it is no paper that tells anybody."""
    return np.asarray((signups.users >= JUDGED) & (signups.thrown >= THROWN * signups.users))
