"""What was agreed or announced for most members discounts the axis it is about, and no other."""

from __future__ import annotations

import pytest

from stillwatch.evidence.row import Evidence
from stillwatch.signals.declared_use import DISCOUNT, EXTRACTING_USES, OPEN_SHARE, POOLING_USES, SIGNALS
from tests.signals.makers import MEMBERS, bare_group, population

MOST, NOT_MOST = int(OPEN_SHARE * MEMBERS), int(OPEN_SHARE * MEMBERS) - 1


def rows(**said: object) -> dict[str, Evidence]:
    found = [signal.weigh(bare_group(**said), population()) for signal in SIGNALS]
    return {row.axis: row for row in found if row is not None}


def test_training_that_the_provider_agreed_to_is_no_finding_of_extraction() -> None:
    assert rows(permitted=MOST).keys() == {"extraction"}
    assert rows(permitted=NOT_MOST) == {}


@pytest.mark.parametrize("use", EXTRACTING_USES)
def test_a_declared_evaluation_or_the_like_discounts_extraction_only(use: str) -> None:
    assert rows(declared={use: MOST}).keys() == {"extraction"}


@pytest.mark.parametrize("use", POOLING_USES)
def test_a_declared_reseller_or_the_like_discounts_evasion_only(use: str) -> None:
    assert rows(declared={use: MOST}).keys() == {"evasion"}


def test_members_may_declare_it_in_different_words() -> None:
    assert rows(declared={EXTRACTING_USES[0]: 4, EXTRACTING_USES[1]: 3}).keys() == {"extraction"}
    assert rows(declared={EXTRACTING_USES[0]: 4, POOLING_USES[0]: 3}) == {}


def test_the_declaration_of_a_few_covers_nobody_else() -> None:
    assert rows(declared=dict.fromkeys((EXTRACTING_USES[0], POOLING_USES[0]), NOT_MOST // 2)) == {}


def test_another_use_is_no_excuse() -> None:
    assert rows(declared={"chat": MEMBERS}) == {}


def test_the_discount_is_the_same_for_each() -> None:
    said = rows(permitted=MEMBERS) | rows(declared={POOLING_USES[0]: MEMBERS})
    assert [row.log10_e for row in said.values()] == [DISCOUNT, DISCOUNT]
