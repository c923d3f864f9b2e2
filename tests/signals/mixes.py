"""Members' mixes of work: makers with a known concentration, and a Hypothesis strategy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from stillwatch.evidence.mixes import Mix, Mixes
from tests.evidence.population.makers import rows_of_mix

BASE = (4.0, 3.0, 2.0, 2.0, 1.0, 1.0, 1.0)  # of seven forms, the first two of one kind of work and so on


def mix_of(counts: np.ndarray) -> Mix:
    """Return counts (members, kinds) as a mix."""
    row, kind = np.nonzero(counts)
    return Mix(row, kind, counts[row, kind], len(counts))


def mixes_of(counts: np.ndarray) -> Mixes:
    """Return counts (members, forms) on both scales: two forms are one kind of work."""
    forms = mix_of(counts)
    return Mixes(forms, Mix(forms.row, forms.kind // 2, forms.count, forms.members))


def mixes(
    members: int = 10,
    requests: int = 40,
    concentration: float = np.inf,
    base: Sequence[float] = BASE,
    seed: int = 1,
) -> Mixes:
    """Return members that share their requests out; by default all in the same proportions."""
    return mixes_of(rows_of_mix(np.random.default_rng(seed), members, requests, base, concentration))


@st.composite
def any_mixes(draw: st.DrawFn, members: int) -> Mixes:
    """Return what any members could have done, from nothing to far too alike."""
    return mixes(
        members,
        draw(st.integers(0, 60)),
        draw(st.sampled_from([0.2, 3.0, 50.0, np.inf])),
        draw(st.sampled_from([BASE, (1.0,), (5.0, 1.0)])),
        draw(st.integers(0, 1000)),
    )
