"""Sign-ups in haste: young, hardly verified, on a domain on which nobody else stays."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.campaigns.measuring.signups import JUDGED, YOUNG, signups_of, thrown_away
from stillwatch.campaigns.traffic import MISSING

OWN, FREE, THROWN = 0, 1, 2
MEMBERS = np.arange(6)


def crowd(domain: int = THROWN, young: float = 3.0, weak: int = 1, others: int = 20):
    """Six members on a domain; twenty accounts come and go on THROWN, and fifty stay on FREE."""
    ages = np.array([young] * 6 + [5.0] * others + [400.0] * 50)
    verified = np.array([weak] * 6 + [1] * others + [0, 1] * 25)
    domains = np.array([domain] * 6 + [THROWN] * others + [FREE] * 50)
    return ages, verified, domains


def test_young_unverified_accounts_on_a_domain_that_others_throw_away_are_marked() -> None:
    found = signups_of(*crowd()).of(MEMBERS)
    assert found is not None
    assert (found.marked, found.known, found.outside_marked, found.outside_known) == (6, 6, 20, 70)


@pytest.mark.parametrize(
    "said",
    [{"domain": FREE}, {"domain": OWN}, {"young": YOUNG + 1}, {"weak": 0}, {"others": JUDGED - 1}],
    ids=["a domain people stay on", "a domain of its own", "old", "verified", "a domain few others use"],
)
def test_what_is_not_all_of_that_is_not(said: dict[str, float]) -> None:
    found = signups_of(*crowd(**said)).of(MEMBERS)
    assert found is not None and found.marked == 0


def test_a_group_is_not_judged_by_its_own_haste() -> None:
    ages = np.array([2.0] * 40 + [300.0] * 60)
    domain = np.array([THROWN] * 40 + [FREE] * 60)
    found = signups_of(ages, np.ones(100, dtype=np.int64), domain).of(np.arange(40))
    assert found is not None and found.marked == 0


def test_who_is_unknown_is_not_counted() -> None:
    ages, verified, domains = crowd()
    ages[0], verified[1], domains[2] = np.nan, MISSING, MISSING
    found = signups_of(ages, verified, domains).of(MEMBERS)
    assert found is not None and (found.marked, found.known) == (3, 3)


def test_a_field_that_the_table_lacks_is_not_asked_for() -> None:
    ages, verified, domains = crowd()
    by_domain = signups_of(ages, None, domains).of(MEMBERS)
    by_check = signups_of(ages, verified, None).of(MEMBERS)
    assert by_domain is not None and by_domain.marked == 6
    assert by_check is not None and by_check.marked == 6
    assert signups_of(ages, None, None).of(MEMBERS) is None
    assert signups_of(np.full(76, np.nan), verified, domains).of(MEMBERS) is None


def test_domains_that_are_thrown_away_are_no_papers() -> None:
    assert thrown_away(signups_of(*crowd())).tolist() == [False, False, True]
