"""Connected accounts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges.scoring.baselines.components import accuse_components, components, sizes
from stillwatch.ranges.scoring.database import Database

ties = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5)), max_size=20)


@given(ties)
def test_accounts_are_together_exactly_if_a_path_of_values_joins_them(pairs: list[tuple[int, int]]) -> None:
    group = list(range(8))
    for _ in range(8):
        for a, v in pairs:
            for b, w in pairs:
                if v == w:
                    group[a] = group[b] = min(group[a], group[b])
    found = components(
        np.array([a for a, _v in pairs], dtype=np.int64), np.array([v for _a, v in pairs], dtype=np.int64), 8
    )
    assert all((found[a] == found[b]) == (group[a] == group[b]) for a in range(8) for b in range(8))
    assert sizes(found).tolist() == [group.count(g) for g in group]


def test_small_components_are_left_alone() -> None:
    with Database() as database:
        database.load("log_accounts", pa.table({"account_id": list("abcde")}))
        database.load(
            "ties", pa.table({"account_id": list("abbcde"), "value": ["1", "1", "2", "2", "3", "3"]})
        )
        made = accuse_components("mine", database, None, 3)
    held = dict(
        zip(made.accounts["account_id"].to_pylist(), made.accounts["campaign_id"].to_pylist(), strict=True)
    )
    assert held["a"] == held["b"] == held["c"] is not None
    assert held["d"] is None and held["e"] is None
    assert made.scores["score"].to_pylist() == [3, 3, 3, 2, 2]
