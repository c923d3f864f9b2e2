"""Records: the order of seriousness, and figures that JSON can hold."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.report.record import (
    campaign_record,
    decimal,
    details_record,
    most_serious_first,
    tokens_at_risk,
)

from .makers import campaign, result, three


def test_the_order_does_not_depend_on_the_order_given() -> None:
    found = (*three(), campaign(seed=1), campaign(accounts=3, seed=2))
    orders = {tuple(c.campaign_id for c in most_serious_first(p)) for p in itertools.permutations(found)}
    assert len(orders) == 1


def test_more_tokens_come_first_between_equals() -> None:
    small, large = campaign(accounts=3, seed=2), campaign(accounts=30, seed=3)
    assert most_serious_first((small, large)) == (large, small)
    assert tokens_at_risk(large) > tokens_at_risk(small)


@given(st.floats(allow_nan=False))
def test_a_figure_is_finite_and_has_no_negative_zero(x: float) -> None:
    held = decimal(x)
    assert abs(held) <= 1e6
    assert str(held) != "-0.0"


def test_a_figure_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        decimal(float("nan"))


def test_what_is_for_the_report_alone_stays_out_of_the_contract() -> None:
    assert not {"ties", "workloads", "timeline"} & set(campaign_record(campaign()))
    details = details_record(result())
    assert set(details["campaigns"]["C-0007-k3q9"]) == {
        "ties",
        "workloads",
        "timeline",
        "grounds",
        "member_grounds",
    }
