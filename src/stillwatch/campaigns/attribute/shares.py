"""How much of an account's traffic is the campaign's, at least."""

from __future__ import annotations

from math import comb

from scipy.stats import beta

from stillwatch.campaigns.attribute.exchanges import harvested
from stillwatch.campaigns.judging import Finding
from stillwatch.campaigns.traffic import Traffic

CONFIDENCE = 0.95


def share_lower(part: int, whole: int, sets: float = 1.0, honest: float = 0.0) -> float:
    """Return the lower confidence bound of the campaign's share, `part` of `whole` being in its workloads; 0..1.

    Clopper & Pearson 1934, at the level that is left to the set of workloads: `sets` is what the choice of these
    workloads costs (see `sets_tried`), so the bound holds for all sets that might have been chosen at once. Of the
    rest of an account's traffic a share `honest` lies in the same workloads without being the campaign's: a share
    of at least x in them is a campaign's share of at least (x - honest)/(1 - honest).
    """
    if part == 0:
        return 0.0
    inside = float(beta.ppf((1 - CONFIDENCE) / sets, part, whole - part + 1))
    return max((inside - honest) / (1.0 - honest), 0.0)


def sets_tried(chosen: int, candidates: int) -> float:
    """Return the factor by which the level is divided for `chosen` of `candidates` workloads.

    The error is spent over the sizes of the set by halves, and evenly over the sets of a size: a union bound over
    all non-empty sets. One candidate is no choice, and costs nothing.
    """
    if not 0 < chosen <= candidates:
        return 1.0
    return comb(candidates, chosen) * 2.0**chosen * (1.0 - 2.0**-candidates)


def share_of(traffic: Traffic, finding: Finding, taken: int, whole: int) -> float:
    """Return the lower bound of a finding's share of an account that sent `whole` exchanges, `taken` attributed.

    For a harvest it pays for the choice of workloads and for what everybody else sends in them; what only shows a
    tie was not chosen, and is counted as it is.
    """
    uses = harvested(finding)
    if not uses:
        return share_lower(taken, whole)
    group = finding.judged.group
    outside = int(traffic.population.loads.sum()) - group.exchanges
    honest = (sum(int(use.outside_loads.sum()) for use in uses) + 1) / (max(outside, 0) + 2)
    candidates = max(group.workloads, len(group.uses))
    return share_lower(taken, whole, sets_tried(len(uses), candidates), min(honest, 0.99))
