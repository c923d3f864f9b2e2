"""Traits: one identifying field of the members against everybody else's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stillwatch.campaigns.traffic import COMMON_DOMAIN, MISSING, Incidence
from stillwatch.evidence.group import Trait

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class TraitValues:
    """One value of a trait for each account (a code, or MISSING), and the number of accounts by code."""

    of_account: Ints
    holders: Ints


def main_values(incidence: Incidence, population: int) -> TraitValues:
    """Return each account's most used value of a trait as a code, and how many accounts have each code."""
    order = np.lexsort((-incidence.value, incidence.uses, incidence.account))
    values, codes = np.unique(incidence.value, return_inverse=True)
    of_account = np.full(population, MISSING, dtype=np.int64)
    of_account[incidence.account[order]] = codes[order]  # the last written is the most used
    return TraitValues(of_account, np.bincount(of_account[of_account >= 0], minlength=len(values)))


def measure_trait(traits: TraitValues, members: Ints, *, domain: bool) -> Trait:
    """Return how a trait is spread. An account with several values counts with its most used one."""
    shown = traits.of_account[members]
    codes, counts = np.unique(shown[shown >= 0], return_counts=True)
    outside_known = int(traits.holders.sum()) - int(counts.sum())
    values = int((traits.holders > 0).sum())
    if not len(codes):
        return Trait(0, 0, 0, outside_known, 0, values)
    top = int(counts.argmax())
    outside_top = int(traits.holders[codes[top]]) - int(counts[top])
    return Trait(
        known=int(counts.sum()),
        distinct=len(codes),
        top=int(counts[top]),
        outside_known=outside_known,
        outside_top=outside_top,
        values=values,
        common=domain and outside_top > COMMON_DOMAIN * len(traits.of_account),
    )
