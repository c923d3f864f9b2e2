"""Traits are counted right."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.measuring import measure
from stillwatch.campaigns.measuring.traits import TraitValues, measure_trait
from stillwatch.campaigns.traffic import COMMON_DOMAIN, MISSING
from tests.campaigns.makers import (
    bench,
    names,
    proposal,
    sent,
    traffic,
    work,
)

values = st.lists(st.integers(MISSING, 4), min_size=1, max_size=20)


@given(values, st.data())
def test_a_trait_agrees_with_a_count(shown: list[int], data: st.DataObject) -> None:
    those = sorted(data.draw(st.sets(st.integers(0, len(shown) - 1), min_size=1)))
    known = np.array(shown, dtype=np.int64)
    holders = np.bincount(known[known >= 0], minlength=5)
    found = measure_trait(TraitValues(known, holders), np.array(those), domain=False)
    inside = Counter(shown[a] for a in those if shown[a] != MISSING)
    outside = Counter(v for a, v in enumerate(shown) if a not in those and v != MISSING)
    assert (found.known, found.distinct) == (sum(inside.values()), len(inside))
    assert (found.outside_known, found.values) == (sum(outside.values()), len(inside | outside))
    if inside:
        best = min(inside, key=lambda v: (-inside[v], v))
        assert (found.top, found.outside_top) == (inside[best], outside[best])


@pytest.mark.parametrize("domain", [True, False])
def test_only_a_mail_domain_can_be_everybodys(domain: bool) -> None:
    size = 200
    known = np.zeros(size, dtype=np.int64)
    found = measure_trait(TraitValues(known, np.bincount(known)), np.arange(4), domain=domain)
    assert found.outside_top > COMMON_DOMAIN * size
    assert found.common is domain


def test_an_account_with_several_values_counts_with_the_one_it_uses_most() -> None:
    rows = [sent(i, "a000", client_key=9 if i < 7 else 2) for i in range(10)] + work(
        ["a001"], 3, 20, client_key=9
    )
    with traffic(rows) as held:
        group = proposal(held, names("a", 2))
        trait = measure(bench(held, group), group).traits["client"]
    assert (trait.known, trait.distinct, trait.top) == (2, 1, 2)
