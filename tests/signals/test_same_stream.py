"""Mixes as alike as honest users' have a mean of at most one; members dealt from one stream convince."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stillwatch.evidence.group import Group
from stillwatch.evidence.mixes import Mixes
from stillwatch.evidence.population.profile import KINDS, WORKLOADS, shipped_profile
from stillwatch.evidence.population.robust import QUANTILE
from stillwatch.signals.same_stream import SIGNAL
from tests.evidence.population.makers import estimate, profile, rows_of_mix
from tests.signals.makers import bare_group, plain, population, upper_bound
from tests.signals.mixes import mix_of, mixes, mixes_of

EVERYBODY = population()


def group(found: Mixes) -> Group:
    return bare_group(accounts=np.arange(found.forms.members), mixes=found)


def weighed(found: Mixes) -> float:
    return plain(SIGNAL.weigh(group(found), EVERYBODY))


@pytest.mark.parametrize("members", (10, 40))
def test_honest_users_of_one_tool_have_a_mean_of_at_most_one(members: int) -> None:
    honest = shipped_profile().estimate(WORKLOADS)
    random, e = np.random.default_rng(members), []
    for _run in range(250):
        concentration = np.exp(honest.middle + honest.spread * random.standard_normal())
        base = random.dirichlet([2.0] * 7).tolist()
        e.append(weighed(mixes_of(rows_of_mix(random, members, 30, base, concentration))))
    assert upper_bound(e) <= 1.0


def test_at_the_edge_of_what_honest_groups_reach_next_to_nothing_is_claimed() -> None:
    """One honest group in a hundred is so alike: it has paid for that before."""
    honest = shipped_profile().estimate(WORKLOADS)
    random = np.random.default_rng(3)
    e = [
        weighed(mixes_of(rows_of_mix(random, 30, 30, [3, 2, 2, 1, 1, 1, 1], honest.value)))
        for _run in range(100)
    ]
    assert np.mean(e) <= 100.0
    assert np.median(e) <= 10.0


def test_members_of_one_segment_that_share_no_stream_have_a_mean_of_at_most_one() -> None:
    """Dependent members: each two are one person with one mix, which accounts do not know of each other."""
    random, e = np.random.default_rng(5), []
    for _run in range(150):
        counts = rows_of_mix(random, 10, 60, [3, 2, 2, 1, 1, 1, 1], 7.0)
        split = random.binomial(counts, 0.5)
        e.append(weighed(mixes_of(np.vstack([split, counts - split]))))
    assert upper_bound(e) <= 1.0


def test_eighty_members_with_five_pipelines_in_the_same_proportions_convince() -> None:
    e = [weighed(mixes(80, 30, seed=seed)) for seed in range(20)]
    assert np.median(e) >= 100
    assert max(e) <= 10**SIGNAL.ceiling


def test_a_pool_of_one_kind_of_work_is_not_spoken_of() -> None:
    """The forms of one tool go together at every honest user of it."""
    forms = mix_of(rows_of_mix(np.random.default_rng(1), 40, 30, [2, 1], np.inf))
    kinds = replace(forms, kind=np.zeros_like(forms.kind))
    assert SIGNAL.weigh(group(Mixes(forms, kinds)), EVERYBODY) is None
    assert SIGNAL.weigh(bare_group(), EVERYBODY) is None


def test_sticky_pools_are_unlike_each_other() -> None:
    """Each account carries another part of the work: the signal is blind to it, and says so."""
    assert weighed(mixes(40, 30, concentration=0.3)) < 1


def test_what_the_deployment_has_learned_is_what_honest_means() -> None:
    found = group(mixes(60, 60))
    names = (WORKLOADS, KINDS)
    unlike = profile(estimates={name: estimate(middle=0.5) for name in names})
    alike = profile(estimates={name: estimate(middle=4.5) for name in names})
    e = [plain(SIGNAL.weigh(found, replace(EVERYBODY, profile=p))) for p in (unlike, alike)]
    assert e[0] > 10 * e[1]
    row = SIGNAL.weigh(found, replace(EVERYBODY, profile=unlike))
    assert row is not None
    assert f"{np.exp(0.5 + QUANTILE * 0.5 + 0.2):.0f}" in row.expected
