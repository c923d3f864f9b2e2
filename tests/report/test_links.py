"""A tie is told with its rarity, and an account with what is left of it without its strongest tie."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from stillwatch.campaigns.model import MemberGrounds, Tie
from stillwatch.report.links import _log10_tail as log10_tail
from stillwatch.report.links import (
    explain_exchange,
    explain_link,
    holding,
    holds_without,
    member_of,
    own_ties,
    tie_line,
    tie_rarity,
    without_strongest,
)

from .makers import campaign, result

FOUND = campaign()
TIE = FOUND.ties[0]


@given(st.integers(0, 60), st.floats(1e-9, 5))
def test_the_tail_of_chance_is_poissons(events: int, expected: float) -> None:
    exact = float(poisson.logsf(events - 1, expected)) / math.log(10)
    assert log10_tail(events, expected) == pytest.approx(max(exact, -300.0), abs=1e-6)


def test_rarity_is_told_by_chance_or_by_holders_or_not_at_all() -> None:
    assert tie_rarity(replace(TIE, holders=5), 179) == "5 of 179 accounts show it"
    assert tie_rarity(replace(TIE, events=4, expected=0.01), 179).startswith("0.01 expected; at most once in")
    assert tie_rarity(replace(TIE, events=1, expected=1e-9), 9).startswith("under 0.0001 expected")
    assert tie_rarity(TIE, 179) == "no chance rate is known"


def test_more_events_are_rarer() -> None:
    tails = [log10_tail(events, 0.2) for events in range(6)]
    assert tails == sorted(tails, reverse=True) and tails[0] == 0.0


@pytest.mark.parametrize(
    ("ties", "said"), [(0, "Nothing"), (1, "nothing would be left"), (2, "one would be left"), (3, "still")]
)
def test_an_account_hangs_on_its_ties(ties: int, said: str) -> None:
    held = MemberGrounds("a", {}, ties)
    assert said in without_strongest(held)
    assert ("holds" in holds_without(held)) == (ties > 2)


def test_how_many_hang_on_one_tie_is_counted() -> None:
    held = [MemberGrounds(str(i), {}, i) for i in range(5)]
    assert holding(held) == (
        "2 of 5 accounts would be tied without their strongest tie; 2 hang on one tie or on the common work alone."
    )
    assert holding([]) == "" and "hang" not in holding(held[3:])


def test_the_ties_of_an_account_name_the_other_the_strongest_first() -> None:
    mine = own_ties(FOUND, TIE.a)
    assert mine and all(TIE.a in (t.a, t.b) for t in mine)
    assert [t.log10_e for t in mine] == sorted((t.log10_e for t in mine), reverse=True)
    other = mine[0].b if mine[0].a == TIE.a else mine[0].a
    assert f"with {other}" in tie_line(TIE.a, mine[0], 9)


def test_a_link_is_told_with_how_many_pairs_would_show_as_much() -> None:
    rare = replace(TIE, events=3, expected=0.01)
    told = explain_link(result((replace(FOUND, ties=(rare,)),)), TIE.b, TIE.a)
    assert "pairs of accounts in this log, about" in told and "make such ties honestly" in told
    assert "Without the strongest tie of each" in told


def test_accounts_without_a_tie_of_their_own_are_told_the_way_between_them() -> None:
    a, b, c, *_rest = (m.account_id for m in FOUND.accounts)
    chain = (Tie(a, b, "answers_passed", 1, 0.5), Tie(b, c, "answers_passed", 1, 0.5))
    told = explain_link(result((replace(FOUND, ties=chain),)), a, c)
    assert f"{a} – {b} – {c}" in told
    lonely = explain_link(result((replace(FOUND, ties=()),)), a, c)
    assert "No tie between these two" in lonely and "shortest" not in lonely


def test_accounts_of_no_common_campaign_and_unknown_ones_are_told_apart() -> None:
    told = explain_link(result(), "honest_001", FOUND.accounts[0].account_id)
    assert "no campaign has both" in told
    with pytest.raises(KeyError, match="not in this result"):
        explain_link(result(), "nobody", FOUND.accounts[0].account_id)


def test_an_exchange_is_told_by_its_campaign_its_work_and_its_account() -> None:
    who = FOUND.accounts[0]
    told = explain_exchange(result((FOUND,)), f"{FOUND.campaign_id}-{who.account_id}-0")
    assert FOUND.campaign_id in told and "W-9f21ac" in told and who.account_id in told
    assert "work the campaign is named for" in told
    tied = replace(FOUND, capabilities=(), workloads=())
    assert "passed between members" in explain_exchange(
        replace(result((FOUND,)), campaigns=(tied,)), f"{FOUND.campaign_id}-{who.account_id}-0"
    )


def test_an_exchange_that_is_attributed_to_nobody_is_an_error() -> None:
    with pytest.raises(KeyError, match="attributed to no campaign"):
        explain_exchange(result(), "nothing")


def test_an_accounts_part_is_found_or_not() -> None:
    assert member_of(FOUND, FOUND.accounts[0].account_id) == FOUND.accounts[0]
    assert member_of(FOUND, "nobody") is None
