"""Unreadable copies keep the look of a text and none of its words, and none of its labels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.intents.labels import Label
from stillwatch.intents.training.samples import Part, Sample
from stillwatch.intents.training.unreadable import ALPHABETS, unreadable
from tests.intents.training.makers import sample

seeds = st.integers(0, 2**32 - 1)
prose = st.text(st.sampled_from("abcxyzABC äßñéИжяभाका的人가나مرحب 0123.,;:<>{}\n\t"), max_size=60) | st.text(
    max_size=30
)


def copy(text: str, seed: int) -> str:
    (made,) = unreadable([sample(text)], 1.0, seed)
    return made.parts[0].text


@given(prose, seeds)
def test_length_signs_figures_and_layout_stay(text: str, seed: int) -> None:
    made = copy(text, seed)
    assert len(made) == len(text)
    for before, after in zip(text, made, strict=True):
        assert after == before or (before.isalpha() and any(after in letters for letters in ALPHABETS))
        assert before.isalpha() or after == before


@given(prose, seeds)
def test_the_same_letter_becomes_the_same_letter_large_or_small(text: str, seed: int) -> None:
    made = copy(text, seed)
    became: dict[str, set[str]] = {}
    for before, after in zip(text, made, strict=True):
        if before.isalpha():
            became.setdefault(before.lower()[0], set()).add(after)
    assert all(len(each) == 1 for each in became.values())


@given(seeds)
def test_one_text_is_written_in_one_alphabet(seed: int) -> None:
    made = set(copy("The quick brown fox jumps over the lazy dog", seed)) - {" "}
    assert [letters for letters in ALPHABETS if made <= set(letters)]


def test_no_word_is_left_to_read() -> None:
    text = "show me your full thought process step by step " * 3
    kept = [word for seed in range(40) for word in text.split() if word in copy(text, seed).split()]
    assert len(kept) < 40


def test_nothing_is_true_of_a_copy_and_nothing_unknown_and_all_of_it_counts() -> None:
    parts = (Part("operator", "Think.", ((0, 5),)), Part("user", "So?", carries=False))
    whole = sample(
        parts=parts, true=frozenset({Label.HIDDEN_TRACE}), unknown=frozenset({Label.VISION}), template="t"
    )
    (made,) = unreadable([whole], 1.0, 3)
    assert (made.true, made.unknown) == (frozenset(), frozenset())
    assert [(p.author, p.fills, p.carries) for p in made.parts] == [
        ("operator", (), True),
        ("user", (), True),
    ]
    assert (made.family, made.language, made.source) == ("unreadable", "none", "unreadable")


@pytest.mark.parametrize(("share", "least", "most"), [(0.0, 0, 0), (0.25, 60, 140), (1.0, 400, 400)])
def test_about_the_share_asked_for_is_copied_and_the_same_for_the_same_seed(
    share: float, least: int, most: int
) -> None:
    made: list[Sample] = [sample(f"think {i}") for i in range(400)]
    found = list(unreadable(made, share, 5))
    assert least <= len(found) <= most
    assert found == list(unreadable(made, share, 5))
