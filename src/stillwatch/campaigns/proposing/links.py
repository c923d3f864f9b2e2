"""Links: pairs of accounts and the log10 odds that they are one operator's.

Odds before looking: of all accounts, `PARTNERS` might be those of the same operator. What two accounts share or pass
multiplies them by a likelihood ratio (Fellegi & Sunter 1969, JASA 64): how often accounts of one operator show it,
over how often strangers do, by the population's own frequencies. A value that many have and a thing that passes
everywhere are worth nothing; a pair without a link counts against, `APART`, as few pairs of a pool lack one for long.
Each account keeps its strongest links only.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from stillwatch.campaigns.proposing.pairs import Holdings, in_common, neighbours
from stillwatch.campaigns.traffic import Traffic

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LINKING_TRAITS = ("payment", "email", "phone", "device", "connection")
PARTNERS = 60  # accounts that an operator might have beside one
MAX_HOLDERS = PARTNERS  # of an artefact value: a value of more accounts links nobody
PASSING = 0.05  # things that two accounts of one operator pass in a log, on average
APART = PASSING / math.log(
    10
)  # log10 odds that a pair without a link loses: nothing passed, log10 of e^-PASSING
UNITS_CAP = 5  # hand-overs between two accounts beyond which more prove nothing new
MOST = 10.0  # log10 odds that are claimed for a pair
LEAST_CHANCE = 0.1  # things that pass by chance in any log, at least
LINKS_CAP = 64  # an account's strongest links
CONTRADICTION = 0.5  # log10 odds that two different organisations, both verified, take from a pair
VERIFIED = ("identity", "business")
DENSITY = 0.02  # hand-overs per pair of accounts that a pool shows at least, where links are plain counts


@dataclass(frozen=True)
class Links:
    """Pairs of accounts, `a` < `b`, each once and sorted, with log10 odds that they are one operator's."""

    a: Ints
    b: Ints
    odds: Floats


def prior(accounts: int) -> float:
    """Return log10 odds, before looking, that two of so many accounts are one operator's; never above even."""
    return min(0.0, math.log10(PARTNERS / max(accounts - 1, 1)))


def rarity(holders: Ints, accounts: int) -> Floats:
    """Return log10 of how much rarer than certain it is that a stranger has a value too, by its holders."""
    others = np.maximum(holders - 1, 1)
    return np.asarray(np.log10(max(accounts - 1, 1) / others))


