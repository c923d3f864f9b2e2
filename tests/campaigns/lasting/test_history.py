"""Merges, splits, upgrades and replacements are noted once, with the event time of the scan."""

from __future__ import annotations

from stillwatch.campaigns.lasting.history import changes, merged_into, split_from
from stillwatch.campaigns.lasting.records import Change, Known
from tests.campaigns.lasting.makers import START, known, pool


def named(**members: list[str]) -> dict[str, Known]:
    return {name: known(name, ids) for name, ids in members.items()}


def test_a_campaign_whose_members_are_in_another_now_merged_into_it() -> None:
    there = {"C1": frozenset(pool(count=6)), "C2": frozenset(pool(count=10)[6:]), "C3": frozenset(pool("q"))}
    now = named(C1=pool(count=10), C4=pool("r"))
    assert merged_into(there, now) == {"C2": "C1"}
    assert merged_into({"C2": frozenset(["p001"])}, now) == {}  # one account that moved is no merger
    assert merged_into(there, {}) == {}


def test_a_campaign_of_another_id_made_of_anothers_members_split_off() -> None:
    before = named(C1=pool(count=10))
    now = named(C1=pool(count=6), C2=pool(count=10)[6:], C3=pool("q"))
    assert split_from(before, now) == {"C2": "C1"}
    assert split_from({}, now) == {}


def test_the_changes_of_a_scan_in_their_order() -> None:
    before = {
        "C1": known("C1", pool(), verdict="resale_pool"),
        "C2": known("C2", pool("q"), verdict="distillation_campaign"),
        "C5": Known("C5", pool("s")),
    }
    now = {
        "C1": known("C1", pool(), verdict="distillation_campaign"),
        "C2": known("C2", pool("q"), verdict="resale_pool"),
        "C3": known("C3", pool("r")),
        "C4": known("C4", pool()[:3]),
        "C5": known("C5", pool("s")),
    }
    found = changes(before, now, {"C6": "C1"}, {"C4": "C1"}, {"C2"}, START)
    assert found == [
        Change(START, "C1", "upgraded", "distillation_campaign"),
        Change(START, "C2", "replaced"),
        Change(START, "C3", "named"),
        Change(START, "C4", "split_from", "C1"),
        Change(START, "C6", "merged_into", "C1"),
    ]
