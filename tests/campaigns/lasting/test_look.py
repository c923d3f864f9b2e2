"""Slow campaigns add up over days and honest groups do not; what was named goes on under its name."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from stillwatch.campaigns.lasting.look import Dials, first_look, look
from stillwatch.campaigns.lasting.records import State
from stillwatch.campaigns.model import Campaign
from tests.campaigns.lasting.makers import (
    SECRET,
    START,
    alone,
    candidate,
    day,
    known,
    pool,
    register,
    scan_day,
)

POOL = pool()
DIALS = Dials(0.05, 5)


def members(campaign: Campaign) -> list[str]:
    return sorted(member.account_id for member in campaign.accounts)


def test_without_a_state_a_look_is_a_scan_by_itself_and_an_empty_state_finds_no_more() -> None:
    with day(0, POOL, passed=24) as held:
        by_itself = first_look(held, DIALS)
        with_state = look(held, DIALS, State(), register(POOL), SECRET)
    assert [f.verdict for f in by_itself.outcome.findings] == ["resale_pool"]
    assert [f.verdict for f in with_state.outcome.findings] == ["resale_pool"]
    assert len(with_state.discoveries) == 1 and with_state.earlier == {}
    # the first scan of many may spend a part of the dial alone
    assert with_state.outcome.findings[0].cut > by_itself.outcome.findings[0].cut


def test_a_campaign_too_slow_for_any_single_day_is_named_after_some() -> None:
    state, named = State(), []
    for number in range(9):
        with day(number, POOL, passed=2, honest=60) as held:
            assert alone(held) == ()
            campaigns, state = scan_day(held, state, register(POOL))
        named.append([(c.campaign_id, c.verdict) for c in campaigns])
    first = next(i for i, found in enumerate(named) if found)
    assert 2 <= first <= 7
    assert all(found == named[first] for found in named[first:])  # and goes on under one id
    assert named[first][0][1] == "resale_pool"
    assert state.found == {"resale_pool": 1} and state.scans == 9
    assert [change.event for change in state.history] == ["named"]


@pytest.mark.parametrize("kind", ["strangers with one form", "two who write to each other"])
def test_honest_users_of_one_form_are_not_named_however_long_they_are_watched(kind: str) -> None:
    # dependent nulls: the same accounts, the same habits, day after day
    state, friends = State(), POOL[:2]
    for number in range(6):
        passing = friends if kind != "strangers with one form" else []
        with day(number, POOL, honest=40, within=passing, passed=3 if passing else 0) as held:
            campaigns, state = scan_day(held, state, register(POOL))
        named = [c for c in campaigns if c.verdict != "related_accounts" or len(c.accounts) > 2]
        assert named == []
    assert state.scans == 6


def test_data_that_was_counted_is_not_added_up_again() -> None:
    state = State()
    with day(0, POOL, passed=2) as held:
        for _again in range(3):
            campaigns, state = scan_day(held, state, register(POOL))
            assert campaigns == ()
    assert state.candidates and all(c.ledger.scans == 1 for c in state.candidates)
    assert state.candidates[0].ledger.passed["conversation_carried"].units == 2


def test_a_known_campaign_goes_on_by_its_members_alone_and_a_dismissed_one_does_not() -> None:
    before = known("C-1", POOL, log10_e=7.0, cut=3.0)
    for dismissed in (False, True):
        one = msgspec.structs.replace(before, judgement="dismissed" if dismissed else None)
        with day(3, POOL) as held:
            looked = look(held, DIALS, State(scans=3, campaigns=[one]), register(POOL), SECRET)
        found = looked.outcome.findings
        assert [(f.verdict, f.log10_e, f.cut) for f in found] == (
            [] if dismissed else [("resale_pool", 7.0, 3.0)]
        )
        assert looked.discoveries == ()
        assert looked.earlier == {"C-1": frozenset(POOL)}


def test_a_named_campaign_found_again_is_no_discovery_and_keeps_its_verdict() -> None:
    before = State(scans=5, found={"resale_pool": 1}, campaigns=[known("C-1", POOL)])
    with day(6, POOL, passed=24) as held:
        campaigns, after = scan_day(held, before, register(POOL))
    assert [(c.campaign_id, c.verdict) for c in campaigns] == [("C-1", "resale_pool")]
    assert after.found == {"resale_pool": 1} and after.history == []


def test_what_only_related_accounts_was_may_be_discovered_as_a_pool() -> None:
    before = State(
        scans=5, found={"related_accounts": 1}, campaigns=[known("C-1", POOL, verdict="related_accounts")]
    )
    with day(6, POOL, passed=40) as held:
        campaigns, after = scan_day(held, before, register(POOL))
    assert [(c.campaign_id, c.verdict) for c in campaigns] == [("C-1", "resale_pool")]
    assert after.found == {"resale_pool": 1, "related_accounts": 1}
    assert [(c.event, c.other) for c in after.history] == [("upgraded", "resale_pool")]


def test_groups_watched_from_larger_scans_pay_for_all_that_was_proposed_with_them() -> None:
    axes = {}
    for among in (1, 1_000):
        watched = candidate(POOL, among=among, first_seen=START, last_seen=START + timedelta(days=1))
        with day(2, POOL, passed=24) as held:
            looked = look(held, DIALS, State(scans=2, candidates=[watched]), register(POOL), SECRET)
        axes[among] = looked.outcome.cut, looked.outcome.innocent, looked.outcome.findings
        assert len(looked.weighed) == 1 and looked.weighed[0].ledger is not None
        assert looked.weighed[0].ledger.scans == 2
    assert axes[1][0] == pytest.approx(axes[1_000][0])  # it is the watched that pay, not this scan's own
