"""Sharing what unrelated accounts share has mean at most one; a card of the group's own convinces."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.evidence.group import Trait
from stillwatch.signals.shared_artefacts import SIGNALS, SharedArtefact
from tests.signals.makers import bare_group, plain, population, trait, upper_bound

each_artefact = pytest.mark.parametrize("signal", SIGNALS, ids=lambda s: s.name)
CUT_OFF_LOW = 2.0  # orders of ten that an office or a company gateway may cause by itself


def weigh(signal: SharedArtefact, shown: Trait) -> float:
    return plain(signal.weigh(bare_group(traits={signal.trait: shown}), population()))


def counted(values: np.ndarray, members: np.ndarray) -> Trait:
    """Return how members and the others show these values, one an account."""
    mine, others = values[members], np.delete(values, members)
    shown, counts = np.unique(mine, return_counts=True)
    top = shown[counts.argmax()]
    elsewhere = int((others == top).sum())
    distinct = len(np.unique(values))
    return Trait(len(mine), len(shown), int(counts.max()), len(others), elsewhere, distinct)


@each_artefact
@pytest.mark.parametrize(("kinds", "popularity"), [(10, 0.0), (60, 0.0), (500, 1.0), (3000, 0.0)])
def test_members_drawn_like_everybody_have_a_mean_of_at_most_one_where_it_speaks(
    signal: SharedArtefact, kinds: int, popularity: float
) -> None:
    """The commonest value among the members is looked for, which the number of values pays for."""
    random = np.random.default_rng(2)
    chance = 1 / np.arange(1, kinds + 1) ** popularity
    e = []
    for _run in range(300):
        values = random.choice(kinds, 400, p=chance / chance.sum())
        shown = counted(values, random.choice(400, 10, replace=False))
        row = signal.weigh(bare_group(traits={signal.trait: shown}), population())
        e.append(0.0 if row is None else plain(row))
    assert upper_bound(e) <= 1.0


@each_artefact
def test_ten_accounts_with_one_value_of_their_own_reach_what_it_may_claim(signal: SharedArtefact) -> None:
    shown = trait(top=10, distinct=1)
    row = signal.weigh(bare_group(traits={signal.trait: shown}), population())
    assert row is not None and row.log10_e == signal.ceiling
    assert signal.ceiling <= CUT_OFF_LOW or weigh(signal, shown) >= 20


@each_artefact
def test_what_a_network_shares_is_cut_off_low(signal: SharedArtefact) -> None:
    assert (signal.block == "network") == (signal.ceiling <= CUT_OFF_LOW)


@each_artefact
def test_what_many_outsiders_share_is_worth_nothing(signal: SharedArtefact) -> None:
    assert weigh(signal, trait(top=10, distinct=1, outside_top=200, values=40)) <= 1


@each_artefact
def test_the_rarer_a_value_is_among_others_the_more_it_says(signal: SharedArtefact) -> None:
    said = [weigh(signal, trait(top=3, distinct=8, outside_top=n)) for n in (0, 2, 10, 50)]
    assert said == sorted(said, reverse=True)


@each_artefact
def test_a_value_each_or_one_known_member_says_nothing(signal: SharedArtefact) -> None:
    for shown in (trait(), trait(known=1, distinct=1, top=1), trait(known=0, distinct=0, top=0)):
        assert signal.weigh(bare_group(traits={signal.trait: shown}), population()) is None


def test_no_two_look_at_one_trait() -> None:
    assert len({signal.trait for signal in SIGNALS}) == len(SIGNALS)
