"""A member's e-value: mean at most one for who is no member, power for who is, and never surer than the group."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.attribute.membership import (
    BLOCKS,
    EVENTS,
    FLOOR,
    GROUP_AXES,
    SHAPE,
    by_block,
    chance_floor,
    events,
    group_bound,
    membership,
    weigh_ties,
)
from stillwatch.campaigns.attribute.ties import Chance, Ties
from stillwatch.campaigns.judging import Finding
from stillwatch.campaigns.measuring import measure
from stillwatch.campaigns.model import VERDICTS, Verdict
from stillwatch.campaigns.traffic import Traffic
from stillwatch.workloads import CELLS
from tests.campaigns.attribute.test_ties import passed
from tests.campaigns.makers import bench, finding, names, numbers, proposal, traffic, work
from tests.signals.makers import group, upper_bound

RUNS = 200_000


def chance(hit: np.ndarray, null: float, alternative: float = 0.9) -> Chance:
    n = len(hit)
    return Chance(np.ones(n, dtype=bool), hit, np.full(n, null), np.full(n, alternative))


def lower_bound(e_values: np.ndarray) -> float:
    """Return a lower confidence bound of the mean, for what has mean one exactly."""
    return float(e_values.mean() - 3.0 * e_values.std() / math.sqrt(len(e_values)))


def drawn(random: np.random.Generator, mean: float, rates: tuple[float, float], n: int = RUNS) -> Ties:
    """Return ties of accounts whose counts are Poisson, and whose adoption and client are chance at given rates."""
    u = random.random((3, n))
    carried = random.poisson(mean, (2, n))
    return Ties(
        partners=carried,
        chance=np.full((2, n), mean),
        adopted=((1.0, chance(u[1] < rates[0], rates[0])),),
        traits={"client": chance(u[2] < rates[1], rates[1])},
    )


@pytest.mark.parametrize("mean", [FLOOR, 1.0, 4.0])
@pytest.mark.parametrize("rates", [(0.001, 0.02), (0.2, 0.5)])
def test_who_is_no_member_has_mean_at_most_one(mean: float, rates: tuple[float, float]) -> None:
    ties = drawn(np.random.default_rng(4), mean, rates)
    assert lower_bound(10.0 ** weigh_ties(ties)) <= 1.0


def test_below_the_stated_chance_the_mean_only_falls() -> None:
    random = np.random.default_rng(4)
    fewer, stated = drawn(random, 0.1, (0.001, 0.02)), drawn(random, FLOOR, (0.001, 0.02))
    ties = replace(fewer, chance=stated.chance)
    assert upper_bound(10.0 ** weigh_ties(ties)) <= 1.0


def test_a_tool_that_brings_its_client_along_is_counted_once() -> None:
    """Adoption, client and device on one draw: whoever has one has all. Averaged, the mean stays one."""
    u = np.random.default_rng(8).random(RUNS)
    ties = Ties(
        adopted=((0.5, chance(u < 0.01, 0.01)), (0.5, chance(u < 0.05, 0.05))),
        traits={"client": chance(u < 0.02, 0.02), "device": chance(u < 0.02, 0.02)},
    )
    (powers,) = by_block(ties).values()
    assert lower_bound(10.0**powers) <= 1.0
    assert lower_bound(10.0 ** weigh_ties(ties)) <= 1.0


@pytest.mark.parametrize("shape", [SHAPE, 3.0])
def test_accounts_that_differ_in_how_much_they_pass_on_have_mean_at_most_one(shape: float) -> None:
    """A rate of its own for every account, gamma of the stated shape or less spread, the same in both halves."""
    random = np.random.default_rng(9)
    partners = random.poisson(random.gamma(shape, 1.0 / shape, RUNS), (2, RUNS))
    ties = Ties(partners=partners, chance=np.ones((2, RUNS)))
    assert lower_bound(10.0 ** weigh_ties(ties)) <= 1.0


def test_no_kind_of_tie_reaches_the_cut_by_itself() -> None:
    lots = Ties(
        partners=np.full((2, 1), 500),
        chance=np.full((2, 1), FLOOR),
    )
    assert max(BLOCKS.values()) < 6.0
    assert float(weigh_ties(lots)[0]) == BLOCKS["responses"]


def test_one_event_is_none() -> None:
    """A chance link to one other party, whatever its e-value, or a rare client alone: nothing."""
    one = Ties(
        partners=np.array([[1, 1, 0], [0, 1, 0]]),
        chance=np.full((2, 3), 1e-3),
        traits={"client": chance(np.array([False, False, True]), 1e-6)},
    )
    blocks = by_block(one)
    assert events(one, blocks).tolist() == [1, 2, 1]
    powers = weigh_ties(one)
    assert (powers[[0, 2]] <= 0).all()
    assert powers[1] > 0
    assert EVENTS == 2


@given(st.integers(0, 40), st.integers(0, 40), st.floats(FLOOR, 5))
def test_more_partners_are_never_less_evidence_and_more_chance_never_more(
    a: int, b: int, mean: float
) -> None:
    def of(count: int, chance_mean: float) -> float:
        return float(
            weigh_ties(
                Ties(
                    partners=np.full((2, 1), count),
                    chance=np.full((2, 1), chance_mean),
                )
            )[0]
        )

    low, high = sorted((a, b))
    assert of(low, mean) <= of(high, mean) + 1e-9
    assert of(high, mean * 2) <= of(high, mean) + 1e-9


def test_what_is_not_known_says_nothing() -> None:
    unknown = replace(chance(np.array([True, False]), 0.01), known=np.array([False, False]))
    assert weigh_ties(Ties(traits={"client": unknown})).tolist() == pytest.approx([0.0, 0.0])
    assert weigh_ties(Ties()).tolist() == [0.0]


POOL, PEOPLE = names("a", 12), names("z", 300)


def pool(held: Traffic, log10_e: float = 50.0, verdict: Verdict = "distillation_campaign") -> Finding:
    made = proposal(held, POOL)
    return finding(measure(bench(held, made), made), verdict, log10_e)


def test_a_pool_that_passes_on_what_it_gets_reaches_the_cut_and_who_hangs_on_one_link_does_not() -> None:
    rows = work(POOL, 3) + work([*POOL, *PEOPLE], 2, 600, CELLS + 5)
    stranger = passed([(POOL[0], POOL[-1])], 9_000, 1)
    links = passed(list(combinations(POOL[:-1], 2)), each=6) + stranger
    with traffic(rows, links) as held:
        weights = membership(held, pool(held)).weights
    assert weights.shape == (12,)
    assert weights[:-1].min() >= 6.0
    assert weights[-1] < 3.0  # one link and the work of the group: it stays listed, and is not enforced


def test_a_member_is_never_surer_than_its_group() -> None:
    rows = work(POOL, 3) + work([*POOL, *PEOPLE], 2, 600, CELLS + 5)
    with traffic(rows, passed(list(combinations(POOL, 2)), each=6)) as held:
        of = pool(held)
        for axis in ("coordination", "evasion"):
            weak = replace(of, judged=replace(of.judged, axes=of.judged.axes | {axis: 0.5}))
            assert membership(held, weak).weights.max() <= 0.5
        little = replace(of, judged=replace(of.judged, axes=of.judged.axes | {"extraction": -1.0}))
        assert membership(held, little).weights.tolist() == membership(held, of).weights.tolist()
        none = replace(of, judged=replace(of.judged, axes=of.judged.axes | {"evasion": -3.0}))
        assert membership(held, none).weights.tolist() == [0.0] * 12


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_group_is_bound_by_the_axes_that_would_make_it_honest(verdict: Verdict) -> None:
    of = finding(group(), verdict, coordination=3.0, evasion=2.0, extraction=1.0)
    assert group_bound(of) == min(of.judged.axes[axis] for axis in GROUP_AXES[verdict])


def test_an_account_that_is_a_finding_by_itself_has_the_findings() -> None:
    rows = work(POOL[:1], 20) + work(PEOPLE, 2, 600, CELLS + 5)
    with traffic(rows) as held:
        made = proposal(held, POOL[:1], 2)
        of = finding(measure(bench(held, made), made), "bulk_extraction", extraction=2.5)
        assert membership(held, of).weights.tolist() == [2.5]


def test_chance_grows_with_the_time_a_log_spans() -> None:
    with traffic(work(POOL, 2)) as held:
        assert chance_floor(held) == FLOOR
        longer = replace(held.population, ends=held.population.starts + 60 * 24 * 3600.0)
        assert chance_floor(replace(held, population=longer)) == pytest.approx(2.0, rel=1e-3)
        assert numbers(held, POOL).tolist() == list(range(12))
        assert math.isfinite(chance_floor(held))
