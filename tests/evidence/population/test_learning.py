"""A profile finds what made a population, and one attacking tool in twenty moves no threshold beyond its interval."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stillwatch.evidence.population.learning import estimates_of, learn_from
from stillwatch.evidence.population.profile import KINDS, LOADS, WORKLOADS, to_json
from tests.evidence.population.makers import observed, tools

HONEST = 60


def honest(random: np.random.Generator) -> list[float]:
    return [float(c) for c in np.exp(2.0 + 0.5 * random.standard_normal(HONEST))]


def test_how_alike_users_of_a_tool_are_is_found() -> None:
    found = estimates_of([tools(np.random.default_rng(1), honest(np.random.default_rng(1)))])
    assert set(found) == {LOADS, WORKLOADS, KINDS}
    assert found[WORKLOADS].typical == pytest.approx(np.exp(2.0), rel=0.4)
    assert found[LOADS].typical == pytest.approx(1.2, rel=0.4)  # one request each evens loads of 1.0 out


@pytest.mark.parametrize("seed", range(2))
def test_attacking_tools_among_twenty_move_no_threshold_by_more_than_its_interval(seed: int) -> None:
    alike = honest(np.random.default_rng(seed))
    pools = HONEST // 19
    clean = estimates_of([tools(np.random.default_rng(seed), alike, loads=[20.0] * HONEST)])
    mixed = estimates_of(
        [
            tools(
                np.random.default_rng(seed),
                [*alike, *[np.inf] * pools],
                loads=[*[20.0] * HONEST, *[np.inf] * pools],
            )
        ]
    )
    for name, before in clean.items():
        after = mixed[name]
        assert -after.below <= before.level - after.level <= after.above


def test_several_logs_are_as_one() -> None:
    logs = [tools(np.random.default_rng(s), honest(np.random.default_rng(s))[:15]) for s in range(3)]
    assert estimates_of(logs)[WORKLOADS].units == 45


def test_the_same_population_in_another_order_gives_the_same_bytes() -> None:
    made = observed(np.random.default_rng(1))
    flipped = made.accounts - 1 - made.streams.account
    order = np.lexsort((made.streams.workload, flipped))
    streams = made.streams
    other = replace(
        made,
        loads=made.loads[::-1],
        main=made.main[::-1],
        rates={name: (k[::-1], n[::-1]) for name, (k, n) in made.rates.items()},
        hours=made.hours[::-1] if made.hours is not None else None,
        holders={name: found[::-1] for name, found in made.holders.items()},
        streams=replace(
            streams,
            account=flipped[order],
            workload=streams.workload[order],
            kind=streams.kind[order],
            exchanges=streams.exchanges[order],
            templated=streams.templated[order],
        ),
    )
    assert to_json(learn_from(made, "x")) == to_json(learn_from(other, "x"))


def test_of_a_small_log_little_is_learned_and_nothing_breaks() -> None:
    made = learn_from(
        observed(np.random.default_rng(1), tools(np.random.default_rng(1), [5.0], users=9)), "x"
    )
    assert not made.estimates
    assert made.accounts == 9
