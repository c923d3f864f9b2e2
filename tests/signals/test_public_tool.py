"""The more strangers use the same form, the less it says about the members."""

from __future__ import annotations

import math

import pytest

from stillwatch.signals.public_tool import FEW, SIGNAL
from tests.signals.makers import MEMBERS, bare_group, population, use


def weigh(outsiders: int, origin: str = "workload") -> float | None:
    work = use(outside_loads=[9] * outsiders)
    row = SIGNAL.weigh(bare_group(uses=(work,), origin=origin), population())
    return None if row is None else row.log10_e


@pytest.mark.parametrize("outsiders", (FEW, 30, 1000))
def test_the_discount_is_the_ratio_of_all_users_to_members(outsiders: int) -> None:
    assert weigh(outsiders) == pytest.approx(-math.log10((MEMBERS + outsiders) / MEMBERS))


def test_every_further_stranger_takes_away() -> None:
    said = [weigh(n) for n in range(FEW, 40)]
    assert said == sorted(said, reverse=True)  # type: ignore[type-var]


def test_one_or_two_strangers_do_not_make_a_tool_public() -> None:
    assert weigh(FEW - 1) is None


def test_where_something_else_tied_the_members_the_tool_they_use_says_nothing() -> None:
    assert weigh(100, origin="handover") is None
    assert weigh(100, origin="artefact") is None
    assert SIGNAL.weigh(bare_group(origin="workload"), population()) is None
