"""What a scan leaves is bounded, goes by event time, and is the same for the same scan."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from stillwatch.campaigns.judging import Outcome
from stillwatch.campaigns.lasting import remember as module
from stillwatch.campaigns.lasting.look import Look
from stillwatch.campaigns.lasting.records import Echo, State
from stillwatch.campaigns.lasting.remember import KEPT, finding_of, forget_keys, remember
from tests.campaigns.lasting.makers import SECRET, START, candidate, day, known, pool, register, scan_day
from tests.campaigns.makers import judged, names, numbers
from tests.signals.makers import bare_group

POOL = pool()
NOTHING = Look(Outcome((), (), 0, 0, 0.0), ())


def near(*groups: object) -> Look:
    return Look(Outcome((), tuple(groups), len(groups), 0, 0.0), (), proposals=40)  # type: ignore[arg-type]


def test_the_same_scan_leaves_the_same_state() -> None:
    left = []
    for order in (1, 1):
        with day(0, POOL, passed=24, seed=order) as held:
            left.append(msgspec.json.encode(scan_day(held, State(), register(POOL))[1]))
    assert left[0] == left[1]


def test_a_named_campaign_is_remembered_with_its_evidence_and_what_it_showed() -> None:
    with day(0, POOL, passed=24) as held:
        campaigns, state = scan_day(held, State(), register(POOL))
    one = state.campaigns[0]
    assert [c.campaign_id for c in campaigns] == [one.campaign_id]
    assert one.members == sorted(POOL) and one.verdict == "resale_pool"
    assert one.log10_e == pytest.approx(campaigns[0].log10_e, abs=1e-5) and 0 < one.cut < one.log10_e
    assert one.ledger is not None and one.ledger.scans == 1 and one.echo is not None
    assert (state.scans, state.found) == (1, {"resale_pool": 1})
    assert state.since is not None and state.since >= START and state.until == one.ledger.until
    assert state.secret_id == SECRET.id


def test_members_that_are_gone_are_not_forgotten_and_ids_not_seen_are_kept() -> None:
    before = State(scans=1, campaigns=[known("C-0", pool("z")), known("C-1", [*POOL, "gone"])])
    with day(3, POOL, passed=24) as held:
        _campaigns, after = scan_day(held, before, register(POOL))
    assert [k.campaign_id for k in after.campaigns] == ["C-0", "C-1"]
    assert after.campaigns[0] == before.campaigns[0]
    assert set(after.campaigns[1].members) == {*POOL, "gone"}


def test_what_merges_goes_into_the_other_and_its_id_is_no_longer_given() -> None:
    halves = [known("C-1", POOL[:6]), known("C-2", POOL[6:], suspended={POOL[9]: START})]
    with day(3, POOL, passed=40) as held:
        campaigns, after = scan_day(held, State(scans=1, campaigns=halves), register(POOL))
    assert [c.campaign_id for c in campaigns] == ["C-1"]
    assert [k.campaign_id for k in after.campaigns] == ["C-1"]
    assert after.campaigns[0].suspended == {POOL[9]: START}
    assert [(c.campaign_id, c.event, c.other) for c in after.history] == [("C-2", "merged_into", "C-1")]
    assert after.until is not None and after.history[0].at == after.until


def test_near_groups_are_watched_and_those_alike_to_what_is_known_are_not() -> None:
    with day(1, POOL) as held:
        groups = [
            judged(bare_group(accounts=numbers(held, ids)), {"coordination": e})
            for ids, e in (
                (names("h", 8), 1.2),
                (names("h", 9), 1.1),  # nearly the same
                (names("h", 20)[10:], 0.4),  # too weak
                (POOL[:8], 2.0),  # known already
            )
        ]
        after = remember(State(scans=4, campaigns=[known("C-1", POOL)]), held, near(*groups), [], SECRET)
    assert [c.members for c in after.candidates] == [names("h", 8)]
    one = after.candidates[0]
    assert (one.scan, one.among, one.coordination, one.ledger.scans) == (5, 40, 1.2, 1)


def test_memory_is_bounded_and_the_strongest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CANDIDATES", 3)
    watched = [candidate([f"a{i}", f"b{i}"], coordination=float(i), last_seen=START) for i in range(6)]
    with day(1, POOL) as held:
        after = remember(State(scans=1, candidates=watched), held, NOTHING, [], SECRET)
    assert sorted(c.coordination for c in after.candidates) == [3.0, 4.0, 5.0]


@pytest.mark.parametrize("over", [False, True])
def test_a_group_not_seen_for_weeks_of_event_time_is_let_go(over: bool) -> None:
    seen = START - KEPT + timedelta(days=1 if over else 3)
    with day(1, POOL) as held:
        after = remember(
            State(scans=1, candidates=[candidate(["a", "b"], last_seen=seen)]), held, NOTHING, [], SECRET
        )
    assert bool(after.candidates) is not over


def test_keys_of_another_secret_are_forgotten_and_nothing_else() -> None:
    state = State(secret_id="one", scans=2, campaigns=[known("C-1", POOL, echo=Echo(rate=0.1))])
    assert forget_keys(state, "one") == state
    other = forget_keys(state, None)
    assert other.secret_id is None and other.campaigns[0].echo is None
    assert other.campaigns[0].members == state.campaigns[0].members and other.scans == 2


def test_a_campaign_is_matched_with_the_finding_it_was_made_of() -> None:
    with day(0, POOL, passed=24) as held:
        campaigns, _state = scan_day(held, State(), register(POOL))
        assert finding_of(NOTHING.findings, campaigns[0], held) is None
