"""A group and a population know their size and what the group is judged on."""

from __future__ import annotations

import numpy as np

from stillwatch.evidence.group import Group
from tests.signals.makers import group, population, use


def test_a_group_is_as_large_as_its_accounts() -> None:
    assert group(accounts=np.arange(7)).size == 7


def test_the_workload_a_group_is_judged_on_is_its_first() -> None:
    assert group(uses=(use(workload=3), use(workload=9))).main.workload == 3  # type: ignore[union-attr]


def test_a_group_without_a_workload_is_judged_on_none() -> None:
    assert Group(accounts=np.arange(2), origin="handover", source="s").main is None


def test_a_population_is_as_large_as_its_loads() -> None:
    assert population(size=31).size == 31
