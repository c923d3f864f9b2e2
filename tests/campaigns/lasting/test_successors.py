"""A pool that comes back after a ban is tied to what was banned; new accounts with other work are not."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import msgspec
import pytest

from stillwatch.campaigns.lasting.carried import span_of
from stillwatch.campaigns.lasting.records import State
from stillwatch.campaigns.lasting.seen import account_keys, with_keys
from stillwatch.campaigns.lasting.successors import find_successors, suspensions, with_suspensions
from tests.campaigns.lasting.makers import SECRET, day, known, pool, register, scan_day
from tests.campaigns.makers import accounts_table
from tests.workloads.makers import NOON

FIRST, SECOND = pool("p", 12), pool("q", 12)
BANNED_AT = NOON.replace(hour=0) + timedelta(days=1)
EVERYBODY = [*FIRST, *SECOND]


@cache
def watched() -> State:
    """Return what a day leaves on which the first pool was named."""
    with day(0, FIRST, passed=30) as held:
        campaigns, state = scan_day(held, State(), register(EVERYBODY))
    assert [c.verdict for c in campaigns] == ["resale_pool"]
    assert state.campaigns[0].echo is not None
    return state


@pytest.mark.parametrize("passed", [0, 30])
def test_a_second_pool_with_the_form_of_the_first_goes_on_under_its_id(passed: int) -> None:
    before = watched()
    accounts = register(EVERYBODY, suspended=FIRST, at=BANNED_AT)
    with day(1, SECOND, passed=passed, accounts=accounts) as held:
        campaigns, after = scan_day(held, before, accounts)
    again = next(c for c in campaigns if c.campaign_id == before.campaigns[0].campaign_id)
    assert {m.account_id for m in again.accounts} >= set(SECOND)
    row = next(row for row in again.evidence if row.signal == "succession")
    assert row.log10_e > 2 and "12 accounts" in row.summary
    assert [(c.event, c.campaign_id) for c in after.history[1:]] == [("replaced", again.campaign_id)]
    assert after.found == before.found
    kept = next(k for k in after.campaigns if k.campaign_id == again.campaign_id)
    assert set(kept.members) == {*FIRST, *SECOND} and set(kept.suspended) == set(FIRST)


@pytest.mark.parametrize(
    "why", ["other form", "no ban", "later ban", "other secret", "long ago", "seen before"]
)
def test_without_the_form_or_without_a_ban_before_it_nothing_is_tied(why: str) -> None:
    before = watched()
    at = {"later ban": BANNED_AT + timedelta(days=3), "long ago": BANNED_AT - timedelta(days=60)}.get(
        why, BANNED_AT
    )
    accounts = register(EVERYBODY, suspended=[] if why == "no ban" else FIRST, at=at)
    shown = {"user_shingles": [9_001, 9_002, 9_003, 9_004]} if why == "other form" else {}
    if why == "seen before":
        with day(0, SECOND, accounts=accounts) as held:
            before = msgspec.structs.replace(before, seen=with_keys(before.seen, account_keys(held)))
    if why == "other secret":
        echo_less = [msgspec.structs.replace(k, echo=None) for k in before.campaigns]
        before = msgspec.structs.replace(before, campaigns=echo_less)
    with day(1, SECOND, accounts=accounts, **shown) as held:
        campaigns, after = scan_day(held, before, accounts)
    assert all(row.signal != "succession" for c in campaigns for row in c.evidence)
    assert all(change.event != "replaced" for change in after.history)


def test_a_form_that_became_popular_meanwhile_tells_nothing() -> None:
    before = watched()
    accounts = register(EVERYBODY, suspended=FIRST, at=BANNED_AT + timedelta(hours=12))
    with day(1, SECOND, accounts=accounts, each=12) as held:  # most of them began before the ban
        found = find_successors(
            held,
            before.campaigns,
            {k.campaign_id: with_suspensions(k, accounts, span_of(held)[1]) for k in before.campaigns},
            before.seen,
            SECRET,
        )
    assert all(one.facts.rate > 0.05 for one in found)


def test_suspensions_count_from_their_event_time_on() -> None:
    table = accounts_table(
        ["a", "b", "c", "d"],
        status=["suspended", "suspended", "active", "suspended"],
        status_at=[BANNED_AT, BANNED_AT + timedelta(days=2), BANNED_AT, None],
    )
    assert suspensions(table, ["a", "b", "c", "d"], BANNED_AT + timedelta(days=1)) == {"a": BANNED_AT}
    assert suspensions(None, ["a"], BANNED_AT) == {} and suspensions(table, [], BANNED_AT) == {}
    one = known("C-1", ["a", "b"], suspended={"b": BANNED_AT})
    assert with_suspensions(one, table, BANNED_AT) == {"a": BANNED_AT, "b": BANNED_AT}
