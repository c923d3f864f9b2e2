"""A campaign keeps its id from scan to scan, whoever joins it and whatever else is found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.lasting.identity import (
    SAME,
    Identified,
    key_of,
    name_campaigns,
    own_id,
)

people = st.frozensets(st.sampled_from("abcdefghij"), min_size=1)
campaigns = st.lists(st.builds(Identified, st.integers(0, 5), people), max_size=5)
states = st.dictionaries(
    st.sampled_from(["C-1", "C-2", own_id(Identified(3, frozenset()))]), people, max_size=3
)


def named(key: int, members: str, earlier: dict[str, frozenset[str]] | None = None) -> str:
    return name_campaigns([Identified(key, frozenset(members))], earlier or {})[0]


@given(campaigns, states)
def test_every_campaign_has_an_id_of_its_own(
    found: list[Identified], earlier: dict[str, frozenset[str]]
) -> None:
    names = name_campaigns(found, earlier)
    assert len(names) == len(found) == len(set(names))
    assert all(name.startswith("C-") for name in names)


@given(campaigns)
def test_the_same_campaigns_found_again_keep_their_ids(found: list[Identified]) -> None:
    distinct = list({c.members: c for c in found}.values())
    names = name_campaigns(distinct, {})
    state = dict(zip(names, (c.members for c in distinct), strict=True))
    assert name_campaigns(distinct, state) == names
    backwards = name_campaigns(distinct[::-1], state)
    assert backwards[::-1] == names


@given(people, people, st.integers())
def test_enough_common_members_take_over_the_id(
    before: frozenset[str], now: frozenset[str], key: int
) -> None:
    name = name_campaigns([Identified(key, now)], {"C-before": before})[0]
    similar = len(before & now) / len(before | now) >= SAME
    assert (name == "C-before") is similar


def test_without_a_state_the_first_exchange_names_it_whoever_joins() -> None:
    assert named(5, "abc") == named(5, "abcdefgh") != named(6, "abc")


def test_with_a_state_too_the_first_exchange_names_it_though_most_members_are_new() -> None:
    first = named(5, "abc")
    assert named(5, "abcdefghijklmnop", {first: frozenset("abc")}) == first


def test_of_two_that_could_take_an_id_the_more_similar_does() -> None:
    found = [Identified(1, frozenset("abcx")), Identified(2, frozenset("abcd"))]
    assert name_campaigns(found, {"C-old": frozenset("abcd")}) == [own_id(found[0]), "C-old"]


def test_merged_campaigns_go_on_under_the_id_of_the_nearer_one() -> None:
    earlier = {"C-big": frozenset("abcdef"), "C-small": frozenset("gh")}
    assert named(9, "abcdefgh", earlier) == "C-big"


def test_a_campaign_that_falls_in_two_leaves_its_id_to_the_larger_part() -> None:
    first = named(5, "abcdefgh")
    parts = [Identified(5, frozenset("ab")), Identified(7, frozenset("cdefgh"))]
    names = name_campaigns(parts, {first: frozenset("abcdefgh")})
    assert names[1] == first and names[0] == f"{first}-2"


def test_an_id_is_short_and_the_same_for_negative_keys() -> None:
    assert named(-1, "a") == "C-ffffffffff"
    assert key_of("a") == key_of("a") != key_of("b")
