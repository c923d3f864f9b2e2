"""The client everybody uses ties nobody; a print of the group's own over unlike work does."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from stillwatch.signals.uniform_client import SIGNAL
from tests.signals.makers import MEMBERS, bare_group, plain, population, trait


def weigh(top: int, outside_top: int, values: int = 1, **said: object) -> float:
    shown = trait(known=MEMBERS, top=top, distinct=MEMBERS - top + 1, outside_top=outside_top, values=values)
    return plain(SIGNAL.weigh(bare_group(**{"traits": {"client": shown}} | said), population()))


@pytest.mark.parametrize("outside_top", (0, 20, 250))
def test_at_the_rate_of_outsiders_the_mean_is_at_most_one(outside_top: int) -> None:
    rate = (outside_top + 1) / (290 + 2)
    k = np.arange(MEMBERS + 1)
    e = np.array([weigh(int(top), outside_top) for top in k])
    assert binom.pmf(k, MEMBERS, rate) @ e <= 1 + 1e-6


def test_ten_accounts_with_one_print_that_hardly_anyone_has_convince() -> None:
    assert weigh(10, 2, values=40) >= 20


def test_the_most_popular_client_says_nothing_for_a_tie() -> None:
    assert weigh(10, 250) < 5


def test_any_of_many_prints_might_have_stood_out() -> None:
    one, many = weigh(4, 20, values=1), weigh(4, 20, values=30)
    assert many == pytest.approx(one / 30)


def test_one_tool_brings_one_client_along() -> None:
    assert SIGNAL.weigh(bare_group(traits={"client": trait(top=10)}, origin="workload"), population()) is None


def test_prints_of_two_members_say_nothing() -> None:
    few = trait(known=2, top=2, distinct=1)
    assert SIGNAL.weigh(bare_group(traits={"client": few}), population()) is None
