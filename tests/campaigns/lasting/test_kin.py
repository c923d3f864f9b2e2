"""A group is a known campaign's where it shares enough of those of its members that are there."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.campaigns.lasting.kin import Kin, kin_of
from stillwatch.campaigns.model import VERDICTS
from tests.campaigns.lasting.makers import day, known, pool
from tests.campaigns.makers import judged, numbers
from tests.signals.makers import bare_group

THERE = np.arange(40)


def kin(verdict: str = "resale_pool", there: np.ndarray = THERE) -> Kin:
    return Kin({"C-1": known("C-1", pool(count=200), verdict=verdict)}, {"C-1": there})


@pytest.mark.parametrize(
    ("accounts", "his"),
    [
        (np.arange(40), True),  # as it is today
        (np.arange(5), True),  # a piece
        (np.arange(20, 60), True),  # some gone, some new
        (np.arange(36, 80), False),  # hardly the same
        (np.arange(500), False),  # everybody who uses a public tool, the campaign among them
        (np.arange(100, 140), False),
    ],
)
def test_which_groups_are_a_campaigns(accounts: np.ndarray, his: bool) -> None:
    found = kin().of(judged(bare_group(accounts=accounts), {}))
    assert (found is not None) is his


def test_of_two_campaigns_the_more_similar_is_meant() -> None:
    both = Kin(
        {name: known(name, pool()) for name in ("C-1", "C-2")},
        {"C-1": np.arange(10), "C-2": np.arange(4, 14)},
    )
    found = both.of(judged(bare_group(accounts=np.arange(5, 14)), {}))
    assert found is not None and found.campaign_id == "C-2"


@pytest.mark.parametrize("before", ["distillation_campaign", "resale_pool", "related_accounts"])
def test_a_graver_verdict_is_a_discovery_and_the_same_or_a_milder_is_none(before: str) -> None:
    of = judged(bare_group(accounts=THERE), {})
    for verdict in VERDICTS:
        graver = VERDICTS.index(verdict) < VERDICTS.index(before)  # type: ignore[arg-type]
        assert kin(before).known_as(of, verdict) is not graver
    assert not kin(before).known_as(judged(bare_group(accounts=np.arange(900, 910)), {}), "related_accounts")


def test_members_that_are_not_there_say_nothing_and_successors_count() -> None:
    with day(0, pool(), honest=20) as held:
        gone = known("C-1", [*pool(), *pool("z", 90)])
        assert kin_of(held, [gone], {}).there["C-1"].tolist() == numbers(held, pool()).tolist()
        more = numbers(held, ["h001", "h002"])
        assert set(kin_of(held, [gone], {"C-1": more}).there["C-1"]) == {*numbers(held, pool()), *more}
        assert kin_of(held, [known("C-2", pool("z"))], {}).there == {}
