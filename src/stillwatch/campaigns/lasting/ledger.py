"""The ledger: evidence on one group added up over scans whose data do not overlap.

What passes between accounts happens anew in every scan. Members between whom something passed are counted as pairs,
each once over all scans, against all that chance passes in as many: a mixture over rates of the products of each scan's
likelihood ratios, so an e-process (Howard et al. 2021, Annals of Statistics 49(2), on mixtures of supermartingales);
that a pair counts once only lowers it. Two accounts that write to each other every day never grow into a pool so.

What stands (identities, what is sought, shape, habits of the day) is one fact however often it is seen: the mean of
its e-values over the scans is an e-value under any dependence (Vovk & Wang 2021), a product would not be. Where a
signal is silent it counts as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import numpy as np

from stillwatch.campaigns.judging import Judged
from stillwatch.campaigns.lasting.records import Ledger, Tally
from stillwatch.campaigns.measuring.handovers import CHANCE_FLOOR, COVERED, MANY, SPREAD, TOUCHED, chained
from stillwatch.campaigns.proposing.splitting import seams
from stillwatch.campaigns.traffic import Ints, Traffic, among
from stillwatch.evidence.evalues import CEILING, clip
from stillwatch.evidence.group import Group, Handovers
from stillwatch.evidence.handover import HANDED_OVER
from stillwatch.evidence.row import Evidence

MOST_PAIRS = 200  # of members, kept for a group and signal; more prove nothing new
DIGITS = 6  # kept of a float, so that equal scans leave equal files


def chance_of(traffic: Traffic, members: Ints) -> dict[str, float]:
    """Return for every signal how many things chance passes inside the group in this scan."""
    loads = traffic.population.loads
    share = float(loads[members].sum()) / max(int(loads.sum()), 1)
    return {
        name: round(sum(max(CHANCE_FLOOR, int(n) * share**2) for n in halves), DIGITS)
        for name, halves in zip(traffic.signals, traffic.units, strict=True)
    }


def pairs_of(traffic: Traffic, members: Ints) -> dict[str, list[tuple[str, str]]]:
    """Return the pairs of members between whom something passed, by signal, as sorted account ids."""
    moved, ids = traffic.handovers, traffic.account_ids
    within = np.flatnonzero(among(members, moved.giver) & among(members, moved.taker))
    low, high = np.minimum(moved.giver, moved.taker), np.maximum(moved.giver, moved.taker)
    found = {}
    for code, name in enumerate(traffic.signals):
        mine = within[moved.signal[within] == code]
        pairs = np.unique(np.stack([low[mine], high[mine]]), axis=1).T.tolist()
        found[name] = [(ids[a].as_py(), ids[b].as_py()) for a, b in pairs[:MOST_PAIRS]]
    return found


def tallies_of(traffic: Traffic, group: Group) -> dict[str, Tally]:
    """Return what passed in the group in this scan, by signal, also where nothing did."""
    pairs, chance, found = pairs_of(traffic, group.accounts), chance_of(traffic, group.accounts), {}
    for name, expected in chance.items():
        seen = group.handovers.get(name)
        if seen is not None and seen.formed:
            found[name] = Tally(seen.units, seen.tested, seen.expected)
        else:
            found[name] = Tally(seen.units if seen else 0, pairs=pairs[name], chance=expected)
    return found


def add_scan(before: Mapping[str, Tally], traffic: Traffic, group: Group) -> dict[str, Tally]:
    """Return the tallies with those of a later scan: nothing in it formed the group, so pairs count."""
    pairs, chance, nothing = pairs_of(traffic, group.accounts), chance_of(traffic, group.accounts), Tally()
    found = {}
    for name in sorted({*before, *chance}):
        old, seen = before.get(name, nothing), group.handovers.get(name)
        found[name] = Tally(
            units=old.units + (seen.units if seen else 0),
            tested=old.tested,
            expected=old.expected,
            pairs=sorted({*old.pairs, *pairs.get(name, [])})[:MOST_PAIRS],
            chance=round(old.chance + chance.get(name, 0.0), DIGITS),
        )
    return found


def speaks_for_all(members: int, a: Ints, b: Ints) -> bool:
    """Return whether pairs over all scans touch so many of the members that they speak for the whole group.

    As in a single scan (`measuring/handovers.py`), but that pairs which fall into two groups never do: in which order
    the two were at work is not kept.
    """
    touched = np.unique(np.r_[a, b])
    by_chance = members * (1 - (1 - 1 / members) ** (2 * len(a)))
    enough = max(SPREAD * by_chance, TOUCHED * members, min(COVERED * members, MANY))
    return len(touched) >= enough and len(seams(touched, a, b)) == 1


def with_tallies(group: Group, tallies: Mapping[str, Tally], members: int) -> Group:
    """Return the group as if all that passed over the scans had passed in one; `members` is its size over all."""
    numbers = {
        name: i for i, name in enumerate(sorted({a for t in tallies.values() for p in t.pairs for a in p}))
    }
    placed = {
        name: np.array([(numbers[a], numbers[b]) for a, b in t.pairs], dtype=np.int64).reshape(-1, 2)
        for name, t in tallies.items()
    }
    every = np.unique(np.concatenate([*placed.values(), np.zeros((0, 2), dtype=np.int64)]), axis=0)
    whole = len(every) > 0 and speaks_for_all(members, every[:, 0], every[:, 1])
    passed = {}
    for name, t in tallies.items():
        later = int(chained(*placed[name].T).sum()) if whole and len(t.pairs) else 0
        if t.units:
            tested = (t.tested[0] + later, t.tested[1] + later)
            passed[name] = Handovers(t.units, tested, (t.expected[0] + t.chance, t.expected[1] + t.chance))
    return replace(group, handovers=passed)


def _mean(before: float, scans: int, now: float) -> float:
    """Return log10 of the mean of an e-value and of `scans` earlier ones, given their mean."""
    total = np.logaddexp(before * np.log(10) + np.log(scans), now * np.log(10)) if scans else now * np.log(10)
    return round(float((total - np.log(scans + 1)) / np.log(10)), DIGITS)


def key_of_row(row: Evidence) -> str:
    """Return the name under which a ledger keeps a signal's mean."""
    return f"{row.axis}/{row.signal}"


