"""Accounts disposable like everybody's have mean at most one; a pool made for the work is told."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import betabinom

from stillwatch.signals.disposable_registration import SIGNAL
from tests.signals.lives import lifecycle, marked
from tests.signals.makers import bare_group, plain, population


def weigh(members: int = 10, **said: int) -> float:
    counts = marked(**{"known": members} | said)
    group = bare_group(accounts=np.arange(members), lifecycle=lifecycle(members, disposable=counts))
    return plain(SIGNAL.weigh(group, population()))


@pytest.mark.parametrize("alike", [0.02, 1.0, 1_000.0])
@pytest.mark.parametrize("members", [3, 40])
def test_customers_with_new_accounts_like_any_other_have_a_mean_of_at_most_one(
    alike: float, members: int
) -> None:
    """From customers whose accounts are all alike to customers whose accounts are independent."""
    chance = betabinom(members, alike * 0.04, alike * (1 - 0.04)).pmf(np.arange(members + 1))
    e = [weigh(members, marked=k, outside_marked=400, outside_known=10_000) for k in range(members + 1)]
    assert chance @ e <= 1 + 1e-9


def test_a_pool_of_throwaway_accounts_is_told() -> None:
    assert weigh(12, marked=12, outside_marked=40, outside_known=5_000) >= 10


def test_one_throwaway_account_is_nothing() -> None:
    assert weigh(12, marked=1, outside_marked=400, outside_known=5_000) < 1.2


def test_however_large_the_group_it_claims_no_more_than_its_ceiling() -> None:
    assert weigh(400, marked=400, outside_marked=0, outside_known=5_000) <= 10**SIGNAL.ceiling * (1 + 1e-9)


def test_without_its_fields_it_says_nothing() -> None:
    assert SIGNAL.weigh(bare_group(), population()) is None
    assert SIGNAL.weigh(bare_group(lifecycle=lifecycle(disposable=None)), population()) is None


def test_the_sentence_tells_the_mark_and_the_others() -> None:
    row = SIGNAL.weigh(bare_group(lifecycle=lifecycle(disposable=marked(marked=9))), population())
    assert row is not None
    assert (row.axis, row.block) == ("evasion", "registration")
    assert "9 of 10 members" in row.summary and "mail domain" in row.summary and "15 of 300" in row.summary
