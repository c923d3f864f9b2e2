from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stillwatch.ranges.actors.roster import DISPOSABLE_MAIL, FREE_MAIL
from stillwatch.ranges.campaigns.identities import IDENTITIES
from stillwatch.ranges.traffic.scene import DAY
from tests.ranges.makers import Stage, people


def opened(theatre: Stage, name: str, count: int = 300) -> Any:
    """Return the rows of accounts with such identities."""
    identity = IDENTITIES[name](theatre.scene, "copper")
    accounts = people(theatre.scene, count, **identity(theatre.rng, count))
    return theatre.scene.roster.rows[accounts]


def test_the_careless_sign_up_in_one_week_from_one_mail_domain_with_shared_cards(theatre: Stage) -> None:
    rows = opened(theatre, "careless")
    assert np.ptp(rows["born"]) < 7 * DAY and rows["born"].max() < 0
    assert len(set(rows["mail"])) == 1 and rows["mail"][0] in DISPOSABLE_MAIL
    assert len(set(rows["card"])) == 50


def test_virtual_cards_are_one_an_account_but_for_a_few_stolen_here(theatre: Stage) -> None:
    people(theatre.scene, 50)
    known = theatre.scene.roster.rows["card"].copy()
    rows = opened(theatre, "virtual_cards", 2_000)
    own = rows["card"][~np.isin(rows["card"], known)]
    assert len(set(own)) == len(own) and 0 < 2_000 - len(own) < 60
    assert set(rows["mail"]) == {*DISPOSABLE_MAIL, *FREE_MAIL}


def test_the_first_virtual_cards_of_a_range_are_nobodys(theatre: Stage) -> None:
    assert len(set(opened(theatre, "virtual_cards", 50)["card"])) == 50


def test_aged_accounts_are_as_old_as_ordinary_ones(theatre: Stage) -> None:
    people(theatre.scene, 300)
    ordinary = theatre.scene.roster.rows.copy()
    rows = opened(theatre, "aged")
    assert 0.7 < np.median(rows["born"]) / np.median(ordinary["born"]) < 1.4
    assert not np.isin(rows["mail"], DISPOSABLE_MAIL).any()
    assert len(set(rows["card"])) == 300


@pytest.mark.parametrize("name", sorted(IDENTITIES))
def test_accounts_opened_later_are_like_the_first(name: str, theatre: Stage) -> None:
    identity = IDENTITIES[name](theatre.scene, "copper")
    first, later = (set(identity(theatre.rng, n)) for n in (5, 1))
    assert first == later