def add_means(before: Mapping[str, float], scans: int, rows: tuple[Evidence, ...]) -> dict[str, float]:
    """Return the means over one scan more; `scans` is how many `before` rests on. Silence counts as one."""
    now = {key_of_row(r): _bounded(r.log10_e) for r in rows if r.signal not in HANDED_OVER}
    return {
        key: _mean(before.get(key, 0.0), scans, now.get(key, 0.0))
        for key in sorted(before.keys() | now.keys())
    }


def _bounded(log10_e: float) -> float:
    return max(-CEILING, clip(log10_e))


def open_ledger(traffic: Traffic, judged: Judged, until: datetime) -> Ledger:
    """Return the ledger of a group that this scan proposed."""
    return Ledger(1, until, tallies_of(traffic, judged.group), add_means({}, 0, judged.evidence))


def carry(ledger: Ledger, judged: Judged, tallies: Mapping[str, Tally], until: datetime) -> Ledger:
    """Return the ledger after one scan more of data that it has not counted."""
    return Ledger(
        ledger.scans + 1, until, dict(tallies), add_means(ledger.means, ledger.scans, judged.evidence)
    )


def over_scans(judged: Judged, ledger: Ledger) -> Judged:
    """Return the group judged by all its ledger holds. `judged` was weighed on the summed tallies."""
    evidence = tuple(_over_scans(row, ledger) for row in judged.evidence)
    axes = {axis: part.log10_e for axis, part in judged.composed(evidence).items()}
    return replace(judged, evidence=evidence, axes=axes)


def _over_scans(row: Evidence, ledger: Ledger) -> Evidence:
    if row.signal in HANDED_OVER:
        return _passed_over_scans(row, ledger)
    mean = ledger.means.get(key_of_row(row), row.log10_e)
    said = f"{row.observed}; counted is the mean over {ledger.scans} scans"
    return replace(row, log10_e=mean, observed=said)


def _passed_over_scans(row: Evidence, ledger: Ledger) -> Evidence:
    tally = ledger.passed.get(row.signal, Tally())
    expected = sum(tally.expected) + tally.chance
    counted = f"{len(tally.pairs)} pairs of members" + (
        ", and what formed the group" if tally.tested != (0, 0) else ""
    )
    passed = row.observed.split(";")[0]
    return replace(
        row,
        observed=f"{passed}, in {ledger.scans} scans; counted are {counted}",
        expected=f"{expected:.2g} by chance",
        summary=f"{passed}, in {ledger.scans} scans; accounts that have nothing to do with each other would show "
        f"about {expected:.2g}.",
    )
