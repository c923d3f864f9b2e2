"""What was examined and not reported is told, with the reason that weighs most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from stillwatch.campaigns.judging import Outcome
from stillwatch.campaigns.telling.innocent import MOST_EXAMINED, examined
from stillwatch.campaigns.traffic import Traffic
from tests.campaigns.makers import names, traffic, work
from tests.campaigns.telling.cases import (
    BARS,
    CARRIED,
    EVEN,
    FULL,
    REPEATED,
    SCATTERED,
    SHAPE,
    SOUGHT,
    judged,
)
from tests.signals.makers import bare_group


def outcome(*innocent) -> Outcome:
    return Outcome((), tuple(innocent), 9, 3, 2.5, BARS, 5)


def group(size: int, first: int = 0):
    return bare_group(accounts=np.arange(first, first + size))


@pytest.fixture(scope="module")
def held() -> Iterator[Traffic]:
    with traffic(work(names("a", 3), 2)) as made:
        yield made


def test_counter_evidence_is_the_reason_where_it_decides(held: Traffic) -> None:
    (only,) = examined(outcome(judged(FULL, [replace(REPEATED, summary="a class")])), held)
    assert only.reason == "a class"
    assert only.grounds is not None and only.grounds.readings
    assert (only.accounts, len(only.evidence), len(only.counter_evidence)) == (10, len(FULL), 1)


def test_without_any_that_decides_what_was_lacking_is_named(held: Traffic) -> None:
    lacking = {
        "one operator": [SCATTERED, SHAPE, SOUGHT],
        "training data": [CARRIED, EVEN, SCATTERED],
        "strangers": [CARRIED, EVEN, SHAPE, SOUGHT],
    }
    for words, rows in lacking.items():
        (only,) = examined(outcome(judged(rows)), held)
        assert words in only.reason and only.reason[0].isupper() and only.reason.endswith(".")
    (weak,) = examined(outcome(judged([CARRIED, replace(SCATTERED, log10_e=1.0), SHAPE, SOUGHT])), held)
    assert "too little shows that they hide a relation" in weak.reason.lower()
    (small,) = examined(outcome(judged(FULL, size=3)), held)
    assert "too few" in small.reason


def test_where_only_numbers_are_known_the_strongest_counter_row_is_the_reason(held: Traffic) -> None:
    rows = [replace(REPEATED, log10_e=-2.0, summary="many use it"), replace(REPEATED, summary="one firm")]
    bare = replace(outcome(judged(FULL, rows)), bars={})
    (only,) = examined(bare, held)
    assert only.reason == "one firm" and only.grounds is None


def test_a_group_whose_numbers_would_do_is_said_to_have_lost_to_a_better_one(held: Traffic) -> None:
    (only,) = examined(outcome(judged()), held)
    assert "better supported" in only.reason


def test_the_nearest_come_first_in_any_order_and_no_more_than_can_be_read(held: Traffic) -> None:
    rows = [
        replace(judged([replace(CARRIED, log10_e=float(i % 7))]), group=group(2 + i % 3, 5 * i))
        for i in range(40)
    ]
    found = examined(outcome(*rows), held)
    assert found == examined(outcome(*rows[::-1]), held)
    assert len(found) == MOST_EXAMINED
    assert [f.axes["coordination"] for f in found] == sorted(
        (f.axes["coordination"] for f in found), reverse=True
    )
    assert examined(outcome(), held) == ()
