"""Heavy shingles: pieces of text that too many accounts share, or that one account repeats too often.

Counted by distinct accounts, never by requests, so one busy customer cannot make its text look common.
A shingle is heavy when its count is beyond what a Poisson null allows at the number of shingles tracked
(Bonferroni over all of them). Whole-document similarity is not used: under slot filling it vanishes.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import numpy as np
from ibis import _
from scipy.stats import poisson

from stillwatch.engines import Session

SYSTEM, USER = 0, 1  # which text of the request a shingle comes from
ALPHA = 0.01  # expected number of shingles called heavy by chance, over all of them
MIN_REPEATS = 8  # in one account; fewer repeats are a person trying again
ENTRY_BYTES = 128  # of the engine's memory, for one exchange and shingle while they are counted
MOST_SLICES = 256


def incidence(sketches: ir.Table) -> ir.Table:
    """Return one row per exchange and shingle: exchange_key, account_key, content_key, part, shingle."""
    kept = ("exchange_key", "account_key", "content_key")
    parts = [
        sketches.select(*kept, part=ibis.literal(part, "int8"), shingle=sketches[column].unnest())
        for part, column in ((SYSTEM, "system_shingles"), (USER, "user_shingles"))
    ]
    return ibis.union(*parts)


def count_holders(pairs: ir.Table) -> ir.Table:
    """Return one row per shingle: part, shingle, accounts, repeats (most exchanges in one account)."""
    per_account = pairs.group_by("part", "shingle", "account_key").agg(uses=_.count())
    return per_account.group_by("part", "shingle").agg(accounts=_.count(), repeats=_.uses.max())


def account_cut(session: Session, counts: ir.Table) -> int:
    """Return the least number of accounts that chance sharing does not explain.

    The null rate is the mean number of accounts per shingle with the commonest hundredth left out, so that
    the templates themselves do not set it.
    """
    tally = session.fetch(counts.group_by("accounts").agg(shingles=_.count()).order_by("accounts"))
    holders, shingles = tally["accounts"].to_numpy(), tally["shingles"].to_numpy()
    tracked = int(shingles.sum())
    if not tracked:
        return MIN_REPEATS
    ordinary = np.cumsum(shingles) <= 0.99 * tracked
    ordinary[0] = True
    rate = float(np.average(holders[ordinary], weights=shingles[ordinary]))
    return int(poisson.isf(ALPHA / tracked, rate)) + 1


def slices_for(session: Session, sketches: ir.Table) -> int:
    """Return into how many slices of the shingles counting is cut, so that each fits in memory."""
    if session.room is None:
        return 1
    entries = (sketches.system_shingles.length() + sketches.user_shingles.length()).sum()
    total = session.fetch(sketches.aggregate(n=entries.cast("int64")))["n"][0].as_py() or 0
    return max(1, min(MOST_SLICES, -(-total * ENTRY_BYTES // session.room)))


def _counted(session: Session, pairs: ir.Table, slices: int) -> ir.Table:
    """Count the holders of all shingles, saved as `shingle_counts`, a slice of the shingles at a time."""
    counts = session.save("shingle_counts", count_holders(_slice(pairs, 0, slices)))
    for number in range(1, slices):
        session.add("shingle_counts", count_holders(_slice(pairs, number, slices)))
    return counts


def _slice(pairs: ir.Table, number: int, slices: int) -> ir.Table:
    return pairs if slices == 1 else pairs.filter((_.shingle % slices).abs() == number)


def find_heavy(session: Session, sketches: ir.Table) -> tuple[ir.Table, ir.Table]:
    """Return (heavy shingles with their counts, the incidence rows of heavy shingles), both saved."""
    pairs = incidence(sketches)
    counts = _counted(session, pairs, slices_for(session, sketches))
    cut = account_cut(session, counts)
    heavy = session.save("heavy_shingles", counts.filter((_.accounts >= cut) | (_.repeats >= MIN_REPEATS)))
    postings = session.save("heavy_postings", pairs.semi_join(heavy, ["part", "shingle"]))
    session.drop("shingle_counts")
    return heavy, postings
