"""When a campaign counts as reported: one distillation campaign holds half of its accounts or of its exchanges."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from stillwatch.ranges.trials.leak_sights import Sight, sighted
from tests.ranges.trials.makers import HOUR, START_US, campaign, result, truth

COPPER = truth({"copper": [(h, f"a{h % 4}") for h in range(8)]})
NOON = START_US + 12 * HOUR


def seen(campaigns: list, exchanges: dict[str, str], until: int = NOON) -> Sight:
    (sight,) = sighted(COPPER, result(campaigns, exchanges), until).sights
    return sight


def test_half_of_the_accounts_are_enough() -> None:
    assert seen([campaign("C-1", ["a0", "a1"])], {}).reported_as == "C-1"
    assert seen([campaign("C-1", ["a0", "elsewhere"])], {}).reported_as is None


def test_half_of_the_exchanges_are_enough() -> None:
    assert seen([campaign("C-1", ["a0"])], {f"x{i}": "C-1" for i in range(4)}).reported_as == "C-1"
    assert seen([campaign("C-1", ["a0"])], {f"x{i}": "C-1" for i in range(3)}).reported_as is None


def test_two_campaigns_with_a_quarter_each_hold_nothing_but_accuse() -> None:
    found = seen([campaign("C-1", ["a0"]), campaign("C-2", ["a1", "other"])], {})
    assert (found.reported_as, found.accused) == (None, 2)


@pytest.mark.parametrize("verdict", ["related_accounts", "resale_pool", "bulk_extraction"])
def test_what_does_not_accuse_is_no_report(verdict: str) -> None:
    found = seen([campaign("C-1", ["a0", "a1", "a2", "a3"], verdict)], {f"x{i}": "C-1" for i in range(8)})
    assert (found.reported_as, found.accused) == (None, 0)


def test_only_what_was_sent_before_the_end_counts() -> None:
    found = seen([campaign("C-1", ["a0"])], {"x0": "C-1"}, until=START_US + 2 * HOUR)
    assert (found.exchanges, found.tokens, found.accounts, found.reported_as) == (2, 20, 2, "C-1")


def test_refused_exchanges_do_not_leak() -> None:
    refused = dataclasses.replace(COPPER, answered=np.arange(8) > 2)
    (sight,) = sighted(refused, result([], {}), NOON).sights
    assert (sight.exchanges, sight.tokens) == (5, 50)


def test_the_fullest_of_several_is_named() -> None:
    both = [campaign("C-1", ["a0", "a1"]), campaign("C-2", ["a0", "a1", "a2"])]
    assert seen(both, {}).reported_as == "C-2"


def test_a_campaign_that_has_not_begun_is_not_reported() -> None:
    later = truth({"copper": [(1, "a")], "willow": [(5, "b")]})
    found = sighted(later, result([campaign("C-1", ["a", "b"])], {}), START_US + 2 * HOUR)
    assert [(s.campaign, s.accounts, s.reported_as) for s in found.sights] == [
        ("copper", 1, "C-1"),
        ("willow", 0, None),
    ]
