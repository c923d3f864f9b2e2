"""Unrelated new accounts stay below one; a pool that comes back convinces; without a suspension nothing is said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.lasting.echoes import rate_of
from stillwatch.evidence.succession import Succession
from stillwatch.signals.succession import MOST, NEW, SIGNAL
from tests.signals.makers import bare_group, group, plain, population, upper_bound


def facts(**said: object) -> Succession:
    """Eighty suspended accounts, and 60 of 900 new ones that send what they sent."""
    known = {
        "campaign": "C-1", "suspended": 80, "newcomers": 900, "takers": 60,
        "by_form": 60, "by_mark": 4, "rate": 0.001, "hours": 4.2,
    }  # fmt: skip
    return Succession(**known | said)  # type: ignore[arg-type]


def e_value(**said: object) -> float:
    return plain(SIGNAL.weigh(bare_group(succession=facts(**said)), population()))


@pytest.mark.parametrize("strangers", [300, 9_000])
@pytest.mark.parametrize("newcomers", [40, 900])
@pytest.mark.parametrize("true_rate", [0.0002, 0.002, 0.01])
@pytest.mark.parametrize("fashion", [1.0, NEW])
def test_on_accounts_that_take_the_form_up_by_themselves_the_mean_is_at_most_one(
    strangers: int, newcomers: int, true_rate: float, fashion: float
) -> None:
    # the rate is not known: it is estimated from the accounts before, and new ones may take to it more readily
    chance = np.random.default_rng([strangers, newcomers, int(1e4 * true_rate), int(fashion)])
    seen = chance.binomial(strangers, true_rate, 3_000)
    takers = chance.binomial(newcomers, min(fashion * true_rate, 1.0), 3_000)
    drawn, times = np.unique(np.stack([takers, seen]), axis=1, return_counts=True)
    found = [e_value(takers=int(k), newcomers=newcomers, rate=rate_of(int(s), strangers)) for k, s in drawn.T]
    assert upper_bound(np.repeat(found, times)) <= 1.05


def test_what_a_company_rolls_out_at_once_is_bounded_by_the_ceiling() -> None:
    assert np.log10(e_value(takers=900)) == pytest.approx(SIGNAL.ceiling)


@pytest.mark.parametrize(("takers", "least"), [(12, 100), (30, 1e5)])
def test_a_pool_that_comes_back_convinces(takers: int, least: float) -> None:
    assert e_value(takers=takers) > least  # of 900 new accounts, where fewer than three would by themselves


@given(st.integers(0, 200), st.integers(1, 900), st.floats(1e-5, 0.1))
def test_more_takers_say_more_and_a_common_form_less(takers: int, newcomers: int, rate: float) -> None:
    takers = min(takers, newcomers - 1)
    here = e_value(takers=takers, newcomers=newcomers, rate=rate)
    assert e_value(takers=takers + 1, newcomers=newcomers, rate=rate) >= here - 1e-9
    if takers > 2 * newcomers * NEW * rate:
        assert e_value(takers=takers, newcomers=newcomers, rate=rate * 1.5) <= here + 1e-9


def test_without_a_suspension_or_with_a_public_form_it_says_nothing() -> None:
    assert SIGNAL.weigh(group(), population()) is None
    assert SIGNAL.weigh(group(succession=facts(rate=1.01 * MOST / NEW)), population()) is None
    assert SIGNAL.weigh(group(succession=facts(newcomers=0, takers=0)), population()) is None


def test_the_sentence_names_the_campaign_and_claims_no_more_than_it_holds() -> None:
    row = SIGNAL.weigh(bare_group(succession=facts()), population())
    assert row is not None and "C-1" in row.summary and "80 accounts" in row.summary
    weak = SIGNAL.weigh(bare_group(succession=facts(takers=2)), population())
    assert weak is not None and "as unrelated ones might" in weak.summary


def test_who_else_is_there_is_no_matter() -> None:
    row = SIGNAL.weigh(bare_group(succession=facts()), population())
    assert row == SIGNAL.weigh(bare_group(succession=facts()), population(seed=4))
