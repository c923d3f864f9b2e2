"""Most members verified as somebody speaks against evasion; one verified account is no free pass."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from stillwatch.signals.verified_identity import HIDDEN, MOST_OFF, SIGNAL
from tests.signals.lives import lifecycle
from tests.signals.makers import bare_group, population


def weigh(*verified: str | None) -> float:
    members = len(verified)
    group = bare_group(accounts=np.arange(members), lifecycle=lifecycle(members, verification=verified))
    row = SIGNAL.weigh(group, population())
    return 0.0 if row is None else row.log10_e


@pytest.mark.parametrize("check", ["identity", "business"])
def test_a_firm_whose_accounts_are_verified_is_helped_and_not_without_bound(check: str) -> None:
    assert weigh(*[check] * 3) == -MOST_OFF
    assert weigh(*[check] * 40) == -MOST_OFF


@pytest.mark.parametrize("others", ["none", "email", "phone", None])
def test_one_verified_account_gives_no_pool_a_free_pass(others: str | None) -> None:
    assert weigh("identity", *[others] * 9) == 0
    assert weigh("identity") == 0


def test_the_more_are_verified_the_more_it_helps() -> None:
    assert 0 > weigh("business", "business", "business", "none") > weigh("business", "business", "business")


def test_what_is_taken_off_a_hidden_pool_has_a_bounded_mean() -> None:
    """The factor by which evidence is lowered is an e-value under its null."""
    chance = binom(10, HIDDEN).pmf(np.arange(11))
    factors = [10 ** -weigh(*["identity"] * k, *["none"] * (10 - k)) for k in range(11)]
    assert chance @ np.where(np.array(factors) > 1, factors, 0) <= 1


def test_without_the_table_it_says_nothing() -> None:
    assert SIGNAL.weigh(bare_group(), population()) is None
    assert weigh(*[None] * 10) == 0
