"""What passes between unrelated accounts by chance proves nothing, even in clusters it formed."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.evidence.evalues import mean_log10, poisson_excess
from stillwatch.evidence.group import Handovers
from stillwatch.evidence.handover import HandoverSignal
from tests.signals.makers import bare_group, handovers, plain, population, upper_bound

SIGNAL = HandoverSignal(
    name="parcels",
    block="responses",
    null="nobody passes parcels",
    fields=("messages",),
    thing="parcels",
    passed="were passed",
)


def weigh(counts: Handovers, signal: HandoverSignal = SIGNAL) -> float:
    row = signal.weigh(bare_group(handovers={signal.name: counts}), population())
    assert row is not None
    return row.log10_e


def by_chance(random: np.random.Generator, accounts: int, units: int, cluster: int) -> Handovers:
    """Units between accounts drawn by their traffic; each half is counted where the other is thickest."""
    loads = random.lognormal(0.0, 1.2, accounts)
    share = loads / loads.sum()
    ends = random.choice(accounts, size=(2, units), p=share)
    ends = ends[:, ends[0] != ends[1]]
    half = random.integers(0, 2, ends.shape[1])
    tested, expected = [], []
    for h in (0, 1):
        links = np.bincount(ends[:, half != h].ravel(), minlength=accounts)
        formed = np.argsort(-links, kind="stable")[:cluster]
        inside = np.isin(ends[0], formed) & np.isin(ends[1], formed) & (half == h)
        tested.append(int(inside.sum()))
        expected.append(max(0.05, int((half == h).sum()) * float(share[formed].sum()) ** 2))
    return Handovers(max(sum(tested), 1), (tested[0], tested[1]), (expected[0], expected[1]))


@pytest.mark.parametrize(("accounts", "units", "cluster"), [(300, 60, 10), (300, 1000, 20), (40, 200, 15)])
def test_chance_alone_has_mean_at_most_one_in_clusters_that_chance_formed(
    accounts: int, units: int, cluster: int
) -> None:
    random = np.random.default_rng(11)
    e = [10.0 ** weigh(by_chance(random, accounts, units, cluster)) for _run in range(1500)]
    assert upper_bound(e) <= 1.0


def test_counting_in_the_cluster_that_the_same_units_formed_would_break_that() -> None:
    """Why the halves are there: the same chance, counted where it was found, looks like proof."""
    random, e = np.random.default_rng(5), []
    for _run in range(300):
        ends = random.integers(0, 300, size=(2, 400))
        formed = np.argsort(-np.bincount(ends.ravel(), minlength=300), kind="stable")[:20]
        inside = int((np.isin(ends[0], formed) & np.isin(ends[1], formed)).sum())
        e.append(10.0 ** poisson_excess(inside, 400 * (20 / 300) ** 2))
    assert np.mean(e) > 3


def test_a_few_passes_where_chance_makes_none_convince() -> None:
    assert weigh(handovers(units=8, tested=(4, 4), expected=(0.05, 0.05))) > 3


def test_both_halves_are_averaged_and_no_more_is_claimed_than_the_ceiling() -> None:
    halves = [poisson_excess(2, 0.1), poisson_excess(0, 0.3)]
    assert weigh(handovers(tested=(2, 0), expected=(0.1, 0.3))) == pytest.approx(mean_log10(halves))
    assert weigh(handovers(units=900, tested=(500, 400))) == SIGNAL.ceiling


def test_the_halves_have_no_order() -> None:
    one = weigh(handovers(tested=(3, 1), expected=(0.05, 0.4)))
    assert one == pytest.approx(weigh(handovers(tested=(1, 3), expected=(0.4, 0.05))))


def test_passes_only_in_the_half_that_formed_the_group_count_for_nothing() -> None:
    assert weigh(handovers(units=50, tested=(0, 0))) < 0


def test_without_a_pass_it_says_nothing() -> None:
    assert SIGNAL.weigh(bare_group(), population()) is None
    assert SIGNAL.weigh(bare_group(handovers={"parcels": handovers(units=0)}), population()) is None
    assert plain(SIGNAL.weigh(bare_group(handovers={"letters": handovers()}), population())) == 1.0


def test_the_row_tells_what_passed_and_what_chance_makes() -> None:
    said = SIGNAL.weigh(bare_group(handovers={"parcels": handovers()}), population())
    assert said is not None
    assert "6 parcels were passed" in said.observed
    assert "3 in the half" in said.observed
    assert said.expected == "0.1 by chance"


def test_the_sentence_says_how_many_count_where_not_all_do() -> None:
    row = SIGNAL.weigh(bare_group(handovers={"parcels": handovers(units=38, tested=(0, 0))}), population())
    assert row is not None
    assert row.summary.endswith("of the 38, 0 count, being in the half not used to form the group.")


def test_what_something_else_formed_says_which_pairs_count() -> None:
    counts = handovers(units=20, tested=(5, 4), formed=False)
    row = SIGNAL.weigh(bare_group(handovers={"parcels": counts}), population())
    assert row is not None
    assert row.summary.endswith("of the 20, 9 count, being pairs that join three accounts.")
    assert weigh(counts) == weigh(handovers(units=20, tested=(5, 4)))
