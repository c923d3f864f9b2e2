"""Passing things on while declaring nothing is weighed against open customers, of whom some declare."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from stillwatch.evidence.handover import HANDED_OVER
from stillwatch.evidence.row import Evidence
from stillwatch.signals.undeclared_relation import OPEN, SIGNAL
from tests.signals.makers import bare_group, handovers, plain, population, trait


def weigh(
    declaring: int, members: int = 12, passed: int = 12, name: str = HANDED_OVER[0], table: bool = False
) -> Evidence | None:
    group = bare_group(
        accounts=np.arange(members),
        handovers={name: handovers(units=passed)},
        traits={"organisation": trait(known=declaring, distinct=min(declaring, 1), top=declaring)},
    )
    return SIGNAL.weigh(group, population(has_accounts_table=table))


@pytest.mark.parametrize("members", (4, 12, 60))
@pytest.mark.parametrize("declaring", (OPEN, 0.6, 1.0))
def test_open_customers_have_a_mean_of_at_most_one(members: int, declaring: float) -> None:
    k = np.arange(members + 1)
    e = np.array([plain(weigh(int(known), members, members)) for known in k])
    assert binom.pmf(k, members, declaring) @ e <= 1 + 1e-6


def test_twelve_accounts_that_pass_things_on_and_declare_nothing_convince() -> None:
    assert plain(weigh(0)) >= 20


def test_every_member_that_declares_takes_away() -> None:
    said = [plain(weigh(declaring)) for declaring in range(13)]
    assert said == sorted(said, reverse=True)
    assert said[-1] < 1e-6


@pytest.mark.parametrize("name", HANDED_OVER)
def test_whatever_passed_it_takes_half_as_many_as_members(name: str) -> None:
    assert weigh(0, members=12, passed=6, name=name) is not None
    assert weigh(0, members=12, passed=5, name=name) is None


def test_an_accounts_table_tells_identities_better() -> None:
    assert weigh(0, table=True) is None


def test_one_account_relates_to_nobody() -> None:
    assert weigh(0, members=1) is None


def test_an_organisation_nobody_could_declare_counts_as_none_declared() -> None:
    group = bare_group(handovers={HANDED_OVER[0]: handovers(units=10)})
    row = SIGNAL.weigh(group, population(has_accounts_table=False))
    assert row is not None and row.observed.startswith("10 of 10 members declare no organisation")
    assert row.log10_e <= SIGNAL.ceiling
