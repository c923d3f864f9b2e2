"""Open customers, whose accounts share most values, have mean at most one; a value each convinces."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from stillwatch.evidence.row import Evidence
from stillwatch.signals.scattered_identities import OWN_IF_HIDDEN, SIGNALS, Scattered
from tests.signals.makers import MEMBERS, bare_group, plain, population, trait

each_block = pytest.mark.parametrize("signal", SIGNALS, ids=lambda s: s.name)


def weigh(signal: Scattered, own: int, *, known: int = MEMBERS, common: bool = False) -> Evidence | None:
    """Weigh members of which `own` of the further ones show a value of their own, in every field alike."""
    shown = trait(known=known, distinct=own + 1, top=known - own, common=common)
    return signal.weigh(
        bare_group(traits={name: shown for name, _field, _words in signal.traits}), population()
    )


@each_block
@pytest.mark.parametrize("known", (2, 10, 60))
@pytest.mark.parametrize("share", (0.2, 1.0))
def test_an_open_customer_has_a_mean_of_at_most_one(signal: Scattered, known: int, share: float) -> None:
    k = np.arange(known)
    e = np.array([plain(weigh(signal, int(own), known=known)) for own in k])
    assert binom.pmf(k, known - 1, share * signal.own_if_open) @ e <= 1 + 1e-6


@each_block
def test_ten_accounts_with_a_value_each_convince(signal: Scattered) -> None:
    assert plain(weigh(signal, MEMBERS - 1)) >= 20


@each_block
def test_one_value_for_all_speaks_against_it(signal: Scattered) -> None:
    assert plain(weigh(signal, 0)) < 0.001


@each_block
def test_the_sentence_claims_only_what_the_weight_does(signal: Scattered) -> None:
    for own, claimed in ((MEMBERS - 1, True), (0, False)):
        row = weigh(signal, own)
        assert row is not None
        assert ("separate customers" in row.summary) is claimed


@each_block
def test_a_value_that_is_everybodys_is_no_identity(signal: Scattered) -> None:
    assert weigh(signal, 5, common=True) is None


@each_block
def test_one_known_member_cannot_differ(signal: Scattered) -> None:
    assert weigh(signal, 0, known=1) is None


def test_fields_of_one_block_are_averaged_not_multiplied() -> None:
    registration = next(signal for signal in SIGNALS if len(signal.traits) > 1)
    name = registration.traits[0][0]
    one = registration.weigh(bare_group(traits={name: trait()}), population())
    assert one is not None
    assert weigh(registration, MEMBERS - 1).log10_e == pytest.approx(one.log10_e)  # type: ignore[union-attr]


def test_the_blocks_do_not_share_a_field() -> None:
    fields = [field for signal in SIGNALS for field in signal.fields]
    assert len(fields) == len(set(fields))
    assert len({signal.block for signal in SIGNALS}) == len(SIGNALS)
    assert all(signal.own_if_open < OWN_IF_HIDDEN for signal in SIGNALS)
