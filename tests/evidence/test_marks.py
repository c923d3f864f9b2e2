"""The form of signals on a mark: silent where few can be judged, mixed with one, below its ceiling."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import betabinom, binom

from stillwatch.evidence.marks import LEAST, SHOWN_BY, MarkSignal
from tests.signals.lives import lifecycle, marked
from tests.signals.makers import bare_group, plain, population

SIGNAL = MarkSignal(
    name="a_mark",
    block="client",
    null="openly one customer like any other",
    fields=("user_agent",),
    mark="churning",
    does="show the mark",
    ceiling=1.2,
)


def weigh(**said: int) -> float:
    return plain(SIGNAL.weigh(bare_group(lifecycle=lifecycle(churning=marked(**said))), population()))


def test_without_lives_or_without_the_mark_it_says_nothing() -> None:
    assert SIGNAL.weigh(bare_group(), population()) is None
    assert SIGNAL.weigh(bare_group(lifecycle=lifecycle(churning=None)), population()) is None


def test_a_few_members_do_not_speak_for_the_group() -> None:
    few = lifecycle(churning=marked(marked=4, known=4))
    assert SIGNAL.weigh(bare_group(lifecycle=few), population()) is None
    alone = lifecycle(members=1, churning=marked(marked=1, known=LEAST - 1))
    assert SIGNAL.weigh(bare_group(accounts=np.arange(1), lifecycle=alone), population()) is None


def test_most_members_convince_up_to_the_ceiling() -> None:
    assert weigh(marked=10, outside_marked=0, outside_known=5_000) == pytest.approx(10**SIGNAL.ceiling)


def test_a_mark_that_nobody_shows_hardly_counts() -> None:
    assert 1 - SHOWN_BY <= weigh(marked=0) <= 1


@pytest.mark.parametrize("alike", [0.02, 1.0, 1_000.0])
@pytest.mark.parametrize("rate", [0.02, 0.1, 0.4])
def test_customers_like_any_other_have_a_mean_of_at_most_one(alike: float, rate: float) -> None:
    """From customers whose accounts are all alike to customers whose accounts are independent."""
    chance = betabinom(10, alike * rate, alike * (1 - rate)).pmf(np.arange(11))
    outside = {"outside_marked": round(10_000 * rate), "outside_known": 10_000}
    assert chance @ [weigh(marked=k, **outside) for k in range(11)] <= 1 + 1e-9


def test_a_rate_learned_from_some_hundred_others_keeps_the_mean() -> None:
    """The outsiders are as random as the members."""
    rate, outside = 0.05, 300
    members, others = binom(10, rate), binom(outside, rate)
    mean = sum(
        members.pmf(k) * others.pmf(m) * weigh(marked=k, outside_marked=m, outside_known=outside)
        for k in range(11)
        for m in range(60)
    )
    assert mean <= 1.02


def test_the_sentence_counts_and_claims_no_more() -> None:
    row = SIGNAL.weigh(bare_group(lifecycle=lifecycle()), population())
    assert row is not None
    assert row.summary == "2 of 10 members show the mark; 15 of 300 other accounts do."
    assert row.axis == "evasion" and row.block == "client" and row.n == 10
