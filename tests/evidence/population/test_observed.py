"""A population has as many accounts as loads."""

from __future__ import annotations

import numpy as np

from tests.evidence.population.makers import observed


def test_accounts_are_counted_by_their_loads() -> None:
    made = observed(np.random.default_rng(1))
    assert made.accounts == len(made.loads) == made.streams.account.max() + 1
