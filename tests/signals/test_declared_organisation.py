"""What openly ties the members speaks against evasion; what contradicts them is no open tie."""

from __future__ import annotations

import pytest

from stillwatch.evidence.group import Trait
from stillwatch.signals.declared_organisation import OPEN_SHARE, SIGNAL, WORDS, open_tie
from tests.signals.makers import MEMBERS, bare_group, plain, population, trait


def shared(of: int = MEMBERS) -> Trait:
    return trait(top=of, distinct=MEMBERS - of + 1)


@pytest.mark.parametrize("field", sorted(WORDS))
def test_one_value_for_all_is_an_open_tie(field: str) -> None:
    group = bare_group(traits={field: shared()})
    row = SIGNAL.weigh(group, population())
    assert open_tie(group) == field
    assert row is not None and row.log10_e < -2
    assert WORDS[field] in row.summary


def test_the_more_share_it_the_more_it_speaks_against_evasion() -> None:
    said = [
        plain(SIGNAL.weigh(bare_group(traits={"organisation": shared(of)}), population()))
        for of in (8, 9, 10)
    ]
    assert said[0] > said[1] > said[2]


def test_less_than_most_is_no_tie() -> None:
    few = int(OPEN_SHARE * MEMBERS) - 1
    assert open_tie(bare_group(traits={"organisation": trait(top=few, distinct=4)})) is None


def test_known_for_a_few_members_only_it_is_no_tie() -> None:
    assert open_tie(bare_group(traits={"organisation": trait(known=4, top=4, distinct=1)})) is None


def test_a_public_mail_service_ties_nobody() -> None:
    mail = trait(top=MEMBERS, distinct=1, common=True)
    assert open_tie(bare_group(traits={"email_domain": mail})) is None


def test_different_organisations_are_not_made_one_by_a_card() -> None:
    assert open_tie(bare_group(traits={"organisation": trait(), "payment": shared()})) is None


def test_one_mail_domain_over_ten_cards_is_no_open_tie() -> None:
    assert open_tie(bare_group(traits={"email_domain": shared(), "payment": trait()})) is None
    assert open_tie(bare_group(traits={"email_domain": trait(), "payment": shared()})) is None


def test_a_declared_organisation_stands_whatever_the_cards() -> None:
    assert open_tie(bare_group(traits={"organisation": shared(), "payment": trait()})) == "organisation"
