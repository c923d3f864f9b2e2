"""Who sends the same prompts at every account collects nothing that one account would not have given."""

from __future__ import annotations

import pytest

from stillwatch.evidence.row import Evidence
from stillwatch.signals.repeated_content import FLOOR, REPEATED, SHARED_OUT, SIGNAL
from tests.signals.makers import bare_group, population, use


def weigh(share: float, **said: object) -> Evidence | None:
    work = use(**{"repeated": round(share * 400)} | said)
    return SIGNAL.weigh(bare_group(uses=(work,)), population())


def test_the_discount_grows_with_the_share_and_ends_at_its_floor() -> None:
    shares = [SHARED_OUT + step / 20 for step in range(1, 16)]
    said = [row.log10_e for share in shares if (row := weigh(share)) is not None]
    assert len(said) == len(shares)
    assert said == sorted(said, reverse=True)
    assert said[-1] == FLOOR


def test_it_is_full_where_most_is_repeated() -> None:
    row = weigh(REPEATED)
    assert row is not None and row.log10_e == pytest.approx(FLOOR)


def test_a_prompt_now_and_then_alike_says_nothing() -> None:
    assert weigh(SHARED_OUT) is None
    assert weigh(0.0) is None


def test_what_was_not_answered_does_not_count() -> None:
    assert weigh(0.0, repeated=0, answered=0) is None


def test_one_holder_repeats_nobody() -> None:
    assert weigh(1.0, loads=[400]) is None


def test_without_known_prompts_it_says_nothing() -> None:
    assert weigh(1.0, contents=0) is None
