"""What a workload is called by what it is after, else by its shape, and when it is everybody's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.intents import CAPABILITIES, GENERAL, Label
from stillwatch.workloads import capability, is_public
from stillwatch.workloads.describe import MOSTLY, PARTLY, PUBLIC_SHARE, PUBLIC_USERS, TELLING

BY_SHAPE = {"tool_use", "agentic_coding", GENERAL}
SLUGS = {GENERAL, *(label.slug for label in CAPABILITIES)}
counts = st.integers(0, 10_000)
asked_for = st.dictionaries(st.sampled_from(sorted(SLUGS - {GENERAL})), st.floats(0, 1))
MOST, PART, FEW = 0.6, 0.3, 0.1  # shares: above MOSTLY, between the two, under PARTLY


def sought(tools: float = 0.0, code: float = 0.0, **shares: float) -> str:
    """Return what a thousand classified requests with these shares are after."""
    return capability(
        1_000,
        1_000,
        {slug: round(1_000 * share) for slug, share in shares.items()},
        round(1_000 * tools),
        code,
    )


@given(counts, counts, asked_for, counts, st.floats(0, 1))
def test_the_capability_is_a_slug_of_the_taxonomy(
    exchanges: int, classified: int, asked: dict[str, float], tools: int, code: float
) -> None:
    classified = min(classified, exchanges)
    named = {slug: round(classified * share) for slug, share in asked.items()}
    assert capability(exchanges, classified, named, min(tools, exchanges), code) in SLUGS


def test_every_capability_has_its_place_among_the_telling_ones() -> None:
    assert sorted(TELLING) == sorted(CAPABILITIES)
    assert FEW < PARTLY < PART < MOSTLY < MOST


@given(counts, counts, st.floats(0, 1))
def test_where_nobody_looked_the_shape_alone_names_it(exchanges: int, tools: int, code: float) -> None:
    assert capability(exchanges, 0, {}, min(tools, exchanges), code) in BY_SHAPE


def test_the_shape_names_tools_before_code_and_nothing_without_either() -> None:
    assert capability(10, 0, {}, 5, 0.9) == "tool_use"
    assert capability(10, 0, {}, 4, 0.9) == "agentic_coding"
    assert capability(10, 0, {}, 0, 0.0) == capability(0, 0, {}, 0, 0.0) == GENERAL


@pytest.mark.parametrize("label", CAPABILITIES, ids=lambda label: label.slug)
def test_what_most_requests_ask_for_names_the_work(label: Label) -> None:
    assert sought(**{label.slug: MOST}) == label.slug
    assert sought(**{label.slug: PART}) == label.slug
    assert sought(**{label.slug: FEW}) == GENERAL


def test_what_is_asked_goes_before_the_shape_and_the_shape_before_nothing() -> None:
    assert sought(code=0.9, preference=MOST) == "preference"
    assert sought(code=0.9, preference=FEW) == "agentic_coding"
    assert sought(tools=1.0, preference=FEW) == "tool_use"


@given(st.lists(st.sampled_from(CAPABILITIES), min_size=2, max_size=4, unique=True))
def test_of_several_that_most_ask_for_the_most_telling_names_the_work(labels: list[Label]) -> None:
    first = min(labels, key=TELLING.index)
    assert sought(**{label.slug: MOST for label in labels}) == first.slug


def test_a_bank_of_questions_is_the_matter_and_not_the_aim() -> None:
    assert sought(benchmark_items=0.9, reasoning_elicitation=MOST) == "reasoning_elicitation"


def test_of_several_that_a_part_asks_for_the_most_asked_for_names_the_work() -> None:
    assert sought(reasoning_elicitation=PART, vision=PART + 0.1) == "vision"


@pytest.mark.parametrize("slug", ("computer_use", "agentic_coding", "tool_use"))
def test_who_offers_tools_works_with_them(slug: str) -> None:
    assert sought(tools=0.9, **{slug: MOST, "rubric_grading": 0.9}) == slug
    assert sought(tools=FEW, **{slug: MOST, "rubric_grading": 0.9}) == "rubric_grading"
    assert sought(tools=0.9, rubric_grading=0.9) == "rubric_grading"


@given(asked_for, st.integers(1, 40))
def test_the_size_of_the_work_changes_nothing(shares: dict[str, float], times: int) -> None:
    asked = {slug: round(100 * share) for slug, share in shares.items()}
    larger = {slug: times * count for slug, count in asked.items()}
    assert capability(100 * times, 100 * times, larger, 0, 0.0) == capability(100, 100, asked, 0, 0.0)


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
