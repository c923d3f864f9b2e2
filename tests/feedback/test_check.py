"""An honest group that would be named again fails the check, at its own scan's cut and through the real judging."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from stillwatch.campaigns.judging import judge
from stillwatch.evidence.profile import profiles_in_force, shipped_shape_profile, shipped_sought_profile
from stillwatch.feedback.calibrate import apply
from stillwatch.feedback.check import again, check, named_again
from stillwatch.feedback.fixtures import path_of, read_fixture
from tests.feedback.makers import harvest, measured, say
from tests.signals.makers import TRAITS, group, handovers, population, trait, use


def strangers() -> Any:
    """A harvest of accounts that present themselves as strangers and passed a lot among themselves."""
    apart = {name: trait() for name in TRAITS}
    passed = {
        name: handovers(units=40, tested=(20, 20)) for name in ("conversation_carried", "retry_handed_over")
    }
    return harvest(traits=apart, handovers=passed)


def pool(**said: Any) -> Any:
    return measured(strangers(), **said)


def replace_struct(held: Any, **said: Any) -> Any:
    return msgspec.structs.replace(held, **said)


def cuts(value: float) -> dict[str, float]:
    return dict.fromkeys(("coordination", "extraction", "evasion"), value)


def test_the_makers_group_is_named_by_the_judging_there_is() -> None:
    assert min(judge(strangers(), population()).axes.values()) > 1.5


def test_an_honest_group_that_would_be_named_again_fails(tmp_path: Path) -> None:
    say(tmp_path, held=pool())
    (one,) = check(tmp_path)
    assert one.fails and one.state == "named"
    assert one.now == one.then == "distillation_campaign"
    assert one.axes[1] == pytest.approx(one.axes[0])
    assert one.short == pytest.approx(-1.0)


def test_a_group_below_the_cut_of_its_own_scan_is_no_campaign_again(tmp_path: Path) -> None:
    held = pool()
    say(tmp_path, held=replace_struct(held, cuts={**held.cuts, "extraction": held.axes["extraction"] + 0.2}))
    (one,) = check(tmp_path)
    assert one.now != "distillation_campaign"
    assert one.short == pytest.approx(0.2)


def test_an_honest_group_that_came_near_fails_once_the_code_says_more_of_it(tmp_path: Path) -> None:
    tied = {"device": trait(top=10, distinct=1), "connection": trait(top=10, distinct=1)}
    near = measured(harvest(traits={name: trait() for name in TRAITS} | tied, handovers={}), verdict=None)
    near = replace_struct(near, cuts={**cuts(0.0), "extraction": near.axes["extraction"] + 0.2})
    say(tmp_path, "near-1 of x", near)
    assert [one.state for one in check(tmp_path)] == ["quiet"]
    shape, sought = shipped_shape_profile(), shipped_sought_profile()
    with profiles_in_force(replace(sought, clear={"general": 1e5}), shape):  # as a later version may ship
        (one,) = check(tmp_path)
    assert one.fails and (one.then, one.now) == (None, "distillation_campaign")
    assert one.axes[1]["extraction"] > one.axes[0]["extraction"]


def test_what_the_decision_added_then_is_added_now(tmp_path: Path) -> None:
    say(tmp_path, held=pool(added={"coordination": -0.3, "extraction": 0.1}))
    fixture = read_fixture(tmp_path, "F-0001")
    alone, now = judge(fixture.group, fixture.population).axes, again(fixture).axes
    assert now["coordination"] == pytest.approx(alone["coordination"] - 0.3)
    assert now["extraction"] == pytest.approx(alone["extraction"] + 0.1)
    assert now["evasion"] == alone["evasion"]


def test_labels_in_force_are_part_of_it(tmp_path: Path) -> None:
    say(tmp_path, held=pool())
    before = check(tmp_path)[0].axes[1]
    apply(tmp_path, by="carol", because="reviewed")
    after = check(tmp_path)[0].axes[1]
    assert after["extraction"] < before["extraction"]
    assert after["coordination"] == before["coordination"]


def test_a_campaign_that_would_be_missed_is_told_and_does_not_fail(tmp_path: Path) -> None:
    held = pool()
    say(tmp_path, "C-1", held, says="campaign")
    say(tmp_path, "C-2", replace_struct(held, cuts=cuts(30.0)), says="campaign")
    assert [one.state for one in check(tmp_path)] == ["found", "missed"]
    assert not any(one.fails for one in check(tmp_path))


def test_an_upheld_appeal_is_a_fixture_whatever_was_said(tmp_path: Path) -> None:
    say(tmp_path, held=pool(), says="unclear", appeal="upheld")
    assert [one.fails for one in check(tmp_path)] == [True]


def test_what_was_taken_back_disputed_or_not_measured_is_not_checked(tmp_path: Path) -> None:
    say(tmp_path, "C-1", pool()), say(tmp_path, retracts="F-0001")
    say(tmp_path, "C-2", pool()), say(tmp_path, "C-2", pool(), says="campaign", by="eve")
    say(tmp_path, "C-3")
    assert check(tmp_path) == []


def test_a_fixture_that_cannot_be_read_fails_and_the_others_are_judged(tmp_path: Path) -> None:
    say(tmp_path, "C-1", pool()), say(tmp_path, "C-2", pool())
    path_of(tmp_path, "F-0001").write_text("{")
    first, second = check(tmp_path)
    assert first.state == "unreadable" and first.fails and "F-0001.json" in first.problem
    assert second.state == "named"


def test_a_fixture_of_a_version_that_counted_less_takes_the_defaults(tmp_path: Path) -> None:
    held = pool()
    less = {name: value for name, value in held.group.items() if name not in ("permitted", "suspended")}
    say(tmp_path, held=replace_struct(held, group=less))
    assert check(tmp_path)[0].state == "named"


def test_a_single_account_is_judged_as_bulk(tmp_path: Path) -> None:
    work = use(
        holders=1, loads=[400], classified=400,
        asked={"reasoning_elicitation": 400}, given={"reasoning_elicitation": 400},
    )  # fmt: skip
    lone = measured(group(accounts=np.arange(1), uses=(work,), handovers={}), verdict="bulk_extraction")
    lone = replace_struct(lone, cuts={"extraction": lone.axes["extraction"] - 0.5})
    say(tmp_path, held=lone)
    fixture = read_fixture(tmp_path, "F-0001")
    assert named_again(fixture, again(fixture)) == "bulk_extraction"
    far = replace(fixture, measured=replace_struct(lone, cuts={"extraction": 9.0}))
    assert named_again(far, again(far)) is None


def test_related_accounts_stay_so_though_alone_they_would_pass_as_more(tmp_path: Path) -> None:
    held = pool(verdict="related_accounts")
    held = replace_struct(held, cuts={"coordination": held.axes["coordination"] - 1})
    say(tmp_path, held=held)
    fixture = read_fixture(tmp_path, "F-0001")
    assert named_again(fixture, again(fixture)) == "related_accounts"
    weak = replace(fixture, measured=replace_struct(held, cuts={"coordination": 1e3}))
    assert named_again(weak, again(weak)) is None


def test_another_verdict_needs_the_cut_of_a_campaign_where_an_axis_was_not_tested(tmp_path: Path) -> None:
    say(tmp_path, held=pool(verdict=None, cuts={"coordination": 0.0, "evasion": 0.0}))
    fixture = read_fixture(tmp_path, "F-0001")
    assert named_again(fixture, again(fixture)) == "distillation_campaign"
    far = replace(fixture, scan=replace_struct(fixture.scan, cut=50.0))
    assert named_again(far, again(far)) is None
