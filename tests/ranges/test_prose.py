from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges.prose import LANGUAGES, Pattern, Topic, lexicon, pick


@given(st.sampled_from(LANGUAGES), st.integers(0, 2**32))
def test_no_slot_is_left_open(language: str, seed: int) -> None:
    rng = Random(seed)
    topic = Topic.draw(rng, language)
    request = topic.request(rng)
    for text in (request, topic.follow_up(rng), topic.answer(rng, request), topic.passage(rng, 3)):
        assert text and "{" not in text and "}" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_speaks_of_what_its_prompt_named(language: str) -> None:
    rng = Random(3)
    hits = 0
    for _ in range(40):
        topic = Topic.draw(rng, language)
        noun = pick(rng, topic.domain)
        hits += noun in topic.answer(rng, f"{noun} ?", 6)
    assert hits > 20


def test_two_answers_to_one_prompt_differ() -> None:
    rng = Random(5)
    topic = Topic.draw(rng, "en")
    answers = {topic.answer(rng, "Why?", 3) for _ in range(200)}
    assert len(answers) == 200


def test_languages_with_and_without_spaces_occur() -> None:
    rng = Random(1)
    drawn = {Topic.draw(rng).lexicon.language for _ in range(400)}
    assert drawn == set(LANGUAGES)
    assert {name for name in LANGUAGES if not lexicon(name).spaced} == {"zh", "ja"}


def test_an_unknown_language_names_those_that_exist() -> None:
    with pytest.raises(ValueError, match="expected one of en, de"):
        lexicon("tlh")


def test_a_pattern_is_cut_at_its_slots() -> None:
    assert Pattern.parse("a {n} b {adj}").pieces == ("a ", "n", " b ", "adj", "")