def summed(accounts: int, parts: list[tuple[Ints, Ints, Floats]]) -> Links:
    """Return pairs with their log10 likelihood ratios added up."""
    if not parts:
        return Links(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    a, b, weight = (np.concatenate(column) for column in zip(*parts, strict=True))
    pair, at = np.unique(np.minimum(a, b) * accounts + np.maximum(a, b), return_inverse=True)
    total = np.bincount(at, weights=weight, minlength=len(pair)).astype(np.float64)
    return Links(pair // max(accounts, 1), pair % max(accounts, 1), total)


def strongest(links: Links, accounts: int, most: int = LINKS_CAP) -> Links:
    """Return the links that are among the strongest `most` of one of their two accounts: at most `most` an account.

    Of equally strong ones those to the lower numbers stay.
    """
    degree = np.bincount(links.a, minlength=accounts) + np.bincount(links.b, minlength=accounts)
    crowded = degree > most
    keep = ~(crowded[links.a] & crowded[links.b])
    at = np.flatnonzero(~keep)  # the others are kept by the account that has few
    side, other = np.r_[links.a[at], links.b[at]], np.r_[links.b[at], links.a[at]]
    order = np.lexsort((other, -np.round(np.tile(links.odds[at], 2), 9), side))
    first = np.searchsorted(side[order], side[order])
    chosen = order[np.arange(len(order)) - first < most]
    keep[at[chosen % max(len(at), 1)]] = True
    return Links(links.a[keep], links.b[keep], links.odds[keep])


def _lone(giver: Ints, taker: Ints, accounts: int) -> NDArray[np.bool_]:
    """Return which hand-overs are of two accounts that pass things with nobody else."""
    low, high = np.minimum(giver, taker), np.maximum(giver, taker)
    pair = np.unique(low * accounts + high)
    partners = np.bincount(pair // accounts, minlength=accounts)
    partners += np.bincount(pair % accounts, minlength=accounts)
    return np.asarray((partners[low] == 1) & (partners[high] == 1))


def handover_ratios(traffic: Traffic, half: int | None) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Yield, signal by signal, pairs that passed things and log10 of Poisson likelihood ratios.

    What two accounts pass that pass nothing with others is taken to be all chance or honest habit, and gives the rate
    of strangers. Chance grows with the product of their traffic, habit does not: the rate goes with its root.
    """
    moved, loads = traffic.handovers, traffic.population.loads
    size = np.maximum(loads / max(loads.mean(), 1e-9), 1.0) if len(loads) else np.zeros(0)
    for signal in range(len(traffic.signals)):
        mine = moved.signal == signal
        giver, taker, unit = moved.giver[mine], moved.taker[mine], moved.unit[mine]
        chance = max(LEAST_CHANCE, len(np.unique(unit[_lone(giver, taker, traffic.size)])))
        if half is not None:
            of_half = moved.half[mine] == half
            giver, taker, chance = giver[of_half], taker[of_half], max(LEAST_CHANCE, chance / 2)
        low, high = np.minimum(giver, taker), np.maximum(giver, taker)
        pair, units = np.unique(low * traffic.size + high, return_counts=True)
        a, b = pair // max(traffic.size, 1), pair % max(traffic.size, 1)
        rate = 2 * chance * np.sqrt(size[a] * size[b]) / max(traffic.size, 1) ** 2
        yield a, b, np.minimum(units, UNITS_CAP) * np.maximum(np.log10(PASSING / rate), 0.0)


def artefact_ratios(traffic: Traffic) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Yield, trait by trait, pairs that share a value which few have, and log10 likelihood ratios."""
    for trait in LINKING_TRAITS:
        if trait not in traffic.traits:
            continue
        shown = traffic.traits[trait]
        held, holders = Holdings.of(shown.value, shown.account).counted()
        held = held.held((holders[held.value] > 1) & (holders[held.value] <= MAX_HOLDERS))
        a, b = neighbours(held, traffic.size, reach=MAX_HOLDERS // 2)  # all pairs of so few
        weight = rarity(holders, traffic.size)
        yield a, b, in_common(held, traffic.size, weight, a, b)[1]


def contradicted(traffic: Traffic, a: Ints, b: Ints) -> NDArray[np.bool_]:
    """Return which pairs are of accounts verified for two different organisations."""
    if traffic.accounts is None:
        return np.zeros(len(a), dtype=bool)
    organisation = np.full(traffic.size, -1, dtype=np.int64)
    shown = traffic.traits["organisation"]
    organisation[shown.account] = shown.value
    verified = pc.is_in(traffic.accounts["verification"].combine_chunks(), value_set=pa.array(VERIFIED))
    sure = verified.fill_null(False).to_numpy(zero_copy_only=False) & (organisation >= 0)
    return np.asarray(sure[a] & sure[b] & (organisation[a] != organisation[b]))


def passing_pairs(traffic: Traffic, half: int | None = None) -> Links:
    """Return the pairs that passed anything (of one half of the units, if given), with the number of things."""
    moved = traffic.handovers
    chosen = np.ones(len(moved.unit), dtype=bool) if half is None else moved.half == half
    things = np.ones(int(chosen.sum()))
    return summed(traffic.size, [(moved.giver[chosen], moved.taker[chosen], things)])


def link(traffic: Traffic, half: int | None = None) -> Links:
    """Return the links by what passed between accounts (of one half of the units, if given) and artefacts.

    With a half given, artefacts are left out: what is tested then is the hand-overs alone.
    """
    parts = list(handover_ratios(traffic, half))
    parts += list(artefact_ratios(traffic)) if half is None else []
    found = summed(traffic.size, parts)
    odds = found.odds + prior(traffic.size) - CONTRADICTION * contradicted(traffic, found.a, found.b)
    likely = odds > 0
    odds = np.minimum(odds[likely], MOST)
    return strongest(Links(found.a[likely], found.b[likely], odds), traffic.size)
