"""What a workload is called by its shape alone, and when it is everybody's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stillwatch.workloads import capability, is_public
from stillwatch.workloads.describe import PUBLIC_SHARE, PUBLIC_USERS

SLUGS = {"tool_use", "agentic_coding", "general"}
counts = st.integers(0, 10_000)


@given(counts, counts, st.floats(0, 1))
def test_the_capability_is_a_slug_of_the_taxonomy(exchanges: int, tools: int, code: float) -> None:
    assert capability(exchanges, min(tools, exchanges), code) in SLUGS


def test_the_shape_names_tools_before_code_and_nothing_without_either() -> None:
    assert capability(10, 5, 0.9) == "tool_use"
    assert capability(10, 4, 0.9) == "agentic_coding"
    assert capability(10, 0, 0.0) == capability(0, 0, 0.0) == "general"


@given(st.integers(1, 10**7), counts)
def test_more_users_never_make_a_form_less_public_and_more_people_never_more(
    population: int, users: int
) -> None:
    assert is_public(users + 1, population) or not is_public(users, population)
    assert is_public(users, population) or not is_public(users, population + 1_000)


def test_a_few_users_are_a_coincidence_in_any_population() -> None:
    assert not is_public(PUBLIC_USERS - 1, 1)
    assert is_public(PUBLIC_USERS, 1)
    assert not is_public(PUBLIC_USERS, int(PUBLIC_USERS / PUBLIC_SHARE) + 1)
