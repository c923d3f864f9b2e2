"""Plausible lives of accounts, and any lives that measuring could hand over. All figures are invented."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from stillwatch.evidence.lifecycle import Lifecycle, Replacement, Rhythm
from stillwatch.evidence.shares import Marked

DAY = 86_400.0
NOON = 1_793_620_800.0  # a Monday in 2026, epoch seconds
VERIFICATIONS = ("none", "email", "phone", "identity", "business", None)
MARKS = ("disposable", "churning", "contradicting", "stripping", "out_of_programme")
WORKLOAD = 1  # of `makers.use`


def marked(**said: Any) -> Marked:
    """Two of ten members, in a population where one in twenty shows the mark."""
    plausible: dict[str, Any] = {"marked": 2, "known": 10, "outside_marked": 15, "outside_known": 300}
    return Marked(**plausible | said)


def replacement(**said: Any) -> Replacement:
    """Two of ten members were stopped, and three new ones stepped in within a day."""
    plausible: dict[str, Any] = {
        "within": DAY,
        "stops": 2,
        "others": 9,
        "stepped_in": 3,
        "openly": 0,
        "before": 0,
        "outside_begun": 2,
        "outside": 290,
    }
    return Replacement(**plausible | said)


def rhythm(hours: Any, days: int = 6) -> Rhythm:
    """Return hours, shape (members, 24), seen on so many days."""
    counts = np.asarray(hours, dtype=np.int64)
    return Rhythm(counts, np.full(len(counts), days))


def lifecycle(members: int = 10, **said: Any) -> Lifecycle:
    """Ten accounts of two months, paying, verified by mail, that do the group's work and nothing else."""
    plausible: dict[str, Any] = {
        "created": np.full(members, NOON - 60 * DAY),
        "first": np.full(members, NOON),
        "last": np.full(members, NOON + 6 * DAY),
        "stopped": np.full(members, np.nan),
        "verification": ("email",) * members,
        "paying": np.ones(members, dtype=bool),
        "elsewhere": np.zeros(members),
        "usual_age": 100.0,
        "replacements": (replacement(),),
        "rhythms": {WORKLOAD: rhythm(np.ones((members, 24)))},
        **{name: marked() for name in MARKS},
    }
    return Lifecycle(**plausible | said)


@st.composite
def marks(draw: st.DrawFn, members: int) -> Marked:
    known, outside = draw(st.integers(0, members)), draw(st.integers(0, 200))
    return Marked(draw(st.integers(0, known)), known, draw(st.integers(0, outside)), outside)


@st.composite
def replacements(draw: st.DrawFn, members: int) -> Replacement:
    others = draw(st.integers(1, max(members - 1, 1)))
    stepped = draw(st.integers(0, others))
    outside = draw(st.integers(0, 200))
    return Replacement(
        within=draw(st.sampled_from([6 * 3600.0, DAY, 3 * DAY])),
        stops=draw(st.integers(1, members)),
        others=others,
        stepped_in=stepped,
        openly=draw(st.integers(0, others - stepped)),
        before=draw(st.integers(0, others - stepped)),
        outside_begun=draw(st.integers(0, outside)),
        outside=outside,
    )


@st.composite
def lifecycles(draw: st.DrawFn, members: int) -> Lifecycle:
    """Any lives of so many members, every count within what it is a count of."""
    seed = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    first = NOON + seed.uniform(0, 6 * DAY, members)
    ages = np.where(seed.random(members) < 0.2, np.nan, seed.exponential(100, members))
    hours = seed.integers(0, draw(st.sampled_from([2, 6])), (members, 24))
    said: dict[str, Any] = {
        "first": first,
        "created": first - ages * DAY,
        "last": first + DAY,
        "stopped": np.where(seed.random(members) < 0.2, first + DAY, np.nan),
        "verification": tuple(VERIFICATIONS[i] for i in seed.integers(0, len(VERIFICATIONS), members)),
        "paying": seed.random(members) < 0.7,
        "elsewhere": seed.random(members),
        "usual_age": draw(st.sampled_from([float("nan"), 30.0])),
        "replacements": tuple(draw(st.lists(replacements(members), max_size=3))),
        "rhythms": {WORKLOAD: Rhythm(hours, seed.integers(1, 8, members))} if hours.sum() else {},
        **{name: draw(st.none() | marks(members)) for name in MARKS},
    }
    return lifecycle(members, **said)
