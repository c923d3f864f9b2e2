"""One tool is one pool, however many forms it has; its users' other work leaves the tool out."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from stillwatch.evidence.population.observed import Streams
from stillwatch.evidence.population.pools import LEAST, other_work, pools_of, splits
from tests.evidence.population.makers import OTHER, tools


def joined(a: Streams, b: Streams) -> Streams:
    parts = [np.concatenate([getattr(s, f.name) for s in (a, b)]) for f in fields(Streams)]
    order = np.lexsort((parts[1], parts[0]))
    return Streams(*(part[order] for part in parts))


def test_every_tool_with_enough_users_is_a_pool() -> None:
    streams = tools(np.random.default_rng(1), [5.0, 9.0, 3.0])
    assert {pool.workload for pool in pools_of(streams)} == {1, 2, 3}
    assert not pools_of(tools(np.random.default_rng(1), [5.0], users=LEAST - 1))


def test_a_second_form_of_a_tool_is_no_second_pool() -> None:
    streams = tools(np.random.default_rng(1), [5.0, 9.0])
    first = streams.workload == 1
    again = Streams(*(getattr(streams, f.name)[first] for f in fields(Streams)))
    both = joined(streams, replace(again, workload=again.workload + 100))
    assert len(pools_of(both)) == len(pools_of(streams)) == 2


def test_other_work_is_all_of_the_users_work_but_the_tool() -> None:
    streams = tools(np.random.default_rng(1), [5.0, 9.0])
    for pool, row, at in splits(streams):
        assert set(streams.account[at]) <= set(pool.accounts)
        assert (pool.accounts[row] == streams.account[at]).all()
        assert (streams.workload[at] >= OTHER).all()
        mine = np.isin(streams.account, pool.accounts) & (streams.workload != pool.workload)
        assert streams.exchanges[at].sum() == streams.exchanges[mine].sum()


def test_other_names_of_workloads_give_the_same_pools() -> None:
    streams = tools(np.random.default_rng(1), [5.0, 9.0, 2.0])
    renamed = replace(streams, workload=1000 - streams.workload)
    assert [p.accounts.tolist() for p in pools_of(streams)] == [
        p.accounts.tolist() for p in pools_of(renamed)
    ]
    assert len(other_work(streams, pools_of(streams)[0])[0]) == len(
        other_work(renamed, pools_of(renamed)[0])[0]
    )
